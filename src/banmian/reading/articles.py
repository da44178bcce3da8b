"""Kinds by place, and where an article begins: the second half of what a line is.

`kinds.own_kind` reads a line by its own words. Here its neighbours speak: a heading over a dateline is a headline, a
heading named in the lead is a sub-heading, a short line among telephone numbers is part of an advertisement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median_low

from banmian.reading.kinds import (
    continuation,
    ends_note,
    is_closing,
    is_dateline,
    is_names,
    is_numbered,
    is_standing_head,
    own_kind,
    strip_markers,
    width,
)
from banmian.reading.printed import Paragraph
from banmian.reading.themes import Pairs, count_spread, shared, word_pairs

_SHORT_LINE = 25  # full-width characters: the lines of advertisements and mastheads are shorter
_CAPTION_LINE = 40
_START = 1.0  # points a heading needs to be a headline; see `_points`
_HEADINGS = ("heading", "tag", "mark")


@dataclass(frozen=True, slots=True)
class Block:
    """One printed paragraph with its place, its text (`plain` in Simplified script) and what it is."""

    paragraph: Paragraph
    text: str
    plain: str
    kind: str
    starts: bool = False


def find_blocks(raw: str, plain: str, paragraphs: Sequence[Paragraph]) -> list[Block]:
    """Return the paragraphs in order, each with its kind; `starts` marks the first of every article.

    `plain` is `raw` in Simplified script.
    Kinds are those of `own_kind` until `_name_headings` turns `heading`, `tag` and `mark` into `headline` or, inside
    an article, `subheading`.
    """
    blocks = []
    for paragraph in paragraphs:
        text, simplified = paragraph.text(raw), paragraph.text(plain)
        blocks.append(Block(paragraph, text, simplified, own_kind(simplified)))
    for step in (_by_place, _advertisements, _name_headings, _part_articles):
        blocks = step(blocks)
    return blocks


def _by_place(blocks: list[Block]) -> list[Block]:
    """Set running heads, picture captions and scraps of an author's line by where they stand."""
    gaps = [block.paragraph.gap for block in blocks if block.paragraph.gap] or [1]
    usual = median_low(gaps)
    placed: list[Block] = []
    for block in blocks:
        last = placed[-1] if placed else None
        kind, size = block.kind, width(block.text)
        if last and last.paragraph.start < block.paragraph.start < last.paragraph.end and kind == "heading":
            kind = "notice"  # it stood inside the sentence of the paragraph before it
        elif kind == "body" and size <= _CAPTION_LINE and block.paragraph.gap >= usual + 2 and last:
            kind = "caption"  # a hole in the text where the picture was
        elif kind == "heading" and size <= 2 and last and last.kind in ("heading", "byline"):
            kind = "byline"  # what a recogniser left of a name
        elif kind == "heading" and last and last.kind == "notice" and is_names(block.plain):
            goes_on = "责编" in last.plain or is_names(last.plain)
            kind = "notice" if goes_on else kind  # the page's credits go on
        placed.append(replace(block, kind=kind))
    return placed


def _advertisements(blocks: list[Block]) -> list[Block]:
    """Make one notice of every run of short lines that holds at least two lines with a notice's own words."""
    placed, start = list(blocks), 0
    while start < len(placed):
        end = start
        while end < len(placed) and _may_be_advert(placed[end]):
            end += 1
        run = range(start, end)
        told = [place for place in run if placed[place].kind == "notice"]
        if len(told) >= 2 and len(told) >= 0.2 * len(run):
            # What follows the last sure line may be the next article's headline.
            last = end if end == len(placed) else told[-1] + 1
            for place in range(start, last):
                placed[place] = replace(placed[place], kind="notice")
        start = max(end, start + 1)
    return placed


def _may_be_advert(block: Block) -> bool:
    return block.kind in ("notice", "heading", "body") and width(block.text) <= _SHORT_LINE


def _name_headings(blocks: list[Block]) -> list[Block]:
    """Turn headings into headlines (the first of a group starts an article) or sub-headings."""
    named, start, first = list(blocks), 0, 0
    bag_of = cache(lambda place: word_pairs(blocks[place].plain[:2000]))
    while start < len(named):
        if named[start].kind not in _HEADINGS:
            start += 1
            continue
        end = start + 1
        while end < len(named) and named[end].kind in (*_HEADINGS, "byline"):
            end += 1
        while named[end - 1].kind == "byline":
            end -= 1
        lead = [block.plain for block in named[first:start]]
        is_headline = _points(named, start, end) + _cohesion_points(bag_of, len(blocks), start, end) >= _START
        is_headline = is_headline and not any(named[start].plain in paragraph for paragraph in lead[:5])
        for place in range(start, end):
            if named[place].kind != "byline":
                kind = "headline" if is_headline or named[place].kind in ("tag", "mark") else "subheading"
                named[place] = replace(named[place], kind=kind, starts=is_headline and place == start)
        if is_headline:
            first = end
        start = end
    return named


def _points(blocks: list[Block], start: int, end: int) -> float:
    """Weigh whether the headings `start` to `end` are a headline: what stands before, in and under them.

    Weights are rounded by hand after looking at one half of the development pages; the other half was not looked at.
    """
    group = blocks[start:end]
    title = strip_markers(group[0].plain)
    before = blocks[start - 1] if start else None
    after = blocks[end] if end < len(blocks) else None
    points = 0.0
    if before is None or before.kind == "notice" or before.text.isascii() != title.isascii():
        points += 4
    elif is_closing(before.plain) or (before.kind == "byline" and not before.plain.startswith("—")):
        points += 4 if is_closing(before.plain) else 1
    elif ends_note(before.plain):
        points += 3
    points += 1 if group[0].kind == "tag" else 0
    if any(block.kind == "mark" for block in group) or (after and continuation(after.plain)):
        points += 4
    if after and (is_dateline(after.plain) or after.kind == "byline"):
        points += 3
    if is_standing_head(title):
        points += 6
    if title.endswith(("）", ")")) or "——" in title.strip("—"):
        points += 4
    if title.endswith("—"):
        points -= 4
    if is_numbered(title) or (title[0] in "“「" and title[-1] in "”」"):
        points -= 2
    n_parts = title.count(" ")
    points += 1.5 * min(n_parts, 2) if n_parts else -1.0 * ("，" in title or "," in title)
    longest = max(width(block.text) for block in group)
    return points + 0.5 * (longest >= 16) + 0.5 * (longest >= 25) - 1.5 * (longest <= 10)


def _cohesion_points(bag_of: Callable[[int], Pairs], n_blocks: int, start: int, end: int, reach: int = 4) -> float:
    """Weigh how much the paragraphs after a heading share with those before it: a new subject speaks for a headline.

    The idea of TextTiling (Hearst 1997), with pairs of characters for words and asked only at headings.
    """
    around = range(max(0, start - 5 * reach), min(end + 5 * reach, n_blocks))
    before = frozenset[str]().union(*map(bag_of, range(max(0, start - reach), start)))
    after = frozenset[str]().union(*map(bag_of, range(end, min(end + reach, n_blocks))))
    spread = count_spread(after & bag_of(place) for place in around)  # only what is asked for below: a third the time
    return min(max(2.0 - 14.0 * shared(after, before, spread), -1.0), 2.0)


def _part_articles(blocks: list[Block]) -> list[Block]:
    """Start an article also where no headline stands.

    At the first line of all, at a change of script, at a dateline, under a story's closing line, and at notices between
    articles.
    """
    parted: list[Block] = []
    for place, block in enumerate(blocks):
        starts = block.starts or not parted
        if parted and not starts:
            last = parted[-1]
            if block.kind == "body" and last.kind in ("body", "byline", "caption"):
                starts = is_dateline(block.plain) or is_closing(last.plain)
                starts = starts or (last.kind == "body" and _latin(last) != _latin(block))
            elif block.kind == "notice" and last.kind != "notice" and block.paragraph.start > last.paragraph.end:
                ahead = place
                while ahead < len(blocks) and blocks[ahead].kind == "notice":
                    ahead += 1
                starts = ahead == len(blocks) or blocks[ahead].starts
        parted.append(replace(block, starts=starts))
    return parted


def _latin(block: Block) -> bool:
    return len(block.text.encode("ascii", "ignore")) > 0.8 * len(block.text) > 30
