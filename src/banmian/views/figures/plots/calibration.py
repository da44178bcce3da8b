"""Whether confidence can be believed: calibration, risk against coverage, the learning curve."""

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual
from banmian.views.figures.caption import Caption, percent, plural
from banmian.views.figures.style import (
    INK,
    CategoryStyle,
    check_columns,
    iter_rows,
    legend_above,
    new_axes,
    set_finding,
    style_of,
)

_GREY = "#777777"


def plot_reliability(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of right answers against the stated confidence; on the diagonal they agree.

    Columns: confidence (mean in the bin), right (share right, 0..1), n (sections in the bin, the size of its dot), as
    `models.evaluation.metrics.reliability` gives them. Optional: low and high, the interval of ``right``; method (such
    as calibrated and uncalibrated, a colour each; the title is of the first). Returns the axes.
    """
    rows = check_columns(data, ["confidence", "right", "n"], "plot_reliability")
    ax = new_axes(ax, 4.0, width=0.72)
    ax.plot([0, 1], [0, 1], "--", color=_GREY, linewidth=0.8, label=bilingual("完全校准", "perfect calibration"))
    looks: dict[str, CategoryStyle] = {}
    methods = list(dict.fromkeys(rows["method"])) if "method" in rows else [bilingual("实测", "measured")]
    points = mpl.rcParams["font.size"]
    for position, method in enumerate(methods):
        part = rows[rows["method"] == method] if "method" in rows else rows
        shape = style_of(looks, str(method), position)
        if {"low", "high"} <= set(part.columns):
            ends = [part["right"] - part["low"], part["high"] - part["right"]]
            ax.errorbar(part["confidence"], part["right"], yerr=ends, fmt="none", ecolor=shape.colour, elinewidth=0.9,
                        alpha=0.6)  # fmt: skip
        sizes = points * (0.8 + 6 * part["n"] / rows["n"].max())
        look: dict[str, Any] = {"color": shape.colour, "marker": shape.marker, "edgecolor": "white", "linewidth": 0.4}
        ax.scatter(part["confidence"], part["right"], s=sizes, label=str(method), zorder=3, alpha=0.85, **look)
    ax.set(xlim=(0, 1.02), ylim=(-0.03, 1.04), aspect="equal")
    ax.set_xlabel(bilingual("模型置信度", "confidence"))
    ax.set_ylabel(bilingual("正确率", "accuracy"))
    gap = _gap(rows[rows["method"] == methods[0]] if "method" in rows else rows)
    set_finding(
        ax,
        f"置信度与正确率平均相差{gap:.2f}",
        f"Confidence and accuracy differ by {gap:.2f} on average",
        cells=60,
    )
    ax.grid()
    legend_above(ax, 1)
    return ax


def caption_reliability(data: pd.DataFrame) -> Caption:
    """Say how far confidence and accuracy are apart on average, for each method that was drawn."""
    methods = list(dict.fromkeys(data["method"])) if "method" in data else [""]
    parts = {name: data[data["method"] == name] if name else data for name in methods}
    zh, en = [], []
    for name, part in parts.items():
        mean, right, gap = percent(_mean(part)), percent(_right(part)), _gap(part)
        zh.append(f"{name}：平均置信度{mean}，正确率{right}，预期校准误差（ECE）{gap:.2f}".lstrip("："))
        en.append(
            f"{name}: mean confidence {mean}, accuracy {right}, expected calibration error {gap:.2f}".lstrip(": ")
        )
    n = int(next(iter(parts.values()))["n"].sum())
    return Caption(
        f"各置信度区间的正确率（n = {n:,}；点的大小为段数，线为95%区间；落在对角线上即完全校准）。{'；'.join(zh)}。",
        f"Accuracy by confidence (n = {n:,}; size of a dot: sections, line: 95 % interval; on the diagonal is perfect "
        f"calibration). {'; '.join(en)}.",
        "Dots near a diagonal line, larger where they stand for more sections.",
    )


def plot_risk_coverage(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of errors among the answered sections as fewer, surer ones are answered.

    Columns: coverage (share answered, 0..1), risk (share of errors among them), as
    `models.evaluation.metrics.risk_coverage` gives them. Optional: low and high (a band), method (one line each),
    chosen (True at the threshold in use, starred). Returns the axes.
    """
    rows = check_columns(data, ["coverage", "risk"], "plot_risk_coverage")
    ax = new_axes(ax, 3.0)
    all_wrong = float(rows.sort_values("coverage")["risk"].iloc[-1])
    ax.axhline(all_wrong, color=_GREY, linestyle="--", linewidth=0.8, label=bilingual("全部作答", "all answered"))
    if "chosen" in rows:
        used = rows[rows["chosen"].astype(bool)]
        star = 1.5 * mpl.rcParams["font.size"]
        name = bilingual("实际作答的段落", "answered in use")
        ax.plot(used["coverage"], used["risk"], "*", color="black", markersize=star, zorder=3, label=name)
        rows = rows[~rows["chosen"].astype(bool)]
    _lines_with_bands(ax, rows, "coverage", "risk", marked=False)
    ax.set(xlim=(0, 1.02), ylim=(0, None))
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(bilingual("作答比例", "share answered"))
    ax.set_ylabel(bilingual("错误率", "error rate"))
    at = _risk_at(rows, 0.8)
    set_finding(
        ax,
        f"只答最有把握的八成，错误率从{percent(all_wrong)}降到{percent(at)}",
        f"Answering the surest 80 % takes the error rate from {percent(all_wrong)} to {percent(at)}",
    )
    legend_above(ax, 3)
    ax.grid()
    return ax


def caption_risk_coverage(data: pd.DataFrame, n: int) -> Caption:
    """Say the error rate of all and of what is answered in use; ``n`` sections."""
    plain = data[~data["chosen"].astype(bool)] if "chosen" in data else data
    used = data[data["chosen"].astype(bool)] if "chosen" in data else data.head(0)
    zh = f"从最有把握的段落开始逐段作答时的错误率（n = {n:,}）"
    en = f"Error rate as sections are answered, the surest first (n = {n:,})"
    for row in iter_rows(used):
        zh += f"；按实际所用的界限作答{percent(row.coverage)}，错误率{percent(row.risk)}（★）"
        en += f"; with the thresholds in use it answers {percent(row.coverage)}, error rate {percent(row.risk)} (★)"
    last = float(plain.sort_values("coverage")["risk"].iloc[-1])
    return Caption(f"{zh}；全部作答为{percent(last)}。", f"{en}; all answered: {percent(last)}.",
                   "A line that rises from the surest sections on the left to all sections on the right.")  # fmt: skip


def plot_learning_curve(data: pd.DataFrame, ax: Axes | None = None, *, ylabel: str = "", floor: float = 0.4) -> Axes:
    """Draw a score against the number of training texts on a logarithmic axis, with a band.

    Columns: sections (texts trained on), score. Optional: low and high (the band), method (one line each). ``floor``:
    where the axis of scores begins, unless a score lies below. Returns the axes.
    """
    rows = check_columns(data, ["sections", "score"], "plot_learning_curve")
    ax = new_axes(ax, 3.0)
    _lines_with_bands(ax, rows, "sections", "score", marked=True)
    ax.set_xscale("log")
    ticks = sorted(set(rows["sections"]))
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.set_xticks([], minor=True)
    lowest = rows["low"].min() if "low" in rows else rows["score"].min()
    ax.set_ylim(min(floor, lowest - 0.02), 1)
    ax.set_xlabel(bilingual("训练例文数（对数刻度）", "training examples (logarithmic)"))
    ax.set_ylabel(ylabel or bilingual("得分", "score"))
    first, last = rows.iloc[0], rows.iloc[-1]
    set_finding(
        ax,
        f"例文从{first['sections']:,.0f}增到{last['sections']:,.0f}，得分从{first['score']:.2f}到{last['score']:.2f}",
        f"From {first['sections']:,.0f} to {last['sections']:,.0f} examples the score goes from {first['score']:.2f} "
        "to "
        f"{last['score']:.2f}",
    )
    if ax.get_legend_handles_labels()[1]:
        legend_above(ax, 3)
    ax.grid()
    return ax


def caption_learning_curve(data: pd.DataFrame, n_draws: int, n: int) -> Caption:
    """Say what the band is: ``n_draws`` draws of the examples, each tested on ``n`` sections."""
    return Caption(
        f"增加训练例文的效果：只用例文训练、在{n:,}段真实版面上检验的宏平均 F1；每个点为{n_draws}次抽取的均值，"
        "带为最小至最大，"
        "最右一点只有一种取法，所以没有带。",
        f"Learning curve: macro-F1 on {plural(n, 'printed section')} of a classifier trained on written examples "
        "alone; mean of "
        f"{plural(n_draws, 'draw')}, band: least to greatest; the last point uses all examples, so there is one fit "
        "and no band.",
        "A line over the number of training examples, with a band.",
    )


def _lines_with_bands(ax: Axes, rows: pd.DataFrame, x: str, y: str, *, marked: bool) -> None:
    """Draw one line with a band for each method (or one for all); ``marked``: every row is a measured point."""
    looks: dict[str, CategoryStyle] = {}
    methods = list(dict.fromkeys(rows["method"])) if "method" in rows else [""]
    for position, method in enumerate(methods):
        part = rows[rows["method"] == method] if method else rows
        shape = style_of(looks, str(method), position)
        colour = shape.colour if method else INK
        if {"low", "high"} <= set(rows.columns):
            ax.fill_between(part[x], part["low"], part["high"], color=colour, alpha=0.18, linewidth=0)
        ax.plot(part[x], part[y], "-", color=colour, marker=shape.marker if marked else None, label=str(method) or None)


def _gap(part: pd.DataFrame) -> float:
    """Return the expected calibration error of the bins."""
    return float(np.average((part["right"] - part["confidence"]).abs(), weights=part["n"]))


def _mean(part: pd.DataFrame) -> float:
    return float(np.average(part["confidence"], weights=part["n"]))


def _right(part: pd.DataFrame) -> float:
    return float(np.average(part["right"], weights=part["n"]))


def _risk_at(rows: pd.DataFrame, coverage: float) -> float:
    part = rows[rows["coverage"] <= coverage + 1e-9].sort_values("coverage")
    return float(part["risk"].iloc[-1]) if len(part) else float(rows["risk"].iloc[0])
