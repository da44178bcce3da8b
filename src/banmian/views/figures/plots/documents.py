"""Labels or topics by document and over time: how many sections, and which share of the characters."""

import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.caption import Caption, label_names, largest, listing, percent, plural
from banmian.views.figures.plots.corpus import in_order
from banmian.views.figures.style import (
    LABEL_LOOKS,
    check_columns,
    display_name,
    legend_above,
    new_axes,
    nothing_to_draw,
    set_finding,
    style_of,
)

_NAME_CELLS = 26
# A share is written into its bar from here on.
_ROOM = 0.06


def plot_labels_by_document(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of each document's labelled characters that every label has, with the number of sections.

    Columns: document (short name), label (id), sections (count), characters. Documents from top to bottom in order of
    appearance. Returns the axes.
    """
    rows = check_columns(data, ["document", "label", "sections", "characters"], "plot_labels_by_document")
    ax = new_axes(ax, 1.3 + 0.4 * rows["document"].nunique())
    _shares(ax, rows, "document")
    zh, en = _leading(rows)
    set_finding(ax, zh, en)
    ax.set_xlabel(bilingual("占已标字数（格中为段数）", "share of labelled characters (numbers: sections)"))
    legend_above(ax, 5)
    return ax


def caption_labels_by_document(data: pd.DataFrame, by_hand: bool = True) -> Caption:
    """Say which label leads over all and in which document each label is strongest; ``by_hand``: whose labels."""
    total = data.groupby("label")[["sections", "characters"]].sum()
    count = {str(label): int(n) for label, n in total["sections"].items()}
    share = {str(label): n / max(total["characters"].sum(), 1) for label, n in total["characters"].items()}
    order = in_order(total.index, LABEL_LOOKS)
    zh = "、".join(f"{label_names([name])[0]}{count[name]:,}段（{percent(share[name])}）" for name in order)
    en = listing(
        f"{label_names([name])[1]} {plural(count[name], 'section')} ({percent(share[name])})" for name in order
    )
    whose = ("人工标签", "hand labels") if by_hand else ("机器给的标签", "labels of the classifier")
    return Caption(
        f"各文件说的是什么（{whose[0]}；括号内为占已标字数的比例）：{zh}。",
        f"What each document is about ({whose[1]}; in brackets the share of labelled characters): {en}.",
        f"Stacked bars of label shares, {data['document'].nunique()} documents.",
    )


def plot_labels_over_time(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of the labelled characters that every label has in each month (or week), oldest on top.

    Columns: period (such as "2024-11"), label (id), sections, characters. Below each period stands its number of
    sections. Without rows it says so. Returns the axes.
    """
    title = ("各月说的是什么", "Labels by month")
    if data.empty:
        return nothing_to_draw(ax, bilingual(*title))
    rows = check_columns(data, ["period", "label", "sections", "characters"], "plot_labels_over_time")
    counts = rows.groupby("period")["sections"].sum()
    rows = rows.assign(period=[f"{name}\nn = {counts[name]:,}" for name in rows["period"]]).sort_values(
        "period", kind="stable"
    )
    ax = new_axes(ax, 1.3 + 0.4 * len(counts))
    _shares(ax, rows, "period")
    change = _change(data)
    set_finding(ax, *(change or title))
    ax.set_xlabel(bilingual("占已标字数（格中为段数）", "share of labelled characters (numbers: sections)"))
    legend_above(ax, 5)
    return ax


def caption_labels_over_time(data: pd.DataFrame, undated: int = 0) -> Caption:
    """Say which periods there are and how many sections have no date (``undated``)."""
    if data.empty:
        zh, en = f"没有日期可用：{undated:,}段都没有。", f"No dates: {plural(undated, 'section')} have none."
        return Caption(zh, en, "A line that says that there are no dates.")
    periods, n = sorted(set(data["period"])), int(data["sections"].sum())
    zh = f"各时段说的是什么：{periods[0]}至{periods[-1]}共{len(periods)}个时段，{n:,}段"
    en = (
        f"Labels over time: {plural(len(periods), 'period')} from {periods[0]} to {periods[-1]}, {plural(n, 'section')}"
    )
    if undated:
        zh, en = f"{zh}；另有{undated:,}段没有日期", f"{en}; {undated:,} more have no date"
    return Caption(f"{zh}。", f"{en}.", f"Stacked bars of label shares in {plural(len(periods), 'period')}.")


def count_labels(sections: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return one row for each value of the column ``by`` and each label: sections and characters, in order.

    ``sections`` has ``by``, label and characters; sections whose ``by`` is empty are left out.
    """
    known = sections[sections[by].notna() & (sections[by] != "")]
    counted = known.groupby([by, "label"], sort=False)["characters"].agg(["size", "sum"]).reset_index()
    return counted.rename(columns={"size": "sections", "sum": "characters"})


def count_repeats(pairs: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each two documents that share passages: later, earlier, sections, share.

    Parameters
    ----------
    pairs : section_a (the earlier), section_b, as `find_duplicates` gives them.
    sections : section_id, document (name to show) and characters, in reading order.

    sections counts the later document's sections that repeat or quote one of the earlier one, each once; share is that
    of their characters among the later document's.
    """
    place = sections.set_index("section_id")
    totals = sections.groupby("document")["characters"].sum()
    found = pairs.assign(
        earlier=pairs["section_a"].map(place["document"]), later=pairs["section_b"].map(place["document"])
    ).drop_duplicates(["earlier", "section_b"])
    found = found.assign(characters=found["section_b"].map(place["characters"]))
    counted = found.groupby(["later", "earlier"], sort=False)["characters"].agg(["size", "sum"]).reset_index()
    counted["share"] = counted["sum"] / counted["later"].map(totals).clip(lower=1)
    order = list(dict.fromkeys(sections["document"]))
    place_of = {name: i for i, name in enumerate(order)}
    counted = counted.sort_values(["later", "earlier"], key=lambda names: names.map(place_of), kind="stable")
    return counted.rename(columns={"size": "sections"})[["later", "earlier", "sections", "share"]].reset_index(
        drop=True
    )


def _shares(ax: Axes, rows: pd.DataFrame, by: str) -> None:
    """Draw one bar of full width for each value of ``by``, its parts the labels' shares of the characters."""
    groups = list(dict.fromkeys(rows[by]))
    totals = rows.groupby(by)["characters"].sum()
    left = dict.fromkeys(groups, 0.0)
    for position, label in enumerate(in_order(rows["label"], LABEL_LOOKS)):
        shape, part = style_of(LABEL_LOOKS, label, position), rows[rows["label"] == label]
        drawn = False
        for name, sections, characters in zip(part[by], part["sections"], part["characters"], strict=True):
            share, place = characters / max(totals[name], 1), groups.index(name)
            ax.barh(
                place, share, left=left[name], height=0.7, color=shape.colour, hatch=shape.hatch, edgecolor="white",
                linewidth=0.4, label=None if drawn else display_name(LABEL_LOOKS, label),
            )  # fmt: skip
            if share >= _ROOM:
                ax.text(left[name] + share / 2, place, f"{sections:,.0f}", ha="center", va="center", fontsize="small",
                        clip_on=True, bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "lw": 0})  # fmt: skip
            left[name], drawn = left[name] + share, True
    ax.set_yticks(range(len(groups)), [wrap(name, _NAME_CELLS, keep_words=True) for name in groups])
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)


def _leading(rows: pd.DataFrame) -> tuple[str, str]:
    """Return which label has most characters over all, and how many documents it leads."""
    characters = rows.groupby("label")["characters"].sum()
    zh, en = label_names(largest(characters))
    share = percent(characters.max() / max(characters.sum(), 1))
    leads = rows.sort_values("characters", ascending=False, kind="stable").drop_duplicates("document")
    n, of = int((leads["label"] == characters.idxmax()).sum()), len(leads)
    return f"{zh}最多，占{share}；{of}份中有{n}份以它为主", f"Most is {en} ({share}); it leads in {n} of {of} documents"


def _change(rows: pd.DataFrame) -> tuple[str, str] | None:
    """Return the label whose share changed most from the first to the last period, or None of a single one."""
    table = rows.pivot_table(index="period", columns="label", values="characters", aggfunc="sum").fillna(0).sort_index()
    if len(table) < 2:
        return None
    shares = table.div(table.sum(axis=1), axis=0)
    moved = (shares.iloc[-1] - shares.iloc[0]).abs().round(9)
    label = str(moved.idxmax())
    zh, en = label_names([label])
    first, last = percent(shares[label].iloc[0]), percent(shares[label].iloc[-1])
    span = (shares.index[0], shares.index[-1])
    return (
        f"{zh}从{span[0]}的{first}变为{span[1]}的{last}",
        f"{en[:1].upper()}{en[1:]} goes from {first} ({span[0]}) to {last} ({span[1]})",
    )
