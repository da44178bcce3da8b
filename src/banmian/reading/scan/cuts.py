"""Recursive cuts: a page's lines in reading order, column by column.

The XY-cut of Nagy and Seth (1984, Proc. ICPR, 347-349) parts a page again and again along white strips. Which strip
comes first is what a reader knows of newspapers:

1. What stands in a frame is read by itself, and what stands round the frame as if the frame were a picture.
2. A strip across the region parts stories that lie above each other: one with a rule in it, one under which a
   headline follows, or a very wide one. A strip under headlines alone does not: stories side by side begin alike.
3. Else the gutters part columns, from left to right.
4. Where no gutter runs through, something wide stands across: the strip is cut beside which most gutters appear.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from banmian.reading.scan.marks import Marks
from banmian.reading.scan.obstacles import HEADLINE, furniture, row_numbers, solid_boxes

_GUTTER = 0.5  # ems of white from top to bottom that part columns; a recogniser's boxes fill part of a gutter
_STRIP = 0.25  # ems of white from side to side that can be cut
_STORY = 0.9  # ems, beyond the usual strip between lines, that part a headline from the story above it
_HOLE = 4.0  # ems of white that part what stands above and below whatever it is
_ACROSS = 0.75  # share of a region's width from which a rule parts it
_ROWS = 2  # lines on one side of a gutter, at least: a single row may have a space in it
FURNITURE = -2  # the frame of running heads and page numbers
_TRIED = 12  # strips, the widest, that are tried for the one that frees columns
_APART = 3.0  # ems of white that part even a single row


@dataclass(frozen=True, slots=True)
class Column:
    """Lines of one column from top to bottom; `left` and `right` bound it, `frame` is the frame's number or -1."""

    lines: tuple[int, ...]
    left: float
    right: float
    frame: int


def read_columns(marks: Marks) -> list[Column]:
    """Return the page's columns in reading order; every line is in exactly one."""
    if not len(marks.boxes):
        return []
    solid = solid_boxes(marks)
    top, rest, bottom = furniture(marks)
    edges = [Column((int(item),), solid[item, 0], solid[item, 2], FURNITURE) for item in (*top, *bottom)]
    columns = list(_framed(marks, solid, rest, set(range(len(marks.frames))), -1)) if len(rest) else []
    return [*edges[: len(top)], *columns, *edges[len(top) :]]


def _framed(marks: Marks, solid: np.ndarray, items: np.ndarray, frames: set[int], own: int) -> Iterator[Column]:
    """Read what stands outside of the frames, each frame's content where the frame stands."""
    middles = (solid[items, :2] + solid[items, 2:]) / 2
    inside: dict[int, np.ndarray] = {}
    free = np.ones(len(items), dtype=bool)
    for number in sorted(frames, key=lambda n: -_area(marks.frames[n])):
        left, top, right, bottom = marks.frames[number]
        held = (
            free & (middles[:, 0] > left) & (middles[:, 0] < right) & (middles[:, 1] > top) & (middles[:, 1] < bottom)
        )
        if held.any() and not held.all():
            inside[number] = items[held]
            free &= ~held
    numbers = sorted(inside)
    # A frame takes part in the cuts as one more box, with a number beyond those of the lines.
    bodies = np.vstack([solid, marks.frames[numbers]]) if numbers else solid
    outer = np.concatenate([items[free], len(solid) + np.arange(len(numbers))])
    for left, right, members in _cut(marks, bodies, outer, (-np.inf, np.inf)):
        run: list[int] = []
        for item in members:
            if item < len(solid):
                run.append(int(item))
                continue
            if run:
                yield Column(tuple(run), left, right, own)
                run = []
            number = numbers[item - len(solid)]
            rest = {n for n in frames if n not in inside and _area(marks.frames[n]) < _area(marks.frames[number])}
            yield from _framed(marks, solid, inside[number], rest, number)
        if run:
            yield Column(tuple(run), left, right, own)


def _area(box: np.ndarray) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))


def _cut(
    marks: Marks, boxes: np.ndarray, items: np.ndarray, bounds: tuple[float, float]
) -> Iterator[tuple[float, float, np.ndarray]]:
    """Yield left bound, right bound and items of every column, in reading order."""
    gutters = _gutters(marks, boxes, items)
    strips = _white(boxes[items, 1], boxes[items, 3], _STRIP * marks.em)
    level = _story_strip(marks, boxes, items, strips, bool(gutters))
    if level is None and gutters:
        edges = [bounds[0], *gutters, bounds[1]]
        middles = (boxes[items, 0] + boxes[items, 2]) / 2
        for left, right in pairwise(edges):
            part = items[(middles > left) & (middles <= right)]
            if len(part):
                yield from _cut(marks, boxes, part, (left, right))
        return
    if level is None:
        level = _freeing_strip(marks, boxes, items, strips)
    if level is None:
        yield *bounds, items[np.lexsort((boxes[items, 0], row_numbers(boxes[items])))]
        return
    above = (boxes[items, 1] + boxes[items, 3]) / 2 < level
    yield from _cut(marks, boxes, items[above], bounds)
    yield from _cut(marks, boxes, items[~above], bounds)


def _white(low: np.ndarray, high: np.ndarray, least: float) -> list[tuple[float, float]]:
    """Return the stretches of at least `least` that no interval covers, between the first and the last of them."""
    order = np.argsort(low, kind="stable")
    reach = np.maximum.accumulate(high[order])
    starts, ends = reach[:-1], low[order][1:]
    return [(float(a), float(b)) for a, b in zip(starts, ends, strict=True) if b - a >= least]


def _gutters(marks: Marks, boxes: np.ndarray, items: np.ndarray) -> list[float]:
    """Return the middles of the gutters that run through a region from top to bottom."""
    found = []
    own = boxes[items]
    for start, end in _white(own[:, 0], own[:, 2], _GUTTER * marks.em):
        sides = own[own[:, 2] <= start], own[own[:, 0] >= end]
        rows = [len(np.unique(row_numbers(side))) for side in sides]
        if max(rows) >= _ROWS or end - start > _APART * marks.em:
            found.append((start + end) / 2)
    return found


def _story_strip(
    marks: Marks, boxes: np.ndarray, items: np.ndarray, strips: list[tuple[float, float]], parted: bool
) -> float | None:
    """Return the middle of the strip that parts stories above each other, the strongest first."""
    if not strips:
        return None
    own = boxes[items]
    left, right = own[:, 0].min(), own[:, 2].max()
    size = np.where(items < len(marks.sizes), marks.sizes[np.minimum(items, len(marks.sizes) - 1)], 0.0)
    best: tuple[float, float] | None = None
    for start, end in strips:
        above, below = own[:, 3] <= start + 1, own[:, 1] >= end - 1
        if parted and (size[above] >= HEADLINE).all():
            # Stories side by side begin alike; but one headline in the middle of the region is over all of it.
            middle = (own[above, 0].min() + own[above, 2].max()) / 2
            if len(np.unique(own[above], axis=0)) > 1 or abs(middle - (left + right) / 2) > marks.em:
                continue
            return (start + end) / 2
        ruled = _rule_between(marks.rules, start, end, left, right)
        first = below & (own[:, 1] < end + 1.5 * marks.em)
        headed = bool((size[first] >= HEADLINE).any())
        white = (end - start - marks.line_gap) / marks.em
        weight = 10.0 * ruled + white
        if (ruled or (headed and white >= _STORY) or white >= _HOLE) and (best is None or weight > best[0]):
            best = weight, (start + end) / 2
    return None if best is None else best[1]


def _rule_between(rules: np.ndarray, top: float, bottom: float, left: float, right: float) -> bool:
    """Tell whether horizontal rules fill most of a strip's length."""
    if not len(rules):
        return False
    flat = rules[:, 2] - rules[:, 0] > rules[:, 3] - rules[:, 1]
    middle = (rules[:, 1] + rules[:, 3]) / 2
    # Skew that is left and padding may put a rule a little outside of its strip.
    here = rules[flat & (middle > top - 4) & (middle < bottom + 4)]
    covered = np.clip(here[:, 2], left, right) - np.clip(here[:, 0], left, right)
    return bool(covered.sum() >= _ACROSS * (right - left))


def _freeing_strip(
    marks: Marks, boxes: np.ndarray, items: np.ndarray, strips: list[tuple[float, float]]
) -> float | None:
    """Return the middle of the strip that parts what stands across from the columns above or below it.

    Something may stand across above and below the columns, so the stretch between any two strips is looked at.
    """
    widest = sorted(strips, key=lambda strip: (strip[0] - strip[1], strip[0]))[:_TRIED]
    levels = sorted(((start + end) / 2, end - start) for start, end in widest)
    stops = [(-np.inf, 0.0), *levels, (np.inf, 0.0)]
    middles = (boxes[items, 1] + boxes[items, 3]) / 2
    best: tuple[float, float] | None = None
    for (top, white), (bottom, other) in combinations(stops, 2):
        part = items[(middles >= top) & (middles < bottom)]
        if len(part) < 2 * _ROWS or len(part) == len(items) or not _gutters(marks, boxes, part):
            continue
        # Lines that a gutter parts, not gutters: a short line at a paragraph's end makes one for few lines.
        edges = [gap for gap in (white, other) if gap]
        weight = min(edges) / marks.em + 2 * len(part) / len(items)
        if best is None or weight > best[0]:
            best = weight, top if white else bottom
    return None if best is None else best[1]
