"""Documents from anywhere: no network, nothing outside the folder, nothing run, nothing half written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from banmian import cli
from banmian.paths import ROOT
from banmian.scale.parts import find_parts, left_out

HOSTILE = [
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a\nb",
    "\x00\x1b[31m",
    "名 字\u202e",
    "/absolute",
    "",
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.commands, [str(a) for a in arguments])


OFFLINE = """
import socket, sys
from pathlib import Path
asked = []
def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        asked.append((event, str(arguments)))
        raise OSError("the network is off")
sys.addaudithook(watch)
from click.testing import CliRunner
from banmian import cli
from banmian.models.classify import train_labeller
from banmian.models import embed
path, out = sys.argv[1], Path(sys.argv[2])
for command in (["sections", path], ["topics", path, "-o", str(out), "-k", "2"]):
    result = CliRunner().invoke(cli.commands, command)
    assert result.exit_code == 0, (command, result.output, result.exception)
texts = ["茶叶市场繁荣", "超市促销", "支部开展党课", "党员学习", "消费回暖", "党组织换届"]
labeller = train_labeller(texts, ["commerce", "commerce", "party", "party", "commerce", "party"])
labeller.save(out / "model")
labeller.predict(["商场"])
assert asked == [], asked
"""


@pytest.mark.filterwarnings("ignore")
def test_nothing_asks_the_network(tmp_path: Path) -> None:
    page = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    command = [sys.executable, "-W", "ignore", "-c", OFFLINE, str(page), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]


INTERRUPTED = '''
import signal, sys
from pathlib import Path
from banmian import cli
page, folder = sys.argv[1], Path(sys.argv[2])
FILES = {"open", "close", "replace", "chmod", "unlink", "umask"}
left = None
def interrupt(frame, event, called):
    """Just before and just after every call that touches a file: the second finds a file that nobody knows of yet."""
    global left
    if left is not None and event in ("c_call", "c_return") and called.__name__ in FILES:
        left -= 1
        if left == 0:
            signal.raise_signal(sent)
ends = {}
for name in ("out.jsonl", "out.parquet"):
    sys.argv = ["banmian", "sections", page, "-o", str(folder / name)]
    cli.main()
    new = (folder / name).read_bytes()
    for sent in (signal.SIGINT, signal.SIGTERM):
        for moment in range(1, 80):
            (folder / name).write_bytes(b"old")
            left = moment
            sys.setprofile(interrupt)
            try:
                cli.main()
                code = 0
            except SystemExit as end:
                code = end.code
            sys.setprofile(None)
            interrupted, left = left <= 0, None
            assert (folder / name).read_bytes() in (b"old", new), (name, moment)
            assert [item.name for item in folder.iterdir()] == [name], (name, moment, list(folder.iterdir()))
            ends.setdefault((name, int(sent)), set()).add(code)
            if not interrupted:
                break
    (folder / name).unlink()
print(sorted((name, sent, sorted(codes)) for (name, sent), codes in ends.items()))
'''


def test_an_interrupt_at_any_moment_leaves_a_whole_file_and_nothing_else(tmp_path: Path) -> None:
    page = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    command = [sys.executable, "-W", "ignore", "-c", INTERRUPTED, str(page), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    told = [(name, sent, [0, code]) for name in ("out.jsonl", "out.parquet") for sent, code in ((2, 130), (15, 143))]
    assert done.stdout.strip() == str(told)


def test_links_in_a_loop_are_told_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "up").symlink_to(tmp_path)
    assert [part.paths for part in find_parts(tmp_path)] == [(str(tmp_path / "page.txt"),)]
    assert left_out(tmp_path) == ["'loop.txt' (broken link)", "'up' (folder)"]


@pytest.mark.parametrize("command", ["sections", "label", "topics"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, command: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不该公布的内容。", encoding="utf-8")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "page.txt").symlink_to(secret)
    if command == "label":
        with pytest.raises(ValueError, match="leaves the folder"):
            find_parts(folder)
        return
    result = run(command, folder)
    assert isinstance(result.exception, ValueError)
    assert "page.txt: a link that leaves the folder" in str(result.exception)
    assert "不该公布" not in result.output


def test_names_with_newlines_and_signs_stay_one_row_each(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    names = ["两\n行", "=SUM(A1)", "a b", "-rf", "引\"号'"]
    for name in names:
        (folder / f"{name}.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    result = run("sections", folder)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert sorted({row["doc_id"] for row in rows}) == sorted(names)


def test_hostile_ids_and_texts_are_data_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    path = source / "rows.jsonl"
    texts = [f"{text} 茶叶市场繁荣，支部开展党课。" for text in HOSTILE]
    rows = [{"id": name, "text": text} for name, text in zip(HOSTILE, texts, strict=True)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    result = run("topics", path, "-o", tmp_path / "out", "-k", "2")
    assert result.exit_code == 0, result.exception
    made = sorted(set(tmp_path.rglob("*")) - set(before))
    assert [item.name for item in made] == ["out", "scores.json", "sections.csv", "topics.csv"]
    table = pd.read_csv(tmp_path / "out" / "sections.csv", keep_default_na=False, dtype=str)
    assert len(table) == len(HOSTILE)
    assert table["section_id"][1] == "'=cmd|' /C calc'!A0"


def test_a_parquet_that_lies_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"id": [str(i) for i in range(500)], "text": ["茶" * 50] * 500}).to_parquet(path)
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    for _ in range(30):
        damaged = bytearray(whole)
        for place in random.integers(4, len(whole), 8):
            damaged[place] ^= int(random.integers(1, 256))
        path.write_bytes(bytes(damaged))
        result = run("topics", path, "-o", tmp_path / "out", "-k", "1")
        assert result.exit_code == 0 or isinstance(result.exception, ValueError), repr(result.exception)


def test_only_the_owner_s_umask_decides_who_may_read(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        run("sections", min((ROOT / "seeds").glob("*.txt")), "-o", tmp_path / "out.jsonl")
    finally:
        os.umask(old)
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o640
