"""Kinds by place, and where an article begins: the second half of what a line is.

`classify_line` reads a line by its own words. Here its neighbours speak: a short line among telephone numbers is part
of an advertisement, a line under a hole in the text is a caption. Headings have a room of their own, `headings`.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median_low

from banmian.reading.articles.headings import Block, find_starts, heading_groups
from banmian.reading.articles.untitled import split_untitled
from banmian.reading.lines.line_types import (
    classify_line,
    has_notice_words,
    is_names,
    is_recurring_heading,
    is_surely_heading,
    width,
)
from banmian.reading.lines.spans import TextBlock
from banmian.reading.lines.web_lines import is_rule, is_unread

_SHORT_LINE = 25  # full-width characters: the lines of advertisements and mastheads are shorter
_CAPTION_LINE = 40
_KIND_OF_ROLE = {"furniture": "notice", "verse": "body"}
_LONG_TITLE = 36  # full-width characters: hardly a headline without parts is wider
_STORY_LINE = 60  # advertisements have no paragraph that long; what stands over one is its headline


def classify_blocks(raw: str, plain: str, paragraphs: Sequence[TextBlock]) -> list[Block]:
    """Return the paragraphs in order, each with its kind; `starts` marks the first of every article.

    `plain` is `raw` in Simplified script.
    Kinds are those of `classify_line` until `_name_headings` turns `heading`, `tag` and `mark` into `headline` or,
    inside an article, `subheading`.
    """
    blocks = first_kinds(raw, plain, paragraphs)
    for step in (_by_place, _advertisements, _name_headings, split_articles, split_untitled):
        blocks = step(blocks)
    return blocks


def first_kinds(raw: str, plain: str, paragraphs: Sequence[TextBlock]) -> list[Block]:
    """Return the paragraphs in order, each with its kind by its own words."""
    blocks = []
    for paragraph in paragraphs:
        text, simplified = paragraph.text(raw), paragraph.text(plain)
        kind = _KIND_OF_ROLE.get(paragraph.role) or classify_line(simplified)
        if kind == "heading" and width(simplified) >= _LONG_TITLE and _is_wrapped(plain, paragraph, simplified):
            kind = "body"
        blocks.append(Block(paragraph, text, simplified, kind))
    return blocks


def _is_wrapped(plain: str, paragraph: TextBlock, text: str) -> bool:
    """Tell whether a text stands in three printed lines or more, as prose does that lost its last mark."""
    lines = sum("\n" in plain[end:start] for (_, end), (start, _) in pairwise(paragraph.char_spans))
    return lines >= 2 and not is_surely_heading(text)


def _by_place(blocks: list[Block]) -> list[Block]:
    """Set running heads, picture captions and scraps of an author's line by where they stand."""
    gaps = [block.paragraph.newlines_before for block in blocks if block.paragraph.newlines_before] or [1]
    usual = median_low(gaps)
    placed: list[Block] = []
    for place, block in enumerate(blocks):
        last = placed[-1] if placed else None
        kind, size = block.kind, width(block.text)
        if last and last.paragraph.start < block.paragraph.start < last.paragraph.end and kind == "heading":
            kind = "notice"  # it stood inside the sentence of the paragraph before it
        elif (
            kind == "body"
            and not block.paragraph.role
            and size <= _CAPTION_LINE
            and block.paragraph.newlines_before >= usual + 2
            and last
        ):
            kind = "caption"  # a hole in the text where the picture was
        elif kind == "heading" and _is_scrap(block) and last and last.kind in ("heading", "byline"):
            kind = "byline"  # what a recogniser left of a name
        elif kind == "heading" and last and last.kind == "notice" and _goes_on(last.plain, block.plain):
            kind = "notice"
        elif kind == "notice" and _may_be_headline(last, block):
            over_story = place + 1 < len(blocks) and blocks[place + 1].kind == "body"
            kind = "heading" if over_story and width(blocks[place + 1].text) > _STORY_LINE else kind
        placed.append(block if kind == block.kind else replace(block, kind=kind))
    return placed


def _may_be_headline(last: Block | None, block: Block) -> bool:
    """Tell whether a line is a notice only by a word that a headline may hold too."""
    if block.paragraph.role or is_unread(block.plain) or (last and last.kind == "notice"):
        return False
    return has_notice_words(block.plain)


def _is_scrap(block: Block) -> bool:
    return width(block.text) <= 2 and not is_recurring_heading(block.plain)


def _goes_on(last: str, text: str) -> bool:
    """Tell whether the page's credits, begun in `last`, go on in `text`."""
    if "责编" in last:
        return is_names(text) or "版责编" in text or width(text) <= 2
    return is_names(last) and is_names(text)


def _advertisements(blocks: list[Block]) -> list[Block]:
    """Make one notice of every run of short lines that holds at least two lines with a notice's own words."""
    placed, start = list(blocks), 0
    while start < len(placed):
        end = start
        while end < len(placed) and _may_be_advert(placed[end]):
            end += 1
        run = range(start, end)
        notices = [place for place in run if placed[place].kind == "notice" and not _is_sign(placed[place].plain)]
        if len(notices) >= 2 and len(notices) >= 0.2 * len(run):
            # What follows the last sure line may be the next article's headline.
            last = end if end == len(placed) else notices[-1] + 1
            for place in range(start, last):
                placed[place] = replace(placed[place], kind="notice")
        start = max(end, start + 1)
    return placed


def _is_sign(text: str) -> bool:
    """Tell whether a notice is a rule, a row of a table or tags alone, which say nothing of the lines around them."""
    return text[:1] in "|<!" or is_rule(text)


def _may_be_advert(block: Block) -> bool:
    return block.kind in ("notice", "heading", "body") and width(block.text) <= _SHORT_LINE


def _name_headings(blocks: list[Block]) -> list[Block]:
    """Turn headings into headlines (the first of a group starts an article) or sub-headings."""
    named = list(blocks)
    groups = heading_groups(blocks)
    for group, is_headline in zip(groups, find_starts(blocks, groups), strict=True):
        for place in range(group.start, group.end):
            if named[place].kind != "byline":
                kind = "headline" if is_headline or named[place].kind in ("tag", "mark") else "subheading"
                named[place] = replace(named[place], kind=kind, starts=is_headline and place == group.start)
    return named


def split_articles(blocks: list[Block]) -> list[Block]:
    """Start an article also where no headline stands: at the first line of all, and at notices between articles."""
    parted: list[Block] = []
    for place, block in enumerate(blocks):
        starts = block.starts or not parted
        after_text = not starts and block.kind == "notice" and parted[-1].kind != "notice"
        if after_text and block.paragraph.start > parted[-1].paragraph.end:
            ahead = place
            while ahead < len(blocks) and blocks[ahead].kind == "notice":
                ahead += 1
            # … between items and a page mark are no articles of their own
            own = not all(other.paragraph.role or is_rule(other.plain) for other in blocks[place:ahead])
            starts = own and (ahead == len(blocks) or blocks[ahead].starts)
        parted.append(block if starts == block.starts else replace(block, starts=starts))
    return parted
