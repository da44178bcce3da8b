"""Verse: runs of short lines that no column's width explains, so that each stays a line of its own."""

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

from banmian.reading.lines.line_types import classify_line, width
from banmian.reading.lines.spans import TextBlock

VERSE = "verse"
_WIDEST = 17.0  # full-width characters of a line of verse
_MODERN, _REGULAR = 6, 4  # lines at least: of free verse, of verse whose every line ends with a mark
_NOT_VERSE = re.compile(r"[0-9A-Za-z：:、/｜|\[\]【】（）()■□●◆▲#*_=<>·○×]|—$")
_MARKS = "，。；！？,;!?…"


def mark_verse(plain: str, lines: list[TextBlock]) -> list[TextBlock]:
    """Return the lines, those of verse with `role` `verse`."""
    texts = [plain[line.start : line.end] if line.end - line.start <= 2 * _WIDEST else "" for line in lines]
    marked = list(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _may_be_verse(texts[end]):
            end += 1
        if end - start >= _REGULAR:
            first = start + _is_title(lines, start, end)
            bare = first  # a title and a name over lines that all end with a mark
            while bare < end and texts[bare][-1] not in _MARKS:
                bare += 1
            if end - bare >= _REGULAR and _is_verse(texts[bare:end]):
                first = bare
            if _is_verse(texts[first:end]):
                for n in range(first, end):
                    marked[n] = replace(lines[n], role=VERSE)
        start = end + 1
    return marked


def _may_be_verse(text: str) -> bool:
    return 2 <= width(text) <= _WIDEST and not _NOT_VERSE.search(text) and classify_line(text) in ("heading", "body")


def _is_title(lines: Sequence[TextBlock], start: int, end: int) -> bool:
    """Tell whether the first line of a run stands over the verse, a blank line between them."""
    return end - start > _REGULAR and lines[start + 1].newlines_before > 1 and lines[start + 2].newlines_before <= 1


def _is_verse(texts: Sequence[str]) -> bool:
    """Tell whether short lines are verse: unlike in width and without marks, or every line ending with one."""
    n = len(texts)
    sizes = [width(text.rstrip(_MARKS)) for text in texts]
    marked = sum(text[-1] in _MARKS for text in texts)
    if n >= _REGULAR and marked >= 0.9 * n and max(sizes) - min(sizes) <= 0.5:
        return True
    inside = sum(any(mark in text[:-1] for mark in _MARKS) for text in texts)
    if n < _MODERN or inside > 0.2 * n or mean(sizes) < 3.5:
        return False
    widest = sum(size >= max(sizes) - 1 for size in sizes)
    stanzas = widest <= 0.5 * n
    return stanzas and (marked <= 0.34 * n or marked >= 0.7 * n)
