"""Whether a figure can be read: every character has a glyph, no text is cut off or lies on another."""

import warnings
from functools import cache
from itertools import combinations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# Points that two texts may share before a reader sees it; bounding boxes hold a little air above and below Han type.
_SLACK = 1.0


@cache
def _characters_of(path: str) -> frozenset[int]:
    return frozenset(FT2Font(path).get_charmap())


def drawable(text: str, font: str) -> str:
    """Return the text with each character that the font (a path) lacks, or that acts on a line, as a box and its code.

    Names of files come from outside: 要闻😀 is drawn as 要闻□1F600.
    """
    known = _characters_of(font)
    return "".join(c if c.isprintable() and ord(c) in known else f"□{ord(c):04X}" for c in text)


def freeze_layout(figure: Figure) -> None:
    """Let matplotlib place the axes, then fix them on a grid of a thousandth of the figure.

    The solver's last digits differ between processors; rounded, they cannot move a line by a pixel.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # `check_glyphs` says it with the words
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for ax in figure.axes:
        box = ax.get_position()
        ax.set_position(tuple(np.round(box.bounds, 3).tolist()))


def _texts(figure: Figure) -> list[Text]:
    """Return the texts that are drawn: visible, not empty, not the label of a tick beyond the limits of its axis."""
    skipped = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            margin = 1e-9 * (high - low)
            for tick in axis.get_major_ticks() + axis.get_minor_ticks():
                if not ax.axison or not low - margin <= tick.get_loc() <= high + margin:
                    skipped |= {id(tick.label1), id(tick.label2)}
    artists: list[Text] = figure.findobj(Text)
    unique = {id(text): text for text in artists if text.get_visible() and text.get_text().strip()}
    return [text for key, text in unique.items() if key not in skipped]


def check_glyphs(figure: Figure) -> None:
    """Raise ``ValueError`` naming the characters for which a text's font has no glyph, and the text they stand in."""
    for text in _texts(figure):
        path = findfont(text.get_fontproperties())
        missing = sorted({c for c in text.get_text() if c != "\n" and ord(c) not in _characters_of(path)})
        if missing:
            names = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing)
            font = text.get_fontproperties().get_name()
            raise ValueError(
                f"figure text {text.get_text()[:40]!r}: no glyph for {names} in {font}; "
                "call banmian.views.figures.style.use_style() before drawing, or replace the character"
            )


def find_overlaps(figure: Figure) -> list[str]:
    """Return one sentence for each text that leaves the figure or its axes or overlaps another; [] when all is well.

    A text leaves its axes only if it is clipped there (``clip_on``), as matplotlib would cut it off. Boxes are upright:
    slanted text is taken for the box around it.
    """
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # every raster canvas has one
    slack = _SLACK * figure.dpi / 72
    page = figure.bbox.padded(slack)
    clipped = {id(text): ax for ax in figure.axes for text in ax.texts if text.get_clip_on()}
    problems, boxes = [], []
    for text in _texts(figure):
        box = text.get_window_extent(renderer)
        shown = text.get_text().replace("\n", "/")
        if not (page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1):
            problems.append(f"{shown!r} leaves the figure")
        elif id(text) in clipped and not _inside(box, clipped[id(text)].bbox.padded(slack)):
            problems.append(f"{shown!r} leaves its axes")
        boxes.append((shown, (box.x0, box.y0, box.x1, box.y1)))
    for (one, (left, low, right, high)), (other, (start, bottom, end, top)) in combinations(boxes, 2):
        if min(right, end) - max(left, start) > slack and min(high, top) - max(low, bottom) > slack:
            problems.append(f"{one!r} overlaps {other!r}")
    return sorted(problems)


def _inside(box: Bbox, outer: Bbox) -> bool:
    return bool(outer.x0 <= box.x0 and box.x1 <= outer.x1 and outer.y0 <= box.y0 and box.y1 <= outer.y1)
