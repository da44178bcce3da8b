"""Words: frequent ones and how evenly they are spread, those typical of a group, collocates, what the lexicon does."""

from collections.abc import Hashable, Mapping
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.caption import Caption, label_names, listing, plural
from banmian.views.figures.style import (
    ACCENT,
    INK,
    LABEL_LOOKS,
    check_columns,
    display_name,
    new_axes,
    nothing_to_draw,
    set_finding,
    style_of,
)


def plot_keyness(data: pd.DataFrame, ax: Axes | None = None, *, n_rows: int = 8, limit: float | None = None) -> Axes:
    """Draw the words of one group by the size of their effect, the greatest on top.

    Columns: word, log_ratio (binary logarithm of the ratio of relative frequencies: 1 is twice as frequent), count,
    texts (sections that have the word), as `words.term_extraction.keyness` gives them. Optional: group (a label's id
    gives colour and hatch). For all groups: ``plot_panels(table, "group", plot_keyness, limit=greatest)``, so that
    panels share one scale; bars are as thick as ``n_rows`` of them leave room for. Returns the axes.
    """
    rows = check_columns(data, ["word", "log_ratio", "count", "texts"], "plot_keyness")
    rows = rows.sort_values(["log_ratio", "word"], ascending=[False, True], kind="stable")
    ax = new_axes(ax, 0.6 + 0.2 * len(rows))
    shape = style_of(LABEL_LOOKS, str(rows["group"].iloc[0]) if "group" in rows else "")
    places = range(len(rows))
    ax.barh(
        places, rows["log_ratio"], height=0.7, color=shape.colour, hatch=shape.hatch, edgecolor="white", linewidth=0.3
    )
    names = [
        f"{wrap(word, 24, keep_words=True)} ({count:,}/{texts:,})"
        for word, count, texts in zip(rows["word"], rows["count"], rows["texts"], strict=True)
    ]
    ax.set_yticks(places, names)
    ax.set(ylim=(max(len(rows), n_rows) - 0.4, -0.6), xlim=(0, 1.03 * (limit or rows["log_ratio"].max())))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    return ax


def keyness_titles(sections: Mapping[str, int]) -> dict[str, str]:
    """Return group → "党建 party-building · n = 20", the title of its panel; ``sections``: group → how many."""
    return {
        group: f"{wrap(display_name(LABEL_LOOKS, group), 26, keep_words=True)} · n = {n:,}"
        for group, n in sections.items()
    }


def caption_keyness(data: pd.DataFrame, sections: Mapping[str, int], least_texts: int, least_ll: float) -> Caption:
    """Say how the words were chosen and which groups have none; ``sections``: group → how many it has."""
    missing = [group for group in sections if group not in set(data["group"])]
    zh, en = label_names(missing)
    none_zh, none_en = (f"没有这样的词：{zh}。", f" Without such words: {en}.") if missing else ("", "")
    return Caption(
        f"各组的特征词，横轴为频率比的二进对数（1为两倍）；只取至少出现在{least_texts}段、对数似然值大于"
        f"{least_ll:.2f}（p < 0.01）的词，括号内为次数/段数。{none_zh}",
        "Words that set each group apart, by the binary logarithm of the frequency ratio (1 is twice as frequent); "
        "only "
        f"words in {least_texts} sections or more with a log-likelihood above {least_ll:.2f} (p < 0.01); in brackets: "
        f"count/sections.{none_en}",
        f"Horizontal bars in {plural(data['group'].nunique(), 'panel')}, with the key words of each group.",
    )


def plot_lexicon_effect(data: pd.DataFrame, ax: Axes | None = None, *, n: int = 20) -> Axes:
    """Draw the ``n`` most frequent terms that only the lexicon keeps whole, and how each was cut before.

    Columns: word (whole, as with the lexicon), before (the pieces without it, joined by "｜" or another mark), count
    (occurrences in the corpus). Most frequent on top, as they come; without rows it says so. Returns the axes.
    """
    title = ("词典保住的完整词", "Terms that the lexicon keeps whole")
    if data.empty:
        return nothing_to_draw(ax, bilingual(*title))
    rows = check_columns(data, ["word", "before", "count"], "plot_lexicon_effect").head(n)
    ax = new_axes(ax, 1.0 + 0.2 * len(rows))
    places = range(len(rows))
    ax.barh(places, rows["count"], height=0.7, color=INK, edgecolor="white", linewidth=0.3)
    longest = float(rows["count"].max())
    for place, before, count in zip(places, rows["before"], rows["count"], strict=True):
        ax.text(count + 0.015 * longest, place, f"{count:,.0f}   {before}", va="center", fontsize="small")
    ax.set_yticks(places, [wrap(word, 28, keep_words=True) for word in rows["word"]])
    # The pieces stand to the right of their bars; the longest bar takes a good half of the width.
    ax.set(xlim=(0, 1.8 * longest), xticks=[])
    ax.set_xlabel(bilingual("次数，及没有词典时的切分", "count, and segmentation without the lexicon"))
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.spines["bottom"].set_visible(False)
    set_finding(
        ax,
        f"词典保住{len(data):,}个完整的词，共出现{data['count'].sum():,}次",
        f"The lexicon keeps {plural(len(data), 'term')} whole ({data['count'].sum():,} occurrences)",
    )
    return ax


def caption_lexicon_effect(data: pd.DataFrame, n: int = 20) -> Caption:
    """Say how many of the terms are shown."""
    shown = min(n, len(data))
    return Caption(
        f"没有词典就会被切开的{len(data):,}个词中最常见的{shown}个：次数，及没有词典时的切分。",
        f"The {shown} most frequent of {plural(len(data), 'term')} that would be cut without the lexicon: count, and "
        "segmentation without the lexicon.",
        f"{plural(shown, 'bar')} of term frequencies with the pieces each term falls into without the lexicon.",
    )


def plot_frequencies(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw words by frequency, and how evenly each is spread over the documents.

    Columns: word, count, dp (Gries' deviation of proportions, 0 even .. 1 all in one document), documents (that have
    the word), as `words.concordance.frequencies` gives them. Most frequent on top, as they come. Returns the axes.
    """
    rows = check_columns(data, ["word", "count", "dp", "documents"], "plot_frequencies")
    ax = new_axes(ax, 1.1 + 0.2 * len(rows))
    places, uneven = range(len(rows)), rows["dp"] > 0.5
    ax.barh(places, rows["count"], height=0.7, color=[ACCENT if one else INK for one in uneven], linewidth=0)
    longest = float(rows["count"].max())
    for place, row in enumerate(rows.to_dict("records")):
        ax.text(row["count"] + 0.01 * longest, place, _spread(row), va="center", fontsize="small")
    ax.set_yticks(places, [wrap(word, 28, keep_words=True) for word in rows["word"]])
    ax.set(xlim=(0, 1.3 * longest), xticks=[])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.spines["bottom"].set_visible(False)
    n = int(uneven.sum())
    set_finding(
        ax,
        f"最常见的{len(rows)}个词中有{n}个集中在少数文件里（红色）",
        f"{n} of the {len(rows)} most frequent words {'is' if n == 1 else 'are'} in few of the documents (red)",
    )
    return ax


def caption_frequencies(data: pd.DataFrame) -> Caption:
    """Say what the figures beside the bars mean."""
    return Caption(
        f"最常见的{len(data)}个实词：次数、出现的文件数，与分布偏差 DP（0为各文件均匀，1为集中于一份；Gries 2008）；"
        "DP大于0.5者标红。",
        f"The {len(data)} most frequent content words: count, documents, and deviation of proportions DP (0 even over "
        "documents, 1 all in one; Gries 2008); above 0.5 in red.",
        f"{plural(len(data), 'bar')} of word frequencies with the deviation of proportions of each.",
    )


def plot_collocates(data: pd.DataFrame, ax: Axes | None = None, *, node: str = "") -> Axes:
    """Draw the words that stand near ``node`` more often than by chance, the strongest on top.

    Columns: word, together (times within the window), score (logDice), as `words.concordance.collocates` gives them.
    Without rows it says so. Returns the axes.
    """
    title = (f"“{node}”常与哪些词同现", f"Words near {node}")
    if data.empty:
        return nothing_to_draw(ax, bilingual(*title))
    rows = check_columns(data, ["word", "together", "score"], "plot_collocates")
    ax = new_axes(ax, 1.0 + 0.2 * len(rows))
    places = range(len(rows))
    ax.hlines(places, rows["score"].min() - 0.5, rows["score"], color=INK, linewidth=1)
    ax.plot(rows["score"], places, "o", color=INK, markersize=0.5 * mpl.rcParams["font.size"])
    names = [f"{wrap(w, 24, keep_words=True)} ({n:,})" for w, n in zip(rows["word"], rows["together"], strict=True)]
    ax.set_yticks(places, names)
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlabel="logDice")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    first = rows["word"].head(3).tolist()
    set_finding(ax, f"“{node}”最常与{'、'.join(first)}同现", f"{node} goes with {listing(first)}")
    return ax


def caption_collocates(data: pd.DataFrame, node: str, window: int) -> Caption:
    """Say how near, and by which measure."""
    return Caption(
        f"“{node}”前后各{window}个词之内的同现词，括号内为同现次数；横轴为关联强度 logDice（最大14；Rychlý 2008）。",
        f"Words within {window} words of {node}, in brackets how often; by logDice (14 at most; Rychlý 2008).",
        f"{plural(len(data), 'dot')}, one a word, by the strength of association.",
    )


def _spread(row: Mapping[Hashable, Any]) -> str:
    documents = bilingual(f"{row['documents']}份", f"{row['documents']} doc.", "/")
    return f"{row['count']:,} · {documents} · DP {row['dp']:.2f}"
