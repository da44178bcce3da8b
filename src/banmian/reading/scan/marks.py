"""What stands on a page: printed lines with their boxes, rules, frames; skew taken out, sizes of type measured."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_STRAIGHT = 4.0  # a line this many times as wide as high shows the page's skew
_MOST_SKEW = 0.12  # radians, about 7 degrees; what leans more is a slogan across a picture
_TELLING = 4.0  # full-width characters from which a line's width tells the size of its type
_MOSTLY = 0.6  # share of upright characters from which a page is read in upright columns


@dataclass(frozen=True, slots=True)
class Marks:
    """One page, its skew taken out.

    boxes : ndarray of shape (n, 4): left, top, right, bottom of every printed line, in pixels.
    texts : the n lines as recognised.
    sizes : ndarray of shape (n,): the size of each line's type in multiples of the page's body type.
    upright : ndarray of shape (n,), bool: lines printed from top to bottom.
    em : the size of the page's body type in pixels.
    rules, frames : ndarrays of shape (m, 4): printed rules (thin boxes) and frames (their outer edge).
    line_gap : the usual white between two lines of text in pixels, the padding of their boxes left out.
    """

    boxes: np.ndarray
    texts: list[str]
    sizes: np.ndarray
    upright: np.ndarray
    em: float
    rules: np.ndarray
    frames: np.ndarray
    line_gap: float


def find_marks(
    quads: np.ndarray, texts: Sequence[str], rules: np.ndarray | None = None, frames: np.ndarray | None = None
) -> Marks:
    """Return the page's marks, turned by its skew; a page of upright text comes turned by a quarter to the left.

    Parameters
    ----------
    quads : ndarray of shape (n, 4, 2): the corners of each line, clockwise from the top left, in pixels.
    texts : the n lines.
    rules, frames : ndarrays of shape (m, 4) in pixels of the picture, if known.

    After the quarter turn an upright column is a line and the column left of it the next line, so one set of cuts
    reads both ways of setting.
    """
    quads = np.asarray(quads, dtype=float).reshape(-1, 4, 2)
    rules, frames = (np.zeros((0, 4)) if given is None else np.asarray(given, dtype=float) for given in (rules, frames))
    angle = skew_of(quads)
    boxes, rules, frames = _box(turn(quads, -angle)), _turned(rules, -angle), _turned(frames, -angle)
    wide, tall = (boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) if len(boxes) else (np.zeros(0), np.zeros(0))
    lengths = np.array([type_width(text) for text in texts])
    upright = (tall > 1.5 * wide) & (lengths >= 2)
    if lengths[upright].sum() > _MOSTLY * lengths.sum() > 0:
        boxes, rules, frames = (_quarter(given) for given in (boxes, rules, frames))
        wide, tall, upright = tall, wide, ~upright & (wide > 1.5 * tall) & (lengths >= 2)
    em, sizes = _type_sizes(np.where(upright, tall, wide), np.where(upright, wide, tall), lengths)
    gap = _line_gap(boxes[(np.abs(sizes - 1) < 0.15) & ~upright], em)
    return Marks(boxes, list(texts), sizes, upright, em, rules, frames, gap)


def skew_of(quads: np.ndarray) -> float:
    """Return the page's skew in radians, clockwise: the median lean of its long lines, weighed by their length."""
    if not len(quads):
        return 0.0
    along = (quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3]) / 2
    down = (quads[:, 3] - quads[:, 0] + quads[:, 2] - quads[:, 1]) / 2
    wide, tall = np.hypot(*along.T), np.hypot(*down.T)
    lean = np.arctan2(along[:, 1], along[:, 0])
    lean_down = np.arctan2(-down[:, 0], down[:, 1])
    # Of a line the long side tells, whichever way it is printed.
    lean, weight = np.where(wide >= tall, lean, lean_down), np.maximum(wide, tall)
    leaning = (weight > _STRAIGHT * np.minimum(wide, tall)) & (np.abs(lean) < _MOST_SKEW)
    return _weighted_median(lean[leaning], weight[leaning]) if leaning.any() else 0.0


def turn(points: np.ndarray, angle: float) -> np.ndarray:
    """Turn points, ndarray of shape (…, 2), about the origin; positive angles are clockwise on a picture."""
    cos, sin = np.cos(angle), np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]])


def type_width(text: str) -> float:
    """Return how wide `text` is set, in full-width characters; letters and digits take about half a square."""
    return len(text) - 0.45 * len(text.encode("ascii", "ignore"))


def _box(quads: np.ndarray) -> np.ndarray:
    """Return the boxes of quads that lie nearly straight: the mean of each side, so that a lean adds nothing."""
    if not len(quads):
        return np.zeros((0, 4))
    x, y = quads[..., 0], quads[..., 1]
    sides = (x[:, [0, 3]], y[:, [0, 1]], x[:, [1, 2]], y[:, [2, 3]])
    return np.column_stack([side.mean(axis=1) for side in sides])


def _turned(boxes: np.ndarray, angle: float) -> np.ndarray:
    """Turn boxes about the origin; each keeps its own width and height."""
    if not len(boxes):
        return np.zeros((0, 4))
    middles = turn((boxes[:, :2] + boxes[:, 2:]) / 2, angle)
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    return np.hstack([middles - half, middles + half])


def _quarter(boxes: np.ndarray) -> np.ndarray:
    """Turn by a quarter to the left: right becomes top, top becomes left."""
    if not len(boxes):
        return boxes
    return np.column_stack([boxes[:, 1], -boxes[:, 2], boxes[:, 3], -boxes[:, 0]])


def _type_sizes(along: np.ndarray, across: np.ndarray, lengths: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the body type's size in pixels, and each line's in multiples of it.

    A recogniser's boxes are padded, so their height tells less than the width of a character. A line with too few
    characters for that is measured by its height, as is one whose letters are spaced out.
    """
    if not len(along):
        return 1.0, np.ones(0)
    pitch = along / np.maximum(lengths, 1.0)
    long = lengths >= _TELLING
    em = _weighted_median(pitch[long], lengths[long]) if long.any() else float(np.median(across))
    tall = _weighted_median(across[long], lengths[long]) if long.any() else em
    by_width, by_height = pitch / em, across / max(tall, 1.0)
    # Padding weighs less on larger type, so heights differ by less than sizes do.
    sizes = np.where(long, np.minimum(by_width, 1.5 * by_height), by_height)
    return float(em), sizes


def _line_gap(text: np.ndarray, em: float) -> float:
    if len(text) < 2:
        return 0.5 * em
    shared = np.minimum.outer(text[:, 2], text[:, 2]) - np.maximum.outer(text[:, 0], text[:, 0])
    step = text[:, 1] - text[:, 1][:, None]
    step = np.where((shared > em) & (step > 0.5 * em), step, np.inf).min(axis=1)
    return max(float(np.median(step)) - em, 0.0)


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
