"""Predictions for texts that took no part in training: across folds, and as the training grows."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin, clone
from sklearn.metrics import f1_score

from banmian.models.classify.training.estimator import SectionClassifier
from banmian.models.classify.training.heads import grouped_folds
from banmian.models.evaluation.baselines import character_baseline
from banmian.models.evaluation.metrics import bootstrap_interval, classification_scores

# From row numbers of the training and the test texts to probabilities of the test texts, a column a label.
FitPredict = Callable[[np.ndarray, np.ndarray], pd.DataFrame]


def cross_predict(
    fit_predict: FitPredict, labels: Sequence[str], groups: Sequence[Hashable], n_folds: int = 5, seed: int = 0
) -> pd.DataFrame:
    """Return probabilities for every text, from a fit that saw no text of its group.

    Parameters
    ----------
    fit_predict : called with (train, test) row numbers of each fold; returns a row of probabilities a test text. What
        it trains on besides those rows is its own affair.
    groups : stories; pass ``range(n)`` for the random split that leaks.

    Returns
    -------
    DataFrame of shape (n, n_labels), columns sorted by name, in the order of the texts; 0 for a label that a fold's
    training did not hold.
    """
    found = []
    for train, test in grouped_folds(labels, groups, n_folds, seed):
        found.append(fit_predict(train, test).set_index(test))
    names = sorted({name for table in found for name in table.columns})
    return pd.concat(found).reindex(columns=names).fillna(0.0).sort_index(kind="stable")


def with_extra_training(rows: np.ndarray, fit_predict: FitPredict) -> FitPredict:
    """Return a fit_predict that trains on these rows too, whatever the fold: texts that are never tested."""
    return lambda train, test: fit_predict(np.concatenate([train, rows]), test)


def estimator_fit(estimator: ClassifierMixin, texts: Sequence[str], labels: Sequence[str]) -> FitPredict:
    """Return a fit_predict that fits a clone of a scikit-learn classifier of texts to the training rows."""

    def fit_predict(train: np.ndarray, test: np.ndarray) -> pd.DataFrame:
        model = clone(estimator).fit([texts[i] for i in train], [labels[i] for i in train])
        found = model.predict_proba([texts[i] for i in test])
        return pd.DataFrame(found, columns=model.classes_)

    return fit_predict


def labeller_fit(texts: Sequence[str], labels: Sequence[str]) -> FitPredict:
    """Return a fit_predict of the labeller's three views over these texts, whose embeddings are cached.

    Probabilities are those of temperature 1: calibration would need folds inside the folds and moves no label.
    """
    return estimator_fit(SectionClassifier(calibrate=False, cache=True), texts, labels)


def baseline_fit(texts: Sequence[str], labels: Sequence[str]) -> FitPredict:
    """Return a fit_predict of the baseline: TF-IDF of characters 1-3 with logistic regression."""
    return estimator_fit(character_baseline(), texts, labels)


def score_table(
    predictions: dict[str, pd.DataFrame], truth: Sequence[str], groups: Sequence[Hashable], n_draws: int = 500
) -> pd.DataFrame:
    """Return macro-F1 and accuracy of each method with 95 % bootstrap intervals over groups.

    Returns
    -------
    DataFrame[name, score, value, low, high], methods in the order given; score is macro_f1 or accuracy.
    """
    rows = []
    for name, probabilities in predictions.items():
        for score in ("macro_f1", "accuracy"):

            def of_rows(chosen: np.ndarray, probabilities: pd.DataFrame = probabilities, score: str = score) -> float:
                return _quick_score([truth[i] for i in chosen], probabilities.iloc[chosen], score)

            low, high = bootstrap_interval(of_rows, groups, n_draws=n_draws)
            rows.append((name, score, classification_scores(truth, probabilities)[score], low, high))
    return pd.DataFrame(rows, columns=["name", "score", "value", "low", "high"])


def learning_curve(
    fit_predict: FitPredict, pool: Sequence[str], test: np.ndarray, truth: Sequence[str], sizes: Sequence[int],
    n_draws: int = 3, seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Return macro-F1 on fixed test texts as more of a pool is trained on.

    Parameters
    ----------
    fit_predict : as for `cross_predict`.
    pool : labels of the texts numbered 0..n-1 that may be trained on; draws keep the shares of the labels.
    test, truth : row numbers and labels of the test texts.
    sizes : how many texts of the pool to train on.

    Returns
    -------
    DataFrame[sections, score, low, high]: mean, least and greatest of ``n_draws`` draws; one draw where all are taken.
    """
    rows = []
    labels = pd.Series(list(pool))
    for size in sizes:
        scores = []
        for draw in range(n_draws if size < len(labels) else 1):
            mixed = labels.sample(frac=1, random_state=seed + draw)
            # Taken in turn by their place inside their label, so that every label keeps its share in every draw.
            place = mixed.groupby(mixed).cumcount() / mixed.map(labels.value_counts())
            chosen = place.sort_values(kind="stable").index[:size].to_numpy()
            scores.append(_quick_score(truth, fit_predict(np.sort(chosen), test), "macro_f1"))
        rows.append((size, float(np.mean(scores)), min(scores), max(scores)))
    return pd.DataFrame(rows, columns=["sections", "score", "low", "high"])


def _quick_score(truth: Sequence[str], probabilities: pd.DataFrame, score: str) -> float:
    """One score of `classification_scores` without the others, for the many draws of a bootstrap."""
    guess = probabilities.columns.to_numpy()[probabilities.to_numpy().argmax(axis=1)]
    if score == "accuracy":
        return float((guess == np.asarray(truth, dtype=object)).mean())
    return float(f1_score(list(truth), list(guess), labels=sorted(set(truth)), average="macro", zero_division=0))
