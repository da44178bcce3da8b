"""Columns to paragraphs and articles, by what type and white space show: sizes, indents, gaps.

What a printed line says is asked only where its looks leave two answers (a byline, a caption without smaller type).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from banmian.reading.lines.line_types import classify_line, ends_sentence, is_dateline
from banmian.reading.scan.cuts import FURNITURE, Column
from banmian.reading.scan.marks import Marks, type_width
from banmian.reading.scan.obstacles import HEADLINE

_INDENT = (1.1, 5.0)  # ems from a column's left edge at which a paragraph begins
_SHORT = 1.6  # ems that a line leaves free at its right: its paragraph ends there
_BROKEN_OFF = 4.0  # ems free at the right of a line that ends no sentence: it is no running text
_SUBHEAD = 1.12  # size from which a line in a column is set apart from its text
_SMALL = 0.93  # size up to which type is smaller than the text's: captions
_WIDER = 0.7  # how much wider than usual (in line pitches) a gap between lines parts paragraphs
_WIDEST_HEAD = 24  # full-width characters of a line of a sub-heading


@dataclass(slots=True)
class Piece:
    """One printed paragraph: its lines in reading order, what it is, and whether it begins an article.

    kind : `headline`, `subheading`, `body`, `byline`, `caption` or `notice`. frame : as of its column.
    """

    kind: str
    lines: list[int]
    frame: int = -1
    starts: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in its column; lengths in ems, `gap` in usual line pitches beyond one, `ahead`: the next line's indent."""

    item: int
    size: float
    indent: float
    room: float
    gap: float
    same_row: bool
    ahead: float
    text: str


def read_pieces(marks: Marks, columns: Sequence[Column]) -> list[Piece]:
    """Return the page's paragraphs in reading order; every line is in exactly one.

    What stands in a frame comes behind the article that it interrupts.
    """
    edges = _column_edges(marks, columns)
    pitch = _line_pitch(marks, columns)
    flows: dict[int, list[Piece]] = {}
    for column, (left, right) in zip(columns, edges, strict=True):
        if column.frame not in flows:
            flows[column.frame] = []
            if column.frame >= 0:
                flows.setdefault(-1, []).append(Piece("frame", [column.frame]))
        pieces = flows[column.frame]
        if column.frame == FURNITURE:
            # The running head comes first and the foot last, as `read_columns` has them.
            flows.setdefault(-1, []).append(Piece("notice", list(column.lines), FURNITURE))
            continue
        last: _Line | None = None
        for line in _lines(marks, column, left, right, pitch):
            _add(marks, pieces, line, last)
            last = line
    main = _articles(marks, flows.get(-1, []))
    framed = {frame: _articles(marks, pieces) for frame, pieces in flows.items() if frame >= 0}
    return list(_frames_last(marks, main, framed))


def _column_edges(marks: Marks, columns: Sequence[Column]) -> list[tuple[float, float]]:
    """Return left and right edge of the text in each column; a short column takes its width from its neighbours."""
    edges: list[tuple[float, float]] = []
    for place, column in enumerate(columns):
        lines = np.array([item for item in column.lines if _is_text(marks, item)] or list(column.lines))
        lefts, rights = np.sort(marks.boxes[lines, 0]), np.sort(marks.boxes[lines, 2])
        left, right = float(lefts[len(lefts) // 20]), float(rights[-1 - len(rights) // 20])
        before = edges[-2:]
        if len(lines) < 3 and len(before) == 2 and columns[place - 1].frame == column.frame:
            step = before[1][0] - before[0][0]
            expected = before[1][0] + step
            if step > 0 and 0 < left - expected < _INDENT[1] * marks.em:
                left, right = expected, max(right, expected + before[1][1] - before[1][0])
        edges.append((left, right))
    return edges


def _is_text(marks: Marks, item: int) -> bool:
    return bool(0.85 < marks.sizes[item] < _SUBHEAD and not marks.upright[item])


def _line_pitch(marks: Marks, columns: Sequence[Column]) -> float:
    steps = [
        marks.boxes[below, 1] - marks.boxes[above, 1]
        for column in columns
        for above, below in zip(column.lines, column.lines[1:], strict=False)
        if _is_text(marks, above)
        and _is_text(marks, below)
        and marks.boxes[below, 1] > marks.boxes[above, 3] - marks.em
    ]
    return float(median(steps)) if steps else 1.5 * marks.em


def _lines(marks: Marks, column: Column, left: float, right: float, pitch: float) -> Iterator[_Line]:
    before = None
    # White is measured between boxes, so that a tall letter and an upright line have the same usual gap.
    usual = pitch - float(
        np.median([marks.boxes[i, 3] - marks.boxes[i, 1] for i in column.lines if _is_text(marks, i)] or [pitch])
    )
    lefts = [(marks.boxes[item, 0] - left) / marks.em for item in column.lines]
    for item, ahead in zip(column.lines, [*lefts[1:], 2.0], strict=True):
        box = marks.boxes[item]
        step = box[1] - marks.boxes[before, 1] if before is not None else pitch
        same = before is not None and step < 0.4 * (box[3] - box[1])
        yield _Line(
            item,
            1.0 if type_width(marks.texts[item]) < 2 and same else float(marks.sizes[item]),
            float(box[0] - left) / marks.em,
            float(right - box[2]) / marks.em,
            float((box[1] - marks.boxes[before, 3] - usual) / pitch) if before is not None else 0.0,
            same,
            float(ahead),
            marks.texts[item],
        )
        before = item


def _add(marks: Marks, pieces: list[Piece], line: _Line, last: _Line | None) -> None:
    """Put a line behind the last paragraph of its kind, or let it begin one."""
    kind = _kind(marks, line, last, pieces)
    open_piece = next((p for p in reversed(pieces) if p.kind not in ("caption", "notice", "frame")), None)
    if line.same_row and last is not None and pieces:
        home = next(piece for piece in reversed(pieces) if last.item in piece.lines)
        home.lines.append(line.item)
    elif kind == "body":
        if open_piece is not None and open_piece.kind == "body" and not _is_fresh(marks, line, last, open_piece):
            open_piece.lines.append(line.item)
        else:
            pieces.append(Piece("body", [line.item]))
    elif pieces and pieces[-1].kind == kind and last is not None and last.item in pieces[-1].lines and line.gap < 1.5:
        pieces[-1].lines.append(line.item)
    else:
        pieces.append(Piece(kind, [line.item]))


def _kind(marks: Marks, line: _Line, last: _Line | None, pieces: list[Piece]) -> str:
    wide = type_width(line.text)
    if line.size >= HEADLINE or (marks.upright[line.item] and line.size > _SUBHEAD):
        return "headline"
    if line.size <= _SMALL and wide >= 4 and (last is None or line.gap > 0.3 or pieces[-1].kind == "caption"):
        return "caption"
    kind = classify_line(line.text) if wide <= _WIDEST_HEAD else "body"
    if kind in ("heading", "tag") and not ends_sentence(line.text):
        centred = line.indent > 1.5 and line.room > 1.5 and abs(line.indent - line.room) < 1.5
        ended = last is None or not pieces or pieces[-1].kind != "body" or ends_sentence(last.text)
        # A line of running text is never left this short inside a sentence.
        broken_off = line.room > _BROKEN_OFF and line.indent < _INDENT[1] and kind == "heading"
        if ended and (line.size >= _SUBHEAD or broken_off or (centred and line.ahead > _INDENT[0])):
            return "subheading"
    return "body"


def _is_fresh(marks: Marks, line: _Line, last: _Line | None, piece: Piece) -> bool:
    """Tell whether a line of text begins a paragraph: by its indent, or since the one before it has ended."""
    if _INDENT[0] <= line.indent <= _INDENT[1]:
        return True
    before = marks.texts[piece.lines[-1]]
    if not ends_sentence(before) or last is None or last.item != piece.lines[-1]:
        return False
    return last.room > _SHORT or line.gap > _WIDER


def _articles(marks: Marks, pieces: list[Piece]) -> list[Piece]:
    """Say which paragraphs are headlines after all, and which begin an article."""
    texts = ["".join(marks.texts[item] for item in piece.lines) if piece.kind != "frame" else "" for piece in pieces]
    for place, piece in enumerate(pieces):
        kind = classify_line(texts[place])
        if piece.kind == "body" and len(texts[place]) < 130 and kind in ("byline", "caption"):
            piece.kind = kind
        beside = [pieces[n].kind for n in (place - 1, place + 1) if 0 <= n < len(pieces)]
        over_report = place + 1 < len(pieces) and is_dateline(texts[place + 1][:40])
        if piece.kind == "subheading" and ("headline" in beside or over_report):
            piece.kind = "headline"
    begun = False
    for place, piece in enumerate(pieces):
        before = next((p.kind for p in reversed(pieces[:place]) if p.kind not in ("frame",)), "")
        if (piece.kind == "headline" and before != "headline") or (not begun and piece.kind in ("body", "subheading")):
            piece.starts = begun = True
    return pieces


def _frames_last(marks: Marks, main: list[Piece], framed: dict[int, list[Piece]]) -> Iterator[Piece]:
    """Yield the pieces, those of a frame behind the article in which the frame stands."""
    waiting: list[Piece] = []
    for piece in main:
        if piece.starts or piece.frame == FURNITURE:
            yield from waiting
            waiting = []
        if piece.kind == "frame":
            inside = framed[piece.lines[0]]
            for other in inside:
                other.frame = piece.lines[0]
                if _is_advert(marks, inside):
                    other.kind, other.starts = "notice", False
            waiting += inside
        else:
            yield piece
    yield from waiting


def _is_advert(marks: Marks, pieces: list[Piece]) -> bool:
    """Tell whether a frame holds no text as a story has it: nothing of two lines, or a notice's own words."""
    n_notices = sum(classify_line(marks.texts[item]) == "notice" for piece in pieces for item in piece.lines)
    longest = max((len(piece.lines) for piece in pieces if piece.kind == "body"), default=0)
    return longest < 2 or (n_notices >= 1 and longest < 4)
