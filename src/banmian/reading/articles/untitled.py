"""Articles that begin without a headline: briefs, and pages whose titles were lost.

What is asked of a paragraph: does it open as a report does, did the one before it close one, do the words change, and
do the page's reports stand under headlines. The answers are added up with the weights of `data/untitled_starts.tsv`
(`benchmarks/fit_headings.py`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import median

from banmian.reading.articles.cohesion import BigramIndex, cohesion, index_bigrams
from banmian.reading.articles.headings import Block
from banmian.reading.lines.line_types import is_closing, is_dateline

STORY_KINDS = ("body", "byline", "caption")
_TABLE = Path(__file__).parents[1] / "data" / "untitled_starts.tsv"
_REACH = 6  # paragraphs that are compared on either side
_TELLING = 60  # pairs of characters, about a sentence or two; fewer have little chance to share any
_USUAL = 0.08  # kinship that says nothing
_ALL = 0.75  # share of reports under headlines; beyond it a dateline alone is a report's second part
_BRIEF = 120  # characters
# How a report opens (when, by whom it is said), and how a paragraph does that goes on with one.
_LEAD = re.compile(
    r"近日|日前|昨[天日晚]|今[天日晨]|连日来|最近|[\d一二三四五六七八九十]{1,3}[月][\d一二三四五六七八九十]{1,3}日|\d{1,2}日|记者|获悉|据.{0,12}(?:统计|报道|悉)"
    r"|新华社|本报|年来|以来|由.{4,20}(?:主办|举办|联合)"
)
_ONWARD = re.compile(
    "他|她|它|这|该|那|同时|此外|另外|但|而|因此|对此|其中|为此|目前|据介绍|据了解|会议|与会|不过|然而|于是|后来|接着|当时"
    "|如今|一是|二是|三是|首先|其次|第[一二三四]|[一二三四五六七八九十]、|——|在这|与此"
)


def split_untitled(blocks: list[Block]) -> list[Block]:
    """Start articles at paragraphs too, where no headline stands over them."""
    places = untitled_places(blocks)
    if not places:
        return blocks
    weights, parted = _weights(), list(blocks)
    clues = PageClues(blocks)
    for place in places:
        found = clues.of(parted, place)
        odds = sum(weights[name] * value for name, value in found.items())
        if odds > 0 or _latin(blocks[place - 1]) != _latin(blocks[place]):
            parted[place] = replace(blocks[place], starts=True)
    return parted


def untitled_places(blocks: Sequence[Block]) -> list[int]:
    """Return the paragraphs that might begin an article: those behind another paragraph, a byline or a caption."""
    return [
        place
        for place in range(1, len(blocks))
        if blocks[place].kind == "body"
        and not blocks[place].starts
        and blocks[place].paragraph.role != "verse"
        and blocks[place - 1].kind in STORY_KINDS
    ]


class PageClues:
    """What speaks for a start at the paragraphs of one document; holds what is counted once."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._trail = index_bigrams([block.plain[:2000] for block in blocks])
        self._kin = {place: _kin_across(blocks, self._trail, place) for place in untitled_places(blocks)}
        known = [kin for kin in self._kin.values() if kin is not None]
        self._usual = median(known) if known else _USUAL
        headed = sum(a.kind == "headline" and b.kind == "body" for a, b in pairwise(blocks))
        bare = sum(is_dateline(blocks[place].plain) or is_closing(blocks[place - 1].plain) for place in self._kin)
        self._headed = headed / (headed + bare) if headed + bare else 0.0

    def of(self, blocks: Sequence[Block], place: int) -> dict[str, float]:
        """Return the clues of one place by name; `blocks` tell which starts before it are known."""
        block, last = blocks[place], blocks[place - 1]
        first = place - 1
        size = len(last.text)
        while first > 0 and not blocks[first].starts and place - first < 40:
            first -= 1
            size += len(blocks[first].text)
        lead = next((b for b in blocks[first:place] if b.kind == "body"), last)
        kin = self._kin[place]
        near = [self._kin.get(other) for other in range(place - 2, place + 3)]
        dateline, known = float(is_dateline(block.plain)), float(kin is not None)
        change = known * (_USUAL - min(kin, 0.3)) * 10 if kin is not None else 0.0
        least = float(kin is not None and kin == min(n for n in near if n is not None))
        bare = 1.0 - self._headed
        return {
            "any": 1.0,
            "headed page": self._headed,
            "dateline": dateline,
            "dateline, headed page": dateline * self._headed,
            "dateline, all headed": dateline * (self._headed > _ALL),
            "dateline after a dateline": dateline * is_dateline(lead.plain),
            "closing line before": float(is_closing(last.plain)),
            "byline before": float(last.kind == "byline"),
            "new words": change,
            "new words, bare page": change * bare,
            "least kin": least * (change > 0),
            "least kin, bare page": least * bare * (change > 0),
            "too short to tell": 1.0 - known,
            "article so far": log(50 + size) - 6.0,
            "brief before": float(size < _BRIEF),
            "opens as a report": float(bool(_LEAD.search(block.plain[:40]))),
            "opens as one goes on": float(bool(_ONWARD.match(block.plain))),
            "opens with a quotation": float(block.plain[0] in "“‘「"),
            "new words for the page": bare * (self._usual - min(kin, 0.3)) * 10 if kin is not None else 0.0,
            "length": log(30 + len(block.text)) - 5.0,
            "length before": log(30 + len(last.text)) - 5.0,
        }


def _kin_across(blocks: Sequence[Block], trail: BigramIndex, place: int) -> float | None:
    """Return the kinship of the paragraphs before and from `place`, no further than the next start; None if short."""
    first, last = place - 1, place + 1
    while first > 0 and place - first < _REACH and not blocks[first].starts:
        first -= 1
    while last < len(blocks) and last - place < _REACH and not blocks[last].starts:
        last += 1
    kin, n_pairs = cohesion(trail, first, place, last)
    return kin if n_pairs >= _TELLING else None


def _latin(block: Block) -> bool:
    return len(block.text.encode("ascii", "ignore")) > 0.8 * len(block.text) > 30


@cache
def _weights() -> dict[str, float]:
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name: float(weight) for name, weight in rows}
