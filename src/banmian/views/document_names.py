"""Short names for pages on figures, and the many pages of a large folder in a few runs."""

import warnings
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise, takewhile

import pandas as pd
import pylopdf_fonts_zh_cn

from banmian.views.bilingual import languages
from banmian.views.figures.checks import drawable

FONT_PATH = str(pylopdf_fonts_zh_cn.sans_path())


def document_names(pages: pd.DataFrame, most: int = 12) -> dict[str, str]:
    """Return doc_id → the name to show: the short name of ``pages`` with its month, else a beginning of the doc_id.

    Parameters
    ----------
    pages : as `banmian.reading.page_metadata.page_metadata` gives them: doc_id, name, name_en, date.
    most : as for `short_names`.

    Where only English is shown (see `banmian.views.bilingual.languages`), English names go first. Two documents that
    would have one name get their day, or else a number.
    """
    english = languages() == ("en",)
    beginnings = short_names(pages["doc_id"].tolist(), most=len(pages))
    names: list[str] = []
    for row in pages.to_dict("records"):
        name = (row["name_en"] if english else "") or row["name"] or row["name_en"]
        shown = f"{name} {row['date'][:7]}".strip() if name else beginnings[row["doc_id"]]
        names.append(drawable(shown, FONT_PATH))
    counts = Counter(names)
    for i, row in enumerate(pages.to_dict("records")):
        if counts[names[i]] > 1 and len(row["date"]) > 7:
            names[i] = f"{names[i].removesuffix(row['date'][:7])}{row['date']}"
    seen: Counter[str] = Counter()
    for i, name in enumerate(names):
        seen[name] += 1
        names[i] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    if len(names) <= most:
        return dict(zip(pages["doc_id"], names, strict=True))
    runs = short_names(names, most=most, least=max(map(len, names)))
    return {doc_id: runs[name] for doc_id, name in zip(pages["doc_id"], names, strict=True)}


def short_names(doc_ids: list[str], most: int = 12, least: int = 3) -> dict[str, str]:
    """Return doc_id → the name to show: its shortest beginning that tells it from the others.

    Parameters
    ----------
    doc_ids : of the documents, in the order in which they are read.
    most : more documents than this are shown in so many runs of neighbours, each under the names of its first and last
        page ("日报 001–025"); nobody can read a figure with a bar for each of 300 pages.
    least : characters of the beginning, so that the names of one folder look alike.

    Documents whose names differ only in their last characters keep their whole names. A character that the figures'
    font lacks is shown as a box with its code, with a warning.
    """
    shown = _short_names(doc_ids, most, least)
    drawn = {name: drawable(short, FONT_PATH) for name, short in shown.items()}
    for name in sorted(name for name in drawn if drawn[name] != shown[name]):
        warnings.warn(f"page name {name!r} is shown as {drawn[name]}: the font lacks a character", stacklevel=2)
    return drawn


def _short_names(doc_ids: list[str], most: int, least: int) -> dict[str, str]:
    names = list(dict.fromkeys(doc_ids))
    longest = max(map(len, names), default=0)
    size = next((n for n in range(least, longest) if len({name[:n] for name in names}) == len(names)), longest)
    if len(names) <= most:
        return {name: name[:size] for name in names}
    edges = [round(i * len(names) / most) for i in range(most + 1)]
    runs = [names[start:stop] for start, stop in pairwise(edges)]
    return {name: _run_name(run[0][:size], run[-1][:size]) for run in runs for name in run}


def short_ids(ids: Iterable[str], pages: pd.DataFrame, join: str = "/") -> list[str]:
    """Return article or section ids with their documents' names: "000_5c76/s5" → "重庆晨报 2024-12/s5".

    ``pages`` are all documents, as for `document_names`, so that a name means one document only.
    """
    names = document_names(pages, most=len(pages))
    parts = [whole.rpartition("/") for whole in ids]
    return [f"{names[document]}{join}{number}" for document, _, number in parts]


def _run_name(first: str, last: str) -> str:
    if first == last:
        return first
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    shared = "".join(a for a, _ in alike).rstrip("0123456789")  # 001–025, not 001–25
    return f"{first}–{last[len(shared) :]}"
