"""The command as a person meets it: rows on standard output, one line about errors, exit codes."""

import io
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from banmian import cli
from banmian.config import ROOT
from banmian.models.classify import pretrained
from banmian.notebooks.parametrize import parse_settings, run_all_with_parameters
from banmian.partitions import KINDS, find_partitions, open_corpus
from banmian.pipeline.rows import body_rows, map_rows
from banmian.scale.executor import open_folder, run_parts

PAGES = ROOT / "seeds"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.commands, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture(autouse=True)
def small_labeller(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the shipped labeller, whose networks take seconds to load: 茶 is commerce, all else is other."""

    def predict(texts: Sequence[str], reasons: str = "none", fast: bool = False) -> pd.DataFrame:
        tea = [float("茶" in text) for text in texts]
        table = pd.DataFrame({"label": ["commerce" if t else "other" for t in tea], "confidence": 0.9})
        return table.assign(abstained=False, p_commerce=tea, reasons=[{"terms": [], "nearest": []} for _ in texts])

    labeller = SimpleNamespace(predict=predict)
    monkeypatch.setattr(pretrained, "load_pretrained", lambda: labeller)


def main_of(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["banmian", *map(str, arguments)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_sections_are_json_lines_with_the_columns_of_the_contract() -> None:
    result = run("sections", PAGES)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    contract = ["doc_id", "article_id", "section_id", "kind", "heading"]
    contract += ["text", "simplified", "script", "spans", "duplicate_of"]
    assert {tuple(row) for row in rows} == {tuple(contract)}
    assert len({row["doc_id"] for row in rows}) == 5
    assert f"{len(rows)} sections in 5 documents" in result.stderr


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    (tmp_path / "b.xls").write_bytes(b"PK")
    (tmp_path / "c").mkdir()
    result = run("sections", tmp_path)
    assert f"left out: 'b.xls' (not {', '.join(KINDS['pages'])}), 'c' (folder)" in result.stderr


def test_every_command_has_examples_in_its_help() -> None:
    for name in cli.commands.commands:
        assert "Examples:" in run(name, "--help").stdout


def test_help_loads_nothing_heavy() -> None:
    code = "import banmian.cli, sys; print([m for m in ('pandas', 'numpy', 'sklearn', 'dask') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ('{"id": 1}', "row 2: needs an id and a text"),
        ('{"id": 1, "text": null}', "row 2: needs an id and a text"),
        ('{"text": "甲"}', "row 2: needs an id and a text"),
        ('["a"]', "row 2: not a JSON object"),
        ("党建", "row 2: not JSON"),
        ("[" * 100_000, "row 2: not JSON"),
    ],
)
def test_a_bad_row_is_set_aside_and_named_in_one_process_and_in_many(tmp_path: Path, line: str, fact: str) -> None:
    path, out = tmp_path / "rows.jsonl", tmp_path / "out"
    path.write_text('{"id": 0, "text": "好茶"}\n' + line + "\n", encoding="utf-8")
    small = run("label", path)
    assert (small.exit_code, len(small.stdout.splitlines())) == (0, 1)
    assert f"set aside {path}, {fact}" in small.stderr
    assert "1 sections labelled (1 commerce); abstained on 0; 1 set aside" in small.stderr
    with open_folder(out):
        manifest = run_parts(find_partitions(open_corpus(path)), out, body_rows, {"step": "test"})
    assert (manifest["rows"], manifest["set_aside"]) == (1, 1)
    (aside,) = [json.loads(line) for line in (out / "_set_aside" / "part-00000.jsonl").open(encoding="utf-8")]
    assert f"{path}, row {aside['row']}: {aside['error']}".startswith(f"{path}, {fact}")


@pytest.mark.parametrize(
    "odd",
    [
        {"heading": 5},
        {"heading": {}},
        {"spans": "oops"},
        {"spans": [[0, 10**30]]},
        {"spans": [[0, 1, 2]]},
        {"spans": [[True, 1]]},
        {"kind": ["body"]},
        {"section_id": [1]},
        {"doc_id": {"a": 1}},
    ],
)
@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_row_of_another_type_does_not_stop_a_run(tmp_path: Path, odd: dict[str, object], ending: str) -> None:
    plain = {"doc_id": "a", "section_id": "a/s1", "kind": "body", "heading": "春", "text": "茶", "spans": [[0, 1]]}
    rows = [plain | {"section_id": f"a/s{i}"} for i in range(600)]
    rows[7] |= odd
    path, out = tmp_path / "rows.jsonl", tmp_path / f"out.{ending}"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run("label", path, "-o", out)
    assert f"set aside {path}, row 8: " in done.stderr and "; 1 set aside" in done.stderr
    with open_folder(tmp_path / "many"):
        manifest = run_parts(find_partitions(open_corpus(path)), tmp_path / "many", body_rows, {"step": "test"})
    assert (manifest["rows"], manifest["set_aside"]) == (599, 1)


def test_rows_of_two_kinds_are_rows_all_the_same(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": i, "text": "茶", "page": i} for i in range(700)]
    rows[3] = {"section_id": "s3", "text": "茶"}
    rows[650] = {"id": 650, "text": "茶", "later": 1}
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run("label", path, "-o", tmp_path / "out.parquet")
    made = parquet.read_table(tmp_path / "out.parquet")
    assert made["section_id"].to_pylist() == [str(i) if i != 3 else "s3" for i in range(700)]
    assert made["page"].to_pylist()[:5] == ["0", "1", "2", None, "4"]


def test_ids_of_numbers_keep_every_digit(tmp_path: Path) -> None:
    big = [2**53 + 1, 2**63 - 1, None, 7]
    tables = {"ints": pa.array(big), "times": pa.array([None, 10**18 + 1, 3, 4], pa.timestamp("ns"))}
    for name, column in tables.items():
        table = pa.table({"id": column, "text": ["茶"] * 4, "n": pa.array([2**53 + 1, None, 1, 2])})
        parquet.write_table(table, tmp_path / f"{name}.parquet")
    (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps({"id": i, "text": "茶"}) for i in big), encoding="utf-8")
    digits = ["9007199254740993", "9223372036854775807", "7"]
    for name in ("ints.parquet", "lines.jsonl"):
        done = run("label", tmp_path / name)
        assert [json.loads(line)["section_id"] for line in done.stdout.splitlines()] == digits
        assert "row 3: needs an id and a text" in done.stderr
    run("label", tmp_path / "ints.parquet", "-o", tmp_path / "out.parquet")
    made = parquet.read_table(tmp_path / "out.parquet")
    assert made["section_id"].to_pylist() == digits and made["n"].to_pylist() == [2**53 + 1, None, 2]
    done = run("label", tmp_path / "times.parquet")
    first = json.loads(done.stdout.splitlines()[0])["section_id"]
    assert first.startswith("2001-09-09 01:46:40.000000001") and "row 1: needs an id" in done.stderr


def test_rows_come_in_batches_in_file_order_with_ids_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "名 字.jsonl"
    path.write_text("\n".join(json.dumps({"id": i, "text": f"第{i}段"}) for i in range(1300)), encoding="utf-8")
    batches = list(map_rows(open_corpus(path), body_rows, []))
    assert [len(batch) for batch in batches] == [512, 512, 276]
    assert pd.concat(batches)["section_id"].tolist() == [str(i) for i in range(1300)]


def test_sections_written_to_parquet_are_labelled_bodies_only_with_their_columns(tmp_path: Path) -> None:
    run("sections", PAGES, "-o", tmp_path / "sections.parquet")
    direct = pd.concat(map_rows(open_corpus(PAGES), body_rows, []), ignore_index=True)
    again = pd.concat(map_rows(open_corpus(tmp_path / "sections.parquet"), body_rows, []), ignore_index=True)
    assert list(again.columns) == list(direct.columns)
    for name in ("section_id", "text", "kind", "script"):
        assert again[name].tolist() == direct[name].tolist()


def test_parquet_without_the_columns_or_not_parquet(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"id": ["a"], "words": ["b"]}).to_parquet(path)
    with pytest.raises(ValueError, match="no column is called text"):
        list(map_rows(open_corpus(path), body_rows, []))
    path.write_bytes(b"PAR0")
    with pytest.raises(ValueError, match="not a Parquet file"):
        list(map_rows(open_corpus(path), body_rows, []))


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["sections", "nowhere"], 1, "nowhere: no such file or folder"),
        (["label", "page.docx"], 1, "no such file or folder"),
        (["sections"], 2, "Missing argument"),
        (["sections", "seeds", "--workers", "2"], 2, "give one with -o"),
        (["figures", "--set", "SEED=1"], 2, "--set needs --out"),
        (["label", "x", "--scheduler"], 2, "requires an argument"),
    ],
)
def test_errors_are_one_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str
) -> None:
    assert main_of(monkeypatch, *arguments) == code
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["label", "nowhere"], "nowhere: no such file or folder"),
        (["label", "rows.jsonl", "-o", "rows.jsonl"], "rows.jsonl: is to be read, so it is not written over"),
        (["sections", ".", "-o", "page.txt"], "page.txt: is to be read, so it is not written over"),
        (["label", "twice.parquet"], "twice.parquet, two columns of one name"),
        (["label", "long.jsonl"], "long.jsonl, row 2: over 200 bytes; is it one object a line?"),
        (["label", "empty.jsonl", "-o", "out.parquet"], "out.parquet: no rows to write; is the input empty?"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_work(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("banmian.io.rows.LINE_BYTES", 200)
    texts = {
        "page.txt": "茶园里的春天来得早。",
        "rows.md": "茶",
        "rows.jsonl": '{"id": 1, "text": "茶"}',
        "empty.jsonl": "",
    }
    texts["long.jsonl"] = '{"id": 1, "text": "茶"}\n{"id": 2, "text": "' + "茶" * 100 + '"}'
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8")
    table = pa.table([pa.array(["a"]), pa.array(["茶"]), pa.array(["b"])], names=["id", "text", "text"])
    parquet.write_table(table, "twice.parquet")
    if "nowhere" in arguments or "rows.md" in arguments:  # nobody waits to hear of a slip in a name
        monkeypatch.setattr(pretrained, "load_pretrained", lambda: pytest.fail("loaded first"))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert main_of(monkeypatch, *arguments) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"banmian: {told}")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_is_not_ours_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("sections.csv", "topics.csv", "scores.json"):
        (out / name).write_text("theirs", encoding="utf-8")
        with pytest.raises(ValueError, match=f"{name}: is not of banmian topics"):
            run("topics", PAGES, "-o", out)
        assert (out / name).read_text(encoding="utf-8") == "theirs"
        (out / name).unlink()


@pytest.mark.parametrize("command", ["sections", "label", "topics"])
def test_nothing_is_written_into_the_folder_that_is_read(tmp_path: Path, command: str) -> None:
    (tmp_path / "a.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    for path, output in ((tmp_path, tmp_path), (tmp_path / "a.txt", tmp_path), (tmp_path, tmp_path / "out" / "..")):
        with pytest.raises(ValueError, match="holds the input, and nothing is written there"):
            run(command, path, "-o", output, "--workers", "1")
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_no_rows_and_no_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    result = run("label", path)
    assert (result.stdout, result.stderr) == ("", "banmian: no section to label\n")
    assert "0 topics in 0 sections" in run("topics", path, "-o", tmp_path / "topics").stderr
    assert len(pd.read_csv(tmp_path / "topics" / "sections.csv")) == 0


def test_a_page_that_cannot_be_read_does_not_cost_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    (tmp_path / "b.txt").write_text("茶农在春天采茶，三家茶铺当天开张。", encoding="utf-8")
    told = io.StringIO()
    monkeypatch.setattr(sys, "stderr", told)
    assert main_of(monkeypatch, "sections", tmp_path, "-o", tmp_path / "out.jsonl") == 0
    first, last = told.getvalue().splitlines()
    assert first == f"banmian: set aside {tmp_path / 'a.txt'}: empty file; remove it or fill it"
    assert last == "banmian: 1 sections in 1 documents (1 body); 1 set aside"


def test_rows_from_windows_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": 1, "text": "a"}\r\n{"id": 2, "text": "b"}\r\n')
    assert pd.concat(map_rows(open_corpus(path), body_rows, []))["section_id"].tolist() == ["1", "2"]


def test_a_program_that_calls_main_keeps_its_signal_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE)
    before = [signal.getsignal(number) for number in sent]
    assert main_of(monkeypatch, "sections", "nowhere") == 1
    assert [signal.getsignal(number) for number in sent] == before


def test_a_reader_that_leaves_early_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from banmian import cli; cli.main()", "sections", str(PAGES)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()  # as `| head` does, long before the first row
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 1)


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no such file"):
        main_of(monkeypatch, "--debug", "sections", "nowhere")


def test_topics_writes_its_three_files_and_a_second_run_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("topics", PAGES, "-o", tmp_path / name, "-k", "3")
    words = pd.read_csv(tmp_path / "one" / "topics.csv")
    rows = pd.read_csv(tmp_path / "one" / "sections.csv")
    assert list(words.columns) == ["topic", "rank", "word", "weight"]
    assert list(rows.columns) == ["section_id", "topic"]
    assert set(rows["topic"]) - {-1} == set(words["topic"])
    assert rows["section_id"].tolist() == pd.concat(map_rows(open_corpus(PAGES), body_rows, []))["section_id"].tolist()
    for file in ("topics.csv", "sections.csv", "scores.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    json.loads((tmp_path / "one" / "scores.json").read_text(encoding="utf-8"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    arguments=st.lists(
        st.sampled_from(["sections", "label", "topics", "figures", "-o", "-k", "0", "", "\n", "=x", "--workers"])
    )
)
def test_any_arguments_end_in_an_exit_code_without_a_traceback(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("banmian.notebooks.notebook_paths", list)
    assert main_of(monkeypatch, *arguments) in (0, 1, 2)


def test_figures_of_other_pages_leave_the_project_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "01_small.ipynb"
    cells = [
        new_code_cell("SEED = 1\nN_TOPICS = 2"),
        new_code_cell(
            "from banmian.config import FIGURES, SEEDS\n(FIGURES / 'out.txt').write_text(f'{SEED} {SEEDS.name}')"
        ),
    ]
    nbformat.write(new_notebook(cells=cells), source)
    broken = tmp_path / "02_broken.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("SEED = 1"), new_code_cell("1 / 0")]), broken)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.txt").write_text("茶农在春天采茶。", encoding="utf-8")
    monkeypatch.setenv("BANMIAN_SEEDS", str(tmp_path / "pages"))
    out = tmp_path / "out"
    result = CliRunner().invoke(
        cli.commands, ["figures", "--out", str(out), "--set", "SEED=7", str(broken), str(source)]
    )
    assert (out / "figures" / "out.txt").read_text(encoding="utf-8") == "7 pages"
    assert {path: path.read_bytes() for path in before} == before
    assert "1 of 2 notebooks did not run" in str(result.exception)
    assert "02_broken.ipynb: a cell failed: ZeroDivisionError" in str(result.exception)


def test_a_notebook_that_hangs_or_dies_does_not_cost_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {"01_slow": "import time; time.sleep(60)", "02_dead": "import os; os._exit(1)", "03_good": "1 + 1"}
    for name, source in sources.items():
        nbformat.write(new_notebook(cells=[new_code_cell(source)]), tmp_path / f"{name}.ipynb")
    monkeypatch.setattr("banmian.notebooks.parametrize.NOTEBOOK_TIMEOUT", 5)
    told = run_all_with_parameters(sorted(tmp_path.glob("*.ipynb")), tmp_path / "out", {})
    assert [line.split(";")[0] for line in told] == [
        "01_slow.ipynb: a cell took over 5 s",
        "02_dead.ipynb: the kernel died, out of memory perhaps",
    ]
    assert (tmp_path / "out" / "notebooks" / "03_good.ipynb").exists()


def test_settings_are_literals_or_text() -> None:
    assert parse_settings(["SEED=7", "NAME=版面", "LIST=[1, 2]"]) == {"SEED": 7, "NAME": "版面", "LIST": [1, 2]}
    with pytest.raises(ValueError, match="NAME=VALUE"):
        parse_settings(["seed=7"])
