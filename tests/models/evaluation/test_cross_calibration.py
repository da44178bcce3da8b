"""Calibration and thresholds of a group come from the other groups alone."""

import numpy as np
import pandas as pd

from banmian.models.evaluation.cross_calibration import cross_calibrate


def case(n: int = 200, seed: int = 0) -> tuple[pd.DataFrame, list[str], list[int]]:
    """Texts whose uncalibrated probabilities are far too modest: 0.6 where nine in ten are right."""
    random = np.random.default_rng(seed)
    truth = random.choice(["a", "b"], n)
    right = random.random(n) < 0.9
    guess = np.where(right, truth, np.where(truth == "a", "b", "a"))
    share = np.where(guess == "a", 0.6, 0.4)
    return pd.DataFrame({"a": share, "b": 1 - share}), truth.tolist(), list(range(n))


def test_confidence_comes_to_what_is_right() -> None:
    found = cross_calibrate(*case())
    assert abs(found["confidence"].mean() - 0.9) < 0.05
    assert list(found.columns) == ["label", "confidence", "threshold", "abstained", "p_a", "p_b"]
    assert np.allclose(found[["p_a", "p_b"]].sum(axis=1), 1)


def test_labels_stay_those_of_the_probabilities() -> None:
    probabilities, truth, groups = case()
    assert cross_calibrate(probabilities, truth, groups)["label"].tolist() == probabilities.idxmax(axis=1).tolist()


def test_a_stricter_rule_abstains_more() -> None:
    probabilities, truth, groups = case()
    strict = cross_calibrate(probabilities, truth, groups, error_rate=0.01)
    loose = cross_calibrate(probabilities, truth, groups, error_rate=0.5)
    assert strict["abstained"].mean() > loose["abstained"].mean() == 0


def test_the_answer_to_a_group_does_not_depend_on_its_own_truth() -> None:
    probabilities, truth, _ = case(60)
    groups = [i // 12 for i in range(60)]
    first = cross_calibrate(probabilities, truth, groups)
    flipped = [
        ("b" if label == "a" else "a") if group == 0 else label for label, group in zip(truth, groups, strict=True)
    ]
    rows = [i for i, group in enumerate(groups) if group == 0]
    # Folds are stratified by label, so only the fold of the flipped group is compared where it stayed by itself.
    second = cross_calibrate(probabilities, flipped, groups, n_folds=5)
    assert first["label"].iloc[rows].tolist() == second["label"].iloc[rows].tolist()
