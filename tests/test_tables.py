"""Rows go out as they are, formulas as text, and files are whole or not there."""

import csv
import io
import json
import os
import threading
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banmian import tables


def test_parquet_there_and_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": list("abcde"), "text": ["一", "二\n三", "", "<script>", "四"]})
    path = tmp_path / "rows.parquet"
    assert tables.write_rows([frame[:2], frame[2:]], path) == 5
    pd.testing.assert_frame_equal(pd.read_parquet(path), frame, check_dtype=False)


def test_a_column_empty_at_first_takes_what_comes_later(tmp_path: Path) -> None:
    frame = pd.DataFrame({"spans": [[], [[0, 2], [5, 9]]], "duplicate_of": [None, "a/s1"]})
    path = tmp_path / "rows.parquet"
    tables.write_rows([frame[:1], frame[1:]], path)
    back = pd.read_parquet(path)
    assert back["duplicate_of"].fillna("").tolist() == ["", "a/s1"]
    out = io.StringIO()
    tables.write_jsonl([back], out)
    assert [json.loads(line)["spans"] for line in out.getvalue().splitlines()] == [[], [[0, 2], [5, 9]]]


def test_half_a_character_is_escaped_in_json_and_replaced_in_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["a\ud83d"]}, dtype=object)
    tables.write_rows([frame], tmp_path / "rows.jsonl")
    line = (tmp_path / "rows.jsonl").read_text(encoding="utf-8")
    assert line == '{"text": "a\\ud83d"}\n'
    assert json.loads(line)["text"] == "a\ud83d"
    tables.write_rows([frame], tmp_path / "rows.parquet")
    assert pd.read_parquet(tmp_path / "rows.parquet")["text"].tolist() == ["a\ufffd"]


def test_missing_values_are_null_and_han_stays_readable() -> None:
    out = io.StringIO()
    frame = pd.DataFrame({"a": ["版面"], "b": [float("nan")], "c": [None], "d": [[[0, 2]]]})
    assert tables.write_jsonl([frame], out) == 1
    assert out.getvalue() == '{"a": "版面", "b": null, "c": null, "d": [[0, 2]]}\n'


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_any_text_is_one_line_of_json_that_gives_it_back(text: str) -> None:
    out = io.StringIO()
    tables.write_jsonl([pd.DataFrame({"text": [text]}, dtype=object)], out)
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue())["text"] == text


@pytest.mark.parametrize(
    "cell",
    ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1", "\n=1", "\x00=1"],
)
def test_formulas_are_made_text(cell: str) -> None:
    out = io.StringIO()
    tables.write_csv(pd.DataFrame({"word": [cell], "n": [-1.5]}), out)
    _, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert row == ["'" + cell, "-1.5"]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_csv_keeps_its_rows_whatever_the_cells_hold(cells: list[str]) -> None:
    out = io.StringIO(newline="")
    tables.write_csv(pd.DataFrame({"a": cells, "b": cells}, dtype=object), out)
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]
    assert [row[0].removeprefix("'") for row in rows] == [cell.removeprefix("'") for cell in cells]
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in {"=", "+", "-", "@"}]


def test_an_interrupted_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), tables.whole_file(path) as temporary:
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
    with pytest.raises(ValueError, match="cannot be written"), tables.whole_file(tmp_path / "no" / "out.jsonl"):
        pass
    full = pytest.raises(ValueError, match=r"out\.jsonl: cannot be written \(No space left")
    with full, tables.whole_file(tmp_path / "out.jsonl"):
        raise OSError(28, "No space left on device")


def test_an_error_in_reading_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="other"), tables.whole_file(tmp_path / "out.jsonl"):
        (tmp_path / "other").read_text(encoding="utf-8")


def test_nothing_to_write_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no rows to write"):
        tables.write_rows([], tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


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


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("\U0001f600" * 61 + ".jsonl")  # 250 bytes; a file's name may have 255
    assert tables.write_rows([pd.DataFrame({"text": ["茶"]})], path) == 1


def test_a_writer_waits_for_another_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_WAIT_SECONDS", 0.1)
    refused = pytest.raises(ValueError, match="another run is writing there")
    with tables.one_writer(tmp_path / "out"), refused, tables.one_writer(tmp_path / "out"):
        pass
    with tables.one_writer(tmp_path / "out"):
        assert list((tmp_path / "out").iterdir()) == []
