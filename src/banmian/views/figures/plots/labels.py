"""Labels: what is taken for what, and what is left to a person."""

import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.plots.topics import heat
from banmian.views.figures.style import (
    LABEL_LOOKS,
    CategoryStyle,
    check_columns,
    display_name,
    iter_rows,
    legend_above,
    new_axes,
    style_of,
)

OUTCOMES = {
    "right": CategoryStyle("判对", "right", "#56B4E9", "", "o"),
    "abstained": CategoryStyle("不判", "left to a person", "#DDDDDD", "..", "s"),
    "wrong": CategoryStyle("判错", "wrong", "#CC79A7", "//", "X"),
}


def plot_confusion(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw which label was taken for which: counts, and the share of the row's sections as colour and per cent.

    Columns: truth, predicted (label ids, or "abstained"), sections (count), share (of the sections with this truth,
    0..1). Rows and columns in order of appearance. Returns the axes.
    """
    rows = check_columns(data, ["truth", "predicted", "sections", "share"], "plot_confusion")
    truths, guesses = list(dict.fromkeys(rows["truth"])), list(dict.fromkeys(rows["predicted"]))
    ax = new_axes(ax, 1.1 + 0.42 * len(truths))
    looks = LABEL_LOOKS | {"abstained": OUTCOMES["abstained"]}
    x_names = [wrap(display_name(looks, name, "\n"), 12, keep_words=True) for name in guesses]
    heat(
        ax,
        rows,
        "truth",
        "predicted",
        [wrap(display_name(looks, name, "\n"), 24, keep_words=True) for name in truths],
        x_names,
    )
    ax.set_xlabel(bilingual("判为", "predicted"))
    ax.set_ylabel(bilingual("实为", "truth"))
    ax.set_title(bilingual("混淆矩阵（行内占比）", "Confusion matrix (share of row)"))
    return ax


def plot_abstention(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw, for each label, the share answered right, left to a person, and answered wrong.

    Columns: label (id), outcome (right, abstained, wrong), sections (count, written in), share (of the label's
    sections, 0..1). Labels from top to bottom in order of appearance. Returns the axes.
    """
    rows = check_columns(data, ["label", "outcome", "sections", "share"], "plot_abstention")
    labels = list(dict.fromkeys(rows["label"]))
    ax = new_axes(ax, 0.9 + 0.4 * len(labels))
    left = dict.fromkeys(labels, 0.0)
    for position, outcome in enumerate(name for name in OUTCOMES if name in set(rows["outcome"])):
        shape = style_of(OUTCOMES, outcome, position)
        part = rows[rows["outcome"] == outcome]
        starts = [left[label] for label in part["label"]]
        ax.barh(
            [labels.index(label) for label in part["label"]], part["share"], left=starts, height=0.7,
            color=shape.colour, hatch=shape.hatch, edgecolor="white", linewidth=0.4,
            label=display_name(OUTCOMES, outcome),
        )  # fmt: skip
        for row, start in zip(iter_rows(part), starts, strict=True):
            left[row.label] = start + row.share
            if row.share >= 0.05:
                ax.text(start + row.share / 2, labels.index(row.label), f"{row.sections:,.0f}", ha="center",
                        va="center", fontsize="small", clip_on=True,
                        bbox={"boxstyle": "round,pad=0.1", "facecolor": shape.colour, "edgecolor": "none"})  # fmt: skip
    ax.set_yticks(range(len(labels)), [display_name(LABEL_LOOKS, label, "\n") for label in labels])
    ax.set(xlim=(0, 1), xlabel=bilingual("占比（数字为段数）", "share (numbers: sections)"))
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set_title(bilingual("判对、不判与判错", "Right, left to a person, wrong"))
    legend_above(ax, 3)
    return ax
