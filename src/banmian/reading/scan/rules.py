"""Printed rules and frames of a page picture, by morphology: long thin dark runs, and those that close a rectangle."""

import numpy as np

_WIDTH = 1200  # pixels to which a page is brought first: a rule stays visible, a letter's stroke stays short
_LENGTH = 0.06  # of the page's width: shorter dark runs are strokes of letters
_THICK = 7  # pixels at that width; thicker dark areas are pictures
_FREE, _INKY = 6, 0.06  # pixels beside a rule that are white, but for this share
_SIDE = 0.8  # share of a rectangle's side that rules must fill to make it a frame
_LEAST = 0.03  # of the page's width: sides of a frame


def find_rules(picture: np.ndarray, angle: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return rules and frames, two ndarrays of shape (n, 4): left, top, right, bottom in pixels of the picture.

    Parameters
    ----------
    picture : ndarray of shape (height, width) or (height, width, 3), uint8.
    angle : the page's skew in radians, clockwise. What is found is turned back: each box keeps its own width and
        height about a middle that lies in the picture as given.
    """
    import cv2

    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, _WIDTH / grey.shape[1])
    # The mean over an area keeps a thin rule as a grey one; the threshold follows the paper's own light.
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cos, sin = np.cos(-angle), np.sin(-angle)
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    small = cv2.warpAffine(small, matrix, small.shape[::-1], borderValue=255)
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18)
    length = max(20, int(_LENGTH * small.shape[1]))
    flat = _runs(ink, (length, 1))
    upright = _runs(ink, (1, length))
    boxes = [*_thin(flat, ink, 1), *_thin(upright, ink, 0)]
    frames = _closed(cv2.bitwise_or(flat, upright), small.shape[1])
    return _back(boxes, scale, matrix), _back(frames, scale, matrix)


def _runs(ink: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Keep the dark runs of at least `shape` (width, height) pixels; what noise broke is closed first."""
    import cv2

    gap = tuple(5 if side > 1 else 1 for side in shape[::-1])
    across = tuple(3 if side == 1 else 1 for side in shape[::-1])
    joined = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gap, np.uint8)), np.ones(across, np.uint8))
    return cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8))


def _thin(runs: np.ndarray, ink: np.ndarray, across: int) -> list[tuple[float, float, float, float]]:
    """Return the boxes of runs that are thin and stand free, as strokes of letters in a row do not."""
    import cv2

    found = []
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    for left, top, wide, tall, _ in stats[1:count]:
        if (wide, tall)[across] > _THICK:
            continue
        around = [0, 0]
        around[across] = _FREE
        x, y = around
        near = ink[max(0, top - y) : top + tall + y, max(0, left - x) : left + wide + x]
        beside = near.copy()
        beside[min(y, top) : min(y, top) + tall, min(x, left) : min(x, left) + wide] = 0
        if beside.mean() / 255 < _INKY:
            found.append((left, top, left + wide, top + tall))
    return found


def _closed(lines: np.ndarray, width: int) -> list[tuple[float, float, float, float]]:
    """Return the rectangles whose four sides are lines."""
    import cv2

    found = []
    joined = cv2.dilate(lines, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for number, (left, top, wide, tall, _) in enumerate(stats[1:count], start=1):
        if min(wide, tall) < _LEAST * width:
            continue
        part = labels[top : top + tall, left : left + wide] == number
        band = 14  # pixels: what skew is left
        rows = part[:band].any(axis=0).mean(), part[-band:].any(axis=0).mean()
        sides = part[:, :band].any(axis=1).mean(), part[:, -band:].any(axis=1).mean()
        if min(*rows, *sides) >= _SIDE and part[band:-band, band:-band].mean() < 0.15:
            found.append((left, top, left + wide, top + tall))
    return found


def _back(boxes: list[tuple[float, float, float, float]], scale: float, matrix: np.ndarray) -> np.ndarray:
    if not boxes:
        return np.zeros((0, 4))
    given = np.array(boxes, dtype=float) / scale
    middles = (given[:, :2] + given[:, 2:]) / 2 @ matrix[:, :2]  # the inverse of a turn is its transpose
    half = (given[:, 2:] - given[:, :2]) / 2
    return np.hstack([middles - half, middles + half])
