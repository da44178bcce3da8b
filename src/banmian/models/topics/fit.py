"""Topics: fit them, place new sections among them, follow them over dates; one result for all methods.

Rows are sorted by a hash of their words before anything is fitted, so the order in which sections arrive changes
nothing. Topics come in the order of their names, and a topic's number carries no meaning: compare topics by words.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from banmian.models.topics.date_words import is_topic_word
from banmian.models.topics.matrices import count_words, least_sections, seed_matrix, shares, vocabulary
from banmian.models.topics.methods import METHODS, FitOutput, Method, Parts, nmf, nmf_words
from banmian.models.topics.result import DIGITS, TopicResult, build_result, fill_rows, top_words
from banmian.models.topics.selection import SAMPLE, SizeRegime, choose_n_topics, choose_rung


def fit_topics(
    tokens: Sequence[Sequence[str]],
    embeddings: np.ndarray | None = None,
    method: str | Method = "nmf",
    n_topics: int | None = None,
    seed_words: Mapping[str, Sequence[str]] | None = None,
    random_state: int = 0,
    usable: Callable[[str], bool] = is_topic_word,
) -> TopicResult:
    """Fit topics to sections and return one `TopicResult`.

    Parameters
    ----------
    tokens : content words of each section, in their order.
    embeddings : (n, d), rows of length 1; needed by the methods that cluster, and used by the others to place
        sections without a usable word.
    method : "nmf", "lda", "bertopic", "umap", or a function of `banmian.models.topics.methods`'s kind.
    n_topics : a wish; fewer come back when the corpus has too few different sections. None: chosen by the rule of
        `banmian.models.topics.selection.choose_n_topics`.
    seed_words : name of a topic wanted → its words. See `banmian.models.topics.guidance` for a report on them.
    usable : says whether a word may be used in topics at all.

    Raises ``ValueError`` for an unknown method, a number of topics below 1, and embeddings of another length.
    """
    rows = [list(row) for row in tokens]
    _check(rows, embeddings, method, n_topics)
    order = row_order(rows, embeddings)
    parts = _prepare([rows[i] for i in order], embeddings, order, seed_words or {}, usable)
    name = method if isinstance(method, str) else getattr(method, "__name__", "custom")
    n_distinct = len({tuple(row) for row in parts.tokens if row})
    rung = choose_rung(len(rows), n_distinct, len(parts.vocab), name)
    run = METHODS.get(rung.method, method)
    # One thread: the order in which threads add up their sums would show in the last bits.
    with threadpool_limits(1):
        if rung.most <= 1 or not callable(run):
            fitted, grid = _one_group(parts, rung), None
        else:
            k, grid = _number(parts, run, rung, n_topics, random_state)
            fitted = run(parts, k, random_state)
    return build_result(fitted, parts, order, rung, grid)


def assign(result: TopicResult, tokens: Sequence[Sequence[str]], embeddings: np.ndarray | None = None) -> np.ndarray:
    """Return doc_topic for new sections, shape (n_new, n_topics), without fitting again.

    A section that shares no word with any topic goes to the topic of the nearest sections' mean where embeddings are
    given, and is a row of zeros otherwise. The topics stay as they are: what is new is forced into them.
    """
    counts = count_words(tokens, result.vocab)
    doc_topic = result.place(counts, embeddings).round(DIGITS)
    return fill_rows(doc_topic, np.full(len(doc_topic), True), embeddings, result.centres)


def topics_over_dates(result: TopicResult, dates: Sequence[str | None], period: str = "M") -> pd.DataFrame:
    """Count the sections of each topic in each period.

    Parameters
    ----------
    dates : ISO dates of the fitted sections, in their order; None or "" for a section without one.
    period : a pandas period: "D", "W", "M", "Q" or "Y".

    Returns
    -------
    DataFrame with columns period (str, "" = without a date), topic, name, n_sections, share (of the period's sections),
    every topic in every period that has sections, also with 0. Periods without any section are not invented.
    """
    if len(dates) != len(result.assignment):
        raise ValueError(
            f"{len(dates)} dates for {len(result.assignment)} sections; pass one for each, None if unknown"
        )
    when = pd.to_datetime(pd.Series([date or None for date in dates], dtype=object), format="ISO8601")
    names = when.dt.to_period(period).astype(str).where(when.notna(), "")
    table = pd.crosstab(names.to_numpy(), result.assignment).reindex(columns=range(result.n_topics), fill_value=0)
    totals = names.value_counts()
    counts = table.to_numpy()
    rows = [
        (name, topic, result.names[topic], int(counts[i, topic]), int(counts[i, topic]) / int(totals[name]))
        for i, name in enumerate(table.index)
        for topic in range(result.n_topics)
    ]
    return pd.DataFrame(rows, columns=["period", "topic", "name", "n_sections", "share"])


def row_order(tokens: Sequence[Sequence[str]], embeddings: np.ndarray | None) -> np.ndarray:
    """Return the order in which sections are fitted: by a hash of their words, then of their embedding, (n,)."""
    keys = [hashlib.sha256("\x1f".join(row).encode("utf-8", "surrogatepass")).digest() for row in tokens]
    if embeddings is not None:
        keys = [key + vector.tobytes() for key, vector in zip(keys, np.asarray(embeddings), strict=True)]
    return np.array(sorted(range(len(keys)), key=lambda i: keys[i]), dtype=np.int64)


def _check(rows: list[list[str]], embeddings: np.ndarray | None, method: str | Method, n_topics: int | None) -> None:
    if isinstance(method, str) and method not in METHODS:
        raise ValueError(f"unknown method {method!r}; known: {', '.join(METHODS)}")
    if n_topics is not None and n_topics < 1:
        raise ValueError(f"n_topics {n_topics}: must be at least 1, or None to have it chosen")
    if embeddings is not None and len(embeddings) != len(rows):
        raise ValueError(f"{len(embeddings)} embeddings for {len(rows)} sections; pass one row for each section")


def _prepare(
    rows: list[list[str]],
    embeddings: np.ndarray | None,
    order: np.ndarray,
    seed_words: Mapping[str, Sequence[str]],
    usable: Callable[[str], bool],
) -> Parts:
    vocab = vocabulary(rows, usable)
    vectors = None if embeddings is None else np.asarray(embeddings)[order]
    return Parts(rows, count_words(rows, vocab), vocab, vectors, seed_matrix(seed_words, vocab))


def _number(
    parts: Parts, run: Method, rung: SizeRegime, n_topics: int | None, random_state: int
) -> tuple[int, pd.DataFrame | None]:
    """Return how many topics to fit: the wish or the choice, within what the corpus and the seed sets allow."""
    limit = min(len({tuple(row) for row in parts.tokens if row}), len(parts.vocab)) - 1
    grid = None
    if n_topics is None:
        n = len(parts.tokens)
        # The rows are in hash order, so the first are a fair sample.
        sample = parts if n <= SAMPLE else _drawn(parts, np.arange(SAMPLE), least_sections(SAMPLE))

        def content_words(rows: np.ndarray, numbers: list[int], seed: int) -> list[list[list[str]]]:
            drawn = _drawn(sample, rows)
            if run is nmf:
                # Single precision where it saves a second; the grids of small corpora stay the same on any processor.
                fits = nmf_words(drawn, numbers, np.float64 if sample is parts else np.float32)
            else:
                fits = [run(drawn, k, seed).topic_word for k in numbers]
            return [[top_words(weights, drawn.vocab)[0] for weights in fit] for fit in fits]

        n_topics, grid = choose_n_topics(content_words, sample.tokens, n, rung.most, random_state)
    # One topic beside the guided ones, or everything else would have to go into them.
    wanted = max(n_topics, parts.seeds.shape[0] + 1) if parts.seeds.shape[0] else n_topics
    return max(1, min(wanted, limit)), grid


def _drawn(parts: Parts, rows: np.ndarray, least: int = 1) -> Parts:
    """Return the parts of some of the rows, without the words that stand in fewer than `least` of them."""
    counts = parts.counts[rows]
    words = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= least)
    return Parts(
        tokens=[parts.tokens[i] for i in rows],
        counts=counts[:, words],
        vocab=parts.vocab[words],
        embeddings=None if parts.embeddings is None else parts.embeddings[rows],
        seeds=parts.seeds[:, words],
    )


def _one_group(parts: Parts, rung: SizeRegime) -> FitOutput:
    """Return all sections as one group, or no group at all where there is nothing to fit."""
    n, k = len(parts.tokens), rung.most
    weights = np.asarray(parts.counts.sum(axis=0)).reshape(1, -1)[:k]

    return FitOutput(np.ones((n, k)), shares(weights), partial(_place_in_one, k))


def _place_in_one(k: int, counts: sp.csr_matrix, embeddings: np.ndarray | None) -> np.ndarray:
    return np.ones((counts.shape[0], k))
