"""Printed lines put together again: newlines that only mark where the column was full (for spaces, see `spacing`).

No width is assumed for a page: a lead story is set wide, a brief narrow. What is asked of an edge between two lines is
how wide they and their neighbours are, what mark stands at the edge, and whether the file parts its paragraphs in
another way too. The answers are added up with weights that `benchmarks/fit_joins.py` fits (`data/line_joins.tsv`).
Where they leave a doubt, the language of the edge is asked, which takes far longer.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from banmian.reading import boundary_model
from banmian.reading.lines.line_types import (
    classify_line,
    ends_sentence,
    is_dateline,
    is_numbered,
    is_surely_heading,
    width,
)
from banmian.reading.lines.spans import TextBlock, concatenate

NO_LINE_START = "，。、；：？！”’）》」』】"  # marks that may not open a line
MARKS = ("none", "comma", "stop")
SHAPES = ("edge", "same", "shorter", "longer")  # a neighbour: none, as wide, narrower, wider
_TABLE = Path(__file__).parents[1] / "data" / "line_joins.tsv"
_SLACK = 1.5  # lines that differ by no more are as wide as each other: a mark hung over, or moved down with its word
_NARROWEST, _WIDEST = 7, 62  # characters, and squares; what is wider is no line of a newspaper's column
_MAY_BE_MARK = "(（〔【[〖「#*"  # with which continuation marks and column tags begin
_DOUBT = 4.0  # log odds under which the language is asked
_STEADY = 0.6  # share of lines as wide around it with which a line stands in a column, whatever its words look like
_APART = ("notice", "byline", "caption", "tag", "mark")
_SURE = 9.0  # log odds
_WINDOW = 6  # lines on either side that tell a column's width
_COMMAS = "，、,；;：:（(“「《—"


def unwrap_lines(raw: str, lines: list[TextBlock]) -> list[TextBlock]:
    """Join printed lines that end only because the column is full (a newline at every printed line's end)."""
    texts = [line.text(raw) for line in lines]
    joins = line_joins(lines, texts)
    groups: list[list[TextBlock]] = [[line] for line in lines[:1]]
    for line, joined in zip(lines[1:], joins, strict=True):
        if joined:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [concatenate(group, [_glue(raw, *pair) for pair in pairwise(group)]) for group in groups]


def line_joins(lines: Sequence[TextBlock], texts: Sequence[str]) -> list[bool]:
    """Tell for every line but the first whether it goes on with the paragraph of the line before it."""
    if len(lines) < 2:
        return []
    codes, measures, possible = edge_form(lines, texts)
    weights = _weights()
    odds = weights["form"][codes] + measures @ weights["measures"]
    odds[[text[-1] in "，、" for text in texts[:-1]]] = _SURE  # no paragraph ends on one of these
    joins = (odds > 0) & possible
    for place in np.flatnonzero(possible & (np.abs(odds) < _DOUBT)).tolist():
        joins[place] = (
            odds[place] * weights["odds"] + weights["language"] @ edge_language(*texts[place : place + 2]) > 0
        )
    steady = measures[:, 0] >= _STEADY
    for place in np.flatnonzero(joins).tolist():
        before, after = texts[place : place + 2]
        in_column = steady[place] and len(before) >= _NARROWEST
        joins[place] = not opens_by_form(after) and (in_column or not (_is_apart(before) or _is_apart(after)))
    return joins.tolist()


def edge_form(lines: Sequence[TextBlock], texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what is asked of the form of every edge between two lines.

    Returns
    -------
    codes : shape (n - 1,), the number of the edge's mark and of the widths around it, see `form_names`.
    measures : shape (n - 1, 5), see `MEASURES`.
    possible : shape (n - 1,), False where a blank line, an indent or a line wider than any column decides.
    """
    n_chars = np.array([len(text) for text in texts], dtype=float)
    sizes = np.array([width(text) for text in texts])
    indents = np.array([2.0 * line.indent for line in lines])
    sizes, n_chars = sizes + indents, n_chars + indents
    ends = np.array([_mark_at_end(text) for text in texts])
    parts = np.array([line.newlines_before != 1 or line.indent or line.role != "" for line in lines])
    roles = np.array([line.role != "" for line in lines])
    possible = ~parts[1:] & ~roles[:-1] & (sizes[:-1] <= _WIDEST)
    before = _shape(sizes, n_chars, -1, parts)
    after = _shape(sizes, n_chars, 1, parts)
    beyond = np.append(after[1:], 0)
    codes = ((ends[:-1] * 4 + before[:-1]) * 4 + after[:-1]) * 4 + beyond[:-1]
    share = _share_as_wide(sizes, n_chars)[:-1]
    short_stops = (ends[:-1] == 2) & (after[:-1] != 1)
    parted = (np.append(parts[1:][short_stops], [True, False])).mean()
    long = float((sizes > _WIDEST).mean())
    is_stop, is_none = ends[:-1] == 2, ends[:-1] == 0
    narrow = np.minimum(sizes[:-1], 30.0) / 30.0
    measures = np.column_stack([share, share * is_stop, parted * is_stop, long + 0.0 * share, is_none * narrow])
    return codes, measures, possible


MEASURES = ("share", "share, stop", "parted, stop", "long lines", "width, no mark")
LANGUAGE = (
    "word cut", "continues", "opens like a sentence", "next ends as a sentence", "next is no body", "next is numbered",
    "headline's form", "cannot start", "after a stop",
)  # fmt: skip


def form_names() -> list[str]:
    """Return the names of the codes of `edge_form` in order: mark, width of the line before, after, and beyond."""
    return [f"{m}|{b}|{a}|{c}" for m in MARKS for b in SHAPES for a in SHAPES for c in SHAPES]


def edge_language(left: str, right: str) -> np.ndarray:
    """Return what the words on both sides of an edge say; shape (9,), see `LANGUAGE`."""
    kind = classify_line(right)
    goes_on = float(_mark_at_end(left) != 2)  # where a sentence has ended, only what the next line looks like tells
    return np.array(
        [
            goes_on and min(boundary_model.word_cut_log_odds(left, right), 8.0) / 4,
            goes_on and min(max(boundary_model.continuation_log_odds(left, right), -8.0), 8.0) / 4,
            min(max(boundary_model.opening_odds(right), -4.0), 4.0) / 4,
            goes_on * ends_sentence(right),
            float(kind not in ("body", "heading")),
            float(is_numbered(right)),
            float(kind == "heading" and is_surely_heading(right)),
            float(right[0] in NO_LINE_START),
            1.0 - goes_on,
        ]
    )


def opens_by_form(text: str) -> bool:
    """Tell whether a line begins a paragraph whatever stands before it: a dateline, a column's tag, a jump line."""
    after = text[:80]
    return is_dateline(after) or (after[0] in _MAY_BE_MARK and classify_line(after) in ("mark", "tag"))


def _is_apart(text: str) -> bool:
    """Tell whether a line is none of a paragraph's by its own words, where no column's width speaks for one."""
    return len(text) <= 130 and text[-1] not in "。，、" and classify_line(text) in _APART


def _mark_at_end(text: str) -> int:
    last = text[-1]
    if last in "。！？" or ((not last.isalnum() or last == "完") and last not in _COMMAS and ends_sentence(text)):
        return 2
    return 1 if last in _COMMAS else 0


def _shape(sizes: np.ndarray, n_chars: np.ndarray, step: int, parts: np.ndarray) -> np.ndarray:
    """Return, for every line, whether the line `step` from it is none (0), as wide (1), narrower (2) or wider (3)."""
    shape = np.zeros(len(sizes), dtype=int)
    here, there = (slice(1, None), slice(None, -1)) if step < 0 else (slice(None, -1), slice(1, None))
    gaps = sizes[there] - sizes[here]
    alike = (np.abs(gaps) <= _SLACK) | (np.abs(n_chars[there] - n_chars[here]) <= _SLACK)
    shape[here] = np.where(alike, 1, np.where(gaps < 0, 2, 3))
    shape[here][parts[1:]] = 0
    return shape


def _share_as_wide(sizes: np.ndarray, n_chars: np.ndarray) -> np.ndarray:
    """Return, for every line, which share of the lines within `_WINDOW` of it are as wide as it is."""
    n = len(sizes)
    hits, seen = np.zeros(n), np.zeros(n)
    for step in range(1, min(_WINDOW, n - 1) + 1):
        alike = (np.abs(sizes[step:] - sizes[:-step]) <= _SLACK) | (np.abs(n_chars[step:] - n_chars[:-step]) <= _SLACK)
        hits[step:] += alike
        hits[:-step] += alike
        seen[step:] += 1
        seen[:-step] += 1
    return hits / np.maximum(seen, 1)


@cache
def _weights() -> dict[str, np.ndarray]:
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    table = {name: float(value) for name, value in rows}
    return {
        "form": np.array([table[name] for name in form_names()]),
        "measures": np.array([table[name] for name in MEASURES]),
        "odds": np.array(table["form's odds"]),
        "language": np.array([table[name] for name in LANGUAGE]),
    }


def _glue(raw: str, before: TextBlock, after: TextBlock) -> str:
    left, right = raw[before.end - 1], raw[after.start]
    return " " if left.isascii() and right.isascii() and left != "-" else ""
