"""One look for every figure: fonts, sizes, colours, words in two languages. Drawing starts here, numbers do not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pylopdf_fonts_zh_cn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

from banmian.labels.scheme import LABELS
from banmian.views.bilingual import bilingual, languages, wrap

# A name of our own: a Noto Sans SC installed on the machine may be the variable font, which draws hairlines.
FONT = "banmian sans"


# For what is neither label, kind nor script: scores, words, lines; apart in lightness too.
INK, ACCENT = "#2F4B6E", "#B8336A"


class CategoryStyle(NamedTuple):
    """How one category is named and drawn; the hatch and the marker are for readers who cannot use the colour."""

    chinese: str
    english: str
    colour: str
    hatch: str
    marker: str


# None of these is a label's colour, and no two tables share one, so that a colour means one thing only.
KINDS = {
    "body": CategoryStyle("正文", "body", "#C9CED6", "", "o"),
    "headline": CategoryStyle("标题", "headline", "#333333", "", "s"),
    "byline": CategoryStyle("署名", "byline", "#56B4E9", "//", "^"),
    "caption": CategoryStyle("图注", "caption", "#CC79A7", "..", "D"),
    "notice": CategoryStyle("启事", "notice", "#A08A00", "xx", "X"),
}
SCRIPTS = {
    "hans": CategoryStyle("简体", "Simplified", "#6A4C93", "", "o"),
    "hant": CategoryStyle("繁体", "Traditional", "#C3AEDD", "//", "s"),
    "en": CategoryStyle("英文", "English", "#6B4E2E", "", "^"),
    "mixed": CategoryStyle("混合", "mixed", "#E7DCCB", "xx", "X"),
}
_HATCHES = dict(zip(LABELS, ("", "//", "..", "xx", "\\\\"), strict=False))
LABEL_LOOKS = {
    label.id: CategoryStyle(label.chinese, label.english, label.colour, _HATCHES.get(label.id, ""), label.marker)
    for label in LABELS.values()
}
# Categories nobody has named yet (another label set, another method) take these in the order in which they come.
_SPARE = [
    CategoryStyle("", "", colour, hatch, marker)
    for colour, hatch, marker in (
        (INK, "", "o"),
        (ACCENT, "//", "D"),
        ("#56B4E9", "..", "s"),
        ("#6B4E2E", "xx", "^"),
        ("#CC79A7", "\\\\", "v"),
        ("#333333", "--", "P"),
    )
]
# Width in inches and size of type in points: the text block of an A4 page with 2.5 cm margins; a 16:9 slide.
_SIZES = {"page": (6.3, 8.0), "slide": (12.0, 15.0)}
_SLIDE_HEIGHT = 6.4
# How files are written, whatever the settings were when the figure was drawn.
SAVING: dict[Any, Any] = {
    "savefig.bbox": None,  # notebooks set "tight", which would make each figure a size of its own
    "svg.fonttype": "path",
    "svg.hashsalt": "banmian",
    # Type 3, not 42: matplotlib 3.11 packs this font's cubic outlines as TrueType, and MuPDF then shows no
    # text at all. Type 3 is drawn by every reader and its text can still be searched and copied.
    "pdf.fonttype": 3,
    "pdf.compression": 0,  # zlib and zlib-ng pack the same page into different bytes
}


def use_style(size: str = "page") -> None:
    """Set matplotlib up for this project's figures: the packaged font, type for a ``page`` (A4) or a ``slide`` (16:9).

    One typeface, Noto Sans SC, draws every script: all characters of the seeds, 20,976 Han characters, and every
    Traditional form that OpenCC gives for them but two (𣈶, 𣯶). It has one weight, so nothing is bold.
    """
    if size not in _SIZES:
        raise ValueError(f"size {size!r} is unknown; known: {', '.join(_SIZES)}")
    if FONT not in {entry.name for entry in fontManager.ttflist}:
        path = str(pylopdf_fonts_zh_cn.sans_path())
        fontManager.addfont(path)  # clears the cache of fonts found before
        fontManager.ttflist.append(FontEntry(fname=path, name=FONT, weight=400, size="scalable"))
    width, points = _SIZES[size]
    line = points / 10
    mpl.rcParams.update(
        {
            "font.family": [FONT],
            "font.size": points,
            "axes.titlesize": "large",
            "axes.titlelocation": "left",
            "axes.labelsize": "medium",
            "xtick.labelsize": "small",
            "ytick.labelsize": "small",
            "legend.fontsize": "small",
            "legend.frameon": False,
            "text.parse_math": False,  # a document may hold dollar signs
            "text.hinting": "no_hinting",  # widths then grow evenly with size: PNG, SVG and PDF break lines alike
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.linewidth": 0.8 * line,
            "grid.linewidth": 0.5 * line,
            "grid.color": "#DDDDDD",
            "hatch.linewidth": 0.5 * line,
            "lines.linewidth": 1.6 * line,
            "lines.markersize": 6 * line,
            "axes.axisbelow": True,
            "figure.dpi": 100,
            "figure.figsize": (width, width * 0.62),
            "figure.constrained_layout.use": True,
        }
    )


def set_finding(ax: Axes, zh: str, en: str, cells: int = 84) -> None:
    """Title the axes with what the figure shows, one language a line, broken into lines of ``cells`` columns."""
    ax.set_title(wrap(bilingual(zh, en, "\n"), cells))


def style_of(looks: dict[str, CategoryStyle], name: str, position: int = 0) -> CategoryStyle:
    """Return how a category is drawn; one that is not in ``looks`` keeps its own name and takes a spare look."""
    return looks.get(name) or _SPARE[position % len(_SPARE)]._replace(chinese=name, english=name)


def display_name(looks: dict[str, CategoryStyle], name: str, join: str = " ") -> str:
    """Return the bilingual name of a category; an unknown one is called what it is called."""
    return bilingual(looks[name].chinese, looks[name].english, join) if name in looks else str(name)


def check_columns(data: pd.DataFrame, columns: Sequence[str], figure: str) -> pd.DataFrame:
    """Return the data ready to draw: needed columns present, floats rounded to 6 decimals so that no processor differs.

    Raises ``ValueError`` naming the figure and the columns that are missing, or when there are no rows.
    """
    if missing := [name for name in columns if name not in data.columns]:
        raise ValueError(f"{figure}: columns {missing} are missing; given: {', '.join(map(str, data.columns))}")
    if data.empty:
        raise ValueError(f"{figure}: no rows to draw")
    ready = data.reset_index(drop=True)
    floats = ready.select_dtypes("float").columns
    ready[floats] = np.round(ready[floats], 6)
    return ready


def nothing_to_draw(ax: Axes | None, title: str) -> Axes:
    """Return axes that say so, for what pages may well have none of, so that the other figures are still made."""
    ax = new_axes(ax, 0.8)
    ax.set_axis_off()
    ax.set_title(title)
    ax.text(0, 0.5, bilingual("这些版面里没有。", "None in these pages."), transform=ax.transAxes, va="center")
    return ax


def iter_rows(data: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows with their columns as attributes."""
    yield from data.itertuples(index=False)


def new_axes(ax: Axes | None, height: float, width: float = 1.0) -> Axes:
    """Return ``ax``, or the axes of a new figure: ``height`` in inches on a page, ``width`` as a share."""
    if ax is not None:
        return ax
    figure, axes = panels(1, 1, height)
    figure.set_size_inches(width * figure.get_figwidth(), figure.get_figheight())
    return axes[0]


def panels(n: int, columns: int, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure of ``n`` axes in rows of ``columns``, each row ``height`` inches high on a page; no empty row."""
    if n < 1 or columns < 1:
        raise ValueError(f"{n} panels in {columns} columns cannot be drawn; at least one of each")
    if mpl.rcParams["font.family"] != [FONT]:
        use_style()
    columns = min(columns, n)
    rows = ceil(n / columns)
    width = mpl.rcParams["figure.figsize"][0]
    inches = rows * height * mpl.rcParams["font.size"] / _SIZES["page"][1]
    if width == _SIZES["slide"][0]:
        inches = min(inches, _SLIDE_HEIGHT)
    figure, axes = plt.subplots(rows, columns, figsize=(width, inches), squeeze=False)
    for ax in axes.flat[n:]:
        ax.remove()
    return figure, list(axes.flat[:n])


def plot_panels(
    data: pd.DataFrame, by: str, draw: Callable[..., Axes], columns: int = 2, height: float = 2.0,
    finding: tuple[str, str] | None = None, titles: Mapping[str, str] | None = None, **options: object
) -> Figure:  # fmt: skip
    """Draw one panel for each value of the column ``by``, in order of appearance, with ``draw(rows, ax, **options)``.

    Parameters
    ----------
    draw : any ``plot_*`` of one data frame.
    height : inches a row on a page.
    finding : what the figure shows as a whole, in Chinese and English.
    titles : of the panels by their value of ``by``; else the value itself, or the label's name.

    Returns the figure.
    """
    rows = check_columns(data, [by], "plot_panels")
    groups = list(rows.groupby(by, sort=False))
    figure, axes = panels(len(groups), columns, height)
    for (name, group), ax in zip(groups, axes, strict=True):
        draw(group, ax=ax, **options)
        plain = wrap(display_name(LABEL_LOOKS, str(name)), 66 // min(columns, len(groups)), keep_words=True)
        ax.set_title(plain if titles is None else titles[str(name)], loc="left", fontsize="medium")
    if finding is not None:
        figure.suptitle(wrap(bilingual(*finding, "\n"), 84), x=0.005, ha="left", fontsize="large")
    return figure


def legend_above(ax: Axes, columns: int) -> None:
    """Put the legend between the title and the axes, where it can cover neither data nor names.

    ``columns`` is for one language; names in two languages take the width of nearly two.
    """
    columns = columns if len(languages()) == 1 else min(columns, 3)
    entries = len(ax.get_legend_handles_labels()[1])
    legend = ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, handlelength=1.6, columnspacing=1.2
    )
    legend.set_in_layout(True)
    rows = ceil(entries / columns)
    ax.set_title(ax.get_title(loc="left"), pad=mpl.rcParams["font.size"] * (1.5 * rows + 0.6))
