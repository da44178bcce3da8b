"""Topic coherence: whether a topic's words occur together in the texts.

Both measures are those of M. Röder, A. Both, A. Hinneburg, "Exploring the Space of Topic Coherence
Measures", WSDM 2015, doi:10.1145/2684822.2685324 (table 8: C_NPMI and C_V). Probabilities are shares of
sliding windows, P(a, b) = windows that hold both words / all windows.

No window is ever built: the windows that hold a word are a few runs on one long axis of window numbers, and the
windows that hold two words are the overlap of their runs. So the cost follows the number of occurrences of the
scored words, and the counts are whole numbers.
"""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Literal

import numpy as np

Repeats = Literal["gensim", "paper"]
Runs = tuple[np.ndarray, np.ndarray]

# Added to joint probabilities before the logarithm, as in Röder's own code and in gensim: it sends a pair that
# never meets to about -1 instead of to minus infinity.
EPSILON = 1e-12
NPMI_WINDOW = 10
C_V_WINDOW = 110


def npmi(
    topics: Sequence[Sequence[str]],
    tokens: Sequence[Sequence[str]],
    window: int | None = NPMI_WINDOW,
    repeats: Repeats = "gensim",
) -> np.ndarray:
    """Return C_NPMI of each topic, an array of shape (n_topics,), from -1 (never together) to 1 (only together).

    The mean over all pairs of a topic's words of ::

        NPMI(a, b) = log( (P(a, b) + e) / (P(a) P(b)) ) / -log(P(a, b) + e),     e = 1e-12

    A good value: above 0.1 on news, with the ten first words; 0 is what words drawn at random by their frequency
    would give, and below 0 the topic holds words that avoid each other. Read it beside the diversity: the same
    good words in every topic score high too. Values of different corpora, segmenters or windows do not compare.

    Parameters
    ----------
    topics : the words of each topic; a topic of fewer than two words scores ``nan``.
    tokens : the sections' words in their order, stop words taken out or not, but the same for all compared models.
    window : words in a window; a shorter section is one window. ``None``: every section is one window.
    repeats : ``"gensim"`` counts as gensim 4 does, and so do most published figures: when the first of two like
        words leaves the window the word counts as gone. ``"paper"`` counts what the paper defines.

    Raises ``ValueError`` when a topic's word is nowhere in `tokens`.
    """
    matrices = _npmi_matrices(topics, tokens, window, repeats)
    return np.array([_mean_of_pairs(matrix) for matrix in matrices])


def c_v(
    topics: Sequence[Sequence[str]],
    tokens: Sequence[Sequence[str]],
    window: int | None = C_V_WINDOW,
    repeats: Repeats = "gensim",
) -> np.ndarray:
    """Return C_V of each topic, an array of shape (n_topics,), from 0 to 1 (rarely below 0).

    Each word stands as the vector of its NPMI with every word of the topic (itself too), the topic as the sum of
    these vectors; C_V is the mean cosine of the words with the topic: ::

        v(a) = ( NPMI(a, b) for b in topic ),   C_V = mean over a of cos( v(a), sum over b of v(b) )

    A good value: above 0.55 on news with ten words. It follows people's judgement best of the measures in the
    paper, but it also rewards topics of rare words that never meet anything (all their vectors look alike), so it
    must not be the only score. Parameters and errors as for `npmi`.
    """
    scores = []
    for matrix in _npmi_matrices(topics, tokens, window, repeats):
        whole = matrix.sum(axis=0)
        lengths = np.sqrt((matrix**2).sum(axis=1) * (whole**2).sum())
        cosines = np.divide(matrix @ whole, lengths, out=np.zeros(len(matrix)), where=lengths > 0)
        scores.append(float(cosines.mean()) if len(matrix) > 1 else np.nan)
    return np.array(scores)


def _mean_of_pairs(matrix: np.ndarray) -> float:
    upper = matrix[np.triu_indices(len(matrix), 1)]
    return float(upper.mean()) if upper.size else float("nan")


def _npmi_matrices(
    topics: Sequence[Sequence[str]], tokens: Sequence[Sequence[str]], window: int | None, repeats: Repeats
) -> list[np.ndarray]:
    """Return for each topic the symmetric NPMI of its words, shape (n_words, n_words)."""
    if window is not None and window < 1:
        raise ValueError(f"window {window}: must be at least 1, or None for whole sections")
    words = sorted({word for topic in topics for word in topic})
    runs, n_windows = _runs(words, tokens, window, repeats)
    matrices = []
    for number, topic in enumerate(topics):
        for word in topic:
            if word not in runs:
                raise ValueError(f"topic {number}: the word {word!r} is not in the tokens; score on the fitted tokens")
        counts = _overlaps([runs[word] for word in topic], n_windows)
        single = np.diag(counts) / n_windows
        joint = counts / n_windows + EPSILON
        matrices.append(np.log(joint / np.outer(single, single)) / -np.log(joint))
    return matrices


def _runs(
    words: list[str], tokens: Sequence[Sequence[str]], window: int | None, repeats: Repeats
) -> tuple[dict[str, Runs], int]:
    """Return, for each word that occurs, the runs of windows that hold it, and the number of windows.

    A run is (first window, one past the last), two arrays of int64.
    """
    lengths = np.array([len(row) for row in tokens], dtype=np.int64)
    size = int(window or max(int(lengths.max(initial=0)), 1))
    per_row = np.maximum(lengths - size + 1, 1)  # an empty section counts as one empty window, as in gensim
    row_start = np.concatenate([[0], np.cumsum(per_row)])
    word_ids = {word: number for number, word in enumerate(words)}
    # map and fromiter, because a loop over half a million words would cost more than all that follows.
    every = np.fromiter(map(word_ids.get, chain.from_iterable(tokens), repeat(-1)), np.int64, int(lengths.sum()))
    found = np.flatnonzero(every >= 0)
    found = found[np.argsort(every[found], kind="stable")]
    bounds = np.searchsorted(every[found], np.arange(len(words) + 1))
    ends = np.cumsum(lengths)
    runs = {}
    for word, number in word_ids.items():
        places = found[bounds[number] : bounds[number + 1]]
        if len(places):
            rows = np.searchsorted(ends, places, side="right")
            runs[word] = _merge(rows, places - (ends - lengths)[rows], size, per_row, row_start, repeats)
    return runs, int(row_start[-1])


def _merge(
    rows: np.ndarray, places: np.ndarray, size: int, per_row: np.ndarray, row_start: np.ndarray, repeats: Repeats
) -> Runs:
    """Turn the places of one word, in order, into disjoint runs of windows."""
    first = np.maximum(places - size + 1, 0)
    leaving = places
    if repeats == "gensim":
        # gensim drops the word when any copy of it leaves, so the earliest copy still in the window decides.
        spread = int(places.max()) + size + 1
        axis = rows * spread + places
        earliest = np.searchsorted(axis, rows * spread + np.maximum(places - size + 1, 0))
        leaving = places[earliest]
    begin = row_start[rows] + first
    end = row_start[rows] + np.minimum(leaving, per_row[rows] - 1) + 1
    begin[1:] = np.maximum(begin[1:], end[:-1])  # ends never fall, so the window before is all that can overlap
    kept = end > begin
    return begin[kept], end[kept]


def _overlaps(runs: list[Runs], n_windows: int) -> np.ndarray:
    """Return how many windows hold both words, for all pairs of a topic's words, float64 of shape (n_words, n_words).

    All runs stand on one axis, each word with an offset of its own, so that all pairs are one search.
    """
    if not runs:
        return np.zeros((0, 0))
    offsets = np.arange(len(runs))[:, None] * (n_windows + 1)
    begin = np.concatenate([[-1], *(one[0] + offset for one, offset in zip(runs, offsets, strict=True))])
    end = np.concatenate([[-1], *(one[1] + offset for one, offset in zip(runs, offsets, strict=True))])
    earlier = np.cumsum(end - begin) - (end - begin)  # windows in all runs before, of any word

    def covered(windows: np.ndarray) -> np.ndarray:
        """Return for each word and window number how many windows of it, and of the words before, lie before it."""
        places = windows + offsets
        last = np.searchsorted(begin, places) - 1
        return earlier[last] + np.minimum(places, end[last]) - begin[last]

    shared = covered(np.concatenate([one[1] for one in runs])) - covered(np.concatenate([one[0] for one in runs]))
    first = np.cumsum([0, *(len(one[0]) for one in runs[:-1])])
    return np.add.reduceat(shared, first, axis=1).astype(np.float64)
