"""Input to sections and to the rows that are labelled; a row that cannot be used is set aside with its reason."""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from banmian.io.rows import BATCH_ROWS, BROKEN
from banmian.io.tables import is_missing
from banmian.partitions import Corpus, find_partitions, read_partition

# Takes rows, gives rows; must not depend on which rows stand together, and must raise on rows that it cannot take.
Step = Callable[[pd.DataFrame], pd.DataFrame]
# The machine's troubles, not a row's: another row would meet them too.
_OF_THE_MACHINE = (OSError, MemoryError)
_TEXT_COLUMNS = ("doc_id", "article_id", "kind", "heading", "simplified", "script", "duplicate_of")
_MAX_OFFSET = 2**63


class Rejected(TypedDict):
    """A row that was set aside: its file, its number from 1, why, and its content as JSON."""

    source: str
    row: int
    error: str
    content: str


def read_sections(corpus: Corpus, rejected: list[Rejected], progress: bool = False) -> pd.DataFrame:
    """Read and split pages in one go; pages that cannot be read are added to ``rejected``.

    Of a table each row is a page, and its other columns stand beside each of its sections. Raises ``ValueError``: that
    of the first page if none can be read, or for a table that holds sections already.
    """
    from banmian.reading.corpus import read_documents
    from banmian.reading.layout import split_sections

    if corpus.kind != "pages":
        check_pages(corpus)
        batches = list(map_rows(corpus, checked_rows, rejected))
        if not batches:
            raise ValueError(rejected[0]["error"] if rejected else f"{corpus.path}: no rows; is the file empty?")
        return row_sections(pd.concat(batches, ignore_index=True), find_twins=True, progress=progress)
    documents, errors = [], []
    for part in find_partitions(corpus):
        for frame in read_partition(part):
            try:
                documents.append(read_documents(frame["path"].iloc[0]))
            except ValueError as error:
                errors.append(error)
                rejected.append(_rejection(frame, error, part.paths))
    if not documents:
        raise errors[0]
    return split_sections(pd.concat(documents, ignore_index=True), progress=progress)


def check_pages(corpus: Corpus) -> None:
    """Raise ``ValueError`` for a table of sections, which cannot be split once more."""
    if corpus.holds_sections:
        raise ValueError(f"{corpus.path}: these are sections already; give pages, or a table of them")


def checked_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows if each has an id and a text, else raise ``ValueError``; a `Step`."""
    for row in frame.to_dict("records"):
        _check_row(row)
    return frame.drop(columns=BROKEN, errors="ignore")


def row_sections(frame: pd.DataFrame, find_twins: bool = False, progress: bool = False) -> pd.DataFrame:
    """Split the text of each row as a page; the row's other columns stand beside each of its sections."""
    from banmian.reading.layout import COLUMNS, split_sections

    pages = frame.rename(columns={name: f"input_{name}" for name in COLUMNS if name not in ("section_id", "text")})
    documents = pages.rename(columns={"section_id": "doc_id"})
    sections = split_sections(documents[["doc_id", "text"]], find_twins=find_twins, progress=progress)
    others = documents.drop(columns="text")
    return sections.merge(others, on="doc_id", how="left", sort=False) if len(others.columns) > 1 else sections


def map_rows(corpus: Corpus, step: Step, rejected: list[Rejected]) -> Iterator[pd.DataFrame]:
    """Yield what a step makes of the body sections of pages, or of the rows of tables, batch by batch."""
    if corpus.kind == "pages":
        found = read_sections(corpus, rejected, progress=True)
        body = found[found["kind"] == "body"].reset_index(drop=True)
        batches: Iterator[tuple[pd.DataFrame, tuple[str, ...]]] = (
            (body.iloc[start : start + BATCH_ROWS], ()) for start in range(0, len(body), BATCH_ROWS)
        )
    else:
        batches = ((batch, part.paths) for part in find_partitions(corpus) for batch in read_partition(part))
    for batch, paths in batches:
        for rows in apply_step(step, batch, rejected, paths):
            if len(rows):
                yield rows.reset_index(drop=True)


def body_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table that are body sections or of no kind, with all their columns; a `Step`.

    Raises ``ValueError`` for the first row that lacks an id or a text, or holds another type than a table of sections.
    """
    frame = checked_rows(frame)
    if "kind" in frame.columns:
        frame = frame[np.array([is_missing(kind) or kind == "body" for kind in frame["kind"]], dtype=bool)]
    return frame


def apply_step(
    step: Step, frame: pd.DataFrame, rejected: list[Rejected], paths: tuple[str, ...] = ()
) -> Iterator[pd.DataFrame]:
    """Yield the step's results in the order of the rows; rows on which it fails are added to ``rejected``.

    A failing frame is halved until the rows at fault stand alone: one bad row among 512 costs ten more calls.

    Raises what is the machine's trouble or the step's own: OSError, MemoryError, and what it raises without any row.
    """
    try:
        result = step(frame)
    except _OF_THE_MACHINE:
        raise
    except Exception as error:
        if len(frame) > 1:
            middle = len(frame) // 2
            for half in (frame.iloc[:middle], frame.iloc[middle:]):
                yield from apply_step(step, half, rejected, paths)
            return
        step(frame.iloc[:0])  # raises if the step itself is broken, or its model is missing
        rejected.append(_rejection(frame, error, paths))
        return
    yield result


def _check_row(row: dict[Any, Any]) -> None:
    """Raise ``ValueError`` unless the row is one of {id, text} or of a table of sections."""
    if not is_missing(row.get(BROKEN)):
        raise ValueError(row[BROKEN])
    if not isinstance(row["section_id"], str) or not isinstance(row["text"], str):
        raise ValueError("needs an id and a text (a string)")
    for name in _TEXT_COLUMNS:
        if not is_missing(row.get(name)) and not isinstance(row[name], str):
            raise ValueError(f"{name} is no string")
    for name, length in (("spans", 2), ("boxes", 5)):
        if not is_missing(row.get(name)) and not _holds_lists(row[name], length):
            raise ValueError(f"{name} is no list of lists of {length} whole numbers")


def _holds_lists(value: Any, length: int) -> bool:
    """Tell whether a value is a list of lists of ``length`` offsets."""
    return _is_list(value) and all(
        _is_list(item) and len(item) == length and all(map(_is_offset, item)) for item in value
    )


def _is_list(value: Any) -> bool:
    return hasattr(value, "__len__") and hasattr(value, "__iter__") and not isinstance(value, str | bytes | dict)


def _is_offset(number: Any) -> bool:
    try:
        return not isinstance(number, bool | str) and bool(number == int(number)) and 0 <= number < _MAX_OFFSET
    except (TypeError, ValueError, OverflowError):
        return False


def _rejection(row: pd.DataFrame, error: Exception, paths: tuple[str, ...]) -> Rejected:
    content = {name: value for name, value in row.iloc[0].to_dict().items() if not is_missing(value) and name != BROKEN}
    # Our own errors are sentences; of others the kind is half of what they say.
    kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
    source = str(content.get("path", paths[0] if paths else ""))
    return {
        "source": source,
        "row": int(row.index[0]) + 1,
        "error": f"{kind}{error}".removeprefix(f"{source}: ")[:1000],
        "content": json.dumps(content, ensure_ascii=False, default=str),
    }
