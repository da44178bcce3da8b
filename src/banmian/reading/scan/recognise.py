"""Printed lines of a page picture, by RapidOCR (PP-OCRv6 models that its package carries; nothing is downloaded).

What takes the time is cut to what is needed: lines are found on a page brought to a few pixels a character, and read
one by one at full resolution in threads, which is faster than its batches, padded to their longest line.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from banmian.reading.scan.marks import type_width

_FIRST_SIDE = 1400  # pixels of the long side at which lines are looked for
_LEAST_TYPE = 10.0  # pixels a character must have there; smaller type is looked for again on a larger page
_TYPE = 14.0
_MOST_SIDE = 4000
_SAMPLE = 8  # lines that are read to see which way up a page is
_READS = 0.75  # mean score of a page's longest lines when it lies the right way up: .97 and more; on its head: .3 to .6
# Room above and below a line, of its height. The model brings lines to one height, so room makes them shorter: .2 cost
# no character in 976 and a third less time (benchmarks/scans.py).
_MARGIN = 0.2
_MISSING = "pictures need rapidocr; run: pip install 'banmian[scan]'"


@dataclass(frozen=True)
class Recognised:
    """Lines of one page, in no order.

    quads : ndarray of shape (n, 4, 2), in pixels, clockwise from the top left; texts; scores from 0 to 1.
    turns : by how many quarter turns to the left the picture was turned; the quads are those of the turned page.
    """

    quads: np.ndarray
    texts: list[str]
    scores: list[float]
    turns: int = 0


def recognise(picture: np.ndarray) -> Recognised:
    """Return the printed lines of a page picture, ndarray of shape (height, width, 3), uint8.

    A page that lies on its side or on its head is turned first. Raises ``ValueError`` where the extra ``scan`` is not
    installed.
    """
    quads = _find(picture)
    crops = [_crop(picture, quad) for quad in quads]
    turns, read = _turns(quads, crops)
    if turns:
        picture = np.ascontiguousarray(np.rot90(picture, turns))
        quads, read = _find(picture), {}
        crops = [_crop(picture, quad) for quad in quads]
    rest = [place for place in range(len(crops)) if place not in read]
    read |= dict(zip(rest, _read([crops[place] for place in rest]), strict=True))
    kept = [place for place in range(len(crops)) if read[place][0].strip()]
    return Recognised(
        quads[kept], [read[place][0].strip() for place in kept], [read[place][1] for place in kept], turns
    )


def _find(picture: np.ndarray) -> np.ndarray:
    """Return the quads of all lines; a page of small type is looked at a second time, larger."""
    side = max(picture.shape[:2])
    quads = _detect(picture, min(side, _FIRST_SIDE))
    if not len(quads):
        return quads
    # A recogniser's box is half as high again as its characters.
    sides = np.hypot(*np.moveaxis(quads - np.roll(quads, 1, axis=1), -1, 0))
    em = float(np.median(sides.min(axis=1))) / 1.5
    if em * _FIRST_SIDE / side < _LEAST_TYPE < em:
        quads = _detect(picture, min(side, _MOST_SIDE, round(_TYPE * side / em)))
    return quads


def _detect(picture: np.ndarray, side: int) -> np.ndarray:
    import cv2

    scale = side / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    found = _engine()(np.ascontiguousarray(small[:, :, ::-1]), use_det=True, use_rec=False, use_cls=False)
    return np.zeros((0, 4, 2)) if found.boxes is None else np.asarray(found.boxes, dtype=float) / min(scale, 1.0)


def _turns(quads: np.ndarray, crops: list[np.ndarray]) -> tuple[int, dict[int, tuple[str, float]]]:
    """Return by how many quarter turns to the left a page must be turned to stand upright, and what was read for it.

    Upright lines are printed so (old papers), or the page lies on its side: then its characters, set side by side as
    they stand, cannot be read.
    """
    if len(quads) < 3:
        return 0, {}
    wide, tall = (quads[:, 1:3].mean(axis=1) - quads[:, [0, 3]].mean(axis=1))[:, 0], np.ptp(quads[..., 1], axis=1)
    longest = [int(n) for n in np.argsort(-np.maximum(wide, tall), kind="stable")[:_SAMPLE]]
    sample = [crops[place] for place in longest]
    read = _read(sample)
    on_head = _read([np.rot90(crop, 2) for crop in sample]) if _mean(read) < _READS else [("", 0.0)] * len(sample)
    given = dict(zip(longest, read, strict=True))
    if float(np.median(tall / np.maximum(wide, 1))) <= 1.5:
        return (2, {}) if _mean(on_head) >= _READS else (0, given)
    # `_crop` has turned each upright line to the left already. The model was trained on characters that lie on their
    # left side, as they do in such a line of upright text, and reads none that lie on their right or their head.
    if _mean(on_head) > _mean(read):
        return 3, {}
    stacked = [_side_by_side(np.rot90(crop, -1), len(text)) for crop, (text, _) in zip(sample, read, strict=True)]
    return (0, given) if _mean(_read(stacked)) >= _READS else (1, {})


def _side_by_side(line: np.ndarray, count: int) -> np.ndarray:
    """Return the characters of an upright line, cut apart evenly, from left to right."""
    cells = np.array_split(line, max(count, 1), axis=0)
    tall = max(len(cell) for cell in cells)
    return np.hstack([np.pad(cell, ((0, tall - len(cell)), (0, 0), (0, 0)), mode="edge") for cell in cells])


def _mean(read: Sequence[tuple[str, float]]) -> float:
    weights = [type_width(text) for text, _ in read]
    return float(np.average([score for _, score in read], weights=weights)) if sum(weights) else 0.0


def _crop(picture: np.ndarray, quad: np.ndarray) -> np.ndarray:
    """Return what a quad shows, straightened; one much higher than wide is turned to the left."""
    import cv2

    sides = np.hypot(*(quad - np.roll(quad, -1, axis=0)).T)
    wide, tall = max(1, round(max(sides[0], sides[2]))), max(1, round(max(sides[1], sides[3])))
    goal = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), goal)
    shown = cv2.warpPerspective(picture, matrix, (wide, tall), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    shown = np.rot90(shown) if tall >= 1.5 * wide else shown
    margin = round(_MARGIN * len(shown))
    return np.pad(shown, ((margin, margin), (0, 0), (0, 0)), mode="edge")


def _read(crops: Sequence[np.ndarray]) -> list[tuple[str, float]]:
    """Return text and score of each line; threads change the time, not the answers."""
    reader = _engine()

    def one(crop: np.ndarray) -> tuple[str, float]:
        found = reader(np.ascontiguousarray(crop[:, :, ::-1]), use_det=False, use_cls=False, use_rec=True)
        return (found.txts[0], float(found.scores[0])) if found.txts else ("", 0.0)

    if not crops:
        return []
    first = one(crops[0])  # loads the model, once
    with ThreadPoolExecutor(_n_threads()) as pool:
        return [first, *pool.map(one, crops[1:])]


def _n_threads() -> int:
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@cache
def _engine() -> Any:
    """Return the recogniser; its models are loaded when first used."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before onnxruntime is imported
    try:
        from rapidocr import RapidOCR
    except ImportError:
        raise ValueError(_MISSING) from None
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            # Pages come in the size at which lines are to be found, lines in the size at which they are read.
            "Global.max_side_len": 100_000,
            "Det.limit_type": "max",
            "Det.limit_side_len": 100_000,
            "Det.max_candidates": 5000,
            "Rec.rec_batch_num": 1,
            # Lines are read side by side in threads of ours.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
