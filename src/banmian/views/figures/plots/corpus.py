"""What is in the pages: composition, repair, scripts, duplicates. Tidy data are drawn, nothing is computed."""

import re
from collections.abc import Iterable
from itertools import cycle
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.style import (
    KINDS,
    SCRIPTS,
    CategoryStyle,
    check_columns,
    display_name,
    iter_rows,
    legend_above,
    new_axes,
    nothing_to_draw,
    style_of,
)

DECISIONS = {
    "join": CategoryStyle("接回断行", "joined", "#56B4E9", "", "o"),
    "space": CategoryStyle("删去空格", "space removed", "#CC79A7", "//", "s"),
    "word": CategoryStyle("保留词距", "kept between words", "#F0E442", "..", "^"),
    "paragraph": CategoryStyle("段落", "paragraph", "#333333", "", "D"),
}
# A number is written into its bar when the bar is at least this share of the longest one.
_ROOM = 0.07
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f])[ \u3000]+(?=[^\x00-\x7f])")
# More names than this below one line need four steps in place of two.
_STEP_TWICE = 6
# White edges between so many sections would cover them.
_EDGED = 500
# Columns of half-width type that fit beside the bands of the page strip.
_STRIP_CELLS = 60


def plot_composition(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw characters by document and kind as stacked bars.

    Columns: doc_id, kind, characters. Documents from top to bottom in order of appearance; kinds in the order of
    `style.KINDS`. Returns the axes.
    """
    rows = check_columns(data, ["doc_id", "kind", "characters"], "plot_composition")
    ax = new_axes(ax, 0.9 + 0.34 * rows["doc_id"].nunique())
    _stacked(ax, rows, "kind", "characters", KINDS)
    ax.set_xlabel(bilingual("字数", "characters"))
    ax.set_title(bilingual("各版面的字数与类别", "Characters by document and kind"))
    legend_above(ax, 5)
    return ax


def plot_repair(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what became of the runs of white space in each document, as stacked bars; without rows it says so.

    Columns: doc_id, decision (join, space, word, paragraph), runs (count). Returns the axes.
    """
    title = bilingual("修复前的空白与修复后的去处", "What repair made of white space")
    if data.empty:
        return nothing_to_draw(ax, title)
    rows = check_columns(data, ["doc_id", "decision", "runs"], "plot_repair")
    ax = new_axes(ax, 0.9 + 0.34 * rows["doc_id"].nunique())
    _stacked(ax, rows, "decision", "runs", DECISIONS)
    ax.set_xlabel(bilingual("空白处数", "runs of white space"))
    ax.set_title(title)
    legend_above(ax, 4)
    return ax


def _stacked(ax: Axes, rows: pd.DataFrame, part: str, value: str, looks: dict[str, CategoryStyle]) -> None:
    """Draw one bar a document, its parts in the order of ``looks``, the number in each part that has room."""
    table = rows.pivot_table(index="doc_id", columns=part, values=value, aggfunc="sum", sort=False).fillna(0)
    parts = _in_order(table.columns, looks)
    longest = float(table.sum(axis=1).max())
    left = pd.Series(0.0, index=table.index)
    for position, name in enumerate(parts):
        shape = style_of(looks, name, position)
        widths = table[name]
        ax.barh(
            range(len(table)), widths, left=left, height=0.7, label=display_name(looks, name),
            color=shape.colour, hatch=shape.hatch, edgecolor="white", linewidth=0.4,
        )  # fmt: skip
        for row, (start, width) in enumerate(zip(left, widths, strict=True)):
            if width >= _ROOM * longest:
                ax.text(
                    start + width / 2, row, f"{width:,.0f}", ha="center", va="center", fontsize="x-small",
                    color="white" if shape.colour == "#333333" else "black",
                    bbox={"boxstyle": "round,pad=0.1", "facecolor": shape.colour, "edgecolor": "none"},
                )  # fmt: skip
        left = left + widths
    ax.set_yticks(range(len(table)), [wrap(name, 26, keep_words=True) for name in table.index])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    ax.grid(axis="x")


def _in_order(names: Iterable[str], looks: dict[str, CategoryStyle]) -> list[str]:
    """Return known categories in the order of their table, then unknown ones by name."""
    present = set(names)
    return [name for name in looks if name in present] + sorted(present - set(looks))


def plot_scripts(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw script and kind by document as a matrix of marks whose area is the number of characters.

    Columns: doc_id, kind, script, characters. Several scripts in one cell stand side by side. Returns the axes.
    """
    rows = check_columns(data, ["doc_id", "kind", "script", "characters"], "plot_scripts")
    documents = list(dict.fromkeys(rows["doc_id"]))
    kinds, scripts = _in_order(rows["kind"], KINDS), _in_order(rows["script"], SCRIPTS)
    ax = new_axes(ax, 1.1 + 0.42 * len(documents))
    largest = rows["characters"].max()
    biggest = 22 * mpl.rcParams["font.size"]  # square points: the largest mark stays inside its cell
    for _, cell in rows.groupby(["doc_id", "kind"], sort=False):
        for place, row in enumerate(sorted(iter_rows(cell), key=lambda row: scripts.index(row.script))):
            shape = style_of(SCRIPTS, row.script, scripts.index(row.script))
            ax.scatter(
                kinds.index(row.kind) + 0.27 * (place - (len(cell) - 1) / 2), documents.index(row.doc_id),
                s=biggest * row.characters / largest + biggest / 40,
                color=shape.colour, marker=shape.marker, edgecolor="black", linewidth=0.4,
            )  # fmt: skip
    for position, script in enumerate(scripts):
        shape = style_of(SCRIPTS, script, position)
        key: dict[str, Any] = {"color": shape.colour, "marker": shape.marker, "edgecolor": "black", "linewidth": 0.4}
        ax.scatter([], [], s=biggest / 4, label=display_name(SCRIPTS, script), **key)
    ax.set_xticks(range(len(kinds)), [display_name(KINDS, kind, "\n") for kind in kinds])
    ax.set_yticks(range(len(documents)), [wrap(name, 26, keep_words=True) for name in documents])
    ax.set(xlim=(-0.5, len(kinds) - 0.5), ylim=(len(documents) - 0.5, -0.5))
    ax.set_xticks([i + 0.5 for i in range(len(kinds) - 1)], minor=True)
    ax.grid(axis="x", which="minor")
    ax.tick_params(which="both", length=0)
    ax.set_title(bilingual("各版面的文字（面积为字数）", "Scripts by document (area: characters)"))
    legend_above(ax, 4)
    return ax


def plot_duplicates(sections: pd.DataFrame, pairs: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw sections along a line, document by document, and an arc from each section to the one it repeats.

    sections: doc_id, section_id, script, characters, in reading order. pairs: section_id, duplicate_of, similarity
    (0..1, drawn as the arc's width; may be empty). Arcs across scripts are solid, within one script dashed.
    Returns the axes.
    """
    rows = check_columns(sections, ["doc_id", "section_id", "script", "characters"], "plot_duplicates")
    documents = list(dict.fromkeys(rows["doc_id"]))
    ax = new_axes(ax, 2.6 if len(documents) <= _STEP_TWICE else 3.2)
    gap = 0.03 * rows["characters"].sum()
    turns = rows["doc_id"].map(documents.index)
    start = rows["characters"].cumsum() - rows["characters"] + gap * turns
    middle = dict(zip(rows["section_id"], start + rows["characters"] / 2, strict=True))
    script_of = dict(zip(rows["section_id"], rows["script"], strict=True))
    for position, script in enumerate(_in_order(rows["script"], SCRIPTS)):
        shape = style_of(SCRIPTS, script, position)
        own = rows["script"] == script
        ax.broken_barh(
            list(zip(start[own], rows["characters"][own], strict=True)), (-0.09, 0.08), facecolor=shape.colour,
            hatch=shape.hatch, edgecolor="white", linewidth=0.3 if len(rows) < _EDGED else 0,
            label=display_name(SCRIPTS, script),
        )  # fmt: skip
    end, highest = float((start + rows["characters"]).max()), 0.5
    for row in iter_rows(pairs):
        if row.section_id not in middle or row.duplicate_of not in middle:
            raise ValueError(f"plot_duplicates: {row.section_id} or {row.duplicate_of} is not among the sections")
        one, other = middle[row.duplicate_of], middle[row.section_id]
        across = script_of[row.duplicate_of] != script_of[row.section_id]
        height = 0.25 + 1.5 * abs(other - one) / end
        highest = max(highest, height)
        arc = Outline([(one, 0), (one, height), (other, height), (other, 0)], [1, 4, 4, 4])
        ax.add_patch(PathPatch(
            arc, facecolor="none", edgecolor="#333333" if across else "#777777", linestyle="-" if across else "--",
            linewidth=round(0.3 + 1.4 * float(row.similarity), 3), alpha=0.8,
        ))  # fmt: skip
    for across in (True, False):
        words = ("跨简繁重复", "repeated across scripts") if across else ("同一文字重复", "within one script")
        style: dict[str, Any] = {"color": "#333333", "linestyle": "-" if across else "--", "linewidth": 1}
        ax.add_line(Line2D([], [], **style, label=bilingual(*words)))
    centres = [
        ((start[turns == i]).min() + (start + rows["characters"])[turns == i].max()) / 2 for i in range(len(documents))
    ]
    names = [wrap(name.replace("_", " "), 18, keep_words=True).replace(" ", "_") for name in documents]
    _stepped_names(ax, centres, names)
    ax.set(xlim=(-gap / 2, end + gap / 2), ylim=(-0.12, 0.75 * highest + 0.05), yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    ax.set_title(bilingual("同一段落出现两次之处", "Where a section says the same twice"))
    legend_above(ax, 3)
    return ax


def _stepped_names(ax: Axes, centres: list[float], names: list[str]) -> None:
    """Write names below their places. Documents may be short and their names long: every second goes a step deeper."""
    lines = 1 + max(name.count("\n") for name in names)
    if len(names) > _STEP_TWICE:
        ax.set_xticks(centres, [])
        for i, (x, name) in enumerate(zip(centres, names, strict=True)):
            below = (0, -mpl.rcParams["font.size"] * (0.4 + 1.15 * lines * (i % 4)))
            ax.annotate(
                name, (x, 0), xycoords=("data", "axes fraction"), xytext=below, textcoords="offset points",
                ha="center", va="top", fontsize="x-small", annotation_clip=False, clip_on=False,
            )  # fmt: skip
        return
    ax.set_xticks(centres[::2], names[::2])
    ax.set_xticks(centres[1::2], names[1::2], minor=True, fontsize="small")
    ax.tick_params(which="minor", length=0, pad=1.4 * mpl.rcParams["font.size"] * lines)


def plot_page_strip(lines: pd.DataFrame, paragraphs: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a page as it was received on the left and as it was repaired on the right, with bands from one to the other.

    lines: text (one raw line a row, in the order of the file), paragraph (number of the paragraph it went to, missing
    for lines that went to none, such as blank ones). paragraphs: paragraph, text, in reading order. As
    `reading.account.line_paragraphs` gives them; choose an excerpt of about 1,200 characters, which fills half a page.
    Both sides are wrapped to the column; ⏎ is where a raw line ends, ␣ a space between two Han characters.
    """
    raw = check_columns(lines, ["text", "paragraph"], "plot_page_strip")
    good = check_columns(paragraphs, ["paragraph", "text"], "plot_page_strip")
    goes_to = pd.to_numeric(raw["paragraph"]).astype(float).fillna(-1.0)
    left = [wrap(_BETWEEN_HAN.sub("␣", str(text)) + "⏎", _STRIP_CELLS).split("\n") for text in raw["text"]]
    right = [wrap(text, _STRIP_CELLS).split("\n") for text in good["text"]]
    tops = np.cumsum([0, *map(len, left)])
    height = max(tops[-1], sum(map(len, right)) + len(right) - 1)
    ax = new_axes(ax, 0.3 + 0.135 * height)
    small: dict[str, Any] = {"fontsize": 0.78 * mpl.rcParams["font.size"], "va": "center"}
    for top, text, number in zip(tops, left, goes_to, strict=False):
        for offset, words in enumerate(text):
            ax.text(0.0, top + offset + 0.5, words, color="#777777" if number < 0 else "black", **small)
    runs = (goes_to != goes_to.shift()).cumsum()
    top = 0.0
    for shade, number, text in zip(cycle(("#56B4E9", "#E69F00")), good["paragraph"], right, strict=False):
        for offset, words in enumerate(text):
            ax.text(0.55, top + offset + 0.5, words, **small)
        own = [(tops[run.index[0]], tops[run.index[-1] + 1]) for _, run in raw[goes_to == number].groupby(runs)]
        start = top
        for first, last in own:  # a paragraph may come from several places of the page
            end = start + len(text) * (last - first) / sum(b - a for a, b in own)
            ax.add_patch(_band(first, last, start, end, shade))
            start = end
        top += len(text) + 1
    ax.set(xlim=(0, 1.0), ylim=(height, -1.4))
    ax.text(0.0, -0.8, bilingual("原样", "as received"), va="center", color="#555555")
    ax.text(0.55, -0.8, bilingual("修复后", "as repaired"), va="center", color="#555555")
    ax.set_axis_off()
    return ax


def _band(left_top: float, left_bottom: float, right_top: float, right_bottom: float, colour: str) -> PathPatch:
    """Return a band from a run of raw lines to where their words stand after repair."""
    x, middle, end = 0.46, 0.5, 0.54
    corners = [(x, left_top), (middle, left_top), (middle, right_top), (end, right_top)]
    corners += [(end, right_bottom), (middle, right_bottom), (middle, left_bottom), (x, left_bottom)]
    return PathPatch(Outline(corners, [1, 4, 4, 4, 2, 4, 4, 4]), facecolor=colour, edgecolor="none", alpha=0.4)
