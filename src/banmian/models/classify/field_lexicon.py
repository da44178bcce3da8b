"""The field view: how much of a text is about each field of news listed in ``data/fields.txt``.

The lists bring in words that no training text happens to hold: on news that is what embeddings and n-grams lack.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from banmian.text.ngrams import ngram_hashes

FIELDS = Path(__file__).resolve().parent / "data" / "fields.txt"
OPENING = 50  # characters; news says first what it is about
MAX_COUNT = 3  # the third repetition of a term is the last that counts


class Matches(NamedTuple):
    """Occurrences of terms: row of the text, first character, number of the term in `terms`; by term, then place."""

    rows: np.ndarray
    starts: np.ndarray
    terms: np.ndarray


def field_lexicon_view(cleaned: Sequence[str]) -> np.ndarray:
    """Return shape (n, 3 * n_fields) in float64.

    Three numbers a field: log(1 + weight of its terms), its share of the weight of all, and log(1 + its terms in the
    first 50 characters). A term weighs 1 for two characters and a quarter more for each further one, since long terms
    mean one thing only. A term inside a longer one counts too.
    """
    return scale_field_weights(*field_weights(find_terms(cleaned), len(cleaned)))


def find_terms(cleaned: Sequence[str]) -> Matches:
    """Find every occurrence of every term in the texts."""
    lengths = np.array([len(text) for text in cleaned], dtype=np.int64)
    # A zero stands between texts: no term holds it, so none is found across the seam.
    codes = np.frombuffer("\0".join(cleaned).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    begins = np.cumsum(np.concatenate([[0], lengths + 1]))[: len(cleaned)]
    places, numbers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for size, (hashes, terms) in _terms_by_length().items():
        found = ngram_hashes(codes, size)
        at = np.minimum(np.searchsorted(hashes, found), len(hashes) - 1)
        place = np.flatnonzero(hashes[at] == found)
        places.append(place)
        numbers.append(terms[at[place]])
    place, number = np.concatenate(places), np.concatenate(numbers)
    rows = np.searchsorted(begins, place, side="right") - 1
    return Matches(rows, place - begins[rows] if len(place) else place, number)


def field_weights(found: Matches, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return weight of terms in each text and number of terms in its opening, both of shape (n, n_fields)."""
    shape = (n, len(terms()))
    counts = sp.csr_matrix((np.ones(len(found.rows)), (found.rows, found.terms)), shape=shape)
    counts.data = np.minimum(counts.data, MAX_COUNT)
    early = found.starts + _lengths()[found.terms] <= OPENING
    opening = sp.csr_matrix((np.ones(early.sum()), (found.rows[early], found.terms[early])), shape=shape)
    opening.data = np.minimum(opening.data, 1.0)
    in_field = _membership()
    weighted = counts @ sp.diags(term_weights())
    return (weighted @ in_field).toarray(), (opening @ in_field).toarray()


def scale_field_weights(weights: np.ndarray, opening: np.ndarray) -> np.ndarray:
    """Turn weights and openings, both of shape (..., n_fields), into the view's numbers, shape (..., 3 * n_fields)."""
    # The factors bring the three to one spread, so that one penalty is fair to all; + 3 damps texts with few terms.
    shares = 3 * weights / (weights.sum(axis=-1, keepdims=True) + 3)
    return np.concatenate([np.log1p(weights), shares, 0.7 * np.log1p(opening)], axis=-1)


def fields_of_term(number: int) -> np.ndarray:
    """Return the columns of the fields that list a term."""
    in_field = _membership()
    return np.asarray(in_field.indices[in_field.indptr[number] : in_field.indptr[number + 1]])


def field_labels() -> list[str]:
    """Return the label that each field stands for, in the order of the columns."""
    return [name.split("/")[0] for name in _fields()]


@cache
def terms() -> tuple[str, ...]:
    """Return all terms, each once, in the order of the file."""
    return tuple(dict.fromkeys(term for words in _fields().values() for term in words))


@cache
def term_weights() -> np.ndarray:
    """Return what one occurrence of each term counts, shape (n_terms,)."""
    return 0.5 + 0.25 * _lengths()


@cache
def _lengths() -> np.ndarray:
    return np.array([len(term) for term in terms()], dtype=np.int64)


@cache
def _fields() -> dict[str, list[str]]:
    """Read the fields and their terms; ``ValueError`` naming the line that is not ``label/field, tab, terms``."""
    found = {}
    for number, line in enumerate(FIELDS.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            name, tab, words = line.partition("\t")
            if not tab or "/" not in name or not words.split():
                raise ValueError(f"{FIELDS}, line {number}: expected label/field, a tab and terms")
            found[name] = words.split()
    return found


@cache
def _membership() -> sp.csr_matrix:
    """Return shape (n_terms, n_fields): 1 where a field lists a term."""
    number = {term: i for i, term in enumerate(terms())}
    cells = [(number[term], column) for column, words in enumerate(_fields().values()) for term in dict.fromkeys(words)]
    rows, columns = np.array(cells).T
    found = sp.csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(number), len(_fields())))
    found.sort_indices()
    return found


@cache
def _terms_by_length() -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Map each length of terms to their hashes, ascending, and the number of the term that each stands for."""
    found = {}
    for size in np.unique(_lengths()).tolist():
        numbers = np.flatnonzero(_lengths() == size)
        codes = [np.frombuffer(terms()[i].encode("utf-32-le"), dtype="<u4") for i in numbers]
        hashes = np.concatenate([ngram_hashes(code, size) for code in codes])
        order = np.argsort(hashes, kind="stable")
        found[size] = (hashes[order], numbers[order])
    return found


def field_effects(cleaned: Sequence[str], directions: np.ndarray) -> list[dict[str, float]]:
    """Return for each text by how much a score falls when one of its terms is not counted: term → fall.

    ``directions``: shape (n, 3 * n_fields), the coefficients of the score for each text.
    """
    found = find_terms(cleaned)
    weights, opening = field_weights(found, len(cleaned))
    width = len(terms())
    cells, first = np.unique(found.rows * width + found.terms, return_index=True)
    counts = np.bincount(np.searchsorted(cells, found.rows * width + found.terms), minlength=len(cells))
    rows, numbers = cells // width, cells % width
    # Occurrences of one term are found in reading order, so the first of a cell is the first in the text.
    early = found.starts[first] + _lengths()[numbers] <= OPENING
    in_field = _membership()[numbers].toarray()
    less = weights[rows] - in_field * (np.minimum(counts, MAX_COUNT) * term_weights()[numbers])[:, None]
    less_opening = opening[rows] - in_field * early[:, None]
    falls = scale_field_weights(weights, opening)[rows] - scale_field_weights(less, less_opening)
    effects = (falls * directions[rows]).sum(axis=1)
    by_text: list[dict[str, float]] = [{} for _ in cleaned]
    for row, number, effect in zip(rows.tolist(), numbers.tolist(), effects.tolist(), strict=True):
        by_text[row][terms()[number]] = effect
    return by_text
