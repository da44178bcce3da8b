"""The steps: rows in, rows out, made of the functions that the small path calls; a row's result rests on it alone."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from banmian.partitions import BATCH_ROWS, SECTION_COLUMNS, find_partitions, read_partition
from banmian.reading.corpus import refuse_links_out


def page_sections(files: pd.DataFrame) -> pd.DataFrame:
    """Read the files named in the column ``path`` and split them into sections; duplicates are told later, over all."""
    from banmian.reading.corpus import read_documents
    from banmian.reading.layout import COLUMNS, split_sections

    found = [split_sections(read_documents(path), find_twins=False) for path in files["path"]]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def body_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to label: {id, text} as section_id and text, or the body rows of a table of sections, whole.

    Raises ``ValueError`` for a missing column, and for the first row whose id is missing or whose text is no string;
    rows are counted from 1.
    """
    of_sections = "section_id" in frame.columns
    wanted = {"section_id", "text"} if of_sections else {"id", "text"}
    if missing := sorted(wanted - set(frame.columns)):
        raise ValueError(f"no column {', '.join(missing)}; rename the columns to id and text")
    if not frame.columns.is_unique:
        raise ValueError("two columns of one name; rename one of them")
    for number, row in zip(frame.index, frame.to_dict("records"), strict=True):
        if not isinstance(row["text"], str) or _is_null(row["section_id" if of_sections else "id"]):
            why = row.get("broken")
            told = why if isinstance(why, str) else "needs an object with id and text (a string)"
            raise ValueError(f"row {number + 1}: {told}")
    if of_sections:
        rows = frame[[name for name in SECTION_COLUMNS if name in frame.columns]]
        rows = rows[rows["kind"] == "body"] if "kind" in rows.columns else rows
    else:
        rows = frame[["id", "text"]].rename(columns={"id": "section_id"})
    # As objects: pandas' own strings cannot hold half of a broken character, which JSON can.
    ids = pd.Series([str(name) for name in rows["section_id"]], index=rows.index, dtype=object)
    return rows.assign(section_id=ids).reset_index(drop=True)


def small_sections(path: Path, progress: bool = False) -> pd.DataFrame:
    """Read and split a page or a folder of pages in one go; a folder's unreadable files are warned of and left out."""
    from banmian.reading.corpus import read_documents
    from banmian.reading.layout import split_sections

    refuse_links_out(path)
    return split_sections(read_documents(path, strict=False), progress=progress)


def body_batches(path: Path) -> Iterator[pd.DataFrame]:
    """Yield body sections of pages, or the rows of .jsonl and .parquet, `BATCH_ROWS` at a time; errors name the row."""
    parts = find_partitions(path)
    if parts and parts[0].kind == "pages":
        found = small_sections(path, progress=True)
        body = found[found["kind"] == "body"].reset_index(drop=True)
        yield from (body.iloc[start : start + BATCH_ROWS] for start in range(0, len(body), BATCH_ROWS))
        return
    for part in parts:
        for batch in read_partition(part):
            try:
                rows = body_rows(batch)
            except ValueError as error:
                out = (
                    "; mend it, or have such rows set aside: --workers 1 -o FOLDER"
                    if str(error).startswith("row ")
                    else ""
                )
                raise ValueError(f"{part.paths[0]}, {error}{out}") from error
            yield rows


def add_labels(rows: pd.DataFrame, labeller: Any, progress: bool = False) -> pd.DataFrame:
    """Return the rows with label, confidence, abstained, the ``p_`` columns and reasons beside them."""
    texts = rows["text"].tolist()
    return rows.reset_index(drop=True).join(labeller.label(texts, progress=progress))


def labelled_batches(path: Path, labeller: Any, counts: Counter[str], tally: Any) -> Iterator[pd.DataFrame]:
    """Yield the labelled body sections of a path; count labels and ``abstained`` in ``counts``, drift in ``tally``."""
    with tqdm(desc="labels", unit=" sections", disable=None) as bar:
        for rows in body_batches(path):
            result = add_labels(rows, labeller)
            counts.update(result["label"].tolist())
            counts["abstained"] += int(result["abstained"].sum())
            tally_drift(result, tally)
            bar.update(len(result))
            yield result


def label_step(frame: pd.DataFrame) -> pd.DataFrame:
    """`body_rows` with the shipped labeller's answers; the labeller is loaded once a process."""
    return add_labels(body_rows(frame), _labeller())


def tally_drift(rows: pd.DataFrame, tally: Any) -> None:
    """Add labelled rows to a `SampleStatistics`; past 5,000 sections one batch in eight is looked at."""
    from banmian.models.drift.statistics import collect

    if len(rows) and (tally.n < 5_000 or hash_text(str(rows["section_id"].iloc[0]))[0] in "01"):
        texts = rows["text"].tolist()
        tally.add(collect(_reference(), texts, content_words(texts), rows))


def drift_lines(tally: Any) -> list[str]:
    """Return what a tally says of the new sections beside the training texts, and what speaks against the labels."""
    from banmian.models.drift.messages import summary_lines, warnings_for
    from banmian.models.drift.statistics import drift_table

    table = drift_table(_reference(), tally)
    return [*summary_lines(table, tally), *(f"CAUTION: {line}" for line in warnings_for(table, tally))]


def hash_text(text: str) -> str:
    """Return a text's SHA-256 in hexadecimal digits; lone surrogates have one too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_words(texts: list[str], progress: bool = False) -> list[list[str]]:
    """Return the content words of each text, as topics see them."""
    return _segmenter().content_words(texts, progress=progress)


def words_to_fit(texts: list[str], progress: bool = False) -> list[list[str]]:
    """Return `content_words` without the persons who speak somewhere in the texts: nobody's name is a topic."""
    from banmian.words.speakers import find_speakers

    return _segmenter().content_words(texts, names=find_speakers(texts, _segmenter()), progress=progress)


def place_topics(frame: pd.DataFrame, result: Any) -> pd.DataFrame:
    """Return section_id and topic (-1 for none) of each body row, placed among the topics of a `TopicResult`."""
    from banmian.models.topics.fit import assign

    rows = body_rows(frame)
    doc_topic = assign(result, content_words(rows["text"].tolist())) if len(rows) else np.zeros((0, 1))
    return pd.DataFrame({"section_id": rows["section_id"], "topic": heaviest_topic(doc_topic)})


def heaviest_topic(doc_topic: np.ndarray) -> np.ndarray:
    """Return each row's heaviest topic as int64, -1 for a row of zeros."""
    from banmian.models.topics.result import dominant_topic

    return dominant_topic(doc_topic).astype(np.int64)


@cache
def _labeller() -> Any:
    from banmian.models.classify.pretrained import load_pretrained

    return load_pretrained(progress=False)


@cache
def _reference() -> Any:
    from banmian.models.drift.reference import load_reference

    return load_reference()


@cache
def _segmenter() -> Any:
    from banmian.words.segment import Segmenter

    return Segmenter()


def _is_null(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)
