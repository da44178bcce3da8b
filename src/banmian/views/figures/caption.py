"""Captions and sources of figures: said in both languages, computed from the data that the figure shows."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from banmian.labels.scheme import LABELS


class Caption(NamedTuple):
    """Chinese and English caption, and the alternative text for those who cannot see the figure."""

    zh: str
    en: str
    alt: str


class Source(NamedTuple):
    """Where the data of a figure come from, in Chinese and English; drawn below it and printed in reports."""

    zh: str
    en: str


def percent(value: float) -> str:
    """Return a share as a whole percentage, and as "<1%" where some is left of it.

    >>> percent(0.953), percent(0.002), percent(0.0)
    ('95%', '<1%', '0%')
    """
    return "<1%" if 0 < value < 0.005 else f"{100 * value:.0f}%"


def plural(count: int, noun: str) -> str:
    """Return a count with its English noun.

    >>> plural(1, "section"), plural(1316, "section")
    ('1 section', '1,316 sections')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listing(names: Iterable[str]) -> str:
    """Return names as an English list.

    >>> listing(["culture", "commerce", "other"])
    'culture, commerce and other'
    """
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def label_names(labels: Iterable[str]) -> tuple[str, str]:
    """Return labels by name, as a Chinese and as an English list; unknown ones by their id."""
    ids = list(labels)
    known = [LABELS.get(label) for label in ids]
    zh = [look.chinese if look else name for look, name in zip(known, ids, strict=True)]
    return "、".join(zh), listing(look.english if look else name for look, name in zip(known, ids, strict=True))


def largest(counts: "pd.Series[float]") -> list[str]:
    """Return the index of every row that has the greatest value, so that ties are named and not dropped."""
    return [str(name) for name in counts.index[counts == counts.max()]]


def corpus_source(pages: pd.DataFrame, more: Sequence[str] = ("", "")) -> Source:
    """Return the source line of a corpus: its papers and the span of its dates.

    ``pages`` has paper and date ("2024-11-06", "2024-11" or "") as `banmian.reading.page_metadata` gives them;
    ``more`` is added to it in Chinese and English, such as whose labels these are.
    """
    papers = list(dict.fromkeys(name for name in pages["paper"] if name))
    dates = sorted(date for date in pages["date"] if date)
    missing = len(pages) - len(dates)
    span = f"{dates[0]}–{dates[-1]}" if dates and dates[0] != dates[-1] else (dates or [""])[0]
    named = "、".join(papers[:6]) + ("等" if len(papers) > 6 else "")
    zh, en = [f"{len(pages)}份文件" + (f"（{named}）" if papers else "")], [plural(len(pages), "document")]
    if papers:
        en = [f"{en[0]} ({', '.join(papers[:6])}{', …' if len(papers) > 6 else ''})"]
    zh.append(span if span else "日期不详")
    en.append(span if span else "dates unknown")
    if span and missing:
        zh[-1] += f"（{missing}份日期不详）"
        en[-1] += f" ({missing} undated)"
    zh, en = zh + [more[0]] * bool(more[0]), en + [more[1]] * bool(more[1])
    return Source("来源：" + "，".join(zh), "Source: " + ", ".join(en))
