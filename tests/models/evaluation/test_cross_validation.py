"""Predictions out of fold: no group on both sides, every text once, more training helps where it can."""

import numpy as np
import pandas as pd

from banmian.models.evaluation.cross_validation import (
    baseline_fit,
    cross_predict,
    labeller_fit,
    learning_curve,
    score_table,
    with_extra_training,
)

LABELS = ["a", "b"] * 10
GROUPS = [i // 2 for i in range(20)]


def remember(train: np.ndarray, test: np.ndarray) -> pd.DataFrame:
    """Know a text's label only if its group was trained on; answer the other label otherwise."""
    known = {GROUPS[i] for i in train}
    p_a = [float((LABELS[i] == "a") == (GROUPS[i] in known)) for i in test]
    return pd.DataFrame({"a": p_a, "b": [1 - p for p in p_a]})


def test_groups_never_leak_and_a_random_split_does() -> None:
    apart = cross_predict(remember, LABELS, GROUPS)
    assert apart.index.tolist() == list(range(20))
    assert (apart.idxmax(axis=1) != LABELS).all()  # it knew none of them: no group was on both sides
    mixed = cross_predict(remember, LABELS, range(20))
    assert (mixed.idxmax(axis=1) == LABELS).mean() > 0.5


def test_score_table_keeps_the_value_inside_its_interval() -> None:
    perfect = pd.DataFrame({"a": [float(x == "a") for x in LABELS], "b": [float(x == "b") for x in LABELS]})
    found = score_table({"perfect": perfect, "wrong": 1 - perfect}, LABELS, GROUPS, n_draws=20)
    assert found.loc[found["name"] == "perfect", ["value", "low", "high"]].to_numpy().min() == 1
    assert found.loc[found["name"] == "wrong", ["value", "low", "high"]].to_numpy().max() == 0


def test_learning_curve_takes_labels_in_their_shares() -> None:
    seen: list[list[str]] = []

    def fit(train: np.ndarray, test: np.ndarray) -> pd.DataFrame:
        seen.append([LABELS[i] for i in train])
        right = len(train) >= 10
        return pd.DataFrame({"a": [float(right)] * len(test), "b": [float(not right)] * len(test)})

    curve = learning_curve(fit, LABELS, np.array([0, 2]), ["a", "a"], sizes=[4, 10, 20], n_draws=2)
    assert [len(x) for x in seen] == [4, 4, 10, 10, 20]
    assert all(abs(x.count("a") - x.count("b")) <= 1 for x in seen)
    assert curve["score"].tolist() == [0.0, 1.0, 1.0]


def test_the_labellers_views_learn_from_their_rows_alone() -> None:
    texts = ["党支部召开党员大会，选举支部委员会。", "商场销售额同比增长，消费券带动客流。"] * 6
    labels = ["party_building", "commerce"] * 6
    for make in (labeller_fit, baseline_fit):
        check_two_texts(make(texts, labels)(np.arange(10), np.array([10, 11])))


def check_two_texts(found: pd.DataFrame) -> None:
    assert found.columns.tolist() == ["commerce", "party_building"]
    assert found.idxmax(axis=1).tolist() == ["party_building", "commerce"]
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_rows_that_are_never_tested_may_be_trained_on_in_every_fold() -> None:
    seen: list[list[int]] = []

    def fit(train: np.ndarray, test: np.ndarray) -> pd.DataFrame:
        seen.append(train.tolist())
        return pd.DataFrame({"a": [1.0] * len(test)})

    found = cross_predict(with_extra_training(np.array([20, 21]), fit), LABELS, GROUPS, 5)
    assert len(found) == 20
    assert len(seen) == 5 and all(train[-2:] == [20, 21] and len(train) == 18 for train in seen)
