"""Scores against figures worked out by hand; folds that cannot leak."""

import numpy as np
import pandas as pd
import pytest

from banmian.models.classify.training.heads import grouped_folds
from banmian.models.evaluation.metrics import (
    bootstrap_interval,
    calibration_error,
    classification_scores,
    label_table,
    reliability,
    risk_coverage,
)

TRUTH = ["a", "a", "b", "other"]
PROBABILITIES = pd.DataFrame(
    [[0.8, 0.1, 0.1], [0.4, 0.5, 0.1], [0.1, 0.7, 0.2], [0.3, 0.1, 0.6]], columns=["a", "b", "other"]
)


def test_scores_of_four_texts() -> None:
    scores = classification_scores(TRUTH, PROBABILITIES)
    assert scores["accuracy"] == 0.75
    # f1: a 2/3 (1 of 2 found, none wrong), b 2/3 (1 found, 1 wrong), other 1.
    assert scores["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert scores["in_scope_f1"] == pytest.approx(2 / 3)
    assert scores["auroc_other"] == 1.0
    assert scores["accuracy_at_80"] == 1.0  # .8, .7 and .6 are the surest three of four, and all right


def test_other_is_no_answer_for_texts_in_scope() -> None:
    probabilities = pd.DataFrame([[0.3, 0.1, 0.6], [0.1, 0.3, 0.6]], columns=["a", "b", "other"])
    scores = classification_scores(["a", "b"], probabilities)
    assert scores["in_scope_f1"] == 1.0 and scores["accuracy"] == 0.0
    assert np.isnan(scores["auroc_other"])


def test_calibration_error_is_the_gap_in_each_bin() -> None:
    right, confidence = np.array([True, False, True, True]), np.array([0.95, 0.95, 0.55, 0.55])
    # |0.5 - 0.95| and |1 - 0.55|, each over half of the texts.
    assert calibration_error(right, confidence) == pytest.approx(0.45)
    assert reliability(right, confidence)["n"].tolist() == [2, 2]
    assert calibration_error(np.array([True]), np.array([1.0])) == 0.0


def test_risk_coverage_counts_errors_from_the_surest_down() -> None:
    curve = risk_coverage(np.array([False, True, True]), np.array([0.5, 0.9, 0.7]))
    assert curve["risk"].tolist() == pytest.approx([0, 0, 1 / 3])
    assert curve["coverage"].iloc[-1] == 1.0


def test_label_table() -> None:
    table = label_table(["a", "a", "b"], ["a", "b", "b"])
    assert table.loc["a", ["precision", "recall", "n"]].tolist() == [1.0, 0.5, 2]


def test_groups_stay_on_one_side() -> None:
    labels, groups = ["a", "b"] * 10, [i // 4 for i in range(20)]
    seen = []
    for train, test in grouped_folds(labels, groups):
        assert not {groups[i] for i in train} & {groups[i] for i in test}
        seen += test.tolist()
    assert sorted(seen) == list(range(20))
    with pytest.raises(ValueError, match="1 group of 20 texts"):
        next(grouped_folds(labels, ["one"] * 20))


def test_the_interval_draws_groups_not_rows() -> None:
    right = np.array([1.0] * 50 + [0.0] * 50)
    alone = bootstrap_interval(lambda rows: right[rows].mean(), range(100))
    together = bootstrap_interval(lambda rows: right[rows].mean(), [i // 25 for i in range(100)])
    assert alone[0] < 0.5 < alone[1]
    # A hundred rows that are four stories know far less: 0.5 ± 0.1 becomes 0.5 ± 0.5.
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])
    assert alone == bootstrap_interval(lambda rows: right[rows].mean(), range(100))
