"""The four labels and ``other``: names, colours and hand labels; docs/codebook.md defines each."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd


class Label(NamedTuple):
    """One label as people and figures meet it; ``marker`` is matplotlib's, for readers who cannot use the colour."""

    id: str
    english: str
    chinese: str
    colour: str
    marker: str


# Four colours of Okabe and Ito (2008, jfly.uni-koeln.de/color), made for colour-blind readers, and a grey for the rest.
LABELS: dict[str, Label] = {
    label.id: label
    for label in (
        Label("party_building", "party-building", "党建", "#D55E00", "o"),
        Label("grassroots_governance", "grassroots governance", "基层治理", "#009E73", "s"),
        Label("culture", "culture", "文化", "#0072B2", "^"),
        Label("commerce", "commerce", "商业", "#E69F00", "D"),
        Label("other", "none of these", "其他", "#B3B3B3", "X"),
    )
}
IN_SCOPE: tuple[str, ...] = tuple(label for label in LABELS if label != "other")

COLUMNS = ("doc_id", "start", "end", "first", "label", "second", "confidence", "label_a", "label_b")


def read_labels(path: Path, sections: pd.DataFrame) -> pd.DataFrame:
    """Read hand labels and join them to the body sections they were given to.

    Parameters
    ----------
    path : Path
        CSV with at least the columns doc_id, start, end, first, label. ``start`` is the smallest and ``end`` the
        largest offset among the section's spans, in characters of the raw file; ``first`` is how the section's text
        begins. ``second`` (runner-up), ``label_a`` and ``label_b`` (two independent readings) may be empty.
    sections : DataFrame
        As ``split_sections`` returns them.

    Returns
    -------
    The sections' columns of the labelled rows, with label, second, confidence, label_a and label_b beside them, in the
    order of the file. Body sections without a label are left out; whoever needs all of them compares the lengths.

    Raises ``ValueError`` naming file and row for an unknown label, a row that matches no body section any more, a
    section labelled twice, or a missing column; naming the file when it is no CSV in UTF-8.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"{path}: no CSV table in UTF-8 ({error}); save it as one") from error
    if missing := [name for name in COLUMNS[:5] if name not in table.columns]:
        raise ValueError(f"{path}: columns {missing} are missing; expected {', '.join(COLUMNS)}")
    for name in COLUMNS[5:]:
        table[name] = table.get(name, "")
    place = _body_sections(sections)
    found: dict[int, int] = {}
    for number, row in enumerate(table.to_dict("records"), start=2):  # row 1 of the file holds the columns' names
        where = f"{path}, row {number}"
        for name in ("label", "second", "label_a", "label_b"):
            if row[name] not in LABELS and (row[name] or name == "label"):
                raise ValueError(f"{where}: unknown {name} {row[name]!r}; known: {', '.join(LABELS)}")
        i = place.get((row["doc_id"], row["start"], row["end"]))
        if i is None or not _begins(sections["text"].iloc[i], row["first"]):
            raise ValueError(
                f"{where}: no body section of {row['doc_id']} runs from {row['start']} to {row['end']} and begins with "
                f"{row['first']!r}; the sections have changed since it was labelled: read the page and correct the row"
            )
        if i in found:
            raise ValueError(f"{where}: the section was labelled in row {found[i]} already; keep one of the two")
        found[i] = number
    labels = table[["label", "second", "confidence", "label_a", "label_b"]]
    return pd.concat([sections.iloc[list(found)].reset_index(drop=True), labels.reset_index(drop=True)], axis=1)


def kappa(first: list[str], second: list[str]) -> float:
    """Return Cohen's kappa of two readings of the same rows: agreement beyond what their label shares would give.

    (p_o - p_e) / (1 - p_e) (Cohen 1960, doi:10.1177/001316446002000104). Two readings that agree on one label
    throughout have no agreement left to explain: 1.0. ``ValueError`` when the lengths differ or are zero.
    """
    if len(first) != len(second) or not first:
        raise ValueError(f"two readings of the same rows are needed, got {len(first)} and {len(second)} labels")
    if set(first) == set(second) and len(set(first)) == 1:
        return 1.0
    from sklearn.metrics import cohen_kappa_score  # a second to import, and reading labels needs none of it

    return float(cohen_kappa_score(first, second))


def _body_sections(sections: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Map doc_id, smallest and largest offset of each body section, as the CSV writes them, to its row."""
    rows = zip(sections["doc_id"], sections["kind"], sections["spans"], strict=True)
    return {
        (doc_id, str(min(start for start, _ in spans)), str(max(end for _, end in spans))): i
        for i, (doc_id, kind, spans) in enumerate(rows)
        if kind == "body"
    }


def _begins(text: str, first: str) -> bool:
    """Compare without white space: a repair that joins a line must not orphan a label."""
    return "".join(text.split()).startswith("".join(first.split()))
