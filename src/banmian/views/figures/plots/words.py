"""Words: which are typical of a label, and what the lexicon does to segmentation."""

import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.style import INK, LABEL_LOOKS, check_columns, new_axes, nothing_to_draw, style_of


def plot_keyness(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the words of one group by the size of their effect, from top to bottom as they come.

    Columns: word, log_ratio (binary logarithm of the ratio of relative frequencies: 1 is twice as frequent), count, as
    `words.terms.keyness` gives them. Optional: low and high (ends of an interval), group (a label's id gives colour and
    hatch). For all groups: ``plot_panels(table, "group", plot_keyness)``. Returns the axes.
    """
    rows = check_columns(data, ["word", "log_ratio", "count"], "plot_keyness")
    ax = new_axes(ax, 0.6 + 0.2 * len(rows))
    group = str(rows["group"].iloc[0]) if "group" in rows else ""
    shape = style_of(LABEL_LOOKS, group)
    places = range(len(rows))
    ax.barh(
        places, rows["log_ratio"], height=0.7, color=shape.colour, hatch=shape.hatch, edgecolor="white", linewidth=0.3
    )
    if {"low", "high"} <= set(rows.columns):
        ends = [rows["log_ratio"] - rows["low"], rows["high"] - rows["log_ratio"]]
        ax.errorbar(rows["log_ratio"], places, xerr=ends, fmt="none", ecolor="black", elinewidth=0.8, capsize=1.5)
    ax.axvline(0, color="black", linewidth=0.8)
    names = [
        f"{wrap(word, 28, keep_words=True)} ({count:,.0f})"
        for word, count in zip(rows["word"], rows["count"], strict=True)
    ]
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_xlabel(bilingual("频率比 log2（括号内为次数）", "log2 frequency ratio (count)", "\n"))
    return ax


def plot_lexicon_effect(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw terms that only the lexicon keeps whole: how often each occurs, and how it was cut before.

    Columns: word (whole, as with the lexicon), before (the pieces without it, joined by "｜" or another mark), count
    (occurrences in the corpus). Most frequent on top, as they come; without rows it says so. Returns the axes.
    """
    title = bilingual("词典保全的词", "Terms that the lexicon keeps whole")
    if data.empty:
        return nothing_to_draw(ax, title)
    rows = check_columns(data, ["word", "before", "count"], "plot_lexicon_effect")
    ax = new_axes(ax, 0.8 + 0.2 * len(rows))
    places = range(len(rows))
    ax.barh(places, rows["count"], height=0.7, color=INK, edgecolor="white", linewidth=0.3)
    longest = float(rows["count"].max())
    for place, before, count in zip(places, rows["before"], rows["count"], strict=True):
        ax.text(count + 0.015 * longest, place, f"{count:,.0f}   {before}", va="center", fontsize="small")
    ax.set_yticks(places, [wrap(word, 28, keep_words=True) for word in rows["word"]])
    # The pieces stand to the right of their bars; the longest bar takes a good half of the width.
    ax.set(
        xlim=(0, 1.8 * longest), xlabel=bilingual("出现次数；右为无词典时的切分", "occurrences; right: cut without it")
    )
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= longest])
    ax.spines["bottom"].set_bounds(0, longest)
    ax.set_title(title)
    return ax
