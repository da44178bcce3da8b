"""Rows to topics, and topics to files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.io.tables import write_csv
from banmian.models.topics.fit import assign, fit_topics
from banmian.models.topics.result import TopicResult, dominant_topic
from banmian.partitions import Corpus
from banmian.pipeline.rows import Rejected, body_rows, map_rows
from banmian.pipeline.words import content_words, words_to_fit


def fit_corpus_topics(
    corpus: Corpus, rejected: list[Rejected], progress: bool = False, **options: Any
) -> tuple[pd.DataFrame, TopicResult]:
    """Fit topics to all body sections at once; ``options`` go to `fit_topics`.

    Returns section_id and topic of each section (-1 for none), and the fit.
    """
    none = pd.DataFrame({"section_id": [], "text": []}, dtype=object)  # an empty file has no batch
    batches = (batch[["section_id", "text"]] for batch in map_rows(corpus, body_rows, rejected))
    rows = pd.concat([none, *batches], ignore_index=True)
    texts = rows["text"].tolist()
    if options.get("method") in ("bertopic", "umap"):
        from banmian.models.embed import embed

        options["embeddings"] = embed(texts, progress=progress)
    result = fit_topics(words_to_fit(texts, progress), **options)
    return pd.DataFrame({"section_id": rows["section_id"], "topic": result.assignment}), result


def place_topics(frame: pd.DataFrame, result: TopicResult) -> pd.DataFrame:
    """Return section_id and topic (-1 for none) of each body row, placed among the topics of a fit; a `Step`."""
    rows = body_rows(frame)
    doc_topic = assign(result, content_words(rows["text"].tolist())) if len(rows) else np.zeros((0, 1))
    return pd.DataFrame(
        {"section_id": rows["section_id"].tolist(), "topic": dominant_topic(doc_topic).astype(np.int64)}
    )


def write_topics(result: TopicResult, folder: Path, rows: pd.DataFrame | None = None) -> None:
    """Write topics.csv, scores.json and, if rows of section_id and topic are given, sections.csv.

    Raises ``ValueError`` where files of these names are not of an earlier run, or the folder cannot be made.
    """
    check_topics_folder(folder)
    words, scores = _topic_tables(result)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    for name, table in (("topics.csv", words), ("sections.csv", rows)):
        if table is not None:
            with atomic_write(folder / name) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
                write_csv(table, out)
    with atomic_write(folder / "scores.json") as temporary:
        temporary.write_text(json.dumps(scores, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def check_topics_folder(folder: Path) -> None:
    """Raise ``ValueError`` if a topics.csv, sections.csv or scores.json there is not one of `write_topics`.

    Ours are known by their columns, and by the names in scores.json.
    """
    for name, columns in (("topics.csv", b"topic,rank,word,weight\n"), ("sections.csv", b"section_id,topic\n")):
        if (folder / name).is_file():
            with (folder / name).open("rb") as lines:
                _refuse_foreign(folder / name, lines.readline(100) == columns)
    if (folder / "scores.json").is_file():
        try:
            scores = json.loads((folder / "scores.json").read_bytes())
        except (ValueError, RecursionError):
            scores = None
        _refuse_foreign(folder / "scores.json", isinstance(scores, dict) and {"method", "n_topics"} <= set(scores))


def _refuse_foreign(file: Path, ours: bool) -> None:
    if not ours:
        raise ValueError(f"{file}: is not of banmian topics, and is not written over; choose another folder")


def _topic_tables(result: TopicResult) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the rows of topics.csv and the content of scores.json."""
    rounded = {name: None if np.isnan(value) else round(float(value), 6) for name, value in result.scores.items()}
    fit = {"method": result.method, "rung": result.rung, "why": result.why, "n_topics": result.n_topics}
    return result.words[["topic", "rank", "word", "weight"]], fit | {"names": result.names, "scores": rounded}
