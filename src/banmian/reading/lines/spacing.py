"""Spaces inside a printed line or paragraph: which part words, and which only stand where the column was full.

The principle: prose sets nothing apart by spaces. Inside a paragraph of body text a space between two Han characters
goes, except after a word that announces names (记者 徐海). Headings, bylines and notices do set their parts apart
(凝心聚力 踔厉奋发; 徐 潇): there a space goes only where the count of characters says that a printed line ended. Where
the count does not tell, it stays.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from banmian.reading import boundary_model
from banmian.reading.lines.line_types import classify_line, ends_sentence, width
from banmian.reading.lines.spans import NEWLINES, TextBlock

_CHINESE = r"[\u2014-\u2026\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff65\U00020000-\U0003ffff]"
_CJK = re.compile(_CHINESE)
_SINGLE = re.compile(rf" (?:(?<={_CHINESE} )(?=\S)|(?<=\S )(?={_CHINESE}))")  # a space that touches one
_NAMER = re.compile(r"(?:记者|通讯员|作者|编辑|责编|校对|摄影|[文图摄社电讯])$")
_HAN = re.compile("[\u3400-\u9fff]")
_PROSE = 80  # characters: no headline or byline with meant spaces is longer and ends in a full stop
_STRICT = 0.7  # share of the printed lines that one count of characters must explain
_WORD_CUT = 4.0  # see repair
_MANY = 1_000_000
_PAGE_PARAGRAPHS = 300  # wrapped ones; a file of more is more than a page, and may be set in many widths
_NEAR = 5  # wrapped paragraphs on one side that tell how many characters a line holds
_HANGS = "，。、；：？！”’）》」』】"  # marks that may not open a line
_NARROWEST, _WIDEST = 6, 60  # printed lines of newspaper columns


def remove_line_end_spaces(raw: str, lines: list[TextBlock]) -> list[TextBlock]:
    """Decide for every space inside a line whether it stands between words or only where the column was full.

    A line in which a paragraph begins is cut there (`_split_indented`).
    """
    columns = [_space_column(raw, line) for line in lines]
    known = [column for column in columns if column]
    wrapped_page = len(known) >= 3
    wrapped = [place for place, column in enumerate(columns) if column]

    def exact(places: Sequence[int]) -> int:
        return _exact_column([lines[place] for place in places])

    page = exact(wrapped)
    mended: list[TextBlock] = []
    last = 0.0
    for place, line in enumerate(lines):
        if len(line.char_spans) == 1:
            mended.append(line)
        else:
            ahead = next((column for column in columns[place : place + 6] if column), 0.0)
            likely = [column for column in (columns[place],) if column] or [c for c in (last, ahead) if c]
            column = min(likely) if likely and (columns[place] or wrapped_page) else 0.0
            near = page
            if not page and len(wrapped) > _PAGE_PARAGRAPHS:
                n = bisect_left(wrapped, place)
                # What follows tells, since headings stand over their columns; else what went before.
                near = exact(wrapped[n : n + _NEAR]) or exact(wrapped[max(0, n - _NEAR) : n])
            line = _mend_line(raw, line, column, columns[place] > 0, near)
            mended += _split_indented(raw, line, columns[place])
        last = columns[place] or last
    return mended


def _space_column(raw: str, line: TextBlock) -> float:
    """Return the width of the printed lines that single spaces cut `line` into, or 0 where the spaces are meant."""
    if len(line.char_spans) < 4:
        return 0.0
    sizes = [size for size, single in _segments(raw, line) if single]
    if len(sizes) < 3 or not re.search(r"[，。,；、]", raw[line.start : line.end]):
        return 0.0
    top = sorted(sizes)[int(0.8 * (len(sizes) - 1))]
    full = sum(size >= 0.8 * top for size in sizes)
    return top if top >= _NARROWEST and full >= 0.7 * len(sizes) and top <= _WIDEST else 0.0


def _segments(raw: str, line: TextBlock) -> list[tuple[float, bool]]:
    """Return width and end of every stretch between single spaces that touch a Chinese character.

    The second value is False for the last stretch. Double spaces and spaces between Latin words are inside a stretch.
    """
    stretches, start = [], line.start
    for space in _SINGLE.finditer(raw, line.start, line.end):
        stretches.append((width(raw[start : space.start()]), True))
        start = space.end()
    return [*stretches, (width(raw[start : line.end]), False)]


def _exact_column(lines: list[TextBlock]) -> int:
    """Return how many characters stand in every printed line of the wrapped paragraphs, or 0 where that varies.

    A mark that hangs over makes a line one longer. Where the count is that strict it tells headlines' spaces too.
    """
    sizes = Counter([end - start for line in lines for start, end in line.char_spans[:-1]])
    if not sizes:
        return 0
    column = max(sizes, key=lambda size: (sizes[size] + sizes[size + 1], sizes[size]))
    strict = sizes[column] + sizes[column + 1] >= _STRICT * sum(sizes.values()) >= 10 * _STRICT
    return column if strict and column >= _NARROWEST else 0


def _line_ends(raw: str, line: TextBlock, exact: int) -> set[int]:
    """Return the places of the spaces that must be printed lines' ends if `line` is set in lines of `exact` characters.

    Every printed line but the last then has `exact` characters, one more where a mark hangs over, or up to four fewer:
    a meant space, single or double, is lost at either end. The way that loses least is taken; empty where none is
    possible, or only one that loses more than two characters a line. A line that sets its parts apart by double spaces
    has no single ones of its own: each that would stay counts as three lost characters.
    """
    n = len(line.char_spans)
    gaps = [raw[end:begin] for (_, end), (begin, _) in pairwise(line.char_spans)]
    dear = 3 * (sum(len(gap) > 1 for gap in gaps) > 1)
    best: list[tuple[int, int, int]] = [(0, 0, -1)] + [
        (_MANY, 0, -1)
    ] * n  # lost, lines, piece that opened the last one
    for first in range(n):
        lost, n_lines, _ = best[first]
        start = line.char_spans[first][0]
        for last in range(first, n if lost < _MANY else 0):
            end = line.char_spans[last][1]
            short = exact - (end - start)
            if short < -1:
                break
            fits = (0 <= short <= 4) or (short == -1 and raw[end - 1] in _HANGS)
            closes = last == n - 1 and (short >= 0 or fits)
            if closes or (last < n - 1 and fits and gaps[last] == " "):
                best[last + 1] = min(best[last + 1], (lost + (0 if closes else max(short, 0)), n_lines + 1, first))
            lost += dear if last < n - 1 and gaps[last] == " " else 0
    lost, n_lines, first = best[n]
    ends: set[int] = set()
    while lost <= 2 * (n_lines - 1) and first > 0:
        ends.add(line.char_spans[first - 1][1])
        first = best[first][2]
    return ends


def _mend_line(raw: str, line: TextBlock, column: float, line_wraps: bool, exact: int) -> TextBlock:
    glue, start = [], line.start
    ends = _line_ends(raw, line, exact) if exact else set()
    # A long paragraph that ends as prose does sets nothing apart by spaces, except names.
    prose = line.end - line.start > _PROSE and raw[line.end - 1] == "。"
    kind = classify_line(raw[line.start : line.end]) if len(line.char_spans) < 12 else "body"
    for had, (_, end), (begin, _) in zip(line.joiners, line.char_spans, line.char_spans[1:], strict=False):
        if not NEWLINES.isdisjoint(raw[end:begin]):
            glue.append(had)  # decided where the lines were unfolded
            start = begin
            continue
        size = width(raw[start:end])
        full = begin - end == 1 and exact > 0 and exact - 2 <= end - start <= exact + (raw[end - 1] in _HANGS)
        # A heading's parts may come close to the column; where the count is strict only the count tells (a meant space
        # at a line's end, up to two characters, is lost in the break).
        guess = not exact or kind == "body"
        if ends and not line_wraps:
            vanishes = end in ends
        else:
            vanishes = full or (guess and _is_line_end(raw, start, end, begin, size, column, kind, line_wraps, prose))
        glue.append("" if vanishes else " ")
        if not glue[-1]:
            start = begin  # a meant space is inside its printed line, which goes on
    return replace(line, joiners=tuple(glue))


def _is_line_end(
    raw: str, start: int, end: int, begin: int, size: float, column: float, kind: str, line_wraps: bool, prose: bool
) -> bool:
    """Tell whether the space between `end` and `begin` is only where a printed line of `size` ended."""
    left, right = raw[end - 1], raw[begin]
    if not (_CJK.match(left) or _CJK.match(right)) and not (column and not left.isascii()):
        return False
    if begin - end > 1 and set(raw[end:begin]) != {"\u3000"}:
        return False
    if left in "，、；,;" and kind == "body":
        return True
    named = _NAMER.search(raw[max(start, end - 4) : end])
    if column and size >= 0.7 * column and (kind == "body" or size <= column + 2):
        return (
            True  # prose may hold two lines here, where a line ended between two digits; a headline's parts are meant
        )
    if column and kind == "body" and line_wraps and not named and _CJK.match(left) and _CJK.match(right):
        return True
    if kind != "body" or named:
        return False
    if prose and _HAN.match(left) and _HAN.match(right):
        return True
    if size < 3:
        return False
    return boundary_model.word_cut_log_odds(raw[max(start, end - 6) : end], raw[begin : begin + 6]) >= _WORD_CUT


def _split_indented(raw: str, line: TextBlock, column: float) -> list[TextBlock]:
    """Cut a line in two where a paragraph begins at a printed line's start inside it.

    The sign is a sentence's end before it and then a printed line that is clearly narrower than the column although its
    sentence goes on in the next line of the file: the first line of a paragraph, whose indent was lost.
    """
    last = line.char_spans[-1]
    if not column or len(line.char_spans) < 6 or ends_sentence(raw[last[0] : last[1]]):
        return [line]
    before = line.char_spans[-2]
    if ends_sentence(raw[before[0] : before[1]]) and 0.6 * column <= width(raw[last[0] : last[1]]) <= column - 2:
        return list(line.split_at_span(len(line.char_spans) - 1))
    return [line]
