"""Why a text got its label: the terms that carried it and the labelled texts nearest to it."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
import pandas as pd
import scipy.sparse as sp

from banmian.models.classify.features import (
    MAX_NGRAM,
    OPENING,
    VIEWS,
    FeatureViews,
    NgramVocabulary,
    clean,
    field_terms,
    field_weights,
    fields_of_term,
    ngram_columns,
    scale_field_weights,
    term_weight,
)
from banmian.text.script import simplify
from banmian.words.segment import Segmenter

N_TERMS, N_NEAREST = 4, 2


class Labeller(Protocol):
    """What is needed of ``classify.Labeller`` here; named by shape, so that the import goes one way only."""

    labels: list[str]
    characters: NgramVocabulary
    heads: dict[str, Any]
    openings: list[str]
    opening_labels: list[str]
    opening_vectors: np.ndarray

    def predict(self, texts: Sequence[str]) -> pd.DataFrame: ...

    def views(self, cleaned: list[str]) -> FeatureViews: ...


@dataclass(frozen=True)
class Explanation:
    """One text's label and what carried it.

    ``terms`` has columns term and effect: how much the label's probability falls when every occurrence of the term is
    taken out of the text (negative: it rises). ``nearest`` has columns similarity (cosine), label and opening of the
    labelled texts nearest in meaning. ``marked`` is HTML: the text, escaped, the terms that speak for the label marked.
    """

    label: str
    confidence: float
    abstained: bool
    terms: pd.DataFrame
    nearest: pd.DataFrame
    marked: str

    def _repr_html_(self) -> str:
        unsure = ", unsure" if self.abstained else ""
        return f"<p><b>{html.escape(self.label)}</b> ({self.confidence:.2f}{unsure})</p><p>{self.marked}</p>"


def explain(labeller: Labeller, text: str, n_terms: int = 8) -> Explanation:
    """Explain one text's label by taking its likeliest terms out, one at a time, and labelling what is left.

    The candidates are the terms that weigh most in the characters and the fields; the effects are measured on all
    views together. A term says what the labeller leans on, not why the world is so.
    """
    cleaned = clean(text)
    table = labeller.predict([cleaned])
    label, column = str(table["label"][0]), f"p_{table['label'][0]}"
    views = labeller.views([cleaned])
    ranked = term_weights(labeller, cleaned, views["characters"][0], _directions(labeller, label), 2 * n_terms)
    candidates = [term for term, _ in ranked]
    without = labeller.predict([cleaned.replace(term, "") for term in candidates])
    effects = float(table[column][0]) - without[column].to_numpy()
    terms = pd.DataFrame({"term": candidates, "effect": effects})
    terms = terms.sort_values("effect", ascending=False, kind="stable").head(n_terms).reset_index(drop=True)
    return Explanation(
        label=label,
        confidence=float(table["confidence"][0]),
        abstained=bool(table["abstained"][0]),
        terms=terms,
        nearest=nearest(labeller, views, 5),
        marked=mark(text, terms.loc[terms["effect"] > 0, "term"].tolist()),
    )


def reasons(labeller: Labeller, cleaned: list[str], views: FeatureViews, labels: list[str]) -> list[str]:
    """Return one line a text: ``terms: 调解, 网格员; like: 晚上八点… (grassroots_governance 0.81)``."""
    directions = {label: _directions(labeller, label) for label in dict.fromkeys(labels)}
    similarity = _similarity(labeller, views)
    lines = []
    for row, (text, label) in enumerate(zip(cleaned, labels, strict=True)):
        ranked = term_weights(labeller, text, views["characters"][row], directions[label], N_TERMS)
        terms = [term for term, weight in ranked if weight > 0]
        like = _likest(similarity[row], N_NEAREST) if text else []
        said = [f"{labeller.openings[i]}… ({labeller.opening_labels[i]} {cosine:.2f})" for i, cosine in like]
        lines.append(f"terms: {', '.join(terms) or 'none'}; like: {'; '.join(said) or 'none'}")
    return lines


def nearest(labeller: Labeller, views: FeatureViews, n: int) -> pd.DataFrame:
    """Return similarity, label and opening of the n training texts nearest in meaning to one text, nearest first."""
    rows = [
        (cosine, labeller.opening_labels[i], labeller.openings[i])
        for i, cosine in _likest(_similarity(labeller, views)[0], n)
    ]
    return pd.DataFrame(rows, columns=["similarity", "label", "opening"])


def _similarity(labeller: Labeller, views: FeatureViews) -> np.ndarray:
    """Return cosines of the whole texts with the training texts, shape (n_texts, n_training)."""
    known = labeller.opening_vectors
    return np.asarray(np.asarray(views["meaning"])[:, : known.shape[1]] @ known.T)


def _likest(cosines: np.ndarray, n: int) -> list[tuple[int, float]]:
    return [(int(i), float(cosines[i])) for i in np.argsort(-cosines, kind="stable")[:n]]


def term_weights(
    labeller: Labeller, cleaned: str, counts: sp.csr_matrix, directions: dict[str, np.ndarray], most: int
) -> list[tuple[str, float]]:
    """Return the ``most`` words and field terms of the text that add most to the label's score, heaviest first.

    ``counts`` is the text's row of the characters view. From the characters: the sum over the term's places of value
    times coefficient of the runs that cover them, each run's share spread evenly over its characters. From the fields:
    the fall of the score when the term is not counted. The embedding is left out, so this costs no second reading;
    ``explain`` measures with it. Ties go by the term.
    """
    sums = np.concatenate(
        [[0.0], np.cumsum(_character_weights(labeller, cleaned, counts, directions["characters"]))]
    ).tolist()
    by_field = _field_weights(cleaned, directions["fields"])
    weights = {}
    for term in {word for word in _segmenter().words(cleaned) if len(word) > 1} | set(by_field):
        start, weight = cleaned.find(term), by_field.get(term, 0.0)
        while start >= 0:
            weight += sums[start + len(term)] - sums[start]
            start = cleaned.find(term, start + len(term))
        weights[term] = weight
    return _without_nested(sorted(weights.items(), key=lambda item: (-item[1], item[0])), most)


def mark(text: str, terms: list[str]) -> str:
    """Return the text as HTML, escaped, with each occurrence of a term inside ``<mark>``.

    Terms are Simplified; they are found in either script and across a scanner's line breaks.
    """
    if not terms:
        return html.escape(text)
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    pattern = re.compile("|".join(r"\s*".join(map(re.escape, term)) for term in longest_first))
    parts, end = [], 0
    for match in pattern.finditer(simplify(text)):  # as long as the text, so places in it are places in the text
        parts += [
            html.escape(text[end : match.start()]),
            f"<mark>{html.escape(text[match.start() : match.end()])}</mark>",
        ]
        end = match.end()
    return "".join(parts) + html.escape(text[end:])


def _directions(labeller: Labeller, label: str) -> dict[str, np.ndarray]:
    """Return the coefficients of the characters and the fields for a label against the mean of the others."""
    place, found = labeller.labels.index(label), {}
    for view in ("characters", "fields"):
        rows = labeller.heads[view].coefficients
        others = (rows.sum(axis=0) - rows[place]) / (len(rows) - 1)
        found[view] = VIEWS[view][1] * (rows[place] - others)
    return found


def _character_weights(labeller: Labeller, cleaned: str, counts: sp.csr_matrix, direction: np.ndarray) -> np.ndarray:
    """Return what each character of the text adds to the label's score, shape (n_characters,)."""
    n = len(cleaned)
    weights = np.zeros(n)
    columns = ngram_columns(labeller.characters, cleaned)
    known = columns >= 0
    if len(cleaned.lower()) != n or not known.any():
        return weights  # a letter that grows when made small (İ): places would not be places in the text
    places, times = np.unique(columns[known], return_inverse=True, return_counts=True)[1:]
    # The row of counts holds the same columns in the same order as np.unique finds them.
    value = counts.data * direction[counts.indices] / times
    each = np.zeros(len(columns))
    each[known] = value[places]
    start = 0
    for size in range(1, MAX_NGRAM + 1):
        runs = each[start : start + max(n - size + 1, 0)] / size
        start += len(runs)
        for shift in range(size):
            weights[shift : shift + len(runs)] += runs
    return weights


def _field_weights(cleaned: str, direction: np.ndarray) -> dict[str, float]:
    """Return by how much the label's score falls when a field term of the text is not counted."""
    found = field_terms(cleaned)
    weights, opening = field_weights(cleaned, found)
    terms = sorted(found.items())
    less, less_opening = np.tile(weights, (len(terms), 1)), np.tile(opening, (len(terms), 1))
    for i, (term, count) in enumerate(terms):
        columns = fields_of_term(term)
        less[i, columns] -= min(count, 3) * term_weight(term)
        less_opening[i, columns] -= term in cleaned[:OPENING]
    falls = (scale_field_weights(weights, opening) - scale_field_weights(less, less_opening)) @ direction
    return {term: float(fall) for (term, _), fall in zip(terms, falls, strict=True)}


def _without_nested(ranked: list[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """Keep the first so many, none inside a heavier one or around it: 社区 beside 社区工作者 tells nothing more."""
    kept: list[tuple[str, float]] = []
    for term, weight in ranked:
        if len(kept) == most:
            break
        if not any(term in other or other in term for other, _ in kept):
            kept.append((term, weight))
    return kept


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
