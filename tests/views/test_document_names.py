"""Names on figures: as short as tells them apart, and few enough to read."""

from banmian.views.document_names import short_ids, short_names


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


def test_ids_of_sections_bear_the_short_name_of_one_document() -> None:
    documents = ["my_page_1", "my_page_2", "000_5c76"]
    assert short_ids(["my_page_2/s5", "000_5c76/a1"], documents) == ["my_page_2/s5", "000_5c76/a1"]
    assert short_ids(["001_db29/s12"], ["000_5c76", "001_db29", "001_db29"], join="") == ["001s12"]
    assert short_ids([f"{i:03d}/s1" for i in range(50)], [f"{i:03d}" for i in range(50)])[-1] == "049/s1", "no runs"
    assert short_ids([], []) == []
