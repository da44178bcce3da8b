"""Short names for pages on figures, and the many pages of a large folder in a few runs."""

from collections.abc import Iterable
from itertools import pairwise, takewhile


def short_names(doc_ids: list[str], most: int = 12, least: int = 3) -> dict[str, str]:
    """Return doc_id → the name to show: its shortest beginning that tells it from the others.

    Parameters
    ----------
    doc_ids : of the documents, in the order in which they are read.
    most : more documents than this are shown in so many runs of neighbours, each under the names of its first and last
        page ("日报 001–025"); nobody can read a figure with a bar for each of 300 pages.
    least : characters of the beginning, so that the names of one folder look alike.

    Documents whose names differ only in their last characters keep their whole names.
    """
    names = list(dict.fromkeys(doc_ids))
    longest = max(map(len, names), default=0)
    size = next((n for n in range(least, longest) if len({name[:n] for name in names}) == len(names)), longest)
    if len(names) <= most:
        return {name: name[:size] for name in names}
    edges = [round(i * len(names) / most) for i in range(most + 1)]
    runs = [names[start:stop] for start, stop in pairwise(edges)]
    return {name: _run_name(run[0][:size], run[-1][:size]) for run in runs for name in run}


def short_ids(ids: Iterable[str], doc_ids: Iterable[str], join: str = "/") -> list[str]:
    """Return article or section ids with their documents' short names: "000_5c76/s5" → "000/s5".

    ``doc_ids`` are those of all documents, so that a short name means one document only.
    """
    documents = list(doc_ids)
    names = short_names(documents, most=len(documents))
    parts = [whole.rpartition("/") for whole in ids]
    return [f"{names[document]}{join}{number}" for document, _, number in parts]


def _run_name(first: str, last: str) -> str:
    if first == last:
        return first
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    shared = "".join(a for a, _ in alike).rstrip("0123456789")  # 001–025, not 001–25
    return f"{first}–{last[len(shared) :]}"
