"""A page as scanned, through the recogniser, to sections: no network, cached, and every character walked back."""

import socket
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from banmian.io.cache import cached
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.reading.scan import pages, recognise
from locations import ROOT

PAGE = ROOT / "tests" / "cases" / "scan_page.png"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "cached", partial(cached, root=tmp_path_factory.mktemp("cache")))

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("the network was asked")

        patch.setattr(socket.socket, "connect", refuse)
        documents = read_documents(PAGE)
        first = documents["lines"].iloc[0]
        patch.setattr(pages, "recognise", refuse)  # the second time it comes from the cache
        pd.testing.assert_frame_equal(read_documents(PAGE)["lines"].iloc[0], first)
    return documents, split_sections(documents, find_twins=False)


def test_three_stories_come_out_whole_and_in_order(read: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, sections = read
    headlines = sections.loc[sections["kind"] == "headline", "text"].str.replace(r"\s", "", regex=True).tolist()
    assert [line[:4] for line in headlines] == ["重庆广播", "以“六区", "动真碰硬"]
    body = sections[sections["kind"] == "body"].groupby("article_id", sort=False)["text"].apply("".join).tolist()
    assert [text[-5:] for text in body] == ["南岸美景。", "上新台阶。", "件、成一件。"[-5:]]
    assert sections["kind"].iloc[0] == "notice"


def test_every_character_is_in_one_section_and_every_line_has_its_box(read: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    documents, sections = read
    raw, lines = documents["text"].iloc[0], documents["lines"].iloc[0]
    places = sorted(place for spans in sections["spans"] for start, end in spans for place in range(start, end))
    printed = [place for place, char in enumerate(raw) if not char.isspace()]
    assert [place for place in places if not raw[place].isspace()] == printed
    boxes = [tuple(box) for found in sections["boxes"] for box in found]
    assert sorted(boxes) == sorted(lines[["page", "left", "top", "right", "bottom"]].itertuples(index=False, name=None))
    height, width = np.asarray(Image.open(PAGE)).shape
    assert all(page == 1 and 0 <= l < r <= width + 5 and 0 <= t < b <= height + 5 for page, l, t, r, b in boxes)  # noqa: E741
    assert (sections["page_confidence"] > 0.9).all()


def test_a_page_on_its_head_or_side_is_turned() -> None:
    with Image.open(PAGE) as file:
        part = np.asarray(file.convert("RGB"))[170:480]
    for turns in (1, 2):
        found = recognise.recognise(np.ascontiguousarray(np.rot90(part, turns)))
        assert found.turns == 4 - turns
        assert any(text.startswith("重庆广播电视") for text in found.texts)


def test_a_blank_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "cached", partial(cached, root=tmp_path / "cache"))
    Image.new("L", (600, 800), 255).save(tmp_path / "blank.png")
    with pytest.raises(ValueError, match=r"blank\.png: no text that can be read"):
        read_documents(tmp_path / "blank.png")
