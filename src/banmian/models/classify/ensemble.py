"""A logistic regression on each of the three views of ``features``; their log-probabilities are averaged.

Kept apart, a view that has nothing to say about a text does not drown the others, and each can name its reasons.
scikit-learn fits them; predicting is a product of matrices here, so that a page is labelled without importing it.
"""

from typing import NamedTuple

import numpy as np

from banmian.models.classify.features import (
    VIEWS,
    FeatureViews,
    NgramVocabulary,
    clean,
    embedding_view,
    learn_ngrams,
    ngram_view,
)

# Cosines of an embedding with the labels' descriptions differ by about 0.1, so they are sharpened; and counted at a
# fifth of the views. Tried on titles of Taiwan news with their categories' names: half as much gives as much.
SHARPNESS, DESCRIPTION_WEIGHT = 10.0, 0.2


class Head(NamedTuple):
    """One view's logistic regression: coefficients of shape (n_labels, n_features), intercepts (n_labels,)."""

    coefficients: np.ndarray
    intercepts: np.ndarray


def fit_heads(
    cleaned: list[str], vectors: np.ndarray, weights: np.ndarray, labels: list[str]
) -> tuple[NgramVocabulary, dict[str, Head]]:
    """Fit one head on each view."""
    from sklearn.linear_model import LogisticRegression  # a second to import, and predicting needs none of it

    learnt = learn_ngrams(cleaned)
    views: FeatureViews = {"meaning": vectors, "characters": ngram_view(learnt, cleaned), "fields": weights}
    heads = {}
    for name, (strength, _) in VIEWS.items():
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=3000).fit(views[name], labels)
        # With two labels scikit-learn gives one row, for the log-odds of the second.
        both = len(model.coef_) == 1
        heads[name] = Head(
            np.vstack([np.zeros_like(model.coef_), model.coef_]) if both else model.coef_,
            np.append(0.0, model.intercept_).astype(model.intercept_.dtype) if both else model.intercept_,
        )
    return learnt, heads


def described_head(descriptions: list[str]) -> Head:
    """Return a head that nothing was fitted to: the likeness of the whole text to each label's description."""
    whole = embedding_view([clean(text) for text in descriptions])
    whole[:, whole.shape[1] // 2 :] = 0
    return Head(SHARPNESS * whole, np.zeros(len(whole)))


def averaged_scores(heads: dict[str, Head], views: FeatureViews) -> np.ndarray:
    """Return shape (n, n_labels): the weighted mean of the heads' log-probabilities."""
    parts = []
    for name, (_, share) in VIEWS.items():
        scores = np.asarray(views[name] @ heads[name].coefficients.T + heads[name].intercepts)
        parts.append(share * log_softmax(scores))
    if "descriptions" in heads:
        parts.append(DESCRIPTION_WEIGHT * log_softmax(views["meaning"] @ heads["descriptions"].coefficients.T))
    return np.sum(parts, axis=0)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Return the logarithms of the softmax of each row, shape (n, n_labels)."""
    shifted = scores - scores.max(axis=1, keepdims=True, initial=-np.inf)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
