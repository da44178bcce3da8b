"""Which headings begin an article, and which part one: the headings of a document weighed together.

Each heading has points of its own: what stands before, in and under it, and whether the words change there. But what
tells best is its company. Sub-headings come in sets, alike in form and in the length of what they head, and an article
seldom has only one. So the headings are a chain, and the likeliest chain of starts and sub-headings is taken whole
(Viterbi 1967, doi:10.1109/TIT.1967.1054010).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path

from banmian.reading.articles.cohesion import BigramIndex, cohesion, index_bigrams
from banmian.reading.lines.line_types import (
    ends_note,
    ends_sentence,
    is_closing,
    is_date,
    is_dateline,
    is_dependent_head,
    is_numbered,
    is_recurring_heading,
    jump_line_length,
    strip_markdown,
    width,
)
from banmian.reading.lines.spans import TextBlock

HEADINGS = ("heading", "tag", "mark")

_TABLE = Path(__file__).parents[1] / "data" / "heading_starts.tsv"  # log odds, fitted by benchmarks/fit_headings.py
_SURE = 3.0  # points with which a heading is a headline whatever its company
_REACH = 6  # paragraphs that are compared before and after a heading
_TELLING = 60  # pairs of characters, about a sentence or two; fewer have little chance to share any
_DECK_LENGTH = 90
_PICTURE_STORY = 400  # characters


@dataclass(frozen=True, slots=True)
class Block:
    """One printed paragraph with its place, its text (`plain` in Simplified script) and what it is."""

    paragraph: TextBlock
    text: str
    plain: str
    kind: str
    starts: bool = False


@dataclass(frozen=True, slots=True)
class HeadingGroup:
    """Headings that stand together, blocks `start` to `end`; what they head ends at `until`."""

    start: int
    end: int
    until: int


def heading_groups(blocks: Sequence[Block]) -> list[HeadingGroup]:
    """Return the groups of headings in order, the bylines between their lines included."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(blocks):
        end = start + 1
        if blocks[start].kind in HEADINGS:
            while end < len(blocks) and _goes_with(blocks, end):
                end += 1
            while blocks[end - 1].kind == "byline":
                end -= 1
            found.append((start, end))
        start = end
    found.append((len(blocks), len(blocks)))
    return [HeadingGroup(start, end, until) for (start, end), (until, _) in pairwise(found)]


def _goes_with(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a block under a heading is one of its lines, or the name between two of them."""
    block = blocks[place]
    if block.kind == "byline":
        return not is_closing(block.plain)  # what stands under a closing line is another story's
    return block.kind in HEADINGS or _is_deck(blocks, place)


def _is_deck(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a line between two headings is one of them, too long for a title: a deck (提要) or an epigraph."""
    block = blocks[place]
    if block.kind != "body" or len(block.text) > _DECK_LENGTH or place + 1 == len(blocks):
        return False
    open_end = block.plain.endswith(("：", ":", "，")) or is_dateline(block.plain)
    return blocks[place + 1].kind in HEADINGS and not open_end and not ends_sentence(block.plain)


def find_starts(blocks: Sequence[Block], groups: Sequence[HeadingGroup]) -> list[bool]:
    """Tell of every group whether it begins an article."""
    weights = _weights()
    lead: Sequence[Block] = ()
    trail = index_bigrams([block.plain[:2000] for block in blocks])
    points: list[float] = []
    for group in groups:
        own = sum(weights[clue] * value for clue, value in heading_clues(blocks, trail, group, lead).items())
        points.append(own)
        if own >= _SURE:
            lead = blocks[group.end : min(group.end + 5, group.until)]
    alike = weights["likeness"]
    return _best_chain(points, [alike * _likeness(blocks, *pair) for pair in pairwise(groups)], weights["lone"])


def heading_clues(
    blocks: Sequence[Block], trail: BigramIndex, group: HeadingGroup, lead: Sequence[Block]
) -> dict[str, float]:
    """Return what speaks for or against a start at one group of headings; `lead`: paragraphs that may announce it."""
    clues = dict.fromkeys(_clues(blocks, group), 1.0)
    clues["new words"] = _new_words(trail, group)
    if any(blocks[group.start].plain in block.plain for block in lead):
        clues["announced"] = 1.0
    return clues


def _clues(blocks: Sequence[Block], group: HeadingGroup) -> Iterator[str]:
    """Yield what speaks for or against a start: the names of `data/heading_starts.tsv`."""
    yield "any"
    members = blocks[group.start : group.end]
    title = strip_markdown(members[0].plain)
    above = group.start - 1
    while above >= 0 and blocks[above].paragraph.role == "furniture":
        above -= 1  # a page's edge says nothing
    before = blocks[above] if above >= 0 else None
    yield from _clues_before(before, title)
    yield from _clues_inside(members, title)
    body = blocks[group.end : group.until]
    if body and is_dateline(body[0].plain):
        yield "over a dateline"
    elif body and is_date(body[0].plain):
        yield "over a date alone"  # a letter's signature
    elif body and body[0].kind == "byline":
        yield "over a byline"
    if any(block.kind == "mark" for block in members) or (body and jump_line_length(body[0].plain)):
        yield "goes on from another page"
    if _is_picture_story(body):
        yield "over a picture's story"


def _clues_before(before: Block | None, title: str) -> Iterator[str]:
    if before is None or before.kind == "notice" or before.text.isascii() != title.isascii():
        yield "nothing before it"
    elif is_closing(before.plain):
        yield "after a closing line"
    elif before.kind == "byline" and not before.plain.startswith("—"):
        yield "after a byline"
    elif ends_note(before.plain):
        yield "after a note that hands over"
    if before and before.plain.endswith(("：", ":")):
        yield "after a colon"


def _clues_inside(members: Sequence[Block], title: str) -> Iterator[str]:
    n_spaces = title.count(" ")
    longest = max(width(block.text) for block in members)
    clues = {
        "column's name": members[0].kind == "tag",
        "standing head": is_recurring_heading(title),
        "dependent head": is_dependent_head(title),
        "ends in a bracket": title.endswith(("）", ")")),
        "who, then what": "——" in title.strip("—"),
        "open end": title.endswith("—") or (len(members) == 1 and title.endswith(("：", ":"))),
        "numbered": is_numbered(title),
        "quoted": title.startswith(("“", "「")) and title.endswith(("”", "」")),
        "two parts": n_spaces == 1,
        "three parts": n_spaces >= 2,
        "comma": not n_spaces and ("，" in title or "," in title),
        "16 wide": longest >= 16,
        "25 wide": longest >= 25,
        "short": longest <= 10,
    }
    yield from (clue for clue, there in clues.items() if there)


def _is_picture_story(body: Sequence[Block]) -> bool:
    """Tell whether a few lines and a photographer's name are all that stands under a heading at first."""
    n_lines = next((n for n, block in enumerate(body[:4]) if block.kind != "body"), 0)
    if not n_lines or body[n_lines].kind not in ("caption", "byline") or "摄" not in body[n_lines].plain:
        return False
    return sum(len(block.text) for block in body[:n_lines]) < _PICTURE_STORY


def _new_words(trail: BigramIndex, group: HeadingGroup) -> float:
    """Return the log odds of a start by the words: few shared by what stands before and after it make a new subject.

    The idea of TextTiling (Hearst 1997, Computational Linguistics 23(1):33-64), asked only at headings and no further
    on than the next. The line was drawn through the odds in ten classes of kinship on the even development pages, a
    little flatter for other papers' sake; the most and the least odds are those of the outer classes.
    """
    first, end = max(0, group.start - _REACH), min(group.end + _REACH, group.until)
    kin, n_pairs = cohesion(trail, first, group.start, end)
    return min(n_pairs / _TELLING, 1.0) * min(max(2.8 - 40.0 * kin, -1.8), 2.3)


def _likeness(blocks: Sequence[Block], one: HeadingGroup, other: HeadingGroup) -> float:
    """Weigh how much two neighbouring headings look like two sub-headings of one set: in form and in what they head."""
    first, second = (strip_markdown(blocks[group.start].plain) for group in (one, other))
    wide = [max(width(block.text) for block in blocks[group.start : group.end]) for group in (one, other)]
    heads = [log(30 + sum(len(b.text) for b in blocks[group.end : group.until])) for group in (one, other)]
    same = sum((mark in first) == (mark in second) for mark in ("，", " "))
    return 0.6 * same - min(abs(wide[0] - wide[1]), 12) / 12 - 1.7 * min(abs(heads[0] - heads[1]), 1.5)


def _best_chain(points: Sequence[float], likeness: Sequence[float], lone: float) -> list[bool]:
    """Return the starts of the likeliest chain.

    A heading is a start, the first sub-heading of an article or a later one. A start is worth its points, a later
    sub-heading its likeness to the one before it, and an article with a single sub-heading costs `lone`.
    """
    if not points:
        return []
    worth = (points[0], 0.0, float("-inf"))  # of the best chain that ends in a start, a first or a later sub-heading
    steps: list[tuple[int, int]] = []  # what stood before a start, and before a later sub-heading
    for own, alike in zip(points[1:], likeness, strict=True):
        ends = (worth[0], worth[1] + lone, worth[2])
        before_start = max(range(3), key=ends.__getitem__)
        before_later = 1 if worth[1] >= worth[2] else 2
        steps.append((before_start, before_later))
        worth = (ends[before_start] + own, worth[0], worth[before_later] + alike)
    ends = (worth[0], worth[1] + lone, worth[2])
    state = max(range(3), key=ends.__getitem__)
    starts = [state == 0]
    for before_start, before_later in reversed(steps):
        state = (before_start, 0, before_later)[state]
        starts.append(state == 0)
    return starts[::-1]


@cache
def _weights() -> dict[str, float]:
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name: float(weight) for name, weight in rows}
