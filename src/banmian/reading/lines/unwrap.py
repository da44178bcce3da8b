"""Printed lines put together again: newlines that only mark where the column was full (for spaces, see `spaces`).

A column is set to one width, so all lines of a paragraph but the last are about as wide as each other. Width is counted
twice, in printed squares (ASCII is half) and in characters, since both kinds of scanner output exist; the measure that
makes the lines more alike is believed.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from banmian.reading.lines.line_types import classify_line, ends_sentence, is_dateline, is_surely_heading, width
from banmian.reading.lines.spans import TextBlock, concatenate

_SLACK = 1.5  # a full line may be this much narrower: a mark hung over, or moved down with its word
_NARROWEST, _WIDEST = 6, 60  # printed lines of newspaper columns
NO_LINE_START = "，。、；：？！”’）》」』】"  # marks that may not open a line
_MAY_BE_MARK = "(（〔【[〖「#*"  # with which continuation marks and column tags begin
_RARE = 0.03  # share of the full lines; see `full_lines`
_PAGE_LINES, _BLOCK = 2_000, 15  # 15: joins F1 .994 in one file of 75 pages; 25: .990, 40: .984; all lines as one: .823


def unwrap_lines(raw: str, lines: list[TextBlock]) -> list[TextBlock]:
    """Join printed lines that end only because the column is full (a newline at every printed line's end)."""
    texts = [raw[line.start : line.end] for line in lines]
    is_full = full_lines(texts)
    if not any(is_full):
        return lines
    parted = _parted(lines, is_full, texts)
    groups: list[list[TextBlock]] = []
    for place, line in enumerate(lines):
        if place and is_full[place - 1] and _unfolds(lines, texts, place, parted, is_full[place]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [concatenate(group, [_glue(raw, *pair) for pair in pairwise(group)]) for group in groups]


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
    counts = Counter(map(round, sizes))
    near = {size: counts.get(size - 1, 0) + n + counts.get(size + 1, 0) for size, n in counts.items()}
    least = max(3, 0.3 * len(sizes))
    if max(near.values(), default=0) < least:
        return 0.0  # as nearly always where lines are paragraphs; the rest costs time
    total = sum(sizes)
    ranked = sorted(counts, key=lambda v: (-near[v], -counts[v], -v))
    for column in ranked[:5]:
        if not _NARROWEST <= column <= _WIDEST or near[column] < least:
            continue
        longer = sum(size for size in sizes if size > column + 2 * _SLACK)
        if longer < 0.3 * total:
            # The widest of the neighbouring sizes is the column; the smaller ones end before a mark.
            return float(max((column + 1, column, column - 1), key=lambda v: (counts[v], v)))
    return 0.0


def _parted(lines: list[TextBlock], is_full: list[bool], texts: list[str]) -> bool:
    """Tell whether the page parts its paragraphs by blank lines or indents, so that a full last line can be known."""
    ends = [place for place in range(1, len(lines)) if not is_full[place - 1] and ends_sentence(texts[place - 1])]
    marked = sum(lines[place].newlines_before > 1 or lines[place].indent for place in ends)
    return len(ends) >= 2 and marked >= 0.7 * len(ends)


def _unfolds(lines: list[TextBlock], texts: list[str], place: int, parted: bool, full: bool) -> bool:
    line, before = lines[place], texts[place - 1]
    if line.newlines_before > 1 or line.indent:
        return False
    after = texts[place][:80]
    if is_dateline(after) or (after[0] in _MAY_BE_MARK and classify_line(after) in ("mark", "tag")):
        return False
    if not ends_sentence(before) or parted:
        return True
    # A full line that ends a sentence: the next is inside the same paragraph unless its form says otherwise. A line
    # that neither fills the column nor ends a sentence is a heading.
    if classify_line(after) in ("byline", "caption", "notice") or width(texts[place]) <= 8:
        return False
    return (full or ends_sentence(texts[place])) and not (
        classify_line(after) == "heading" and is_surely_heading(after)
    )


def _glue(raw: str, before: TextBlock, after: TextBlock) -> str:
    left, right = raw[before.end - 1], raw[after.start]
    return " " if left.isascii() and right.isascii() and left != "-" else ""
