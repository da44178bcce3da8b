"""Confidence and thresholds as a shipped classifier has them, fitted without the sections that they are asked of."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from banmian.models.classify.abstention import SelectiveThreshold
from banmian.models.classify.training.calibration import fit_temperature
from banmian.models.classify.training.heads import grouped_folds


def cross_calibrate(
    probabilities: pd.DataFrame,
    truth: Sequence[str],
    groups: Sequence[Hashable],
    *,
    error_rate: float = 0.1,
    n_folds: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Return calibrated predictions: each group's temperature and thresholds come from the other groups alone.

    Parameters
    ----------
    probabilities : (n, n_labels), a column a label
        Of texts that the classifier was not trained on (`cross_predict`), uncalibrated.
    truth, groups : label and story of each text; a group is never on both sides.
    error_rate : of the labels given, about this share may be wrong (`SelectiveThreshold`).

    Returns
    -------
    DataFrame[label, confidence, threshold, abstained] and the ``p_`` columns, n rows: what the shipped classifier's own
    rule, a temperature and one threshold a label, says of texts that took no part in fitting either.
    """
    names = list(probabilities.columns)
    answers = np.array([names.index(label) for label in truth])
    scores = np.log(np.clip(probabilities.to_numpy(float), 1e-12, None))
    found = np.full(scores.shape, np.nan)
    thresholds = np.zeros(len(answers))
    for train, test in grouped_folds(list(truth), groups, n_folds, seed):
        temperature = fit_temperature(scores[train], answers[train])
        cut = SelectiveThreshold.fit(_softmax(scores[train] / temperature), answers[train], error_rate).thresholds
        found[test] = _softmax(scores[test] / temperature)
        thresholds[test] = cut[found[test].argmax(axis=1)]
    best = found.argmax(axis=1)
    confidence = found.max(axis=1)
    table = pd.DataFrame(
        {
            "label": np.array(names, dtype=object)[best],
            "confidence": confidence,
            "threshold": thresholds,
            "abstained": confidence < thresholds,
        }
    )
    return table.join(pd.DataFrame(found, columns=[f"p_{name}" for name in names]))


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
