"""A section as HTML: walked back to the file, every character escaped, every repair marked."""

import re
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.views.explorer.section_html import find_gaps, page_html, section_html, text_html
from locations import SEEDS

NONE = pd.DataFrame({"section_id": [], "kind": [], "spans": []})
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>'\"&lt;社区"


def section(text: str, spans: list[list[int]], **more: Any) -> Any:
    facts = {"section_id": "d/s1", "kind": "body", "heading": "", "script": "hans", "duplicate_of": None}
    return SimpleNamespace(text=text, spans=spans, **{**facts, **more})


class Tags(HTMLParser):
    """Collects the names of the elements of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        assert not [name for name, _ in attrs if name not in ("class", "title", "lang", "style")], attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def marked(html: str, name: str) -> list[str]:
    return [unescape(text) for text in re.findall(rf'<span class="[^"]*\b{name}\b[^"]*"[^>]*>([^<]*)</span>', html)]


@pytest.mark.parametrize(
    ("raw", "text", "spans", "kinds"),
    [
        ("社会\n\n工作", "社会工作", [[0, 6]], ["join"]),
        ("社会 工作", "社会工作", [[0, 5]], ["join"]),
        ("social\nwork", "social work", [[0, 11]], ["space"]),
        ("social work", "social work", [[0, 11]], []),  # nothing was done
        ("一。\n二。", "一。\n二。", [[0, 5]], ["paragraph"]),
        ("千行\n思想\n百业", "千行百业", [[0, 2], [6, 8]], ["over"]),
        ("后半\n前半", "前半后半", [[3, 5], [0, 2]], ["moved"]),
        ("前半后半", "后半前半", [[2, 4], [0, 2]], ["moved"]),
    ],
)
def test_gaps(raw: str, text: str, spans: list[list[int]], kinds: list[str]) -> None:
    assert [gap.kind for gap in find_gaps(raw, text, spans)] == kinds


def test_a_text_that_is_not_of_its_spans_is_refused() -> None:
    with pytest.raises(ValueError, match="not what its spans hold"):
        find_gaps("社会工作", "社会治理", [[0, 4]])


def test_every_section_of_the_seeds_walks_back_to_its_page() -> None:
    """The characters marked as the section's own are its text, white space aside; nothing of the page is doubled."""
    documents = read_documents(SEEDS)
    sections = split_sections(documents)
    raws = dict(zip(documents["doc_id"], documents["text"], strict=True))
    for row in sections.itertuples():
        others = sections[sections["doc_id"] == row.doc_id]
        html = page_html(raws[str(row.doc_id)], row, others)
        own = [*marked(html, "bm-own")]
        assert sorted("".join("".join(own).split())) == sorted("".join(str(row.text).split())), row.section_id
        repaired = Tags(re.sub(r'<i class="bm-out".*?</i>', "", text_html(raws[str(row.doc_id)], row, others)))
        assert repaired.text == row.text


def test_hostile_text_stays_text() -> None:
    raw = f"{HOSTILE}\n\n{HOSTILE}"
    hostile = section(f"{HOSTILE}{HOSTILE}", [[0, len(raw)]], section_id=HOSTILE, heading=HOSTILE, duplicate_of=HOSTILE)
    others = pd.DataFrame({"section_id": [HOSTILE, "x"], "kind": ["body", HOSTILE], "spans": [[[0, 9]], [[0, 5]]]})
    found = Tags(section_html(raw, hostile, others, [("<script>", 0.5)]))
    assert found.names <= {"div", "span", "p", "h3", "h4", "b", "i"}
    assert found.text.count(HOSTILE) >= 3


def test_an_interruption_is_shown_and_named() -> None:
    raw = "千行百业、\n\n思想\n\n一头连着"
    body = section("千行百业、一头连着", [[0, 5], [11, 15]])
    others = pd.DataFrame({"section_id": ["d/s1", "d/s2"], "kind": ["body", "notice"], "spans": [[[0, 5]], [[7, 9]]]})
    assert marked(page_html(raw, body, others), "bm-notice") == ["思想"]
    assert re.findall(r'<i class="bm-out" title="思想">([^<]*)</i>', text_html(raw, body, others)) == ["notice"]


def test_what_was_taken_out_is_escaped_too() -> None:
    raw = f"千行百业、\n{HOSTILE}\n一头连着"
    body = section("千行百业、一头连着", [[0, 5], [len(raw) - 4, len(raw)]])
    assert Tags(text_html(raw, body, NONE)).names == {"div", "i"}


def test_reasons_are_found_in_either_script_and_longer_ones_win() -> None:
    body = section("推動基層治理現代化", [[0, 9]])
    html = text_html(body.text, body, NONE, [("治理", 0.1), ("基层治理", 0.2), ("现代化", -0.1)])
    assert marked(html, "bm-for") == ["基層治理"]
    assert marked(html, "bm-against") == ["現代化"]


def test_far_parts_of_a_page_are_left_out() -> None:
    raw = "开头一段。\n" + "无关的行。\n" * 500 + "结尾一段。"
    body = section("开头一段。\n结尾一段。", [[0, 5], [len(raw) - 5, len(raw)]])
    html = page_html(raw, body, NONE)
    assert html.count("bm-left-out") == 1
    assert html.count("bm-line") < 60
    assert marked(html, "bm-own") == ["开头一段。", "结尾一段。"]
    assert "<b>502</b>" in html  # the number of the line in the file


def test_a_page_in_one_line_is_cut_round_the_section() -> None:
    raw = "无" * 100_000 + "这一段。" + "关" * 100_000
    html = page_html(raw, section("这一段。", [[100_000, 100_004]]), NONE)
    assert len(html) < 2000
