"""Names on figures: as short as tells them apart, and few enough to read."""

import pandas as pd
import pytest

from banmian.views.document_names import document_names, short_ids, short_names


def shown(*names: str) -> list[str]:
    return list(short_names(list(names)).values())


def test_names_are_the_shortest_that_differ_but_of_three_characters() -> None:
    assert shown("000_5c76", "001_db29") == ["000", "001"]
    assert shown("人民日报 01", "人民日报 02") == ["人民日报 01", "人民日报 02"]
    assert shown("人民日报 01 版", "人民日报 02 版") == ["人民日报 01", "人民日报 02"]
    assert shown("a", "ab") == ["a", "ab"]
    assert shown() == []


def test_many_pages_stand_in_runs_of_neighbours() -> None:
    names = short_names([f"日报 {i:03d}" for i in range(300)])
    assert list(dict.fromkeys(names.values()))[:2] == ["日报 000–024", "日报 025–049"]
    assert len(set(names.values())) == 12
    assert names["日报 299"] == "日报 275–299"
    assert len(set(short_names([f"{i:04d}" for i in range(12)]).values())) == 12
    assert list(short_names([f"{i:04d}" for i in range(13)]).values())[-3:] == ["0010", "0011", "0012"]
    assert short_names([f"{a}{i}" for a in "甲乙" for i in range(10)], most=2)["乙3"] == "乙0–9"


def pages(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["doc_id", "name", "name_en", "date"])


def test_pages_with_a_name_bear_it_and_their_month(monkeypatch: pytest.MonkeyPatch) -> None:
    known = pages(("000_5c76", "渝中报", "Yuzhong paper", "2025-02-11"), ("001_db29", "", "", ""))
    assert document_names(known) == {"000_5c76": "渝中报 2025-02", "001_db29": "001"}
    monkeypatch.setenv("BANMIAN_LANG", "en")
    assert document_names(known)["000_5c76"] == "Yuzhong paper 2025-02"


def test_pages_of_one_name_and_month_are_told_apart() -> None:
    days = pages(("a", "渝中报", "", "2025-02-11"), ("b", "渝中报", "", "2025-02-12"))
    assert list(document_names(days).values()) == ["渝中报 2025-02-11", "渝中报 2025-02-12"]
    undated = pages(("a", "渝中报", "", ""), ("b", "渝中报", "", ""))
    assert list(document_names(undated).values()) == ["渝中报", "渝中报 (2)"]


def test_a_year_of_named_pages_stands_in_runs() -> None:
    year = pages(*((f"p{i:03d}", "渝中报", "", f"2025-{i // 28 + 1:02d}-{i % 28 + 1:02d}") for i in range(300)))
    assert len(set(document_names(year).values())) == 12


def test_ids_of_sections_bear_the_name_of_one_document() -> None:
    documents = pages(("my_page_1", "", "", ""), ("my_page_2", "", "", ""), ("000_5c76", "渝中报", "", ""))
    assert short_ids(["my_page_2/s5", "000_5c76/a1"], documents) == ["my_page_2/s5", "渝中报/a1"]
    assert short_ids(["000_5c76/s12"], documents, join="") == ["渝中报s12"]
    many = pages(*((f"{i:03d}", "", "", "") for i in range(50)))
    assert short_ids([f"{i:03d}/s1" for i in range(50)], many)[-1] == "049/s1", "no runs"


@pytest.mark.parametrize(
    ("name", "drawn"), [("要闻😀", "要闻□1F600"), ("𠮷林要闻", "□20BB7林要闻"), ("a\x1bb", "a□001Bb")]
)
def test_a_character_that_the_font_lacks_is_a_box_with_its_code(name: str, drawn: str) -> None:
    with pytest.warns(UserWarning, match="the font lacks a character"):
        assert short_names([name], least=9) == {name: drawn}
