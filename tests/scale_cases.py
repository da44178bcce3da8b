"""Steps and a table for the tests of partitions, apart so that a worker loads them in no time."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pandas as pd

from banmian.io.tables import write_parquet

SETTINGS = {"step": "test"}


def hundred_rows(path: Path) -> Path:
    """100 rows in row groups of 7, so that partitions of 10 begin and end inside them."""
    rows = pd.DataFrame({"id": [f"r{i}" for i in range(100)], "text": [f"第{i}段" for i in range(100)]})
    write_parquet((rows[i : i + 7] for i in range(0, 100, 7)), path)
    return path


def lengths(frame: pd.DataFrame) -> pd.DataFrame:
    """A step: the length of each text."""
    return frame.assign(length=frame["text"].str.len())


def slowly(frame: pd.DataFrame) -> pd.DataFrame:
    """A step that takes a while, as real ones do."""
    time.sleep(0.3)
    return lengths(frame)


def refuse(frame: pd.DataFrame, bad: frozenset[str]) -> pd.DataFrame:
    """A step that cannot take some rows, and does not say which."""
    if bad & set(frame["section_id"]):
        raise ArithmeticError("too hot")
    return lengths(frame)


def kill_once(frame: pd.DataFrame, flag: Path) -> pd.DataFrame:
    """A step in which the worker is killed as by the kernel, at row r42, the first time."""
    if "r42" in set(frame["section_id"]) and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return lengths(frame)


def kill_always(frame: pd.DataFrame) -> pd.DataFrame:
    """A step that takes down every worker which meets row r42."""
    if "r42" in set(frame["section_id"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return lengths(frame)


def kill_if_odd(number: int) -> int:
    """A job that takes down its worker if its number is odd."""
    if number % 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def note_and_stop(frame: pd.DataFrame, notes: Path, stop_at: str) -> pd.DataFrame:
    """A step that notes the rows it saw and meets a full disk at one of them."""
    if stop_at in set(frame["section_id"]):
        raise OSError(28, "No space left on device")
    with notes.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{name}\n" for name in frame["section_id"])
    return lengths(frame)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Make a wait that never ends a failure with its stack. An alarm wakes the main thread out of a lock or a sleep."""

    def late(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
