"""Kinds by place, and where an article begins: the second half of what a line is.

`kinds.own_kind` reads a line by its own words. Here its neighbours speak: a heading over a dateline is a headline, a
heading named in the lead is a sub-heading, a short line among telephone numbers is part of an advertisement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from banmian.reading.kinds import HEADING_LENGTH, continuation, is_dateline, is_numbered, own_kind, width
from banmian.reading.printed import Paragraph
from banmian.reading.script import simplify

_SHORT_LINE = 25  # full-width characters: the lines of advertisements and mastheads are shorter
_CAPTION_LINE = 40
_START = 2.0  # points a heading needs to be a headline; see `_points`
_ENDS_STORY = (
    "版式",
    "责编",
    "(作者",
    "（作者",
    "「作者",
    "【作者",
    "（本报",
    "（新华社",
    "(新华社",
    "（摘编",
    "（记者",
    "（整理",
)


@dataclass(frozen=True, slots=True)
class Block:
    """One printed paragraph with its place, its text (`plain` in Simplified script) and what it is."""

    paragraph: Paragraph
    text: str
    plain: str
    kind: str
    starts: bool = False


def find_blocks(raw: str, paragraphs: Sequence[Paragraph]) -> list[Block]:
    """Return the paragraphs in order, each with its kind; `starts` marks the first of every article.

    Kinds are those of `own_kind` until `_name_headings` turns `heading`, `tag` and `mark` into `headline` or, inside
    an article, `subheading`.
    """
    blocks = []
    for paragraph in paragraphs:
        text = paragraph.text(raw)
        plain = simplify(text)
        blocks.append(Block(paragraph, text, plain, own_kind(plain)))
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
    named, start = list(blocks), 0
    lead: list[str] = []  # the article's paragraphs so far
    while start < len(named):
        if named[start].kind not in ("heading", "tag", "mark"):
            lead.append(named[start].plain)
            start += 1
            continue
        end = start + 1
        while end < len(named) and named[end].kind in ("heading", "tag", "mark", "byline"):
            end += 1
        while named[end - 1].kind == "byline":
            end -= 1
        is_headline = _points(named, start, end, lead) >= _START
        for place in range(start, end):
            if named[place].kind != "byline":
                kind = "headline" if is_headline or named[place].kind in ("tag", "mark") else "subheading"
                named[place] = replace(named[place], kind=kind, starts=is_headline and place == start)
        if is_headline:
            lead = []
        start = end
    return named


def _points(blocks: list[Block], start: int, end: int, lead: list[str]) -> float:
    """Weigh whether the headings `start` to `end` are a headline: what stands before, in and under them."""
    group = blocks[start:end]
    before = blocks[start - 1] if start else None
    after = blocks[end] if end < len(blocks) else None
    points = 0.0
    if before is None or before.kind == "notice" or _closes(before):
        points += 3
    if any(block.kind in ("tag", "mark") for block in group) or (after and continuation(after.plain)):
        points += 3
    if after and (is_dateline(after.plain) or after.kind == "byline"):
        points += 3
    if before and before.text.isascii() != group[0].text.isascii():
        points += 3
    if group[-1].plain.endswith(("）", ")")) or "——" in group[0].plain:
        points += 2
    longest = max(width(block.text) for block in group)
    points += 1.0 * (longest >= 14) + 1.0 * (longest >= 18) - 1.0 * (longest < 10)
    points += 0.5 * (" " in group[0].text.strip("# ")) + 0.5 * (len(group) > 1)
    if any(group[0].plain in paragraph for paragraph in lead[:3]):
        points -= 4
    if is_numbered(group[0].plain):
        points -= 3
    if before and before.kind in ("headline", "subheading"):
        points -= 2
    return points


def _closes(block: Block) -> bool:
    return block.kind == "byline" and (block.plain.startswith(_ENDS_STORY) or width(block.text) <= HEADING_LENGTH)


def _part_articles(blocks: list[Block]) -> list[Block]:
    """Start an article also at a change of script, at a notice that stands alone, and at the first line of all."""
    parted: list[Block] = []
    for place, block in enumerate(blocks):
        starts = block.starts or not parted
        if parted and not starts:
            last = parted[-1]
            starts = last.kind == "body" and block.kind == "body" and _latin(last) != _latin(block)
            if block.kind == "notice" and last.kind != "notice":
                ahead = place
                while ahead < len(blocks) and blocks[ahead].kind == "notice":
                    ahead += 1
                starts = ahead == len(blocks) or blocks[ahead].starts
            elif last.kind == "notice" and block.kind != "notice" and any(b.starts for b in parted[-1:]):
                starts = True
        parted.append(replace(block, starts=starts))
    return parted


def _latin(block: Block) -> bool:
    return len(block.text.encode("ascii", "ignore")) > 0.8 * len(block.text) > 30
