"""Tables that people keep: rows, columns and cells as they stand, and one line for what is no table."""

import json
from pathlib import Path

import pandas as pd
import pytest

from banmian.io.tables import write_rows
from banmian.partitions import find_partitions, open_corpus, read_partition
from banmian.pipeline.rows import read_sections
from banmian.reading.tables import choose_columns, read_rows

TEXT = "江城新桥今天上午正式通车，两岸居民等了整整六年。"
CSV = f'编号,日期,正文\n007,2024-03-01,"{TEXT}\n第二行，有“引号”。"\n008,,夜市开街\n'


def frame_of(path: Path, **columns: str) -> pd.DataFrame:
    return pd.concat(
        [frame for part in find_partitions(open_corpus(path, **columns)) for frame in read_partition(part)]
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(CSV.encode(encoding))
    frame = frame_of(tmp_path / "a.csv")
    assert frame.columns.tolist() == ["section_id", "text", "日期"]
    assert frame["section_id"].tolist() == ["007", "008"]
    assert frame["text"].iloc[0] == f"{TEXT}\n第二行，有“引号”。"
    assert frame["日期"].tolist() == ["2024-03-01", None]


def test_tabs_and_semicolons_part_cells_too(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\ttext\n1\t甲,乙\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id;text\n1;甲,乙\n", encoding="utf-8")
    for name in ("a.tsv", "b.csv"):
        assert list(read_rows(tmp_path / name)) == [{"id": "1", "text": "甲,乙"}]


def test_columns_are_found_by_their_usual_names_or_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert choose_columns(path, ["ID", "Content", "label"]) == ("Content", "ID")
    assert choose_columns(path, ["全文", "year"]) == ("全文", None)
    assert choose_columns(path, ["a", "b"], "b", "a") == ("b", "a")
    with pytest.raises(ValueError, match=r"a\.csv: no column c; its columns: a, b"):
        choose_columns(path, ["a", "b"], "c")
    with pytest.raises(ValueError, match=r"--text-column: a, b"):
        choose_columns(path, ["a", "b"])


def test_without_ids_rows_are_numbered_and_other_columns_come_through(tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    rows = [{"full_text": TEXT, "label": "旧", "year": 2**60}, {"full_text": "夜市开街", "id2": None}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    frame = frame_of(path)
    assert frame["section_id"].tolist() == ["1", "2"]
    assert frame["label"].tolist() == ["旧", None]
    sections = read_sections(open_corpus(path), [])
    assert sections["doc_id"].tolist()[0] == "1"
    assert sections["label"].tolist()[0] == "旧"


def test_excel_and_json_keep_ids_as_text(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["id", "content"], ["007", TEXT], [8, "夜市开街"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.json").write_text(json.dumps({"rows": [{"id": 2**53 + 1, "content": TEXT}]}), encoding="utf-8")
    assert frame_of(tmp_path / "a.xlsx")["section_id"].tolist() == ["007", "8"]
    assert frame_of(tmp_path / "b.json")["section_id"].tolist() == [str(2**53 + 1)]


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("a.csv", 'id,text\n1,"open\n2,x\n', "quotation mark"),
        ("a.csv", "id,text\n1,a,b\n", "line 2: 3 cells under 2 columns"),
        ("a.csv", "id,id\n1,2\n", "two columns are called 'id'"),
        ("a.json", "{", "not JSON"),
        ("a.json", "[1]", "row 1: int, not an object"),
        ("a.xlsx", "no zip", "not an Excel file"),
    ],
)
def test_what_is_no_table_is_one_line(tmp_path: Path, name: str, content: str, fact: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=fact) as error:
        list(read_rows(tmp_path / name))
    assert str(error.value).startswith(str(tmp_path / name))


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_sections_written_as_a_table_are_read_back(tmp_path: Path, ending: str) -> None:
    (tmp_path / "page.txt").write_text(f"新桥通车\n\n{TEXT}\n", encoding="utf-8")
    sections = read_sections(open_corpus(tmp_path / "page.txt"), [])
    write_rows([sections], tmp_path / f"out{ending}")
    back = frame_of(tmp_path / f"out{ending}")
    assert back["spans"].tolist() == sections["spans"].tolist()
    assert back["text"].tolist() == sections["text"].tolist()
    with pytest.raises(ValueError, match="sections already"):
        read_sections(open_corpus(tmp_path / f"out{ending}"), [])


def test_a_formula_stays_text_in_every_spreadsheet(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    frame = pd.DataFrame({"id": ["1"], "text": ["=HYPERLINK(1)"]})
    write_rows([frame], tmp_path / "a.xlsx")
    write_rows([frame], tmp_path / "a.csv")
    cell = load_workbook(tmp_path / "a.xlsx").active["B2"]
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")
    assert "'=HYPERLINK" in (tmp_path / "a.csv").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="row 1, text: 40000 characters"):
        write_rows([frame.assign(text="长" * 40_000)], tmp_path / "b.xlsx")
