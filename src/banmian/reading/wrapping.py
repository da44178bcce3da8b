"""Printed lines put together again: spaces and newlines that only mark where the column was full.

A column is set to one width, so all lines of a paragraph but the last are about as wide as each other. Width is counted
twice, in printed squares (ASCII is half) and in characters, since both kinds of scanner output exist; the measure that
makes the lines more alike is believed.
"""

import re
from collections import Counter
from collections.abc import Sequence

from banmian.reading import edges
from banmian.reading.kinds import ends_sentence, is_dateline, is_surely_heading, own_kind, width
from banmian.reading.printed import Paragraph

_CJK = re.compile(r"[\u2014-\u2026\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff65\U00020000-\U0003ffff]")
_NAMER = re.compile(r"(?:记者|通讯员|作者|编辑|责编|校对|摄影|[文图摄社电讯])$")
_SLACK = 1.5  # a full line may be this much narrower: a mark hung over, or moved down with its word
_NARROWEST, _WIDEST = 6, 60  # printed lines of newspaper columns
_HANGS = "，。、；：？！”’）》」』】"  # marks that may not open a line
_MAY_BE_MARK = "(（〔【[〖「#*"  # with which continuation marks and column tags begin
_HAN = re.compile("[\u3400-\u9fff]")
_PROSE = 80  # characters: no headline or byline with meant spaces is longer and ends in a full stop
_STRICT = 0.7  # share of the printed lines that one count of characters must explain
_RARE = 0.03  # share of the full lines; see `full_lines`
_WORD_CUT = 4.0  # see repair
_PAGE_LINES, _BLOCK = 2_000, 15  # 15: joins F1 .994 in one file of 75 pages; 25: .990, 40: .984; all lines as one: .823


def unfold(raw: str, lines: list[Paragraph]) -> list[Paragraph]:
    """Join printed lines that end only because the column is full (a newline at every printed line's end)."""
    texts = [raw[line.start : line.end] for line in lines]
    is_full = full_lines(texts)
    if not any(is_full):
        return lines
    parted = _parted(lines, is_full, texts)
    joined: list[Paragraph] = []
    open_line = False
    for place, line in enumerate(lines):
        if open_line and _unfolds(lines, texts, place, parted, is_full[place]):
            joined[-1] = joined[-1].joined(line, _glue(raw, joined[-1], line))
        else:
            joined.append(line)
        open_line = is_full[place]
    return joined


def full_lines(texts: Sequence[str]) -> list[bool]:
    """Tell for every printed line whether it fills its column; all False where the page is not set in short lines.

    A file of over 2,000 lines is more than a page and may be set in many widths: every fifteen lines are measured with
    the fifteen before and after them.
    """
    squares, counts = [width(text) for text in texts], [float(len(text)) for text in texts]
    if len(texts) <= _PAGE_LINES:
        return _full_lines(squares, counts)
    full: list[bool] = []
    for start in range(0, len(texts), _BLOCK):
        first, last = max(0, start - _BLOCK), start + 2 * _BLOCK
        found = _full_lines(squares[first:last], counts[first:last])
        full += found[start - first : start - first + _BLOCK]
    return full


def _full_lines(squares: list[float], counts: list[float]) -> list[bool]:
    best: tuple[float, list[bool]] = (0.0, [False] * len(squares))
    for sizes in (squares, counts):
        column = _column_width(sizes)
        if column:
            near = Counter(size for size in sizes if abs(size - column) <= _SLACK)
            # A width that few lines have is a short line that came close, not a way in which this page fills a column.
            usual = {size for size, n in near.items() if n >= _RARE * sum(near.values())}
            full = [size in usual for size in sizes]
            exact = sum(abs(size - column) < 0.6 for size in sizes)
            if exact > best[0]:
                best = (exact, full)
    return best[1]


def _column_width(sizes: list[float]) -> float:
    """Return the width that most lines share, or 0 where lines are paragraphs."""
    counts = Counter(round(size) for size in sizes)
    total = sum(sizes)
    ranked = sorted(counts, key=lambda v: (-(counts[v] + counts[v - 1] + counts[v + 1]), -counts[v], -v))
    for column in ranked[:5]:
        if not _NARROWEST <= column <= _WIDEST or counts[column] + counts[column - 1] + counts[column + 1] < 3:
            continue
        longer = sum(size for size in sizes if size > column + 2 * _SLACK)
        near = sum(counts[column + step] for step in (-1, 0, 1))
        if longer < 0.3 * total and near >= 0.3 * len(sizes):
            # The widest of the neighbouring sizes is the column; the smaller ones end before a mark.
            return float(max((column + 1, column, column - 1), key=lambda v: (counts[v], v)))
    return 0.0


def _parted(lines: list[Paragraph], is_full: list[bool], texts: list[str]) -> bool:
    """Tell whether the page parts its paragraphs by blank lines or indents, so that a full last line can be known."""
    ends = [place for place in range(1, len(lines)) if not is_full[place - 1] and ends_sentence(texts[place - 1])]
    marked = sum(lines[place].gap > 1 or lines[place].indent for place in ends)
    return len(ends) >= 2 and marked >= 0.7 * len(ends)


def _unfolds(lines: list[Paragraph], texts: list[str], place: int, parted: bool, full: bool) -> bool:
    line, before = lines[place], texts[place - 1]
    if line.gap > 1 or line.indent:
        return False
    after = texts[place][:80]
    if is_dateline(after) or (after[0] in _MAY_BE_MARK and own_kind(after) in ("mark", "tag")):
        return False
    if not ends_sentence(before) or parted:
        return True
    # A full line that ends a sentence: the next is inside the same paragraph unless its form says otherwise. A line
    # that neither fills the column nor ends a sentence is a heading.
    if own_kind(after) in ("byline", "caption", "notice") or width(texts[place]) <= 8:
        return False
    return (full or ends_sentence(texts[place])) and not (own_kind(after) == "heading" and is_surely_heading(after))


def mend_spaces(raw: str, lines: list[Paragraph]) -> list[Paragraph]:
    """Decide for every space inside a line whether it stands between words or only where the column was full."""
    columns = [_space_column(raw, line) for line in lines]
    known = [column for column in columns if column]
    wrapped_page = len(known) >= 3
    exact = _exact_column(raw, [line for line, column in zip(lines, columns, strict=True) if column])
    mended, last = [], 0.0
    for place, line in enumerate(lines):
        if len(line.pieces) == 1:
            mended.append(line)
        else:
            ahead = next((column for column in columns[place : place + 6] if column), 0.0)
            near = [column for column in (columns[place],) if column] or [c for c in (last, ahead) if c]
            column = min(near) if near and (columns[place] or wrapped_page) else 0.0
            mended.append(_mend_line(raw, line, column, columns[place] > 0, exact))
        last = columns[place] or last
    return mended


def _space_column(raw: str, line: Paragraph) -> float:
    """Return the width of the printed lines that single spaces cut `line` into, or 0 where the spaces are meant."""
    if len(line.pieces) < 4:
        return 0.0
    sizes = [size for size, single in _segments(raw, line) if single]
    if len(sizes) < 3 or not re.search(r"[，。,；、]", raw[line.start : line.end]):
        return 0.0
    top = sorted(sizes)[int(0.8 * (len(sizes) - 1))]
    full = sum(size >= 0.8 * top for size in sizes)
    return top if top >= _NARROWEST and full >= 0.7 * len(sizes) and top <= _WIDEST else 0.0


def _segments(raw: str, line: Paragraph) -> list[tuple[float, bool]]:
    """Return width and end of every stretch between single spaces that touch a Chinese character.

    The second value is False for the last stretch. Double spaces and spaces between Latin words are inside a stretch.
    """
    stretches, start = [], line.start
    for (_, end), (begin, _) in zip(line.pieces, line.pieces[1:], strict=False):
        if raw[end:begin] == " " and (_CJK.match(raw[end - 1]) or _CJK.match(raw[begin])):
            stretches.append((width(raw[start:end]), True))
            start = begin
    return [*stretches, (width(raw[start : line.end]), False)]


def _exact_column(raw: str, lines: list[Paragraph]) -> int:
    """Return how many characters stand in every printed line of the wrapped paragraphs, or 0 where that varies.

    A mark that hangs over makes a line one longer. Where the count is that strict it tells headlines' spaces too.
    """
    sizes: Counter[int] = Counter()
    for line in lines:
        pieces = [end - start for start, end in line.pieces[:-1]]
        sizes.update(pieces)
    if not sizes:
        return 0
    column = max(sizes, key=lambda size: (sizes[size] + sizes[size + 1], sizes[size]))
    strict = sizes[column] + sizes[column + 1] >= _STRICT * sum(sizes.values()) >= 10 * _STRICT
    return column if strict and column >= _NARROWEST else 0


def _mend_line(raw: str, line: Paragraph, column: float, line_wraps: bool, exact: int) -> Paragraph:
    glue, start = [], line.start
    # A long paragraph that ends as prose does sets nothing apart by spaces, except names.
    prose = line.end - line.start > _PROSE and raw[line.end - 1] == "。"
    kind = own_kind(raw[line.start : line.end]) if len(line.pieces) < 12 else "body"
    for had, (_, end), (begin, _) in zip(line.glue, line.pieces, line.pieces[1:], strict=False):
        if "\n" in raw[end:begin] or "\r" in raw[end:begin]:
            glue.append(had)  # decided where the lines were unfolded
            start = begin
            continue
        size = width(raw[start:end])
        full = begin - end == 1 and exact > 0 and exact - 2 <= end - start <= exact + (raw[end - 1] in _HANGS)
        # A heading's parts may come close to the column; where the count is strict only the count tells (a meant space
        # at a line's end, up to two characters, is lost in the break).
        guess = not exact or kind == "body"
        vanishes = full or (guess and _vanishes(raw, start, end, begin, size, column, kind, line_wraps, prose))
        glue.append("" if vanishes else " ")
        if not glue[-1]:
            start = begin  # a meant space is inside its printed line, which goes on
    return Paragraph(line.pieces, tuple(glue), line.gap, line.indent)


def _vanishes(
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
    return edges.word_gain(raw[max(start, end - 6) : end], raw[begin : begin + 6]) >= _WORD_CUT


def split_indented(raw: str, line: Paragraph) -> list[Paragraph]:
    """Cut a line in two where a paragraph begins at a printed line's start inside it.

    The sign is a sentence's end before it and then a printed line that is clearly narrower than the column although its
    sentence goes on in the next line of the file: the first line of a paragraph, whose indent was lost.
    """
    column = _space_column(raw, line)
    last = line.pieces[-1]
    if not column or len(line.pieces) < 6 or ends_sentence(raw[last[0] : last[1]]):
        return [line]
    before = line.pieces[-2]
    if ends_sentence(raw[before[0] : before[1]]) and 0.6 * column <= width(raw[last[0] : last[1]]) <= column - 2:
        return list(line.cut(len(line.pieces) - 1))
    return [line]


def _glue(raw: str, before: Paragraph, after: Paragraph) -> str:
    left, right = raw[before.end - 1], raw[after.start]
    return " " if left.isascii() and right.isascii() and left != "-" else ""
