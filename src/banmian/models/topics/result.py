"""The one result that every topic method gives: topics ordered by their words, sections in the order they came."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import scipy.sparse as sp

from banmian.models.topics.coherence import c_v, npmi
from banmian.models.topics.matrices import shares
from banmian.models.topics.methods import FitOutput, Parts
from banmian.models.topics.selection import SizeRegime
from banmian.models.topics.stability import diversity, redundancy

TOP_WORDS = 10
NAME_WORDS = 4
# Enough digits to separate any two values that differ in substance, too few to show another processor's last bits.
DIGITS = 6


@dataclass(frozen=True)
class TopicResult:
    """What a fit gives, the same for every method.

    topic_word : (n_topics, n_vocab), rows add up to 1.  vocab : (n_vocab,) of str, sorted.
    doc_topic : (n, n_topics), rows add up to 1, or to 0 for a section that belongs to no topic.
    assignment : (n,) of int, the heaviest topic of each section, -1 for none.
    words : DataFrame with columns topic, rank (from 1), word, weight; up to ten rows a topic, heaviest first.
    names : the first words of each topic joined by " · "; topics stand in the order of their names.
    scores : npmi, c_v (means over topics), diversity, redundancy, outliers (share of sections without a topic).
    grid : the table behind a chosen number of topics, or None where it was given.
    method, rung, why : what ran, and why that and not more.
    """

    method: str
    rung: str
    why: str
    topic_word: np.ndarray
    doc_topic: np.ndarray
    assignment: np.ndarray
    vocab: np.ndarray
    words: pd.DataFrame
    names: list[str]
    scores: dict[str, float]
    grid: pd.DataFrame | None
    place: Callable[..., np.ndarray] = field(repr=False)
    centres: np.ndarray | None = field(repr=False)

    @property
    def n_topics(self) -> int:
        """The number of topics."""
        return len(self.topic_word)

    @property
    def word_lists(self) -> list[list[str]]:
        """The first words of each topic, heaviest first."""
        return [self.words.loc[self.words["topic"] == topic, "word"].tolist() for topic in range(self.n_topics)]


def dominant_topic(doc_topic: np.ndarray) -> np.ndarray:
    """Return the number of each row's heaviest topic, (n,) of int; -1 for a row of zeros; ties to the first name."""
    if not doc_topic.shape[1]:
        return np.full(len(doc_topic), -1)
    return np.where(doc_topic.max(axis=1) > 0, doc_topic.argmax(axis=1), -1)


def top_words(weights: np.ndarray, vocab: np.ndarray) -> tuple[list[str], list[float]]:
    """Return a topic's first words and their weights; equal weights stand in the order of text."""
    rounded = weights.round(DIGITS)
    held = np.flatnonzero(rounded > 0)
    first = held[np.argsort(-rounded[held], kind="stable")[:TOP_WORDS]]
    return [str(word) for word in vocab[first]], [float(weight) for weight in rounded[first]]


def build_result(
    fitted: FitOutput, parts: Parts, order: np.ndarray, rung: SizeRegime, grid: pd.DataFrame | None
) -> TopicResult:
    """Sort topics by their words, drop those without a section, and bring the sections back into their order."""
    tops = [top_words(row, parts.vocab) for row in fitted.topic_word]
    # A cluster may hold no word at all: its sections go to the next nearest topic.
    with_words = [k for k in range(len(tops)) if tops[k][0]]
    by_name = sorted(with_words, key=lambda k: (tops[k][0], -tops[k][1][0]))
    used = set(dominant_topic(fitted.doc_topic.round(DIGITS)[:, by_name]).tolist())
    kept = np.array([topic for number, topic in enumerate(by_name) if number in used], dtype=np.int64)
    doc_topic = shares(fitted.doc_topic[:, kept]).round(DIGITS)
    centres = _centres(doc_topic, parts.embeddings)
    inliers = ~fitted.outliers if fitted.outliers is not None else np.full(len(order), True)
    doc_topic = fill_rows(doc_topic, inliers, parts.embeddings, centres)
    doc_topic = doc_topic[np.argsort(order, kind="stable")]
    assignment = dominant_topic(doc_topic)
    tops = [tops[k] for k in kept]
    words = [
        (topic, rank, *pair) for topic, top in enumerate(tops) for rank, pair in enumerate(zip(*top, strict=True), 1)
    ]
    lists = [top[0] for top in tops]
    return TopicResult(
        method=rung.method,
        rung=rung.name,
        why=rung.why,
        topic_word=fitted.topic_word[kept].round(DIGITS),
        doc_topic=doc_topic,
        assignment=assignment,
        vocab=parts.vocab,
        words=pd.DataFrame(words, columns=["topic", "rank", "word", "weight"]),
        names=[" · ".join(top[:NAME_WORDS]) for top in lists],
        scores=_scores(lists, parts.tokens, assignment),
        grid=grid,
        place=partial(_place_kept, fitted.place, kept),
        centres=centres,
    )


def _place_kept(
    place: Callable[..., np.ndarray], kept: np.ndarray, counts: sp.csr_matrix, embeddings: np.ndarray | None
) -> np.ndarray:
    return shares(place(counts, embeddings)[:, kept])


def _centres(doc_topic: np.ndarray, embeddings: np.ndarray | None) -> np.ndarray | None:
    """Return the mean embedding of each topic's sections, weighted by their share in it, (n_topics, d)."""
    if embeddings is None or not doc_topic.shape[1]:
        return None
    return shares(doc_topic.T) @ np.asarray(embeddings, dtype=np.float64)


def fill_rows(
    doc_topic: np.ndarray, rows: np.ndarray, embeddings: np.ndarray | None, centres: np.ndarray | None
) -> np.ndarray:
    """Give the sections of `rows` (n,) of bool that have no topic the one whose mean embedding is nearest."""
    rows = np.flatnonzero(rows & (doc_topic.sum(axis=1) == 0))
    if embeddings is None or centres is None or not len(rows):
        return doc_topic
    filled = doc_topic.copy()
    nearness = (np.asarray(embeddings, dtype=np.float64)[rows] @ centres.T).round(DIGITS)
    filled[rows, nearness.argmax(axis=1)] = 1.0
    return filled


def _scores(lists: list[list[str]], tokens: list[list[str]], assignment: np.ndarray) -> dict[str, float]:
    def mean(values: np.ndarray) -> float:
        return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")

    found = {
        "npmi": mean(npmi(lists, tokens)),
        "c_v": mean(c_v(lists, tokens)),
        "diversity": diversity(lists),
        "redundancy": redundancy(lists),
        "outliers": float((assignment < 0).mean()) if len(assignment) else 0.0,
    }
    return {name: round(value, DIGITS) for name, value in found.items()}
