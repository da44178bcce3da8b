"""The gold readings in tests/cases fit the seeds: nothing is forgotten, doubled or out of place."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from banmian.config import ROOT

SEED_FILES = sorted((ROOT / "seeds").glob("*.txt"))
HAN = re.compile("[\u3400-\u9fff]")
KINDS = {"headline", "body", "byline", "caption", "notice"}
ALL_SEEDS = pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)


def read_case(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the gold reading of a seed and the seed's lines; the line numbers of the gold count from 1."""
    gold = json.loads((ROOT / "tests" / "cases" / f"reading_gold_{path.stem}.json").read_text(encoding="utf-8"))
    return gold, path.read_bytes().decode("utf-8").split("\n")


def gap(raw: list[str], place: dict[str, Any]) -> str:
    """Return the white space between `before` and `after`, which must stand together once in their line."""
    pattern = re.escape(place["before"]) + "( *)" + re.escape(place["after"])
    found = re.findall(pattern, raw[place["line"] - 1])
    assert len(found) == 1, place
    return found[0]


def test_there_is_one_reading_for_each_seed() -> None:
    cases = sorted((ROOT / "tests" / "cases").glob("reading_gold_*.json"))
    assert len(SEED_FILES) == 5
    assert [case.stem.removeprefix("reading_gold_") for case in cases] == [path.stem for path in SEED_FILES]


@ALL_SEEDS
def test_every_line_stands_once_and_in_order(path: Path) -> None:
    gold, raw = read_case(path)
    assert gold["doc_id"] == path.stem
    expected = [(number, line[:8]) for number, line in enumerate(raw, 1) if line.strip()]
    assert [(line["line"], line["first"]) for line in gold["lines"]] == expected
    assert {line["kind"] for line in gold["lines"]} <= KINDS


@ALL_SEEDS
def test_articles_share_out_the_lines(path: Path) -> None:
    gold, raw = read_case(path)
    kinds = {line["line"]: line["kind"] for line in gold["lines"]}
    assert sorted(number for article in gold["articles"] for number in article["lines"]) == list(kinds)
    for article in gold["articles"]:
        assert article["first_line"] == article["lines"][0]
        headlines = [raw[number - 1] for number in article["lines"] if kinds[number] == "headline"]
        assert not article["title"] or any(article["title"] in line for line in headlines)


@ALL_SEEDS
def test_breaks_agree_with_articles_and_reading_order(path: Path) -> None:
    gold, _ = read_case(path)
    home = {number: n for n, article in enumerate(gold["articles"]) for number in article["lines"]}
    follower = {
        a: b for article in gold["articles"] for a, b in zip(article["lines"], article["lines"][1:], strict=False)
    }
    numbers = [line["line"] for line in gold["lines"]]
    for line, below in zip(gold["lines"], [*numbers[1:], None], strict=True):
        number, kind_of_break = line["line"], line["break"]
        assert ("continues" in line) == (kind_of_break == "column")
        if kind_of_break == "column":
            assert line["continues"] not in {number, below}
            assert follower[number] == line["continues"]
        elif kind_of_break == "join":
            assert follower[number] == below
        elif below is None:
            assert kind_of_break == "end"
        else:
            assert kind_of_break == ("paragraph" if home[below] == home[number] else "article"), line


@ALL_SEEDS
def test_a_line_that_goes_on_has_not_ended_its_sentence(path: Path) -> None:
    gold, raw = read_case(path)
    for line in gold["lines"]:
        if line["break"] in {"join", "column"}:
            assert raw[line["line"] - 1].rstrip()[-1] not in "。!?！？)）", line


@ALL_SEEDS
def test_columns_out_of_order_are_the_lines_that_continue_elsewhere(path: Path) -> None:
    gold, _ = read_case(path)
    jumps = [(line["line"], line["continues"]) for line in gold["lines"] if "continues" in line]
    assert sorted((place["from_line"], place["to_line"]) for place in gold["column_order"]) == jumps


@ALL_SEEDS
def test_breaks_within_a_line_can_be_found(path: Path) -> None:
    gold, raw = read_case(path)
    for place in gold["within_line"]:
        gap(raw, place)
        changes = place["kind_before"] != place["kind_after"]
        assert changes if place["break"] == "kind" else place["break"] in {"paragraph", "article"}
        assert {place["kind_before"], place["kind_after"]} <= KINDS


@ALL_SEEDS
def test_every_space_is_either_meant_or_counted(path: Path) -> None:
    gold, raw = read_case(path)
    spaces = gold["spurious_spaces"]
    assert spaces["total"] == spaces["between_han"] + spaces["beside_other"] + spaces["line_end"]
    breaks = sum(len(gap(raw, place)) for place in gold["within_line"])
    assert all(gap(raw, place) == " " for place in [*spaces["meant"], *spaces["at_lost_text"]])
    every_space = sum(line.count(" ") for line in raw if HAN.search(line))
    assert every_space == spaces["total"] + len(spaces["meant"]) + breaks


def test_the_three_places_where_columns_are_out_of_order_are_marked() -> None:
    places = {(path.stem[:3], place["place"]) for path in SEED_FILES for place in read_case(path)[0]["column_order"]}
    assert {("001", 1), ("001", 2), ("004", 3)} <= places
