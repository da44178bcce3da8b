"""Topics: their words, how common they are, the labels they meet, another method's topics beside them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.caption import Caption, label_names, largest, percent, plural
from banmian.views.figures.plots.heat import draw_heat
from banmian.views.figures.style import (
    ACCENT,
    INK,
    LABEL_LOOKS,
    check_columns,
    display_name,
    iter_rows,
    legend_above,
    new_axes,
    set_finding,
)

# A topic of which so much comes from one story is that story under another name.
ONE_STORY = 0.8


def plot_topic_words(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the words of one topic by weight, heaviest on top as they come.

    Columns: word, weight. Bars of different topics do not compare, so there is no scale. For all topics:
    ``plot_panels(data, "topic", plot_topic_words, columns=4)``. Returns the axes.
    """
    rows = check_columns(data, ["word", "weight"], "plot_topic_words")
    ax = new_axes(ax, 0.4 + 0.18 * len(rows))
    places = range(len(rows))
    ax.barh(places, rows["weight"], height=0.6, color=INK)
    ax.set_yticks(places, [wrap(word, 18, keep_words=True) for word in rows["word"]])
    ax.set(xlim=(0, 1.05 * rows["weight"].max()), xticks=[], ylim=(len(rows) - 0.4, -0.6))
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def topic_titles(prevalence: pd.DataFrame) -> dict[str, str]:
    """Return topic → "3 name", then "5 sections", the title of its panel; columns as for `plot_prevalence`."""
    unit = bilingual("段", "sections", "/")
    return {
        str(row.topic): wrap(f"{row.number} {row.topic}", 20, keep_words=True) + f"\n{row.sections:,}{unit}"
        for row in iter_rows(prevalence)
    }


def caption_topic_words(data: pd.DataFrame) -> Caption:
    """Say how many topics there are; columns topic and word."""
    n = data["topic"].nunique()
    return Caption(
        f"{n}个话题，各列权重最高的词（按权重由高到低；话题之间不可比较长短）。",
        f"{plural(n, 'topic')}, each by its heaviest words (heaviest on top; lengths do not compare between topics).",
        f"Horizontal bars in {plural(n, 'panel')}, each with the heaviest words of one topic.",
    )


def plot_prevalence(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how much of the characters each topic has, and how much of that is one story.

    Columns: number, topic (name), sections, share (of all characters, 0..1), one_story (share of the topic's sections
    that the commonest story has, 0..1). Topics from top to bottom as they come. Returns the axes.
    """
    rows = check_columns(data, ["number", "topic", "sections", "share", "one_story"], "plot_prevalence")
    ax = new_axes(ax, 1.2 + 0.3 * len(rows))
    places = range(len(rows))
    one = rows["share"] * rows["one_story"]
    ax.barh(places, one, height=0.65, color=ACCENT, hatch="//", edgecolor="white", linewidth=0.3,
            label=bilingual("来自同一篇报道", "from one story"))  # fmt: skip
    ax.barh(
        places, rows["share"] - one, left=one, height=0.65, color=INK, label=bilingual("来自其他报道", "other stories")
    )
    for place, share, count in zip(places, rows["share"], rows["sections"], strict=True):
        ax.text(
            share + 0.01 * rows["share"].max(), place, f"{percent(share)} · {count:,}", va="center", fontsize="small"
        )
    names = [wrap(f"{n} {name}", 34, keep_words=True) for n, name in zip(rows["number"], rows["topic"], strict=True)]
    ax.set_yticks(places, names)
    ax.set(ylim=(len(rows) - 0.5, -0.5), xlim=(0, 1.18 * rows["share"].max()))
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(bilingual("占字数（数字为段数）", "share of characters (numbers: sections)"))
    single = int((rows["one_story"] >= ONE_STORY).sum())
    set_finding(
        ax,
        f"{len(rows)}个话题中有{single}个其实是同一篇报道",
        f"{single} of {plural(len(rows), 'topic')} {'is' if single == 1 else 'are'} one story under another name",
    )
    legend_above(ax, 2)
    return ax


def caption_prevalence(data: pd.DataFrame) -> Caption:
    """Say how common the largest topic is and how many are one story."""
    single = data.loc[data["one_story"] >= ONE_STORY, "topic"].tolist()
    first = data.iloc[int(data["share"].argmax())]
    zh = f"各话题占字数的比例与段数：最大的是“{first['topic']}”，占{percent(first['share'])}。"
    en = f"Share of characters and sections by topic: the largest, {first['topic']}, has {percent(first['share'])}."
    if single:
        zh += f"至少{percent(ONE_STORY)}的段落来自同一篇报道的话题：{'、'.join(single)}。"
        en += f" At least {percent(ONE_STORY)} of the sections come from one story in: {', '.join(single)}."
    return Caption(zh, en, f"Horizontal bars of {plural(len(data), 'topic')}, the part that is one story marked.")


def plot_topic_labels(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how the sections of each topic fall on the labels: a heat map of row shares with the counts written in.

    Columns: topic (name), label (id), sections (count), share (of the topic's sections, 0..1). Labels stand in their
    own order, topics by the label most of their sections have, so that agreement is a diagonal. Returns the axes.
    """
    rows = check_columns(data, ["topic", "label", "sections", "share"], "plot_topic_labels")
    labels = [label for label in LABEL_LOOKS if label in set(rows["label"])]
    labels += sorted(set(rows["label"]) - set(labels))
    rows = rows.assign(column=rows["label"].map(labels.index))
    best = rows.sort_values(["share", "column"], ascending=[False, True], kind="stable").drop_duplicates("topic")
    topics = best.sort_values(["column", "share"], ascending=[True, False], kind="stable")["topic"].tolist()
    rows = rows.assign(row=rows["topic"].map(topics.index)).sort_values(["row", "column"], kind="stable")
    counts = rows.groupby("topic")["sections"].sum()
    ax = new_axes(ax, 1.2 + 0.36 * len(topics))
    y_names = [wrap(f"{topic} (n = {counts[topic]:,.0f})", 36, keep_words=True) for topic in topics]
    draw_heat(ax, rows, "topic", "label", y_names, [_column_name(label) for label in labels])
    right = percent(best["sections"].sum() / max(counts.sum(), 1))
    set_finding(
        ax,
        f"只看话题去猜标签，猜对{right}",
        f"Guessing each topic's commonest label is right on {right} of the sections",
    )
    return ax


def caption_topic_labels(data: pd.DataFrame) -> Caption:
    """Say which labels are the commonest of no topic."""
    best = data.groupby("topic", sort=False)[["label", "sections"]].apply(
        lambda rows: largest(rows.set_index("label")["sections"])
    )
    never = [label for label in LABEL_LOOKS if label not in {name for names in best for name in names}]
    zh, en = label_names(never)
    return Caption(
        "每行是一个话题的段落在各标签中的段数与比例" + (f"；{zh}在任何话题中都不居首。" if never else "。"),
        "Sections of each topic (rows) by label (columns), counts and shares"
        + (f"; {en} {'is' if len(never) == 1 else 'are'} the commonest label of no topic." if never else "."),
        "A heat map with a row for each topic and a column for each label, counts and shares written in the cells.",
    )


def plot_topic_pairs(data: pd.DataFrame, ax: Axes | None = None, *, names: tuple[str, str] = ("", "")) -> Axes:
    """Draw the topics of two methods side by side, with a band for the sections that two of them share.

    Columns: left, right (topics by their words), sections (that both have). Topics on either side in order of
    appearance; ``names`` of the two methods. Returns the axes.
    """
    rows = check_columns(data, ["left", "right", "sections"], "plot_topic_pairs")
    sides = [list(dict.fromkeys(rows[side])) for side in ("left", "right")]
    gap, total = 0.03 * rows["sections"].sum(), float(rows["sections"].sum())
    height = total + gap * (max(map(len, sides)) - 1)
    ax = new_axes(ax, 0.9 + 0.36 * max(map(len, sides)))
    starts: list[dict[str, float]] = []
    for side, x, align in (("left", 0.36, "right"), ("right", 0.64, "left")):
        sizes, top, places = rows.groupby(side)["sections"].sum(), 0.0, {}
        step = (height - total) / max(len(sizes) - 1, 1)
        for topic in sides[len(starts)]:
            places[topic] = top
            words = f"{wrap(topic, 42, keep_words=True)} ({sizes[topic]:,})"
            aside = x + (-0.01 if align == "right" else 0.01)
            ax.text(aside, top + sizes[topic] / 2, words, ha=align, va="center", fontsize="small")
            top += sizes[topic] + step
        starts.append(places)
    for row in iter_rows(rows[rows["sections"] > 0]):
        a, b = starts[0][row.left], starts[1][row.right]
        starts[0][row.left], starts[1][row.right] = a + row.sections, b + row.sections
        ax.add_patch(_ribbon(a, b, float(row.sections)))
    ax.set(xlim=(0, 1), ylim=(height, -0.07 * height))
    for x, name, align in ((0.35, names[0], "right"), (0.65, names[1], "left")):
        ax.text(x, -0.045 * height, name, ha=align, va="center", color="#555555")
    ax.set_axis_off()
    together = percent(_best_overlap(rows) / max(total, 1))
    set_finding(
        ax,
        f"两种方法把{together}的段落放进相应的话题",
        f"The two methods put {together} of the sections into matching topics",
    )
    return ax


def caption_topic_pairs(data: pd.DataFrame, names: tuple[str, str]) -> Caption:
    """Say what the two sides are and how far they agree."""
    together, n = (
        percent(_best_overlap(data) / max(data["sections"].sum(), 1)),
        [data["left"].nunique(), data["right"].nunique()],
    )
    return Caption(
        f"{names[0]}的{n[0]}个话题（左）与{names[1]}的{n[1]}个话题（右），以权重最高的词为名；带的宽度为共有的段数。"
        f"一一对应得最好时，{together}的段落归到对应的话题。",
        f"{plural(n[0], 'topic')} of {names[0]} (left) and {n[1]} of {names[1]} (right), by their heaviest words; a "
        "band is as "
        f"wide as the sections that both have. Under the best one-to-one match, {together} of the sections agree.",
        "Two columns of topics joined by bands.",
    )


def _best_overlap(rows: pd.DataFrame) -> float:
    from scipy.optimize import linear_sum_assignment

    table = rows.pivot_table(index="left", columns="right", values="sections", aggfunc="sum").fillna(0).to_numpy()
    return float(table[linear_sum_assignment(table, maximize=True)].sum())


def _ribbon(left: float, right: float, width: float) -> PathPatch:
    a, m, b = 0.36, 0.5, 0.64
    points = [(a, left), (m, left), (m, right), (b, right)]
    points += [(b, right + width), (m, right + width), (m, left + width), (a, left + width)]
    outline = Outline(np.round(points, 6), [1, 4, 4, 4, 2, 4, 4, 4])
    return PathPatch(outline, facecolor=INK, edgecolor="none", alpha=0.35)


def _column_name(label: str) -> str:
    return wrap(display_name(LABEL_LOOKS, label, "\n"), 12, keep_words=True)
