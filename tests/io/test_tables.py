"""Rows go out as they are, formulas as text."""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banmian.io import tables


def test_parquet_there_and_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": list("abcde"), "text": ["一", "二\n三", "", "<script>", "四"]})
    path = tmp_path / "rows.parquet"
    assert tables.write_rows([frame[:2], frame[2:]], path) == 5
    pd.testing.assert_frame_equal(pd.read_parquet(path), frame, check_dtype=False)


def test_reasons_stay_nested_also_where_the_first_frame_has_none(tmp_path: Path) -> None:
    nothing = {"terms": [], "nearest": []}
    some = {
        "terms": [{"term": "社区", "effect": 0.5}],
        "nearest": [{"similarity": 0.9, "label": "culture", "text": "博物馆"}],
    }
    frame = pd.DataFrame({"id": ["a", "b"]}).assign(reasons=[nothing, some])
    path = tmp_path / "rows.parquet"
    tables.write_rows([frame[:1], frame[1:]], path)
    back = pd.read_parquet(path)["reasons"]
    assert back[1]["terms"][0] == some["terms"][0] and back[1]["nearest"][0] == some["nearest"][0]
    out = io.StringIO()
    tables.write_jsonl([frame], out)
    assert [json.loads(line)["reasons"] for line in out.getvalue().splitlines()] == [nothing, some]


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


def test_rows_of_two_kinds_are_told(tmp_path: Path) -> None:
    frames = [pd.DataFrame({"id": ["a"], "kind": ["body"]}), pd.DataFrame({"id": ["b"]})]
    with pytest.raises(ValueError, match="with and without the columns kind"):
        tables.write_rows(frames, tmp_path / "out.parquet")


def test_nothing_to_write_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no rows to write"):
        tables.write_rows([], tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []
