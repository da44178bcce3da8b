"""Words: which are typical of a label, and what the lexicon does to segmentation."""

import pandas as pd
from matplotlib.axes import Axes

from banmian.views.style import INK, LABEL_LOOKS, look, new_axes, tidy
from banmian.views.wording import bilingual, wrap


def plot_keyness(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the words of one label by the size of their effect, the largest on top as they come.

    Columns: word, effect (log2 of the ratio of relative frequencies: 1 is twice as frequent), count. Optional: low and
    high (ends of an interval), label (one id: its colour and hatch). For several labels: ``plot_panels(data, "label",
    plot_keyness)``. Returns the axes.
    """
    rows = tidy(data, ["word", "effect", "count"], "plot_keyness")
    ax = new_axes(ax, 0.6 + 0.2 * len(rows))
    label = str(rows["label"].iloc[0]) if "label" in rows else ""
    shape = look(LABEL_LOOKS, label)
    places = range(len(rows))
    ax.barh(places, rows["effect"], height=0.7, color=shape.colour, hatch=shape.hatch, edgecolor="white", linewidth=0.3)
    if {"low", "high"} <= set(rows.columns):
        ends = [rows["effect"] - rows["low"], rows["high"] - rows["effect"]]
        ax.errorbar(rows["effect"], places, xerr=ends, fmt="none", ecolor="black", elinewidth=0.8, capsize=1.5)
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
    (occurrences in the corpus). Most frequent on top, as they come. Returns the axes.
    """
    rows = tidy(data, ["word", "before", "count"], "plot_lexicon_effect")
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
    ax.set_title(bilingual("词典保全的词", "Terms that the lexicon keeps whole"))
    return ax
