"""Matrices that every topic method shares: words to counts, counts to TF-IDF, seed words to rows, shares."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat

import numpy as np
import scipy.sparse as sp

# A word in more than half of the sections does not distinguish them; below this many sections half is too few.
MAX_SHARE, MIN_SECTIONS_FOR_SHARE = 0.5, 25
# On 19,350 broadcast items 10,000 words gave the coherence of all 26,390 (NPMI 0.304 and 0.305) in half the time.
MOST_WORDS = 10_000


def vocabulary(tokens: Sequence[Sequence[str]], usable: Callable[[str], bool]) -> np.ndarray:
    """Return the words that topics may use, sorted, an array of str of shape (n_vocab,).

    A word must be `usable` and stand in 2 sections (5 from 1,000 sections on) and in at most half of them; of these
    the 10,000 in most sections. Where that leaves fewer than 2 words (tiny or odd corpora) every usable word stays.
    """
    n = len(tokens)
    found = Counter(chain.from_iterable(map(set, tokens)))
    most = n * MAX_SHARE if n >= MIN_SECTIONS_FOR_SHARE else n
    least = least_sections(n)
    words = sorted(word for word, times in found.items() if least <= times <= most and usable(word))
    words = sorted(sorted(words, key=lambda word: -found[word])[:MOST_WORDS])
    return np.array(words if len(words) >= 2 else sorted(filter(usable, found)), dtype=object)


def least_sections(n: int) -> int:
    """Return in how many of n sections a word must stand to be used."""
    return 5 if n >= 1_000 else 2


def count_words(tokens: Sequence[Sequence[str]], vocab: np.ndarray) -> sp.csr_matrix:
    """Return how often each word stands in each section, float64 of shape (n, n_vocab)."""
    ids = {word: number for number, word in enumerate(vocab)}
    lengths = np.array([len(row) for row in tokens], dtype=np.int64)
    columns = np.fromiter(map(ids.get, chain.from_iterable(tokens), repeat(-1)), np.int64, int(lengths.sum()))
    known = columns >= 0
    starts = np.concatenate([[0], np.cumsum(known)])[np.concatenate([[0], np.cumsum(lengths)])]
    counts = sp.csr_matrix((np.ones(starts[-1]), columns[known], starts), shape=(len(tokens), len(vocab)))
    counts.sum_duplicates()
    return counts


def inverse_document_frequency(counts: sp.csr_matrix) -> np.ndarray:
    """Return ``log((1 + n) / (1 + sections with the word)) + 1`` for each word, shape (n_vocab,)."""
    n = counts.shape[0]
    return np.log((1 + n) / (1 + np.bincount(counts.indices, minlength=counts.shape[1]))) + 1


def tf_idf(counts: sp.csr_matrix, idf: np.ndarray) -> sp.csr_matrix:
    """Return rows of length 1 of ``(1 + log count) * idf``; a section without words stays a row of zeros."""
    rows = counts.copy()
    rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
    return scale_rows(rows, np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel()))


def scale_rows(rows: sp.csr_matrix, lengths: np.ndarray) -> sp.csr_matrix:
    """Divide each row by its length; rows of length 0 stay as they are."""
    scaled = rows.copy()
    scaled.data = scaled.data / np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(rows.indptr))
    return scaled


def shares(matrix: np.ndarray) -> np.ndarray:
    """Divide each row by its sum, so that it adds up to 1; rows of zeros stay zeros."""
    totals = matrix.sum(axis=1, keepdims=True)
    return np.divide(matrix, totals, out=np.zeros_like(matrix, dtype=np.float64), where=totals > 0)


def seed_matrix(seed_words: Mapping[str, Sequence[str]], vocab: np.ndarray) -> sp.csr_matrix:
    """Return 1 where a word belongs to a seed set, shape (n_sets, n_vocab)."""
    return sp.csr_matrix(count_words([sorted(set(words)) for words in seed_words.values()], vocab))


def seed_rows(seeds: sp.csr_matrix, length: float) -> sp.csr_matrix:
    """Return one artificial section for each seed set, (n_sets, n_vocab): its words in equal parts, `length` long.

    One section is enough for a method that starts its topics there. When it weighed as much as one section in
    twenty, the topic was the seed words and nothing learnt from the texts (93 in 100 of its weight).
    """
    return scale_rows(seeds, np.sqrt(np.diff(seeds.indptr))) * length


def guide_embeddings(vectors: np.ndarray, counts: sp.csr_matrix, seeds: sp.csr_matrix) -> np.ndarray:
    """Move sections that hold two or more words of a seed set a quarter of the way to such sections' mean.

    BERTopic does the same with the embedding of the seed words; the mean of the sections needs no model here.
    vectors: (n, d); a section with words of several sets goes with the one it holds most words of.
    """
    if not seeds.shape[0]:
        return vectors
    present = counts.copy()
    present.data = np.ones_like(present.data)
    held = np.asarray((present @ seeds.T).todense())
    nearest = held.argmax(axis=1)
    moved = vectors.copy()
    for number in range(seeds.shape[0]):
        members = (nearest == number) & (held.max(axis=1) >= 2)
        if members.any():
            moved[members] = 0.75 * vectors[members] + 0.25 * vectors[members].mean(axis=0)
    return moved
