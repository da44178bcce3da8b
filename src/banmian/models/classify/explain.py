"""Why a text got its label: the terms that carried it and the labelled texts nearest to it."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from banmian.models.classify.character_ngrams import MAX_NGRAM, NgramVocabulary, ngram_columns, ngram_view
from banmian.models.classify.features import clean
from banmian.models.classify.field_lexicon import field_effects, field_labels
from banmian.text.script import simplify
from banmian.words.segment import Segmenter

if TYPE_CHECKING:
    from banmian.models.classify.labeller import Labeller

N_TERMS, N_NEAREST = 4, 2


@dataclass(frozen=True)
class Explanation:
    """One text's label and what carried it.

    ``terms`` has columns term and effect: how much the label's probability falls when every occurrence of the term is
    taken out of the text (negative: it rises). ``nearest`` has columns similarity (cosine), label and opening of the
    labelled texts nearest in meaning. ``marked`` is HTML: the text, escaped, the terms that speak for the label marked.
    """

    label: str | int
    confidence: float
    abstained: bool
    terms: pd.DataFrame
    nearest: pd.DataFrame
    marked: str

    def _repr_html_(self) -> str:
        unsure = ", unsure" if self.abstained else ""
        return f"<p><b>{html.escape(str(self.label))}</b> ({self.confidence:.2f}{unsure})</p><p>{self.marked}</p>"


def explain(labeller: "Labeller", text: str, n_terms: int = 8) -> Explanation:
    """Explain one text's label by taking its heaviest terms out, one at a time, and labelling what is left.

    The candidates are the terms that weigh most in the n-grams and the fields; the effects are measured on all views
    together. A term says what the labeller relies on, not why the world is so.
    """
    cleaned = clean(text)
    table = labeller.predict([cleaned])
    label, column = table["label"][0], f"p_{table['label'][0]}"
    candidates = [term for term, _ in term_weights(labeller, [cleaned], [label], 2 * n_terms)[0]]
    without = labeller.predict([cleaned.replace(term, "") for term in candidates])
    effects = float(table[column][0]) - without[column].to_numpy()
    terms = pd.DataFrame({"term": candidates, "effect": effects})
    terms = terms.sort_values("effect", ascending=False, kind="stable").head(n_terms).reset_index(drop=True)
    return Explanation(
        label=label,
        confidence=float(table["confidence"][0]),
        abstained=bool(table["abstained"][0]),
        terms=terms,
        nearest=pd.DataFrame(nearest(labeller, [cleaned], 5)[0], columns=["similarity", "label", "opening"]),
        marked=mark(text, terms.loc[terms["effect"] > 0, "term"].tolist()),
    )


def reasons(
    labeller: "Labeller", cleaned: Sequence[str], labels: Sequence[str | int], with_nearest: bool
) -> list[dict[str, list[dict[str, Any]]]]:
    """Return for each text ``terms`` (term, effect) and ``nearest`` (similarity, label, text), strongest first.

    An effect here is what the term adds to the log-odds of the label. ``nearest`` is empty unless asked for: it needs
    the embedding network.
    """
    found = nearest(labeller, cleaned, N_NEAREST) if with_nearest else [[] for _ in cleaned]
    ranked = term_weights(labeller, cleaned, labels, N_TERMS)
    return [
        {
            "terms": [{"term": term, "effect": round(weight, 4)} for term, weight in terms if weight > 0],
            "nearest": [
                {"similarity": round(cosine, 4), "label": str(label), "text": opening}
                for cosine, label, opening in near
            ],
        }
        for terms, near in zip(ranked, found, strict=True)
    ]


def nearest(labeller: "Labeller", cleaned: Sequence[str], n: int) -> list[list[tuple[float, str | int, str]]]:
    """Return similarity, label and opening of the n remembered texts nearest in meaning to each, nearest first."""
    from banmian.models.embed import embed

    known = labeller.memory
    if not len(known.vectors) or not len(cleaned):
        return [[] for _ in cleaned]
    cosines = embed(list(cleaned)) @ known.vectors.astype(np.float32).T
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :n]
    return [
        [(float(row[i]), known.labels[i], known.openings[i]) for i in places] if text else []
        for text, row, places in zip(cleaned, cosines, order.tolist(), strict=True)
    ]


def term_weights(
    labeller: "Labeller", cleaned: Sequence[str], labels: Sequence[str | int], most: int
) -> list[list[tuple[str, float]]]:
    """Return the ``most`` words and field terms of each text that add most to its label's score, heaviest first.

    From the n-grams: the sum over the term's places of value times coefficient of the n-grams that cover them, each
    n-gram's share spread evenly over its characters. From the fields: the fall of the score when the term is not
    counted. The networks are left out, so this costs no second reading; ``explain`` measures with them. Ties go by the
    term.
    """
    if not len(cleaned):
        return []
    names = list(dict.fromkeys(labels))
    directions = {name: _directions(labeller, name) for name in names}
    by_field = field_effects(cleaned, np.array([directions[label]["fields"] for label in labels]))
    counts = ngram_view(labeller.ensemble.vocabulary, cleaned)
    found = []
    for row, (text, label) in enumerate(zip(cleaned, labels, strict=True)):
        places = character_weights(labeller.ensemble.vocabulary, text, counts[row], directions[label]["ngrams"])
        sums = [0.0, *np.cumsum(places).tolist()]
        weights = {}
        for term in {word for word in _segmenter().words(text) if len(word) > 1} | set(by_field[row]):
            start, weight = text.find(term), by_field[row].get(term, 0.0)
            while start >= 0:
                weight += sums[start + len(term)] - sums[start]
                start = text.find(term, start + len(term))
            weights[term] = weight
        found.append(_without_nested(sorted(weights.items(), key=lambda item: (-item[1], item[0])), most))
    return found


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


def character_weights(
    vocabulary: NgramVocabulary, cleaned: str, counts: sp.csr_matrix, direction: np.ndarray
) -> np.ndarray:
    """Return what each character of a text adds to the label's score, shape (n_characters,).

    ``counts`` is the text's row of the n-gram view, ``direction`` has a number for each of its columns.
    """
    n = len(cleaned)
    weights = np.zeros(n)
    columns = ngram_columns(vocabulary, cleaned)
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


def _directions(labeller: "Labeller", label: str | int) -> dict[str, np.ndarray]:
    """Return the coefficients of the n-grams and the fields for a label against the mean of the others, weighted."""
    ensemble = labeller.ensemble
    place, shares, found = ensemble.labels.index(label), ensemble.stages[-1].weights, {}
    widths = {"ngrams": len(ensemble.vocabulary.keys), "fields": 3 * len(field_labels())}
    for view, width in widths.items():
        if view not in ensemble.heads:
            found[view] = np.zeros(width)
            continue
        rows = ensemble.heads[view].coefficients
        others = (rows.sum(axis=0) - rows[place]) / (len(rows) - 1)
        found[view] = shares.get(view, 0.0) * (rows[place] - others)
    return found


def _without_nested(ranked: list[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """Keep the first ``most``, none inside a heavier one or around it: 社区 beside 社区工作者 says nothing more."""
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
