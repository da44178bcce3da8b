"""Train a labeller on any set of labels, predict with calibrated probabilities, and abstain where it is unsure.

Each of the three views of ``features`` gets a logistic regression of its own; their log-probabilities are averaged.
Kept apart, a view that has nothing to say about a text does not drown the others, and each can name its reasons.
"""

import warnings
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from banmian.models.evaluate import grouped_folds
from banmian.models.explain import Explanation, explain, reasons
from banmian.models.features import VIEWS, Views, characters, clean, fields, meaning
from banmian.models.modelfile import load_parts, save_parts

FEW = 10


@dataclass
class Labeller:
    """A trained labeller; made by ``train_labeller`` or ``load_labeller``.

    ``temperature`` divides the averaged log-odds. ``thresholds``, shape (n_labels,), is the confidence below which a
    prediction of that label abstains, so that about ``error_rate`` of the others are wrong. ``openings``,
    ``opening_labels`` and ``opening_vectors`` remember the training texts, for reasons.
    """

    labels: list[str]
    vectorizer: TfidfVectorizer
    heads: dict[str, LogisticRegression]
    temperature: float
    thresholds: np.ndarray
    error_rate: float
    openings: list[str]
    opening_labels: list[str]
    opening_vectors: np.ndarray

    def predict(self, texts: Sequence[str], *, progress: bool = False) -> pd.DataFrame:
        """Return one row a text: label, confidence (0..1), abstained, and ``p_`` columns that sum to 1.

        The label is always the likeliest one; where ``abstained`` is true, read the text yourself. An empty text
        carries no evidence and abstains.
        """
        cleaned = [clean(text) for text in texts]
        return self.predict_views(cleaned, self.views(cleaned, progress=progress))

    def label(self, texts: Sequence[str], *, progress: bool = False) -> pd.DataFrame:
        """Return what ``predict`` does and reasons: the terms and the training texts that carried each label."""
        cleaned = [clean(text) for text in texts]
        views = self.views(cleaned, progress=progress)
        table = self.predict_views(cleaned, views)
        return table.assign(reasons=reasons(self, cleaned, views, table["label"].tolist()))

    def explain(self, text: str, n_terms: int = 8) -> Explanation:
        """Return an ``Explanation``: terms with their effect, nearest training texts, the text marked."""
        return explain(self, text, n_terms)

    def save(self, path: Path | str) -> None:
        """Write the labeller to one file that holds no code."""
        save_parts(self, Path(path))

    def views(self, cleaned: list[str], *, progress: bool = False) -> Views:
        """Return the views of cleaned texts by name, n rows each."""
        counts = self.vectorizer.transform(cleaned) if cleaned else sp.csr_matrix((0, len(self.vectorizer.idf_)))
        return {"meaning": meaning(cleaned, progress=progress), "characters": counts, "fields": fields(cleaned)}

    def predict_views(self, cleaned: list[str], views: Views) -> pd.DataFrame:
        """Predict from views already taken of the cleaned texts."""
        probabilities = softmax(averaged_scores(self.heads, views) / self.temperature, axis=1)
        best = probabilities.argmax(axis=1)
        confidence = probabilities[np.arange(len(best)), best]
        empty = np.array([not text for text in cleaned], dtype=bool)
        table = pd.DataFrame(
            {
                "label": np.array(self.labels, dtype=object)[best],
                "confidence": confidence,
                "abstained": (confidence < self.thresholds[best]) | empty,
            }
        )
        return table.join(pd.DataFrame(probabilities, columns=[f"p_{label}" for label in self.labels]))


def train_labeller(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    groups: Sequence[Hashable] | None = None,
    calibrate_on: Sequence[bool] | None = None,
    error_rate: float = 0.1,
    progress: bool = False,
    keep: bool = False,
) -> Labeller:
    """Train on texts with one label each; any two labels or more, from one example a label to thousands.

    Parameters
    ----------
    groups : one value a text, optional
        Texts that tell one story (a wire item and its twin in the other script). They stay on one side of every fold,
        else the calibration would be measured on what was trained on. By default equal texts form a group.
    calibrate_on : one bool a text, optional
        The texts that are of the kind to be labelled later. Temperature and thresholds are measured on these alone,
        each held out from its fold; all texts train. By default all; with none, nothing is calibrated and the
        labeller never abstains, five times as fast.
    error_rate : float
        Share of wrong labels among those given without abstaining, as measured across the folds.
    progress, keep : bool
        As for ``embed``.

    Raises ``ValueError`` for unequal lengths, an empty text, or fewer than two labels; warns under ten texts a label.
    """
    labels, cleaned = [str(label) for label in labels], [clean(text) for text in texts]
    _check(cleaned, labels)
    vectors, weights = meaning(cleaned, progress=progress, keep=keep), fields(cleaned)
    asked = np.ones(len(labels), bool) if calibrate_on is None else np.asarray(calibrate_on, bool)
    temperature, thresholds = 1.0, np.zeros(len(set(labels)))
    seen = asked
    if asked.any():
        scores, truth = _held_out(cleaned, vectors, weights, labels, list(cleaned if groups is None else groups))
        seen = asked & ~np.isnan(scores[:, 0])
    if seen.any():
        temperature = _temperature(scores[seen], truth[seen])
        thresholds = _thresholds(softmax(scores[seen] / temperature, axis=1), truth[seen], error_rate)
    vectorizer, heads = fit_heads(cleaned, vectors, weights, labels)
    return Labeller(
        labels=sorted(set(labels)),
        vectorizer=vectorizer,
        heads=heads,
        temperature=temperature,
        thresholds=thresholds,
        error_rate=error_rate,
        openings=[text[:24] for text in cleaned],
        opening_labels=labels,
        opening_vectors=vectors[:, : vectors.shape[1] // 2],
    )


def load_labeller(path: Path | str) -> Labeller:
    """Read what ``Labeller.save`` wrote; ``ValueError`` when it holds unknown types or was made with other versions."""
    return Labeller(**load_parts(Path(path)))


def averaged_scores(heads: dict[str, LogisticRegression], views: Views) -> np.ndarray:
    """Return shape (n, n_labels): the weighted mean of the heads' log-probabilities."""
    parts = []
    for name, (_, share) in VIEWS.items():
        n = views[name].shape[0]
        scores = heads[name].decision_function(views[name]) if n else np.zeros((0, len(heads[name].classes_)))
        # With two labels scikit-learn gives one column, the log-odds of the second.
        both = np.column_stack([np.zeros_like(scores), scores]) if scores.ndim == 1 else scores
        parts.append(share * log_softmax(both, axis=1))
    return np.sum(parts, axis=0)


def _check(cleaned: list[str], labels: list[str]) -> None:
    if len(cleaned) != len(labels):
        raise ValueError(f"{len(cleaned)} texts but {len(labels)} labels; give each text one label")
    if empty := [i for i, text in enumerate(cleaned) if not text]:
        raise ValueError(f"text {empty[0]} is empty; drop it before training")
    counts = Counter(labels)
    if len(counts) < 2:
        raise ValueError(f"two labels or more are needed to tell apart, got {sorted(counts)}")
    if scarce := sorted(label for label, n in counts.items() if n < FEW):
        named = ", ".join(scarce[:5]) + (f" and {len(scarce) - 5} more" if len(scarce) > 5 else "")
        warnings.warn(f"fewer than {FEW} texts for {named}: confidence is a rough guess there", stacklevel=3)


def _held_out(
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
        vectorizer, heads = fit_heads(
            [cleaned[i] for i in train], vectors[train], weights[train], [labels[i] for i in train]
        )
        counts = vectorizer.transform([cleaned[i] for i in test])
        scores[test] = averaged_scores(heads, {"meaning": vectors[test], "characters": counts, "fields": weights[test]})
    return scores, truth


def fit_heads(
    cleaned: list[str], vectors: np.ndarray, weights: np.ndarray, labels: list[str]
) -> tuple[TfidfVectorizer, dict[str, LogisticRegression]]:
    """Fit one head on each view."""
    vectorizer = characters(len(cleaned))
    views = {"meaning": vectors, "characters": vectorizer.fit_transform(cleaned), "fields": weights}
    heads = {
        name: LogisticRegression(C=strength, class_weight="balanced", max_iter=3000).fit(views[name], labels)
        for name, (strength, _) in VIEWS.items()
    }
    return vectorizer, heads


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the held-out truth likeliest (Guo et al. 2017, arXiv:1706.04599)."""
    grid = np.exp(np.linspace(np.log(0.05), np.log(5), 185))
    rows = np.arange(len(truth))
    return float(grid[np.argmin([-log_softmax(scores / t, axis=1)[rows, truth].mean() for t in grid])])


def _thresholds(probabilities: np.ndarray, truth: np.ndarray, error_rate: float) -> np.ndarray:
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
