"""Documents from anywhere: no network, nothing outside the folder, nothing run, nothing half written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from nbformat.v4 import new_code_cell, new_notebook

from banmian import cli
from banmian.config import ROOT
from banmian.partitions import find_partitions, open_corpus

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
import json, socket, sys
from pathlib import Path
asked = []
def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        asked.append((event, str(arguments)))
        raise OSError("the network is off")
sys.addaudithook(watch)
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    assert str(error) == "the network is off"
assert [event for event, _ in asked] == ["socket.getaddrinfo"]
asked.clear()
from click.testing import CliRunner
from banmian import cli
from banmian.models.classify import pretrained
from banmian.models.classify import load_labeller, train_labeller
page, out = sys.argv[1], Path(sys.argv[2])
texts = ["茶叶市场繁荣", "超市促销", "支部开展党课", "党员学习", "消费回暖", "党组织换届"]
labeller = train_labeller(texts, ["commerce", "commerce", "party", "party", "commerce", "party"])
labeller.save(out / "model.skops")
pretrained.load_pretrained = lambda: load_labeller(out / "model.skops")  # a kept one, in seconds
(out / "rows.jsonl").write_text(json.dumps({"id": "see http://example.org/a.css", "text": texts[0]}), encoding="utf-8")
(out / "page.html").write_text("<link rel=stylesheet href=http://example.org/a.css><img src=//example.org/a.png>茶叶")
commands = [["sections", page], ["sections", page, "-o", str(out / "s.parquet")], ["label", page]]
commands += [["sections", str(out / "page.html")]]
commands += [["label", str(out / name), "-o", str(out / "l.parquet")] for name in ("s.parquet", "rows.jsonl")]
commands += [["topics", page, "-o", str(out), "-k", "2", "--method", name] for name in ("nmf", "lda", "bertopic")]
for command in commands:
    result = CliRunner().invoke(cli.commands, command)
    assert result.exit_code == 0, (command, result.output, result.exception)
assert asked == [], asked
"""

# Where a kernel runs, the loopback is needed; whatever else is asked for is written down, in whichever process.
NO_NETWORK = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        where = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        host = where[0] if isinstance(where, tuple) else where
        if host not in ("127.0.0.1", "::1", "localhost"):
            with open(os.environ["ASKED"], "a") as notes:
                print(event, host, file=notes)
            raise OSError("the network is off")
sys.addaudithook(watch)
"""
CELL = """
import pandas as pd
from banmian.models.embed import embed
from banmian.config import FIGURES, SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.views.figures.plots.topics import plot_topic_words
sections = split_sections(read_documents(SEEDS))
words = pd.DataFrame({"topic": 0, "rank": [1, 2], "word": ["茶", "市场"], "weight": [2.0, 1.0]})
plot_topic_words(words).figure.savefig(FIGURES / "words.png")
embed(sections["text"].tolist()[:2])
"""


def test_no_command_asks_the_network(tmp_path: Path) -> None:
    page = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    command = [sys.executable, "-W", "ignore", "-c", OFFLINE, str(page), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]


def test_notebooks_and_figures_ask_no_network(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    refused = "import socket\ntry:\n    socket.create_connection(('example.org', 80))\nexcept OSError as error:\n"
    refused += "    assert str(error) == 'the network is off'"
    for name, source in (("01_work", CELL), ("02_refused", refused)):
        nbformat.write(new_notebook(cells=[new_code_cell(source)]), tmp_path / f"{name}.ipynb")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("茶园里的春天来得早。\n\n茶叶市场一天比一天热闹。", encoding="utf-8")
    places = {"PYTHONPATH": tmp_path / "site", "ASKED": tmp_path / "asked", "BANMIAN_SEEDS": tmp_path / "pages"}
    command = [sys.executable, "-c", "from banmian.cli import main; main()", "figures", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, *map(str, sorted(tmp_path.glob("*.ipynb")))],
        env=os.environ | {name: str(place) for name, place in places.items()},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "out" / "figures" / "words.png").exists()
    # The one question is that of the second notebook, which shows that a kernel is watched too.
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "socket.getaddrinfo example.org\n"


def test_links_in_a_loop_are_told_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "up").symlink_to(tmp_path)
    assert [part.paths for part in find_partitions(open_corpus(tmp_path))] == [(str(tmp_path / "page.txt"),)]
    assert open_corpus(tmp_path).skipped == ("'loop.txt' (broken link)", "'up' (folder)")


@pytest.mark.parametrize("command", ["sections", "label", "topics"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, command: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不该公布的内容。", encoding="utf-8")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "page.txt").symlink_to(secret)
    if command == "label":
        with pytest.raises(ValueError, match="leaves the folder"):
            find_partitions(open_corpus(folder))
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
