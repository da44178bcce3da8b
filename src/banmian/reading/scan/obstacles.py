"""A page's boxes as cuts see them: without padding, headlines whole, running heads and page numbers apart."""

import re

import numpy as np

from banmian.reading.scan.marks import Marks, type_width

HEADLINE = 1.35  # size from which type is a headline's
_SPACE = 1.0  # of a headline's own size: the space between two parts of one
_PAGE = re.compile(
    r"^[—\-–－·•.\s]*\d{1,3}[—\-–－·•.\s]*$|^第?[\dA-Z一二三四五六七八九十]{1,4}[版页頁]$|^Page \d"
    r"|(?:\d{4}|[〇零一二三四五六七八九○O]{4})年.{1,3}月.{1,3}日"
)


def solid_boxes(marks: Marks) -> np.ndarray:
    """Return the boxes without their padding, so that lines that touch leave a strip between them."""
    boxes = marks.boxes.copy()
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    boxes[:, 1] += 0.2 * np.minimum(tall, wide)
    boxes[:, 3] -= 0.2 * np.minimum(tall, wide)
    inset = np.minimum(0.3 * marks.em, 0.2 * wide)
    boxes[:, 0] += inset
    boxes[:, 2] -= inset
    _bridge(marks, boxes)
    return boxes


def _bridge(marks: Marks, solid: np.ndarray) -> None:
    """Give all parts and lines of one headline the box of the whole, in place, so that no cut runs through it."""
    heads = [int(item) for item in np.flatnonzero((marks.sizes >= HEADLINE) & ~marks.upright)]
    group = {item: {item} for item in heads}
    for one in heads:
        for other in heads:
            if one != other and group[one] is not group[other] and _same_headline(marks, solid, one, other):
                group[one] |= group[other]
                for item in group[other]:
                    group[item] = group[one]
    whole = {
        item: [*solid[list(group[item]), :2].min(axis=0), *solid[list(group[item]), 2:].max(axis=0)] for item in heads
    }
    for item, box in whole.items():
        solid[item] = box


def _same_headline(marks: Marks, solid: np.ndarray, left: int, right: int) -> bool:
    """Tell whether two boxes are parts of one line of a headline, or two of its lines (`right` below `left`)."""
    sizes = marks.sizes[[left, right]]
    if not 0.75 < sizes[0] / sizes[1] < 1.33:
        return False
    (l1, t1, r1, b1), (l2, t2, r2, b2) = solid[left], solid[right]
    space = _SPACE * marks.em * sizes.min()
    if min(b1, b2) - max(t1, t2) > 0.7 * min(b1 - t1, b2 - t2):
        return bool(0 < l2 - r1 < space) and not _rule_in(marks, r1, max(t1, t2), l2, min(b1, b2))
    shared = min(r1, r2) - max(l1, l2)
    return bool(0 < t2 - b1 < space and shared > 0.5 * min(r1 - l1, r2 - l2)) and not _rule_in(
        marks, max(l1, l2), b1, min(r1, r2), t2
    )


def _rule_in(marks: Marks, left: float, top: float, right: float, bottom: float) -> bool:
    x, y = ((marks.rules[:, n] + marks.rules[:, n + 2]) / 2 for n in (0, 1))
    flat = marks.rules[:, 2] - marks.rules[:, 0] > marks.rules[:, 3] - marks.rules[:, 1]
    upright = ~flat & (x > left) & (x < right) & (marks.rules[:, 1] < bottom) & (marks.rules[:, 3] > top)
    level = flat & (y > top) & (y < bottom) & (marks.rules[:, 0] < right) & (marks.rules[:, 2] > left)
    return bool((upright | level).any())


def furniture(marks: Marks) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the lines of the running head, those of the page itself, and those at its foot.

    A running head is the first row of the page if a date or a page's number stands in it; a foot the last row if it is
    a page's number or, with one, a date or the paper's name.
    """
    rows = row_numbers(marks.boxes)
    everything = np.arange(len(marks.boxes))
    found = []
    for row in (rows.min(), rows.max()):
        here = everything[rows == row]
        numbered = any(_PAGE.search(marks.texts[item].strip()) for item in here)
        short = all(type_width(marks.texts[item]) < 30 for item in here) and marks.sizes[here].max() < 2.2
        found.append(here if numbered and short and len(here) < len(everything) else everything[:0])
    top, bottom = found
    top = top[np.argsort(marks.boxes[top, 0], kind="stable")]
    return top, np.setdiff1d(everything, [*top, *bottom]), bottom[np.argsort(marks.boxes[bottom, 0], kind="stable")]


def row_numbers(boxes: np.ndarray) -> np.ndarray:
    """Return the number of the row that each box stands in; boxes side by side share one."""
    rows = np.zeros(len(boxes), dtype=int)
    row, floor = 0, -np.inf
    for place in np.argsort(boxes[:, 1] + boxes[:, 3], kind="stable"):
        middle = (boxes[place, 1] + boxes[place, 3]) / 2
        if middle > floor:
            row += 1
            floor = boxes[place, 3]
        rows[place] = row
    return rows
