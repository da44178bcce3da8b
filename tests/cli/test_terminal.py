"""How a command ends: whole files or none at any interrupt, one writer a folder, nothing that acts on a terminal."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from banmian import cli
from banmian.cli.terminal import check_memory_limit, defer_signals, escape_controls, handle_errors, raise_on_termination
from banmian.config import ROOT

PAGES = sorted((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)

INTERRUPTED = '''
import signal, sys
from pathlib import Path
from types import SimpleNamespace
import pandas as pd
from banmian import cli
from banmian.models.classify import pretrained

def predict(texts, **_):
    """In place of the shipped labeller, whose networks take seconds to load."""
    return pd.DataFrame({"label": ["other"] * len(texts), "confidence": 0.9, "abstained": False})

pretrained.load_pretrained = lambda: SimpleNamespace(predict=predict)
page, folder = sys.argv[1], Path(sys.argv[2])
FILES = {"open", "close", "replace", "chmod", "unlink", "umask", "mkdir", "flock"}
# What topics wrote before; a file of another kind would be refused.
OLD = {"scores.json": b'{"method": "old", "n_topics": 0}', "topics.csv": b"topic,rank,word,weight\\n"}
OLD["sections.csv"] = b"section_id,topic\\n"
left = None
def interrupt(frame, event, called):
    """Just before and just after every call that touches a file: the second finds a file that nobody knows of yet."""
    global left
    if left is not None and event in ("c_call", "c_return") and called.__name__ in FILES:
        left -= 1
        if left == 0:
            signal.raise_signal(sent)

RUNS = [
    (["sections", page, "-o", str(folder / "out.jsonl")], ["out.jsonl"]),
    (["sections", page, "-o", str(folder / "out.parquet")], ["out.parquet"]),
    (["label", page, "-o", str(folder / "out.jsonl")], ["out.jsonl"]),
    (["topics", page, "-o", str(folder), "-k", "2"], ["scores.json", "sections.csv", "topics.csv"]),
]
for arguments, names in RUNS:
    sys.argv = ["banmian", *arguments]
    cli.main()
    new = [(folder / name).read_bytes() for name in names]
    for sent in (signal.SIGINT, signal.SIGTERM):
        ends, moment, interrupted = set(), 0, True
        while interrupted:
            moment += 1
            for name in names:
                (folder / name).write_bytes(OLD.get(name, b"old"))
            left = moment
            sys.setprofile(interrupt)
            try:
                cli.main()
                code = 0
            except SystemExit as end:
                code = end.code
            sys.setprofile(None)
            interrupted, left = left <= 0, None
            assert sorted(item.name for item in folder.iterdir()) == names, (arguments, moment, list(folder.iterdir()))
            found = [(folder / name).read_bytes() for name in names]
            assert found in ([OLD.get(name, b"old") for name in names], new), (arguments, moment)
            ends.add(code)
        assert moment > 5, (arguments, moment)  # the file was opened, closed, moved
        print(arguments[0], int(sent), sorted(ends))
    for name in names:
        (folder / name).unlink()
'''


def test_an_interrupt_at_any_moment_leaves_whole_files_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", INTERRUPTED, str(PAGES[0]), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    told = [f"{name} {sent} [0, {code}]" for name in ("sections", "sections", "label", "topics") for sent, code in ENDS]
    assert done.stdout.splitlines() == told
    assert "Traceback" not in done.stderr


ENDS = ((2, 130), (15, 143))

AGAIN = """
import sys
from banmian import cli
sys.argv[:1] = ["banmian"]
for _ in range(5):
    cli.main()
"""


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (["sections", "{page}", "-o", "{out}/out.jsonl"], ["out.jsonl"]),
        (["topics", "{page}", "-o", "{out}", "-k", "2"], ["scores.json", "sections.csv", "topics.csv"]),
    ],
)
def test_two_processes_that_write_the_same_leave_what_one_wrote(
    command: list[str], files: list[str], tmp_path: Path
) -> None:
    def filled(page: Path, out: Path) -> list[str]:
        out.mkdir(exist_ok=True)
        return [argument.format(page=page, out=out) for argument in command]

    wholes = []
    for page in PAGES[:2]:
        assert CliRunner().invoke(cli.commands, filled(page, tmp_path / page.stem)).exit_code == 0
        wholes.append([(tmp_path / page.stem / file).read_bytes() for file in files])
    start = [[sys.executable, "-c", AGAIN, *filled(page, tmp_path / "both")] for page in PAGES[:2]]
    both = [subprocess.Popen(arguments, stderr=subprocess.DEVNULL) for arguments in start]
    while any(process.poll() is None for process in both):
        for number, file in enumerate(files):
            if (tmp_path / "both" / file).exists():
                assert (tmp_path / "both" / file).read_bytes() in [whole[number] for whole in wholes]
        time.sleep(0.01)
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(item.name for item in (tmp_path / "both").iterdir()) == files
    assert [(tmp_path / "both" / file).read_bytes() for file in files] in wholes


HOLDING = """
import sys
from pathlib import Path
from banmian.scale.executor import open_folder
with open_folder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_into_a_folder_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path / "out")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None and first.stdout.readline() == b"held\n"
        before = sorted(tmp_path.rglob("*"))
        monkeypatch.setattr(
            sys, "argv", ["banmian", "sections", str(PAGES[0]), "-o", str(tmp_path / "out"), "--workers", "1"]
        )
        with pytest.raises(SystemExit) as end:
            cli.main()
        first.communicate()
    assert end.value.code == 1
    assert capsys.readouterr().err == (
        f"banmian: {tmp_path}/out: another run is writing there; wait for it or choose another folder\n"
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_cannot_act_on_the_terminal() -> None:
    assert escape_controls("页\x1b[2J\x07.txt: 空\r\u202egnp") == r"页\x1b[2J\x07.txt: 空\r\u202egnp"
    assert escape_controls("a\nbanmian: all is well") == r"a\nbanmian: all is well"
    assert escape_controls("2 notebooks:\n  01: no\n  02: no") == "2 notebooks:\n  01: no\n  02: no"
    assert escape_controls("\udcff.txt") == r"\udcff.txt"


def test_signals_are_put_off_for_a_time_only() -> None:
    with pytest.raises(SystemExit) as end, raise_on_termination(), defer_signals(at_most=0.05):
        signal.raise_signal(signal.SIGTERM)
        time.sleep(30)
    assert end.value.code == 143


def test_what_was_not_foreseen_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["banmian"])
    for error, said in ((KeyError("a\nb"), "run it again with --debug"), (MemoryError(), "is there enough memory")):
        with pytest.raises(SystemExit) as end, handle_errors():
            raise error
        assert end.value.code == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"banmian: {type(error).__name__}") and said in line


def test_too_little_memory_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (900_000_000, 900_000_000))
    with pytest.raises(ValueError, match="900 MB of memory are allowed, 1200 are needed"):
        check_memory_limit()


def test_closed_outputs_are_one_line_and_an_exit_code() -> None:
    command = f"{sys.executable} -c 'from banmian.cli import main; main()' sections '{PAGES[0]}'"
    done = subprocess.run(["sh", "-c", f"{command} >&-"], stderr=subprocess.PIPE, text=True, timeout=120)
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["banmian: standard output is closed; name a file with -o"],
    )
    done = subprocess.run(["sh", "-c", f"{command} 2>&-"], stdout=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.startswith("{")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_with_the_code_that_a_shell_shows(sent: signal.Signals) -> None:
    with pytest.raises(SystemExit) as end, handle_errors():
        signal.raise_signal(sent)
    assert end.value.code == 128 + sent


def test_under_nohup_a_closed_terminal_is_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raise_on_termination():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_signals_wait_for_what_belongs_together() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), defer_signals():
        signal.raise_signal(signal.SIGINT)
        done.append("both files")
    assert done == ["both files"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
