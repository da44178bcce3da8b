"""What is in the pages: kinds of text, repair, scripts, passages printed more than once."""

from collections.abc import Iterable

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.caption import Caption, listing, percent, plural
from banmian.views.figures.plots.heat import draw_heat
from banmian.views.figures.style import (
    ACCENT,
    INK,
    KINDS,
    SCRIPTS,
    CategoryStyle,
    check_columns,
    display_name,
    legend_above,
    new_axes,
    nothing_to_draw,
    set_finding,
    style_of,
)

# What repair does with white space and a reader should know of; the rest separates words or paragraphs, as printed.
DECISIONS = {
    "join": CategoryStyle("接回断行", "line breaks joined", INK, "", "o"),
    "space": CategoryStyle("删去空格", "stray spaces removed", ACCENT, "//", "s"),
}
# A number is written into its bar when the bar is at least this share of the longest one.
_ROOM = 0.07
_NAME_CELLS = 26


def plot_composition(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what is not body text, by document, as stacked bars; the share of body text stands beside each name.

    Columns: doc_id, kind, characters (printed ones, without white space). Documents from top to bottom in order of
    appearance; kinds in the order of `style.KINDS`. Returns the axes.
    """
    rows = check_columns(data, ["doc_id", "kind", "characters"], "plot_composition")
    totals = rows.groupby("doc_id", sort=False)["characters"].sum()
    body = rows[rows["kind"] == "body"].groupby("doc_id")["characters"].sum().reindex(totals.index, fill_value=0)
    ax = new_axes(ax, 1.2 + 0.34 * len(totals))
    rest = rows[rows["kind"] != "body"]
    table = rest.pivot_table(index="doc_id", columns="kind", values="characters", aggfunc="sum", sort=False)
    _stacked(ax, table.reindex(totals.index).fillna(0), KINDS)
    unit = bilingual("字", " char.", "/")
    names = [
        f"{wrap(str(name), _NAME_CELLS, keep_words=True)}\n{total:,}{unit} · "
        f"{bilingual('正文', 'body', '/')} {percent(part / max(total, 1))}"
        for (name, total), part in zip(totals.items(), body, strict=True)
    ]
    ax.set_yticks(range(len(totals)), names)
    ax.set_xlabel(bilingual("正文以外的字数", "characters other than body text"))
    share = percent(body.sum() / max(totals.sum(), 1))
    set_finding(ax, f"正文占{share}，其余先分出来", f"{share} is body text; the rest is set apart first")
    legend_above(ax, 5)
    return ax


def caption_composition(data: pd.DataFrame) -> Caption:
    """Say the share of body text and of each other kind."""
    counts = data.groupby("kind")["characters"].sum()
    total, n = int(counts.sum()), data["doc_id"].nunique()
    rest = [(KINDS[kind], percent(counts[kind] / total)) for kind in KINDS if kind != "body" and counts.get(kind, 0)]
    body = percent(counts.get("body", 0) / max(total, 1))
    zh = "，".join(f"{look.chinese}{share}" for look, share in rest)
    en = listing(f"{look.english} {share}" for look, share in rest)
    return Caption(
        f"各文件正文以外的字数（不计空白，共{total:,}字）：正文占{body}" + (f"，{zh}。" if zh else "。"),
        f"Characters other than body text by document (white space not counted; {total:,} in all): body {body}"
        + (f", {en}." if en else "."),
        f"Stacked bars of headlines, bylines, captions and notices, {n} in all; {body} of the characters are body.",
    )


def plot_repair(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many line breaks were joined and stray spaces removed in each document; without rows it says so.

    Columns: doc_id, decision (join, space; others are not drawn), runs (of white space). Returns the axes.
    """
    title = ("空白如何修复", "How white space was repaired")
    if data.empty:
        return nothing_to_draw(ax, bilingual(*title))
    rows = check_columns(data, ["doc_id", "decision", "runs"], "plot_repair")
    documents = list(dict.fromkeys(rows["doc_id"]))
    ax = new_axes(ax, 1.1 + 0.34 * len(documents))
    table = rows.pivot_table(index="doc_id", columns="decision", values="runs", aggfunc="sum", sort=False)
    shown = table.reindex(documents).reindex(columns=[name for name in DECISIONS if name in table]).fillna(0)
    _stacked(ax, shown, DECISIONS)
    ax.set_xlabel(bilingual("空白处数", "runs of white space"))
    joined, spaces = _repaired(data)
    set_finding(
        ax,
        f"接回断行{joined:,}处，删去多余空格{spaces:,}个",
        f"{plural(joined, 'line break')} joined, {plural(spaces, 'stray space')} removed",
    )
    legend_above(ax, 2)
    return ax


def caption_repair(data: pd.DataFrame) -> Caption:
    """Say what was joined and removed, in which document most was removed, and what the rest of the white space is."""
    joined, spaces = _repaired(data)
    runs = data.groupby("decision")["runs"].sum()
    words, ends = int(runs.get("word", 0)), int(runs.get("paragraph", 0))
    zh, en = "", ""
    if spaces:  # where most of them stood
        of = data[data["decision"] == "space"].groupby("doc_id", sort=False)["runs"].sum()
        all_in_one = of.max() == spaces
        zh = f"，全部在{of.idxmax()}" if all_in_one else f"，其中{of.max():,}个在{of.idxmax()}"
        en = f" ({'all' if all_in_one else f'{of.max():,} of them'} in {of.idxmax()})"
    return Caption(
        f"修复接回断行{joined:,}处，删去多余空格{spaces:,}个{zh}；另有{words:,}处词间空格与{ends:,}处分段照原样保留，"
        "图中不画。",
        f"Repair joined {plural(joined, 'line break')} and removed {plural(spaces, 'stray space')}{en}; {words:,} "
        "spaces "
        f"between words and {ends:,} paragraph ends stay as printed and are not drawn.",
        f"Stacked bars of repaired runs of white space, {data['doc_id'].nunique()} documents.",
    )


def _repaired(data: pd.DataFrame) -> tuple[int, int]:
    runs = data.groupby("decision")["runs"].sum()
    return int(runs.get("join", 0)), int(runs.get("space", 0))


def plot_scripts(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the script of each document's characters as stacked bars.

    Columns: doc_id, script, characters (printed ones). Returns the axes.
    """
    rows = check_columns(data, ["doc_id", "script", "characters"], "plot_scripts")
    documents = list(dict.fromkeys(rows["doc_id"]))
    ax = new_axes(ax, 1.1 + 0.3 * len(documents))
    table = rows.pivot_table(index="doc_id", columns="script", values="characters", aggfunc="sum", sort=False)
    _stacked(ax, table.reindex(documents).fillna(0), SCRIPTS)
    ax.set_yticks(range(len(documents)), [wrap(name, _NAME_CELLS, keep_words=True) for name in documents])
    ax.set_xlabel(bilingual("字数", "characters"))
    shares = _script_shares(rows)
    set_finding(
        ax,
        "，".join(f"{look.chinese}{share}" for look, share in shares),
        ", ".join(f"{look.english} {share}" for look, share in shares),
    )
    legend_above(ax, 4)
    return ax


def caption_scripts(data: pd.DataFrame) -> Caption:
    """Say the share of each script."""
    shares = _script_shares(data)
    return Caption(
        f"各文件用简体还是繁体：按字数，{'，'.join(f'{look.chinese}{share}' for look, share in shares)}。",
        f"Script by document: {listing(f'{look.english} {share}' for look, share in shares)} of the characters.",
        f"Stacked bars of characters by script, {data['doc_id'].nunique()} documents.",
    )


def _script_shares(rows: pd.DataFrame) -> list[tuple[CategoryStyle, str]]:
    counts = rows.groupby("script")["characters"].sum().sort_values(ascending=False, kind="stable")
    return [(style_of(SCRIPTS, str(name)), percent(count / counts.sum())) for name, count in counts.items()]


def plot_duplicates(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many sections of each document repeat or quote one of another, as a matrix of documents.

    Columns: later, earlier (names of documents), sections (of the later one that repeat or quote the earlier one),
    share (of the later document's characters that stand in these sections, 0..1). Without rows it says so.
    """
    title = ("重复印出的段落", "Passages printed more than once")
    if data.empty:
        return nothing_to_draw(ax, bilingual(*title))
    rows = check_columns(data, ["later", "earlier", "sections", "share"], "plot_duplicates")
    laters, earliers = list(dict.fromkeys(rows["later"])), list(dict.fromkeys(rows["earlier"]))
    ax = new_axes(ax, 1.5 + 0.42 * len(laters))
    names = ([wrap(name, _NAME_CELLS, keep_words=True) for name in group] for group in (laters, earliers))
    draw_heat(ax, rows, "later", "earlier", *names)
    ax.set_xlabel(bilingual("先读到的文件", "document read before"))
    ax.set_ylabel(bilingual("后读到的文件", "document read later"))
    most = rows.sort_values(["share", "sections"], ascending=False, kind="stable").iloc[0]
    set_finding(
        ax,
        f"{most['later']}有{percent(most['share'])}的字在{most['earlier']}里已经印过或被引用",
        f"{percent(most['share'])} of {most['later']} is printed or quoted in {most['earlier']} already",
    )
    return ax


def caption_duplicates(pairs: pd.DataFrame) -> Caption:
    """Say how many sections repeat another and how many quote one; ``pairs`` as `find_duplicates` gives them."""
    kinds = pairs["kind"].value_counts()
    repeated, quoted = int(kinds.get("section", 0)), int(kinds.get("quote", 0))
    if not repeated + quoted:
        alt = "A line that says that nothing is printed twice."
        return Caption("没有找到重复或互相引用的段落。", "No two sections repeat or quote one another.", alt)
    return Caption(
        f"重复出现的段落：整段重复{repeated:,}对，部分引用{quoted:,}对；格中为段数与占后一文件字数的比例。",
        f"Passages printed more than once: {plural(repeated, 'pair')} of sections repeat, {quoted:,} quote; cells: "
        "sections "
        "and their share of the later document's characters.",
        "A matrix of documents with counts of sections that stand in both.",
    )


def _stacked(ax: Axes, table: pd.DataFrame, looks: dict[str, CategoryStyle]) -> None:
    """Draw one bar a row, its parts in the order of ``looks``, the number in each part that has room."""
    longest = max(float(table.sum(axis=1).max()), 1.0) if table.shape[1] else 1.0
    left = pd.Series(0.0, index=table.index)
    for position, name in enumerate(in_order(table.columns, looks)):
        shape = style_of(looks, name, position)
        widths = table[name]
        ax.barh(
            range(len(table)), widths, left=left, height=0.7, label=display_name(looks, name),
            color=shape.colour, hatch=shape.hatch, edgecolor="white", linewidth=0.4,
        )  # fmt: skip
        for row, (start, width) in enumerate(zip(left, widths, strict=True)):
            if width >= _ROOM * longest:
                ax.text(
                    start + width / 2, row, f"{width:,.0f}", ha="center", va="center", fontsize="x-small",
                    color="white" if _is_dark(shape.colour) else "black",
                    bbox={"boxstyle": "round,pad=0.1", "facecolor": shape.colour, "edgecolor": "none"},
                )  # fmt: skip
        left = left + widths
    ax.set_yticks(range(len(table)), [wrap(str(name), _NAME_CELLS, keep_words=True) for name in table.index])
    ax.set_xlim(0, 1.02 * longest)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
    ax.grid(axis="x")


def _is_dark(colour: str) -> bool:
    return bool(np.dot(mpl.colors.to_rgb(colour), (0.299, 0.587, 0.114)) < 0.5)


def in_order(names: Iterable[str], looks: dict[str, CategoryStyle]) -> list[str]:
    """Return known categories in the order of their table, then unknown ones by name."""
    present = set(names)
    return [name for name in looks if name in present] + sorted(present - set(looks))
