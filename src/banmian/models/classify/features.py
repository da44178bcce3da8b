"""What a labeller sees of a text: three views (meaning, characters, fields), all of the Simplified text.

Because the views are taken after ``simplify``, a text and its twin in the other script look alike by construction.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from banmian.models.embed import DIMENSIONS, embed
from banmian.text.markup import strip_markup
from banmian.text.script import simplify

FeatureViews = dict[str, np.ndarray | sp.csr_matrix]
# View: inverse strength of its penalty, and its share in the average. Penalties by grouped cross-validation on the
# exemplars, where threefold changes cost under 0.01. The fields count double: they rest least on how the training
# texts are worded, so they lose least on texts of another make.
VIEWS = {"meaning": (10.0, 0.25), "characters": (30.0, 0.25), "fields": (0.3, 0.5)}

FIELDS = Path(__file__).resolve().parent / "data" / "fields.txt"

_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*[”』」’）)]*")
_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…·"
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
MAX_NGRAM = 3  # characters at most in a run
OPENING = 50  # characters; news says first what it is about


def clean(text: str) -> str:
    """Return a text as the views see it: Simplified, without markup and a scanner's breaks and gaps inside Chinese."""
    return re.sub(r"\s+", " ", _GAP.sub("", simplify(strip_markup(text)))).strip()


def sentences(text: str) -> list[str]:
    """Cut at full stops, question marks and semicolons; a text without any, or an empty one, is one sentence."""
    return [part for part in _SENTENCE.findall(text) if part.strip()] or [text]


def embedding_view(cleaned: list[str], *, progress: bool = False, keep: bool = False) -> np.ndarray:
    """Return shape (n, 1024): embedding of the whole text beside the mean of its sentences', both of length 1.

    The whole blurs a section that does one thing and mentions three; the sentences keep them apart.
    """
    parts = [sentences(text) for text in cleaned]
    flat = [*cleaned, *(sentence for part in parts for sentence in part)]
    vectors = embed(flat, progress=progress, keep=keep)
    ends = len(cleaned) + np.cumsum([len(part) for part in parts])
    means = np.array([vectors[end - len(part) : end].mean(axis=0) for part, end in zip(parts, ends, strict=True)])
    means = means.reshape(len(cleaned), DIMENSIONS)
    return np.hstack([vectors[: len(cleaned)], means / np.linalg.norm(means, axis=1, keepdims=True)])


class NgramVocabulary(NamedTuple):
    """Which runs of characters are counted, each with its column, and the weight of each, shape (n_runs,)."""

    vocabulary: dict[str, int]
    idf: np.ndarray


def learn_ngrams(cleaned: Sequence[str]) -> NgramVocabulary:
    """Learn TF-IDF of runs of one to three characters: on few-shot news they beat words by 4-9 points.

    From 200 texts on, runs that only one text has are dropped: that changed no score and makes the file a fifth.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # a second to import, and predicting needs none of it

    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, MAX_NGRAM), min_df=2 if len(cleaned) >= 200 else 1, dtype=np.float32
    ).fit(cleaned)
    return NgramVocabulary({run: int(column) for run, column in vectorizer.vocabulary_.items()}, vectorizer.idf_)


def ngram_view(learnt: NgramVocabulary, cleaned: Sequence[str]) -> sp.csr_matrix:
    """Return shape (n, n_runs), rows of length 1: (1 + log count) times idf of the runs that each text holds."""
    indices, data = [], []
    for text in cleaned:
        columns = ngram_columns(learnt, text)
        found, counts = np.unique(columns[columns >= 0], return_counts=True)
        values = (1 + np.log(counts.astype(np.float32))) * learnt.idf[found]
        indices.append(found)
        # Summed and divided in double, as scikit-learn does: so its models and these rows fit each other to the bit.
        norm = np.sqrt((values * values).sum(dtype=np.float64)) or 1.0
        data.append((values.astype(np.float64) / norm).astype(np.float32))
    ends = np.cumsum([0, *map(len, indices)])
    empty = np.zeros(0, np.float32)
    parts = (
        np.concatenate([empty, *data]).astype(np.float32),
        np.concatenate([empty, *indices]).astype(np.int32),
        ends,
    )
    return sp.csr_matrix(parts, shape=(len(indices), len(learnt.idf)))


def ngram_columns(learnt: NgramVocabulary, text: str) -> np.ndarray:
    """Return the column of every run of one character, then of two, then of three, in reading order; -1 for unknown."""
    lower, get = text.lower(), learnt.vocabulary.get
    starts = range(len(lower))
    runs = [get(lower[i : i + size], -1) for size in range(1, MAX_NGRAM + 1) for i in starts[: len(lower) - size + 1]]
    return np.array(runs, dtype=np.int64)


def field_lexicon_view(cleaned: list[str]) -> np.ndarray:
    """Return shape (n, 3 * n_fields): how much of each text is about each field of news in ``data/fields.txt``.

    Three numbers a field: log(1 + weight of its terms), its share of the weight of all, and log(1 + its terms in the
    first 50 characters). A term weighs 1 for two characters and a quarter more for each further one, since long terms
    mean one thing only; a third repetition is the last that counts. The lists bring in words that no training text
    happens to hold: on news that is what embeddings and characters of a thousand texts lack.
    """
    return np.array([scale_field_weights(*field_weights(text)) for text in cleaned]).reshape(
        len(cleaned), 3 * len(_fields())
    )


def field_weights(cleaned: str, terms: Counter[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return weight of terms in the text and number of terms in its opening, both of shape (n_fields,).

    ``terms``: what `field_terms` found in the text, where that is known.
    """
    weights, opening = np.zeros(len(_fields())), np.zeros(len(_fields()))
    for term, count in (field_terms(cleaned) if terms is None else terms).items():
        columns = _terms()[term]
        weights[columns] += min(count, 3) * term_weight(term)
        opening[columns] += term in cleaned[:OPENING]
    return weights, opening


def scale_field_weights(weights: np.ndarray, opening: np.ndarray) -> np.ndarray:
    """Turn weights and openings, both of shape (..., n_fields), into the view's numbers, shape (..., 3 * n_fields)."""
    # The factors bring the three to one spread, so that one penalty is fair to all; + 3 damps texts with few terms.
    shares = 3 * weights / (weights.sum(axis=-1, keepdims=True) + 3)
    return np.concatenate([np.log1p(weights), shares, 0.7 * np.log1p(opening)], axis=-1)


def term_weight(term: str) -> float:
    """Return what one occurrence of a term counts."""
    return 0.5 + 0.25 * len(term)


def field_terms(cleaned: str) -> Counter[str]:
    """Return the terms of all fields that the text holds, with how often; one inside another counts too."""
    found: Counter[str] = Counter()
    for start in range(len(cleaned) - 1):
        for end in _lengths().get(cleaned[start : start + 2], ()):
            found[cleaned[start : start + end]] += 1
    return Counter({run: n for run, n in found.items() if run in _terms()})


def fields_of_term(term: str) -> np.ndarray:
    """Return the columns of the fields that list a term."""
    return _terms()[term]


def field_labels() -> list[str]:
    """Return the label that each field stands for, in the order of the columns."""
    return [name.split("/")[0] for name in _fields()]


@cache
def _fields() -> dict[str, list[str]]:
    """Read the fields and their terms; ``ValueError`` naming the line that is not ``label/field, tab, terms``."""
    found = {}
    for number, line in enumerate(FIELDS.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            name, tab, terms = line.partition("\t")
            if not tab or "/" not in name or not terms.split():
                raise ValueError(f"{FIELDS}, line {number}: expected label/field, a tab and terms")
            found[name] = terms.split()
    return found


@cache
def _terms() -> dict[str, np.ndarray]:
    """Map each term to the columns of the fields that list it."""
    columns: dict[str, list[int]] = {}
    for i, terms in enumerate(_fields().values()):
        for term in dict.fromkeys(terms):
            columns.setdefault(term, []).append(i)
    return {term: np.array(places) for term, places in columns.items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Map the first two characters of terms to the lengths that such terms have: most places of a text begin none."""
    lengths: dict[str, set[int]] = {}
    for term in _terms():
        lengths.setdefault(term[:2], set()).add(len(term))
    return {start: tuple(sorted(sizes)) for start, sizes in lengths.items()}
