"""A function in a process of its own ends in time and within its memory, whatever it does."""

import subprocess
from pathlib import Path

import pytest

from banmian.io.bounded import run_bounded

STEPS = """
import time

def upper(data):
    return data.decode("utf-8").upper()

def refuse(data):
    raise ValueError("没有正文")

def sleep(data):
    time.sleep(60)
    return ""

def hoard(data):
    return "x" * 10**9

def crash(data):
    raise RuntimeError("parser")
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "hostile_steps.py").write_text(STEPS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "hostile_steps"


def test_text_comes_back_and_so_does_a_refusal(module: str) -> None:
    assert run_bounded(f"{module}:upper", "茶 a".encode(), 60, 300) == "茶 A"
    with pytest.raises(ValueError, match="没有正文"):
        run_bounded(f"{module}:refuse", b"", 60, 300)


@pytest.mark.parametrize(
    ("name", "seconds", "fact"), [("sleep", 1, "over 1 s"), ("hoard", 60, "over 300 MB"), ("crash", 60, "its parser")]
)
def test_time_and_memory_are_bounded(module: str, name: str, seconds: int, fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        run_bounded(f"{module}:{name}", b"", seconds, 300)
    assert not subprocess.run(["pgrep", "-f", f"{module}:{name}"], capture_output=True, check=False).stdout
