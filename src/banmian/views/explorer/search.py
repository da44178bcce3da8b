"""Find sections in a table of them: by their words in either script, by what is known of them, by likeness."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from banmian.text.script import simplify

# What a section must have to be read; the others are filled in empty where they are not given.
NEEDED = ["doc_id", "section_id", "kind", "heading", "text", "simplified", "script", "spans", "duplicate_of"]
# What stands in a column where nothing was said of a section.
_NOTHING: dict[str, str | bool | float] = {
    "label": "", "topic": "", "abstained": False, "confidence": np.nan, "x": np.nan, "y": np.nan,
}  # fmt: skip
FILTERS = ["doc_id", "kind", "script", "label", "topic"]


def join_results(
    sections: pd.DataFrame,
    predictions: pd.DataFrame | None = None,
    topics: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Put what models said beside the sections, by section_id; one row a section, in the order given, index 0..n-1.

    Parameters
    ----------
    sections : as `split_sections` returns them.
    predictions : section_id, label, confidence (0..1), abstained, and ``p_`` columns; any of the sections.
    topics : section_id, topic (its name).
    places : section_id, x, y on a map.

    Returns
    -------
    The sections with the columns label, confidence, abstained, topic, x, y and ``p_``: "" or NaN or False where nothing
    was said, so that a heading has no label; and ``searched``, heading and text as `find_sections` compares them.

    Raises ``ValueError`` for a missing column, a section_id twice, or one that no section has.
    """
    _check(sections, NEEDED, "sections")
    table = sections.reset_index(drop=True)
    for name, given in (("predictions", predictions), ("topics", topics), ("places", places)):
        if given is None:
            continue
        _check(given, ["section_id"], name)
        if len(unknown := given[~given["section_id"].isin(table["section_id"])]):
            raise ValueError(f"{name}: no section is called {unknown['section_id'].iloc[0]!r}; made from other pages?")
        new = [*given.columns.difference(table.columns), "section_id"]
        table = table.merge(given[new], on="section_id", how="left")
    for column, nothing in _NOTHING.items():
        said = table[column].astype(object) if column in table else pd.Series(nothing, table.index, dtype=object)
        table[column] = said.where(said.notna(), nothing).astype(type(nothing))
    headings = {heading: simplify(heading) for heading in table["heading"].unique()}
    pairs = zip(table["heading"], table["simplified"], strict=True)
    table["searched"] = [f"{headings[heading]}\n{plain}".casefold() for heading, plain in pairs]
    return table


def find_sections(
    table: pd.DataFrame, words: str = "", at_least: float = 0.0, at_most: float = 1.0, **wanted: str
) -> pd.DataFrame:
    """Return the rows that hold all the words and are what is wanted, in their order and with their index.

    Parameters
    ----------
    table : as `join_results` returns it.
    words : one or more, with spaces between them, in either script; each must stand in the heading or the text.
        Regional words are not translated (see `simplify`); Latin letters match in either case.
    at_least, at_most : bounds of confidence, in 0..1; sections without a label are kept only by the full range.
    wanted : doc_id, kind, script, label or topic; an empty string asks for nothing.
    """
    if unknown := set(wanted) - set(FILTERS):
        raise ValueError(f"sections cannot be chosen by {sorted(unknown)}; known: {', '.join(FILTERS)}")
    keep = np.ones(len(table), dtype=bool)
    for name, value in wanted.items():
        if value:
            keep &= (table[name] == value).to_numpy()
    if (at_least, at_most) != (0.0, 1.0):
        keep &= table["confidence"].between(at_least, at_most).to_numpy()
    for word in simplify(words).casefold().split():
        rows = np.flatnonzero(keep)
        keep[rows] = [word in text for text in table["searched"].to_numpy()[rows]]
    return table[keep]


def sections_like(table: pd.DataFrame, vectors: np.ndarray, section_id: str, n: int = 8) -> pd.DataFrame:
    """Return the ``n`` sections of the same kind nearest in meaning to one, nearest first, with their cosine.

    ``vectors`` : (n_sections, d), rows of length 1, in the order of the table; equal cosines stand in that order.
    The same story told twice comes first; that is meant.
    """
    if len(vectors) != len(table):
        raise ValueError(f"{len(vectors)} vectors for {len(table)} sections; pass one row for each section")
    rows = np.flatnonzero(table["section_id"] == section_id)
    if not len(rows):
        raise ValueError(f"no section is called {section_id!r}")
    same = np.flatnonzero((table["kind"] == table["kind"].iloc[rows[0]]).to_numpy())
    same = same[same != rows[0]]
    cosines = (vectors[same] @ vectors[rows[0]]).round(4)
    nearest = np.argsort(-cosines, kind="stable")[:n]
    return table.iloc[same[nearest]].assign(likeness=cosines[nearest])


def _check(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    if missing := [column for column in columns if column not in frame.columns]:
        raise ValueError(f"{name}: columns {missing} are missing; given: {', '.join(map(str, frame.columns))}")
    if (twice := frame["section_id"].duplicated()).any():
        raise ValueError(f"{name}: section_id {frame.loc[twice, 'section_id'].iloc[0]!r} stands in two rows; keep one")
