"""Leave one corpus out: what a labeller is worth on texts of an origin that it has never seen."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from banmian.models.classify.abstention import RULES
from banmian.models.classify.training.calibration import cascade, fit_stages


def leave_one_corpus_out(corpora: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (train, test) row numbers for each corpus, by name; rows of the corpus "" train in every fold."""
    names = np.asarray(corpora, dtype=object)
    return [
        (np.flatnonzero(names != name), np.flatnonzero(names == name)) for name in sorted(set(names.tolist()) - {""})
    ]


def corpus_weights(corpora: Sequence[str]) -> np.ndarray:
    """Return weights by which each corpus counts alike, 1 on average; shape (n,)."""
    _, codes = np.unique(np.asarray(corpora, dtype=str), return_inverse=True)
    sizes = np.bincount(codes)
    return np.asarray(len(codes) / len(sizes) / sizes[codes])


def nested_answers(
    log_probs: Mapping[str, np.ndarray],
    shares: Mapping[str, float],
    truth: np.ndarray,
    corpora: Sequence[str],
    *,
    error_rate: float = 0.1,
    abstention: str = "selective",
) -> tuple[np.ndarray, pd.DataFrame]:
    """Calibrate on all corpora but one, answer for that one, and so for each.

    Parameters
    ----------
    log_probs : view → log-probabilities of each text by models that did not see its corpus, shape (n, n_labels).
    shares : view → weight in the average.
    truth : shape (n,), the column of each text's label.
    corpora : one name a text.
    error_rate, abstention : as for `train_labeller`.

    Returns
    -------
    probabilities of shape (n, n_labels), and DataFrame[corpus, guess, confidence, abstained, stage].
    """
    names = np.asarray(corpora, dtype=object)
    probabilities = np.zeros((len(truth), next(iter(log_probs.values())).shape[1]))
    abstained, stage = np.zeros(len(truth), bool), np.zeros(len(truth), int)
    for train, test in leave_one_corpus_out(corpora):
        weights = corpus_weights(names[train].tolist())
        known = {view: table[train] for view, table in log_probs.items()}
        stages = fit_stages(known, shares, truth[train], weights)
        rule = RULES[abstention].fit(cascade(known, stages)[0], truth[train], error_rate, weights)
        probabilities[test], stage[test] = cascade({view: table[test] for view, table in log_probs.items()}, stages)
        abstained[test] = rule.abstains(probabilities[test])
    table = pd.DataFrame(
        {
            "corpus": names,
            "guess": probabilities.argmax(axis=1),
            "confidence": probabilities.max(axis=1),
            "abstained": abstained,
            "stage": stage,
        }
    )
    return probabilities, table


def promised_against_observed(answers: pd.DataFrame, truth: np.ndarray) -> pd.DataFrame:
    """Return for each corpus, and for all of them (""), what was promised and what came of it.

    Returns
    -------
    DataFrame[corpus, n, confidence, accuracy, calibration_error, coverage, right]: mean confidence and share right of
    all labels, the share of labels given, and the share right of those.
    """
    from banmian.models.evaluation.metrics import calibration_error

    right = answers["guess"].to_numpy() == truth
    rows = []
    for corpus in [*sorted(set(answers["corpus"])), ""]:
        mine = np.full(len(answers), True) if corpus == "" else (answers["corpus"] == corpus).to_numpy()
        given = mine & ~answers["abstained"].to_numpy()
        confidence = answers["confidence"].to_numpy()
        error = calibration_error(right[mine], confidence[mine])
        given_right = float(right[given].mean()) if given.any() else float("nan")
        share_given = float(given.sum() / mine.sum())
        row = (corpus, int(mine.sum()), float(confidence[mine].mean()), float(right[mine].mean()))
        rows.append((*row, error, share_given, given_right))
    columns = ["corpus", "n", "confidence", "accuracy", "calibration_error", "coverage", "right"]
    return pd.DataFrame(rows, columns=columns)
