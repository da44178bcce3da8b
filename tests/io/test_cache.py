"""What is kept on first use: another file for every change, and no heap of old ones."""

import os
from pathlib import Path

from banmian.io.cache import MOST, cache_path, prune


def test_every_change_names_another_file(tmp_path: Path) -> None:
    same = cache_path(tmp_path, ".json", [b"texts", b"code"])
    assert same == cache_path(tmp_path, ".json", iter([b"texts", b"code"]))
    # Where one content ends and the next begins counts too.
    others = [[b"texts", b"code2"], [b"textsc", b"ode"], [b"code", b"texts"], [b"texts", b"code", b""]]
    assert len({same, *(cache_path(tmp_path, ".json", parts) for parts in others)}) == 5


def test_only_the_newest_stay_and_other_endings_are_left_alone(tmp_path: Path) -> None:
    names = [f"{n}.skops" for n in range(MOST + 2)]
    for n, name in enumerate([*names, "notes.txt"]):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - n, 1000 - n))  # the first is the newest
    prune(tmp_path, ".skops")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[:MOST], "notes.txt"])
