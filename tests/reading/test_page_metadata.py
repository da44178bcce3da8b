"""Names, papers and dates of pages: where they come from, what is left empty, and which lists are refused."""

from pathlib import Path

import pandas as pd
import pytest

from banmian.reading.corpus import read_documents
from banmian.reading.page_metadata import metadata_report, page_metadata
from locations import SEEDS


def pages(**texts: str) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})


def test_the_list_goes_before_the_name_and_the_name_before_the_text(tmp_path: Path) -> None:
    (tmp_path / "pages.csv").write_text("doc_id,name,paper,date\nrmrb_20230701,日报,人民日报,2023-07\n", "utf-8")
    documents = pages(rmrb_20230701="", rmrb_20230702="2024-01-01", free="發佈時間:2024-11-06 18:50")
    found = page_metadata(documents, tmp_path)
    assert found["date"].tolist() == ["2023-07", "2023-07-02", "2024-11-06"]
    assert found["date_from"].tolist() == ["pages.csv", "file name", "text"]
    assert metadata_report(found) == (
        "dates: 3 of 3 documents (1 from file name, 1 from pages.csv, 1 from text); papers: 1 of 3"
    )


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("新华社北京11月6日电 会议指出", "11-06"),
        ("本報北京2月8日電 記者", "02-08"),
        ("本报重庆12月5日讯", "12-05"),
        ("13月45日电", ""),
        ("12月5日上午，会议召开", ""),
    ],
)
def test_a_dateline_without_a_year_is_no_date(text: str, dateline: str) -> None:
    row = page_metadata(pages(x=text)).iloc[0]
    assert (row["date"], row["dateline"], row["date_from"]) == ("", dateline, "")


def test_a_year_printed_in_full_is_a_date() -> None:
    assert page_metadata(pages(x="2025年2月8日 星期六"))["date"].tolist() == ["2025-02-08"]


def test_columns_of_a_table_are_used() -> None:
    documents = pages(x="", y="").assign(paper=["渝中报", None], date=["2025-02-08", float("nan")])
    found = page_metadata(documents)
    assert found[["paper", "date", "date_from"]].to_numpy().tolist() == [
        ["渝中报", "2025-02-08", "column"],
        ["", "", ""],
    ]
    assert metadata_report(found).endswith("; none in 1; papers: 1 of 2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("doc_id,date\nx,2025/2/8\n", "row 2: date '2025/2/8'; write 2024-11-06"),
        ("doc_id,date\nz,2025\n", "row 2: no page is called 'z'"),
        ("doc_id,date\nx,2025\nx,2024\n", "row 3: 'x' stands in an earlier row"),
        ("name,date\nx,2025\n", "no column doc_id"),
    ],
)
def test_a_list_that_does_not_fit_names_its_row(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "pages.csv").write_text(content, "utf-8")
    with pytest.raises(ValueError, match=message):
        page_metadata(pages(x=""), tmp_path)


def test_the_seeds_have_names_and_a_page_without_a_printed_date_has_none() -> None:
    found = page_metadata(read_documents(SEEDS), SEEDS)
    assert (found["name"] != "").all() and (found["paper"] != "").all()
    assert found["date"].tolist() == ["2024-12", "2025-02", "2024-11", "2024-11-06", ""]
