"""How far to trust a labeller: scores of texts held out from training, then temperature and thresholds from them."""

from collections import Counter
from collections.abc import Hashable

import numpy as np

from banmian.models.evaluate import grouped_folds
from banmian.models.features import characters
from banmian.models.heads import averaged_scores, fit_heads, log_softmax


def held_out_scores(
    cleaned: list[str], vectors: np.ndarray, weights: np.ndarray, labels: list[str], groups: list[Hashable]
) -> tuple[np.ndarray, np.ndarray]:
    """Return each text's scores by heads that never saw its group, shape (n, n_labels), nan where none could; truth."""
    names = sorted(set(labels))
    truth = np.array([names.index(label) for label in labels])
    scores = np.full((len(labels), len(names)), np.nan)
    if min(Counter(labels).values()) < 2 or len(set(groups)) < 2:
        return scores, truth
    for train, test in grouped_folds(labels, groups):
        if len(set(truth[train])) < len(names):
            continue  # a label that lives in one group only cannot be learnt without it
        learnt, heads = fit_heads(
            [cleaned[i] for i in train], vectors[train], weights[train], [labels[i] for i in train]
        )
        counts = characters(learnt, [cleaned[i] for i in test])
        scores[test] = averaged_scores(heads, {"meaning": vectors[test], "characters": counts, "fields": weights[test]})
    return scores, truth


def temperature_of(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the held-out truth likeliest (Guo et al. 2017, arXiv:1706.04599)."""
    grid = np.exp(np.linspace(np.log(0.05), np.log(5), 185))
    rows = np.arange(len(truth))
    return float(grid[np.argmin([-log_softmax(scores / t)[rows, truth].mean() for t in grid])])


def thresholds_of(probabilities: np.ndarray, truth: np.ndarray, error_rate: float) -> np.ndarray:
    """Return each label's lowest confidence above which at most ``error_rate`` of its predictions were wrong.

    A label predicted fewer than 30 times is too rare to have a threshold of its own: it takes that of all together.
    """
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = best == truth

    def threshold(rows: np.ndarray) -> float:
        rows = rows[np.argsort(-confidence[rows], kind="stable")]
        # One error is added before counting, so that a few lucky rows cannot promise perfection.
        risk = (np.cumsum(~right[rows]) + 1) / (np.arange(len(rows)) + 2)
        good = np.flatnonzero(risk <= error_rate)
        return float(confidence[rows[good[-1]]]) if len(good) else 1.0

    together = threshold(np.arange(len(truth)))
    mine = [np.flatnonzero(best == label) for label in range(probabilities.shape[1])]
    return np.array([threshold(rows) if len(rows) >= 30 else together for rows in mine])
