"""Labels: what is taken for what, and what is left to a person."""

import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.caption import Caption, label_names, percent, plural
from banmian.views.figures.plots.heat import draw_heat
from banmian.views.figures.style import (
    ACCENT,
    LABEL_LOOKS,
    CategoryStyle,
    check_columns,
    display_name,
    iter_rows,
    legend_above,
    new_axes,
    set_finding,
    style_of,
)

OUTCOMES = {
    "right": CategoryStyle("正确", "right", "#7F95B2", "", "o"),
    "abstained": CategoryStyle("弃答（留给人工）", "abstained (left to a person)", "#DDDDDD", "..", "s"),
    "wrong": CategoryStyle("错误", "wrong", ACCENT, "//", "X"),
}


def plot_confusion(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw which label was taken for which: counts, and the share of the row's sections as colour and per cent.

    Columns: truth, predicted (label ids, or "abstained"), sections (count), share (of the sections with this truth,
    0..1). Rows and columns in order of appearance. Recall stands beside each row's name, precision below each column's.
    Returns the axes.
    """
    rows = check_columns(data, ["truth", "predicted", "sections", "share"], "plot_confusion")
    truths, guesses = list(dict.fromkeys(rows["truth"])), list(dict.fromkeys(rows["predicted"]))
    ax = new_axes(ax, 1.5 + 0.42 * len(truths))
    hits = rows[rows["truth"] == rows["predicted"]].set_index("truth")["sections"]
    of_truth, of_guess = rows.groupby("truth")["sections"].sum(), rows.groupby("predicted")["sections"].sum()
    looks = LABEL_LOOKS | {"abstained": OUTCOMES["abstained"]}
    y_names = [
        f"{wrap(display_name(looks, name, chr(10)), 24, keep_words=True)}\n"
        f"{bilingual('召回', 'recall', '/')} {percent(hits.get(name, 0) / max(of_truth[name], 1))}"
        for name in truths
    ]
    x_names = [
        wrap(display_name(looks, name, "\n"), 12, keep_words=True)
        + (
            f"\n{bilingual('精确', 'prec.', '/')} {percent(hits.get(name, 0) / max(of_guess[name], 1))}"
            if name in truths
            else ""
        )
        for name in guesses
    ]
    draw_heat(ax, rows, "truth", "predicted", y_names, x_names)
    ax.set_xlabel(bilingual("机器判定", "predicted"))
    ax.set_ylabel(bilingual("人工标签", "hand label"))
    right, total = int(hits.sum()), int(rows["sections"].sum())
    set_finding(
        ax,
        f"{total:,}段中{right:,}段判定正确",
        f"{right:,} of {plural(total, 'section')} {'is' if total == 1 else 'are'} right",
    )
    return ax


def caption_confusion(data: pd.DataFrame) -> Caption:
    """Name the commonest mistakes, all of them where several are equally common, and the errors with ``other``."""
    wrong = data[(data["truth"] != data["predicted"]) & (data["predicted"] != "abstained") & (data["sections"] > 0)]
    n = int(wrong["sections"].sum())
    if not n:
        alt = "A matrix with counts on its diagonal only."
        return Caption(
            "人工标签（行）与机器判定（列）：没有错误。", "Hand labels (rows), predictions (columns): no errors.", alt
        )
    most = wrong[wrong["sections"] == wrong["sections"].max()]
    pairs = [(label_names([row.truth]), label_names([row.predicted])) for row in most.itertuples(index=False)]
    each = int(most["sections"].iloc[0])
    zh = "、".join(f"{truth[0]}判为{guess[0]}" for truth, guess in pairs)
    en = " and ".join(f"{truth[1]} taken for {guess[1]}" for truth, guess in pairs)
    row, column = (int(wrong.loc[wrong[side] == "other", "sections"].sum()) for side in ("truth", "predicted"))
    name_zh, name_en = label_names(["other"])
    return Caption(
        f"人工标签（行）与机器判定（列）。{n}处错误中最常见的是{zh}（{'各' if len(pairs) > 1 else ''}{each}段）；"
        f"与“{name_zh}”有关的{row + column}处：{row}处漏掉“{name_zh}”，{column}处误判为“{name_zh}”。",
        f"Hand labels (rows) and predictions (columns). Of {plural(n, 'error')} the commonest: {en} "
        f"({each}{' each' if len(pairs) > 1 else ''}); {row + column} concern {name_en}: {row} in its row, {column} "
        "in its column.",
        "A matrix of counts and row shares, a row and a column for each label.",
    )


def plot_abstention(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw, for each label, the share answered right, left to a person, and answered wrong.

    Columns: label (id), outcome (right, abstained, wrong), sections (count, written in), share (of the label's
    sections, 0..1). Labels from top to bottom in order of appearance. Returns the axes.
    """
    rows = check_columns(data, ["label", "outcome", "sections", "share"], "plot_abstention")
    labels = list(dict.fromkeys(rows["label"]))
    ax = new_axes(ax, 1.2 + 0.4 * len(labels))
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
                        bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"})  # fmt: skip
    ax.set_yticks(range(len(labels)), [display_name(LABEL_LOOKS, label, "\n") for label in labels])
    ax.set(xlim=(0, 1), xlabel=bilingual("占比（数字为段数）", "share (numbers: sections)"))
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    given, wrong = _given(rows)
    set_finding(
        ax,
        f"它给{percent(given)}的段落标签，其中错{percent(wrong)}",
        f"It labels {percent(given)} of the sections; {percent(wrong)} of these labels are wrong",
    )
    legend_above(ax, 3)
    return ax


def caption_abstention(data: pd.DataFrame, rule: tuple[str, str]) -> Caption:
    """Say how much is left to a person and by which rule, in Chinese and English (``rule``)."""
    given, wrong = _given(data)
    return Caption(
        f"各标签中判定正确、弃答与错误的比例（{rule[0]}）：弃答{percent(1 - given)}，给出的标签错{percent(wrong)}。",
        f"Right, abstained and wrong, by hand label ({rule[1]}): it abstains on {percent(1 - given)}; of the labels "
        "given "
        f"{percent(wrong)} are wrong.",
        f"{plural(data['label'].nunique(), 'stacked bar')} of shares that are right, abstained and wrong.",
    )


def _given(rows: pd.DataFrame) -> tuple[float, float]:
    counts = rows.groupby("outcome")["sections"].sum()
    given = counts.get("right", 0) + counts.get("wrong", 0)
    return float(given / max(counts.sum(), 1)), float(counts.get("wrong", 0) / max(given, 1))
