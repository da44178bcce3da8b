"""Short names for pages on figures, and the many small pages of a large folder under one name."""

import pandas as pd

OTHERS = "其余 others"


def page_names(documents: pd.DataFrame, most: int = 12, least: int = 3) -> pd.Series:
    """Return doc_id → the name to show: its shortest beginning that tells it from the others.

    Parameters
    ----------
    documents : doc_id and text, a row a document, as `banmian.reading.corpus.read_documents` gives them.
    most : with more documents, all but the ``most - 1`` longest are shown as one, `OTHERS`; nobody can read a figure
        with a bar for each of 300 pages.
    least : characters of the beginning, so that the names of one folder look alike.

    A Series with doc_id as its index, in the order of the documents. Documents with names that differ only in their
    last characters keep their whole names.
    """
    names = documents["doc_id"].tolist()
    size = next(
        (n for n in range(least, max(map(len, names), default=0)) if len({a[:n] for a in names}) == len(names)), None
    )
    shown = pd.Series([name[:size] for name in names], index=names, dtype=object)
    if len(names) > most:
        lengths = documents["text"].str.len().set_axis(names)
        kept = lengths.sort_values(ascending=False, kind="stable").index[: most - 1]
        shown[~shown.index.isin(kept)] = OTHERS
    return shown
