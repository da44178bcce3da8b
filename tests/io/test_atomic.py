"""Files are whole or not there, whoever writes beside us."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from banmian.io import atomic, tables


def test_an_interrupted_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), atomic.atomic_write(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"

    def write(sign: str) -> None:
        for _ in range(20):
            tables.write_rows([pd.DataFrame({"text": [sign] * 500})], path)

    threads = [threading.Thread(target=write, args=(sign,)) for sign in "甲乙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 500
    assert len(set(lines)) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_an_unwritable_folder_and_a_full_disk_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be written"), atomic.atomic_write(tmp_path / "no" / "out.jsonl"):
        pass
    full = pytest.raises(ValueError, match=r"out\.jsonl: cannot be written \(No space left")
    with full, atomic.atomic_write(tmp_path / "out.jsonl"):
        raise OSError(28, "No space left on device")


def test_an_error_in_reading_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="other"), atomic.atomic_write(tmp_path / "out.jsonl"):
        (tmp_path / "other").read_text(encoding="utf-8")


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """As /dev/null and /dev/stdout are: one who may write to /dev would else lose them."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    tables.write_rows([pd.DataFrame({"text": ["茶"]})], pipe)
    reader.join()
    assert read == ['{"text": "茶"}\n']
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_link_is_followed_and_a_folder_refused(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text("old", encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    tables.write_rows([pd.DataFrame({"text": ["茶"]})], tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_text(encoding="utf-8") == '{"text": "茶"}\n'
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match=r"folder: cannot be written \(it is a folder\)"):
        tables.write_rows([pd.DataFrame({"text": ["茶"]})], tmp_path / "folder")


def test_a_link_to_itself_is_told_and_rights_stay(tmp_path: Path) -> None:
    loop, mine = tmp_path / "loop", tmp_path / "mine"
    loop.symlink_to("loop")
    with pytest.raises(ValueError, match="leads to itself"), atomic.atomic_write(loop):
        pass
    mine.touch(mode=0o600)
    with atomic.atomic_write(mine) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert mine.stat().st_mode & 0o777 == 0o600


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("\U0001f600" * 61 + ".jsonl")  # 250 bytes; a file's name may have 255
    assert tables.write_rows([pd.DataFrame({"text": ["茶"]})], path) == 1


def test_a_writer_waits_for_another_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "_WAIT_SECONDS", 0.1)
    refused = pytest.raises(ValueError, match="another run is writing there")
    with atomic.exclusive_folder(tmp_path / "out"), refused, atomic.exclusive_folder(tmp_path / "out"):
        pass
    with atomic.exclusive_folder(tmp_path / "out"):
        assert list((tmp_path / "out").iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from banmian.io.atomic import atomic_write
with atomic_write(Path(sys.argv[1])) as temporary:
    temporary.write_text("half", encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_a_half_file_that_the_next_one_removes(tmp_path: Path) -> None:
    target = tmp_path / "茶.jsonl"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False, timeout=60)
    assert len(list(tmp_path.iterdir())) == 2
    others = [".茶.jsonl.part", ".茶.jsonl.banmian-00000000-1-abc.part", "茶.jsonl.banmian-x.part", ".film.part"]
    for name in others:
        (tmp_path / name).touch()
    with atomic.atomic_write(target) as own:  # of a process that lives
        atomic.remove_leftovers(target)
        assert own.exists()
        own.write_text("whole", encoding="utf-8")
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted([*others, target.name])


KILLED_IN_FOLDER = """
import os, signal
from banmian.io.atomic import temporary_folder
with temporary_folder() as folder:
    (folder / "a").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_a_folder_that_the_next_one_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "banmian-of-a-person").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", KILLED_IN_FOLDER], check=False, timeout=60, env=environment)
    assert len(list(tmp_path.iterdir())) == 2
    with atomic.temporary_folder() as own:
        assert sorted(tmp_path.iterdir()) == sorted([own, tmp_path / "banmian-of-a-person"])
    assert [item.name for item in tmp_path.iterdir()] == ["banmian-of-a-person"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a file system that cannot be written to")
def test_a_disk_that_cannot_be_written_to_is_one_line_with_the_name() -> None:
    with (
        pytest.raises(ValueError, match=r"/proc/self/out\.jsonl: cannot be written"),
        atomic.atomic_write(Path("/proc/self/out.jsonl")),
    ):
        pass
