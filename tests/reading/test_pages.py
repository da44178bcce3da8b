"""Small pages, each with a difficulty that real files show (`cases/reading_pages.json`), and their twins."""

import json

import pandas as pd
import pytest

from banmian.reading.layout import split_sections
from locations import CASES

ROWS = json.loads((CASES / "reading_pages.json").read_text(encoding="utf-8"))
BY_NAME = pytest.mark.parametrize("row", ROWS, ids=[row["why"] for row in ROWS])


def sections_of(text: str) -> pd.DataFrame:
    return split_sections(pd.DataFrame({"doc_id": ["page"], "text": [text]}), find_twins=False)


@BY_NAME
def test_pages_are_read_as_a_person_reads_them(row: dict) -> None:
    sections = sections_of(row["text"])
    of_kind = {kind: sections.loc[sections["kind"] == kind, "text"].tolist() for kind in ("headline", "body")}
    assert of_kind["headline"] == row["headlines"]
    assert len(of_kind["body"]) == len(row["bodies"])
    for text, start in zip(of_kind["body"], row["bodies"], strict=True):
        assert text.startswith(start)
    for words in row["never_body"]:
        assert not any(words in text for text in of_kind["body"])
    assert sections["article_id"].nunique() == row.get("articles", sections["article_id"].nunique())


@BY_NAME
def test_every_character_of_them_is_in_one_section(row: dict) -> None:
    raw, sections = row["text"], sections_of(row["text"])
    places = [place for spans in sections["spans"] for start, end in spans for place in range(start, end)]
    printed = [place for place in places if not raw[place].isspace()]
    assert sorted(printed) == [place for place, char in enumerate(raw) if not char.isspace()]
    for text, plain, spans in zip(sections["text"], sections["simplified"], sections["spans"], strict=True):
        assert "".join(text.split()) == "".join("".join(raw[start:end].split()) for start, end in spans)
        assert len(text) == len(plain)
