"""How far to trust: scores with intervals, agreement of repeated fits, a table of several scores."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import wrap
from banmian.views.figures.caption import Caption, plural
from banmian.views.figures.style import ACCENT, INK, check_columns, iter_rows, new_axes, set_finding

_GREY = "#777777"


def plot_intervals(
    data: pd.DataFrame,
    ax: Axes | None = None,
    *,
    xlabel: str = "",
    highlight: str = "",
    references: tuple[tuple[float, str], ...] = (),
    runs: pd.DataFrame | None = None,
    digits: int = 2,
) -> Axes:
    """Draw a value with its interval for each name: stability of topics, scores of methods, scores against baselines.

    Parameters
    ----------
    data : DataFrame
        name, value, low, high (ends of the interval; equal to value where there is none). Names from top to bottom in
        order of appearance.
    highlight : the row that is ours.
    references : values with their names, drawn as dashed lines, such as chance.
    runs : DataFrame, optional
        name, value: single runs, drawn as small open dots.
    digits : of the values written beside the dots.

    Returns the axes.
    """
    rows = check_columns(data, ["name", "value", "low", "high"], "plot_intervals")
    wrong = rows[(rows["low"] > rows["value"]) | (rows["value"] > rows["high"])]
    if len(wrong):
        raise ValueError(f"plot_intervals: {wrong['name'].iloc[0]!r} lies outside its own interval")
    ax = new_axes(ax, 1.0 + 0.28 * len(rows))
    for value, name in references:
        ax.axvline(value, color=_GREY, linestyle="--", linewidth=0.8)
        ax.annotate(name, (value, 0), xycoords=("data", "axes fraction"), xytext=(-2, 2), textcoords="offset points",
                    ha="right", va="bottom", rotation=90, fontsize="x-small", color="#555555")  # fmt: skip
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
        ax.annotate(f"{row.value:.{digits}f}", (row.value, place), xytext=(0, 4), textcoords="offset points",
                    ha="center", va="bottom", fontsize="x-small")  # fmt: skip
    ax.set_yticks(range(len(rows)), [wrap(name, 40, keep_words=True) for name in names])
    ax.set_ylim(len(rows) - 0.5, -0.75)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.margins(x=0.08)
    ax.set_xlabel(xlabel)
    return ax


def finding_of_scores(data: pd.DataFrame, ours: str) -> tuple[str, str]:
    """Say which method leads, and that ours does not where another's value lies within its interval.

    Columns as for `plot_intervals`; ``ours`` is the name of the row that is ours.
    """
    mine = data[data["name"] == ours].iloc[0]
    others = data[data["name"] != ours]
    if others.empty:
        return f"{ours}得{mine['value']:.2f}", f"{ours} scores {mine['value']:.2f}"
    best = others.iloc[int(others["value"].argmax())]
    if mine["low"] <= best["value"] <= mine["high"]:
        return (
            f"与最好的简单方法不分高下：{mine['value']:.3f}与{best['value']:.3f}",
            f"No better than the best simple method: {mine['value']:.3f} and {best['value']:.3f}",
        )
    return (
        f"高于最好的简单方法：{mine['value']:.3f}与{best['value']:.3f}",
        f"Above the best simple method: {mine['value']:.3f} and {best['value']:.3f}",
    )


def caption_scores(data: pd.DataFrame, ours: str, n: int) -> Caption:
    """Say what was measured on how many sections (``n``), and how ours stands to the best of the others."""
    zh, en = finding_of_scores(data, ours)
    return Caption(
        f"{len(data)}种方法在{n:,}段上的宏平均 F1，从未见过所问的报道；线为按报道重抽样的95%区间。{zh}。",
        f"Macro-F1 of {plural(len(data), 'method')} on {plural(n, 'section')}, never asked about a story that they "
        "saw; lines: "
        f"95 % bootstrap intervals over stories. {en}.",
        f"Dots with lines for {plural(len(data), 'method')}, sorted by score.",
    )


def caption_stability(data: pd.DataFrame, n: int) -> Caption:
    """Say what an agreement means; ``data`` as for `plot_intervals`, ``n`` the number of repeated fits of each."""
    return Caption(
        f"换随机种子或重抽段落各{n}次后，分组与第一次一致的程度（调整兰德指数：1为相同，0为随机；点为均值，"
        "线为最小至最大，小圈为各次）。",
        f"Agreement with the first grouping under {plural(n, 'other seed')} and on as many bootstrap draws of the "
        "sections (adjusted "
        "Rand index: 1 the same, 0 chance; dot: mean, line: least to greatest, circles: single fits).",
        f"Dots with lines in {plural(len(data), 'row')} on an axis from 0 to 1.",
    )


def plot_score_table(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a small table of scores, a row for each method and a column for each score, the best of a column marked.

    Columns: name, score, value (greater is better). Methods and scores in order of appearance. Returns the axes.
    """
    rows = check_columns(data, ["name", "score", "value"], "plot_score_table")
    table = rows.pivot_table(index="name", columns="score", values="value", sort=False)
    ax = new_axes(ax, 1.3 + 0.26 * len(table))
    for i, (name, values) in enumerate(table.iterrows()):
        ax.text(-0.05, i, str(name), ha="right", va="center")
        for j, score in enumerate(table.columns):
            best = values[score] >= table[score].max() - 1e-9
            ax.text(j + 0.5, i, f"{values[score]:.2f}{' ★' if best else ''}", ha="center", va="center",
                    color=ACCENT if best else "black")  # fmt: skip
    for j, score in enumerate(table.columns):
        ax.text(
            j + 0.5,
            -0.7,
            wrap(str(score), 20, keep_words=True),
            ha="center",
            va="bottom",
            color="#555555",
            fontsize="small",
        )
    ax.axhline(-0.5, color="black", linewidth=0.8)
    ax.set(xlim=(-1.2, table.shape[1]), ylim=(len(table) - 0.4, -2.4))
    ax.set_axis_off()
    wins = {name: int((table.loc[name] >= table.max() - 1e-9).sum()) for name in table.index}
    set_finding(
        ax,
        "；".join(f"{name}在{count}项上最好" for name, count in wins.items() if count),
        "; ".join(f"{name} leads on {count}" for name, count in wins.items() if count),
    )
    return ax


def caption_score_table(data: pd.DataFrame, n: int, n_topics: int) -> Caption:
    """Say on what the methods were compared: ``n`` sections, ``n_topics`` topics."""
    names = list(dict.fromkeys(data["name"]))
    return Caption(
        f"{len(names)}种方法在同样的{n:,}段、同样的词、各{n_topics}个话题下的得分：词的连贯度（NPMI、C_v）、多样性、"
        "与标签的一致度（NMI）；★为该项最好。",
        f"{plural(len(names), 'method')} on the same {plural(n, 'section')}, words and number of topics ({n_topics}"
        "): coherence of "
        "words (NPMI, C_v), diversity, agreement with the labels (NMI); ★ is the best of a column.",
        f"A table of {plural(len(names), 'row')} with {plural(data['score'].nunique(), 'score')}.",
    )
