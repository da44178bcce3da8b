"""Which lines begin an article: pages written for the test, each for one thing that a newspaper reader knows."""

import itertools
import json
import re

import pandas as pd
import pytest

from banmian.reading.articles.headings import _best_chain
from banmian.reading.layout import split_sections
from banmian.text.script import simplify
from locations import CASES as CASES_DIR

CASES = json.loads((CASES_DIR / "reading_starts.json").read_text(encoding="utf-8"))


def starts_of(lines: list[str]) -> list[str]:
    raw = "\n\n".join(lines)
    sections = split_sections(pd.DataFrame({"doc_id": ["page"], "text": [raw]}), find_twins=False)
    places = [place for spans in sections["spans"] for start, end in spans for place in range(start, end)]
    printed = [place for place in places if not raw[place].isspace()]
    assert sorted(printed) == [place for place, char in enumerate(raw) if not char.isspace()]
    return [raw[spans[0][0] :].split("\n")[0][:5] for spans in sections.drop_duplicates("article_id")["spans"]]


def check_page(case: dict) -> None:
    """A start is the number of a line, or the words with which it begins inside one."""
    lines = [re.sub("@([a-z]+[0-9])", lambda m: CASES["paragraphs"][m[1]], line) for line in case["lines"]]
    expected = [lines[start][:5] if isinstance(start, int) else start[:5] for start in case["starts"]]
    assert starts_of(lines) == expected


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["why"])
def test_articles_begin_where_a_reader_sees_them(case: dict) -> None:
    check_page(case)


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["why"])
@pytest.mark.xfail(strict=True, reason="known failure: the words and forms of the page say the opposite")
def test_known_failures_are_still_failures(case: dict) -> None:
    check_page(case)


def worth(starts: tuple[bool, ...], points: list[float], likeness: list[float]) -> float:
    """The worth of one reading, told from the docstring of `_best_chain`: every reading is tried."""
    total, n_subs = 0.0, 0
    for place, start in enumerate(starts):
        total += points[place] if start else likeness[place - 1] if n_subs else 0.0
        total -= 2.5 * (start and n_subs == 1)
        n_subs = 0 if start else n_subs + 1
    return total - 2.5 * (n_subs == 1)


@pytest.mark.parametrize("seed", range(20))
def test_the_chain_is_the_best_of_all(seed: int) -> None:
    numbers = pd.Series(range(13)).sample(frac=1, random_state=seed).sub(6).to_list()
    points, likeness = [n / 2 for n in numbers[:7]], [n / 3 for n in numbers[7:]]
    every = itertools.product([True, False], repeat=7)
    best = max(worth(starts, points, likeness) for starts in every)
    assert worth(tuple(_best_chain(points, likeness, -2.5)), points, likeness) == pytest.approx(best)


def test_a_story_is_read_alike_in_both_scripts() -> None:
    lines = [
        "江城新橋通車 兩岸半小時到達",
        "大橋今天上午正式通車，兩岸居民等了整整六年。",
        "來論",
        "把渡口的故事留下來",
    ]
    lines += ["渡口的老船工把船槳送給了博物館，孩子們第一次摸到了船槳上的繭印。"]
    assert starts_of(lines) == [lines[0][:5], lines[2][:5]]
    assert [simplify(start) for start in starts_of(lines)] == starts_of([simplify(line) for line in lines])


STORIES = CASES["paragraphs"]
REPORT = ["江城新桥通车 两岸半小时到达", STORIES["bridge1"], "设计更加周密", STORIES["bridge2"], "施工更加安静"]
REPORT += [STORIES["bridge3"]]


@pytest.mark.parametrize(
    ("lines", "starts"),
    [
        (["大桥公交开了"], False),
        (["大桥公交开了（江城观察）"], True),
        (["公交公司—— 大桥线路增到六条"], True),
        (["公交公司——大桥线路增到六条"], True),
        (["短评"], True),
        (["（作者为江城大学教授）", "大桥公交开了"], True),
        (["大桥公交开了", "（上接2版）"], True),
        (["大桥公交 两岸增开六条线路"], True),
        (["北岸的公交——"], False),
        (["“公交开到门口”"], False),
    ],
)
def test_the_form_of_a_heading_under_two_sub_headings_tells(lines: list[str], starts: bool) -> None:
    """The paragraphs are of one theme, so that the form decides."""
    found = starts_of([*REPORT, *lines, STORIES["bridge4"]])
    assert (len(found) == 2) == starts, found


@pytest.mark.parametrize("lines", [["老街的茶馆——"], ["“茶馆开了”"]])
def test_an_open_or_quoted_heading_is_none_even_over_another_subject(lines: list[str]) -> None:
    assert len(starts_of([*REPORT, *lines, STORIES["tea1"], STORIES["tea2"]])) == 1


def test_other_subjects_make_plain_headings_headlines() -> None:
    lines = [*REPORT[:2], "老街茶馆今天重新开张迎客", STORIES["tea1"] + STORIES["tea2"]]
    lines += ["湖上银鱼今年卖出了好价钱", STORIES["fish1"] + STORIES["fish2"]]
    assert len(starts_of(lines)) == 3
    same = [*REPORT[:2], "大桥设计得比以前更加周密", STORIES["bridge2"], "大桥施工也比以前更加安静", STORIES["bridge3"]]
    assert len(starts_of(same)) == 1
