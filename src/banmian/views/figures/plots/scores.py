"""How far to trust: scores with intervals, calibration, risk against coverage, learning curves."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.style import (
    ACCENT,
    INK,
    CategoryStyle,
    check_columns,
    iter_rows,
    legend_above,
    new_axes,
    style_of,
)

_GREY = "#777777"


def plot_intervals(
    data: pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str = "",
    highlight: str = "",
    reference: float | None = None,
    runs: pd.DataFrame | None = None,
) -> Axes:
    """Draw a value with its interval for each name: stability of topics, scores of methods, scores against baselines.

    Columns: name, value, low, high (ends of the interval; equal to value where there is none). Names from top to
    bottom in order of appearance. ``highlight`` names the row that is ours, ``reference`` a line such as chance,
    ``runs`` (name, value) single runs drawn as small open dots. For several scores: ``plot_panels(data, "score",
    plot_intervals)``. Returns the axes.
    """
    rows = check_columns(data, ["name", "value", "low", "high"], "plot_intervals")
    wrong = rows[(rows["low"] > rows["value"]) | (rows["value"] > rows["high"])]
    if len(wrong):
        raise ValueError(f"plot_intervals: {wrong['name'].iloc[0]!r} lies outside its own interval")
    ax = new_axes(ax, 0.7 + 0.26 * len(rows))
    if reference is not None:
        ax.axvline(reference, color=_GREY, linestyle="--", linewidth=0.8)
    names = list(rows["name"])
    if runs is not None:
        dots = check_columns(runs, ["name", "value"], "plot_intervals")
        ax.plot(dots["value"], [names.index(name) for name in dots["name"]], "o", markerfacecolor="none",
                markeredgecolor=_GREY, markersize=0.4 * mpl.rcParams["font.size"], alpha=0.7)  # fmt: skip
    for place, row in enumerate(iter_rows(rows)):
        ours = row.name == highlight
        colour = ACCENT if ours else INK
        ax.plot([row.low, row.high], [place, place], "-", color=colour)
        ax.plot(row.value, place, "D" if ours else "o", color=colour)
        ax.annotate(f"{row.value:.2f}", (row.value, place), xytext=(0, 4), textcoords="offset points", ha="center",
                    va="bottom", fontsize="x-small")  # fmt: skip
    ax.set_yticks(range(len(rows)), [wrap(name, 34, keep_words=True) for name in names])
    ax.set_ylim(len(rows) - 0.5, -0.75)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.margins(x=0.08)
    ax.set_xlabel(xlabel)
    return ax


def plot_reliability(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of right answers against the confidence that was stated; on the diagonal they agree.

    Columns: confidence (mean in the bin), right (share right, 0..1), n (sections in the bin, written beside), as
    `models.evaluate.reliability` gives them. Optional: low and high, the interval of ``right``. Returns the axes.
    """
    rows = check_columns(data, ["confidence", "right", "n"], "plot_reliability")
    ax = new_axes(ax, 3.5, width=0.6)
    ax.plot([0, 1], [0, 1], "--", color=_GREY, linewidth=0.8, label=bilingual("言如其实", "as good as stated"))
    floor, ends, words = rows["right"], None, ("实测", "measured")
    if {"low", "high"} <= set(rows.columns):
        floor, ends = rows["low"], [rows["right"] - rows["low"], rows["high"] - rows["right"]]
        words = ("实测（竖线为区间）", "measured (bar: interval)")
    ax.errorbar(
        rows["confidence"], rows["right"], yerr=ends, fmt="o", color=INK, capsize=2, elinewidth=0.9,
        label=bilingual(*words),
    )  # fmt: skip
    for x, y, n in zip(rows["confidence"], floor, rows["n"], strict=True):
        ax.annotate(
            f"{n:,.0f}", (x, y), xytext=(0, -5), textcoords="offset points", ha="center", va="top",
            fontsize="x-small", color="#555555", bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "lw": 0},
        )  # fmt: skip
    ax.set(xlim=(0, 1.02), ylim=(-0.08, 1.04), aspect="equal")
    ax.set_xlabel(bilingual("自报把握", "stated confidence"))
    ax.set_ylabel(bilingual("判对占比", "share right"))
    ax.set_title(bilingual("把握是否可信", "Is the confidence earned"))
    ax.grid()
    legend_above(ax, 1)
    return ax


def plot_risk_coverage(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of errors among the answered sections as fewer, surer ones are answered.

    Columns: coverage (share answered, 0..1), risk (share of errors among them), as `models.evaluate.risk_coverage`
    gives them. Optional: low and high (a band), method (one line each), chosen (True at the threshold in use, starred).
    Returns the axes.
    """
    rows = check_columns(data, ["coverage", "risk"], "plot_risk_coverage")
    ax = new_axes(ax, 2.7)
    ax.set_title(bilingual("少答则少错", "Fewer answers, fewer errors"))
    if "chosen" in rows:
        used = rows[rows["chosen"].astype(bool)]
        star = 1.5 * mpl.rcParams["font.size"]
        name = bilingual("所用界限", "threshold in use")
        ax.plot(used["coverage"], used["risk"], "*", color="black", markersize=star, zorder=3, label=name)
    _lines_with_bands(ax, rows, "coverage", "risk")
    ax.set(xlim=(0, 1.02), ylim=(0, None))
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(bilingual("作答占比", "share answered"))
    ax.set_ylabel(bilingual("答错占比", "errors among them"))
    ax.grid()
    return ax


def plot_learning_curve(data: pd.DataFrame, ax: Axes | None = None, *, ylabel: str = "") -> Axes:
    """Draw a score against the number of labelled sections, with a band.

    Columns: sections (labelled sections learnt from), score. Optional: low and high (the band), method (one line each).
    Returns the axes.
    """
    rows = check_columns(data, ["sections", "score"], "plot_learning_curve")
    ax = new_axes(ax, 2.7)
    ax.set_title(bilingual("多标一些，能好多少", "What more labels bring"))
    _lines_with_bands(ax, rows, "sections", "score")
    ax.set_xlabel(bilingual("已标段数", "labelled sections"))
    ax.set_ylabel(ylabel or bilingual("得分", "score"))
    ax.set_xlim(0, None)
    ax.grid()
    return ax


def _lines_with_bands(ax: Axes, rows: pd.DataFrame, x: str, y: str) -> None:
    """Draw one line with a band for each method (or one for all), with a legend when there are several."""
    looks: dict[str, CategoryStyle] = {}
    methods = list(dict.fromkeys(rows["method"])) if "method" in rows else [""]
    for position, method in enumerate(methods):
        part = rows[rows["method"] == method] if method else rows
        shape = style_of(looks, str(method), position)
        if {"low", "high"} <= set(rows.columns):
            ax.fill_between(part[x], part["low"], part["high"], color=shape.colour, alpha=0.18, linewidth=0)
        every = max(1, len(part) // 8)
        ax.plot(
            part[x], part[y], "-", color=shape.colour, marker=shape.marker, markevery=every, label=str(method) or None
        )
    if ax.get_legend_handles_labels()[1]:
        legend_above(ax, 3)
