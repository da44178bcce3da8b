"""How far to trust a labeller: scores of texts held out from training, then temperature and thresholds from them."""

from collections import Counter
from collections.abc import Hashable
from math import sqrt

import numpy as np

from banmian.models.classify.ensemble import Head, averaged_scores, fit_heads, log_softmax
from banmian.models.classify.features import ngram_view
from banmian.models.evaluation.metrics import grouped_folds

SHRINKAGE = 30


def held_out_scores(
    cleaned: list[str],
    vectors: np.ndarray,
    weights: np.ndarray,
    labels: list[str],
    groups: list[Hashable],
    unfitted: dict[str, Head],
) -> tuple[np.ndarray, np.ndarray]:
    """Return each text's scores by heads that never saw its group, shape (n, n_labels), nan where none could; truth.

    ``unfitted`` are heads that take part beside those fitted.
    """
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
        counts = ngram_view(learnt, [cleaned[i] for i in test])
        heads |= unfitted
        scores[test] = averaged_scores(heads, {"meaning": vectors[test], "characters": counts, "fields": weights[test]})
    return scores, truth


def fit_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the held-out truth likeliest (Guo et al. 2017, arXiv:1706.04599)."""
    grid = np.exp(np.linspace(np.log(0.05), np.log(5), 185))
    rows = np.arange(len(truth))
    return float(grid[np.argmin([-log_softmax(scores / t)[rows, truth].mean() for t in grid])])


def selective_thresholds(probabilities: np.ndarray, truth: np.ndarray, error_rate: float) -> np.ndarray:
    """Return each label's lowest confidence from which on at most ``error_rate`` of its predictions were wrong.

    A label's own share of errors is drawn towards that of all labels, as if it had `PULL` more predictions of theirs: a
    label that is predicted ten times has no share of errors worth the name. A threshold above 1 gives nothing.
    The bound on all is that of conformal selection (Jin and Candès 2023, JMLR 24:1-41), of each label an estimate.
    """
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    wrong = (best != truth)[order]
    # One error is added before counting, so that a few lucky rows cannot promise perfection.
    of_all = (np.cumsum(wrong) + 1) / (np.arange(len(wrong)) + 2)
    thresholds = np.full(probabilities.shape[1], 2.0)
    for label in range(len(thresholds)):
        mine = best[order] == label
        risk = (np.cumsum(wrong & mine) + SHRINKAGE * of_all) / (np.cumsum(mine) + SHRINKAGE)
        good = np.flatnonzero(risk <= error_rate)
        if len(good):
            thresholds[label] = confidence[order[good[-1]]]
    return thresholds


def wilson_interval(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, (0, 1) of nothing (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    if not n:
        return 0.0, 1.0
    z, share = 1.96, count / n
    middle, spread = share + z**2 / (2 * n), z * sqrt(share * (1 - share) / n + z**2 / (4 * n * n))
    return (middle - spread) / (1 + z**2 / n), (middle + spread) / (1 + z**2 / n)
