"""Rows to labelled rows, and how the pages differ from the training texts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import pandas as pd
from tqdm import tqdm

from banmian.partitions import Corpus
from banmian.pipeline.rows import Rejected, body_rows, map_rows
from banmian.pipeline.words import content_words, hash_text

if TYPE_CHECKING:
    from banmian.models.classify.labeller import Labeller, Reasons
    from banmian.models.drift.statistics import Reference, SampleStatistics

# From texts to a table: label, confidence, abstained, the ``p_`` columns, perhaps reasons.
Predict = Callable[[Sequence[str]], pd.DataFrame]
# Past so many sections one batch in eight is looked at: enough to see a shift of a point.
_ALL_UNTIL = 5_000


def label_rows(frame: pd.DataFrame, predict: Predict) -> pd.DataFrame:
    """Return `body_rows` with what ``predict`` says of their texts: label, confidence, abstained, ``p_`` columns.

    Columns of these names that the rows bring along are replaced where they are answers of an earlier run, else kept
    as ``input_label`` and so on.
    """
    rows = body_rows(frame)
    result = predict(rows["text"].tolist()).set_axis(rows.index, axis=0)
    own = [name for name in result.columns if name in rows.columns]
    if {"confidence", "abstained"} <= set(own):
        return rows.drop(columns=own).join(result)
    return rows.rename(columns={name: f"input_{name}" for name in own}).join(result)


def label_step(
    frame: pd.DataFrame, model: str | None = None, reasons: "Reasons" = "short", fast: bool = False
) -> pd.DataFrame:
    """`label_rows` with a labeller that is loaded once a process: the shipped one, or that of the file ``model``."""
    return label_rows(frame, partial(_labeller(model).predict, reasons=reasons, fast=fast))


def label_batches(
    corpus: Corpus,
    predict: Predict,
    rejected: list[Rejected],
    counts: Counter[str],
    statistics: "SampleStatistics",
) -> Iterator[pd.DataFrame]:
    """Yield the labelled body sections of a corpus.

    Parameters
    ----------
    predict : from texts to a table with a row a text, such as `Labeller.predict`.
    rejected : rows that cannot be used are added.
    counts : number of each label and of ``abstained``, added up.
    statistics : what drift is measured by, added up.
    """
    with tqdm(desc="labels", unit=" sections", disable=None) as bar:
        for rows in map_rows(corpus, partial(label_rows, predict=predict), rejected):
            counts.update(rows["label"].tolist())
            counts["abstained"] += int(rows["abstained"].sum())
            add_statistics(rows, statistics)
            bar.update(len(rows))
            yield rows


def add_statistics(rows: pd.DataFrame, statistics: "SampleStatistics") -> None:
    """Add labelled rows to what drift is measured by; past 5,000 sections one batch in eight."""
    from banmian.models.drift.statistics import collect

    if len(rows) and (statistics.n < _ALL_UNTIL or hash_text(str(rows["section_id"].iloc[0]))[0] in "01"):
        texts = rows["text"].tolist()
        statistics.add(collect(_reference(), texts, content_words(texts), rows))


def drift_lines(statistics: "SampleStatistics") -> list[str]:
    """Return how the new sections differ from the training texts, and what speaks against the labels."""
    from banmian.models.drift.messages import summary_lines, warnings_for
    from banmian.models.drift.statistics import drift_table

    table = drift_table(_reference(), statistics)
    cautions = [f"CAUTION: {line}" for line in warnings_for(table, statistics)]
    return [*summary_lines(table, statistics), *cautions]


@cache
def _labeller(model: str | None) -> "Labeller":
    from banmian.models.classify.labeller import load_labeller
    from banmian.models.classify.pretrained import load_pretrained

    return load_pretrained() if model is None else load_labeller(model)


@cache
def _reference() -> "Reference":
    from banmian.models.drift.reference import load_reference

    return load_reference()
