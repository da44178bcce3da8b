"""Cached results: another file for every change, no heap of old ones, and a damaged one is made again."""

import os
import warnings
from pathlib import Path

import pytest

from banmian.io import cache as module
from banmian.io.cache import Cache, CacheWarning, cached, code_hashes, prune

TEXTS = Cache("texts", ".txt", 1, ("io/cache.py",))


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def test_every_change_names_another_file(tmp_path: Path) -> None:
    same = TEXTS.path([b"texts", b"model"], tmp_path)
    assert same == TEXTS.path(iter([b"texts", b"model"]), tmp_path)
    # Where one piece ends and the next begins counts too.
    data = [[b"texts", b"model2"], [b"textsm", b"odel"], [b"model", b"texts"], [b"texts", b"model", b""]]
    others = {TEXTS.path(pieces, tmp_path) for pieces in data}
    others.add(TEXTS._replace(version=2).path([b"texts", b"model"], tmp_path))
    assert len(others - {same}) == 5


def test_made_once(tmp_path: Path) -> None:
    assert cached(TEXTS, [b"a"], lambda: "茶", read, write, tmp_path) == "茶"
    assert cached(TEXTS, [b"a"], lambda: pytest.fail("made again"), read, write, tmp_path) == "茶"
    assert cached(TEXTS, [b"b"], lambda: "酒", read, write, tmp_path) == "酒"


def test_a_damaged_file_is_reported_and_made_again(tmp_path: Path) -> None:
    cached(TEXTS, [b"a"], lambda: "茶", read, write, tmp_path)
    TEXTS.path([b"a"], tmp_path).write_bytes(b"\xff\xfe\xfd")
    with pytest.warns(CacheWarning, match=r"\.txt: damaged \(UnicodeDecodeError\), made again"):
        assert cached(TEXTS, [b"a"], lambda: "茶", read, write, tmp_path) == "茶"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cached(TEXTS, [b"a"], lambda: "no", read, write, tmp_path) == "茶"


def test_a_cache_that_cannot_be_made_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(ValueError, match="BANMIAN_CACHE"):
        cached(TEXTS, [b"a"], lambda: "茶", read, write, tmp_path)


def test_only_the_newest_stay_and_other_endings_are_left_alone(tmp_path: Path) -> None:
    names = [f"{n}.skops" for n in range(6)]
    for n, name in enumerate([*names, "notes.txt"]):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - n, 1000 - n))  # the first is the newest
    prune(tmp_path, ".skops", 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[:4], "notes.txt"])


def test_code_hashes_see_code_and_not_comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    cache = Cache("c", ".txt", 1, ("*.py",))
    hashes = []
    for code in (
        'def f(x):\n    """Double."""\n    return 2 * x\n',
        'def f(x):\n    """Return twice x.\n\n    For any x.\n    """\n\n    # twice as much\n    return 2 * x\n',
        "def f(x):\n    return 3 * x\n",
    ):
        (tmp_path / "a.py").write_text(code, encoding="utf-8")
        hashes.append(code_hashes(cache)["a.py"])
    assert hashes[0] == hashes[1] != hashes[2]
    with pytest.raises(ValueError, match=r"no file matches gone\.py"):
        code_hashes(cache._replace(code=("gone.py",)))
