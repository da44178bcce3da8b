"""Rows come in as they are, errors name file and row, and files are whole or not there."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from banmian import tables


def test_rows_come_in_batches_in_file_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BATCH_ROWS", 2)
    path = tmp_path / "名 字.jsonl"
    path.write_text("\n".join(json.dumps({"id": i, "text": f"第{i}段"}) for i in range(5)), encoding="utf-8")
    batches = list(tables.read_rows(path))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert pd.concat(batches)["id"].tolist() == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ('{"id": 1}', "row 2: needs an object with id and text"),
        ('{"id": 1, "text": null}', "row 2: needs an object with id and text"),
        ('["a"]', "row 2: needs an object with id and text"),
        ("党建", "row 2: not JSON"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, fact: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 0, "text": "好"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=fact) as caught:
        list(tables.read_rows(path))
    assert str(path) in str(caught.value)


def test_parquet_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BATCH_ROWS", 3)
    frame = pd.DataFrame({"id": list("abcde"), "text": ["一", "二\n三", "", "<script>", "四"]})
    path = tmp_path / "rows.parquet"
    assert tables.write_parquet([frame[:2], frame[2:]], path) == 5
    pd.testing.assert_frame_equal(pd.concat(tables.read_rows(path), ignore_index=True), frame, check_dtype=False)


def test_parquet_without_the_columns_or_not_parquet(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"id": ["a"], "body": ["b"]}).to_parquet(path)
    with pytest.raises(ValueError, match="no column text; rename"):
        list(tables.read_rows(path))
    path.write_bytes(b"PAR0")
    with pytest.raises(ValueError, match="not a Parquet file"):
        list(tables.read_rows(path))


def test_missing_values_are_null_and_han_stays_readable() -> None:
    out = io.StringIO()
    frame = pd.DataFrame({"a": ["版面"], "b": [float("nan")], "c": [None], "d": [[[0, 2]]]})
    assert tables.write_jsonl([frame], out) == 1
    assert out.getvalue() == '{"a": "版面", "b": null, "c": null, "d": [[0, 2]]}\n'


def test_an_interrupted_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), tables.whole_file(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unwritable_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be written"), tables.whole_file(tmp_path / "no" / "out.jsonl"):
        pass
