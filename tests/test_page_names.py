"""Names on figures: as short as tells them apart, and few enough to read."""

import pandas as pd

from banmian.views.page_names import OTHERS, page_names


def documents(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": names, "text": ["字" * (len(names) - i) for i in range(len(names))]})


def test_names_are_the_shortest_that_differ_but_of_three_characters() -> None:
    assert page_names(documents("000_5c76", "001_db29")).tolist() == ["000", "001"]
    assert page_names(documents("人民日报 01", "人民日报 02")).tolist() == ["人民日报 01", "人民日报 02"]
    assert page_names(documents("人民日报 01 版", "人民日报 02 版")).tolist() == ["人民日报 01", "人民日报 02"]
    assert page_names(documents("a", "ab")).tolist() == ["a", "ab"]
    assert page_names(documents()).tolist() == []


def test_of_many_pages_the_longest_keep_their_names() -> None:
    shown = page_names(documents(*(f"{i:04d}" for i in range(300))), most=12)
    assert shown.nunique() == 12
    assert shown.tolist()[:11] == [f"{i:04d}" for i in range(11)]
    assert (shown == OTHERS).sum() == 289
    assert page_names(documents(*(f"{i:04d}" for i in range(12))), most=12).nunique() == 12
