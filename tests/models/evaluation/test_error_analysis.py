"""Tables of mistakes: counted right, worst first, the same order every time."""

import pandas as pd

from banmian.models.evaluation.error_analysis import confusion, label_issues, outcomes, worst_errors

TRUTH = ["a", "a", "b", "b"]
PROBABILITIES = pd.DataFrame({"a": [0.9, 0.2, 0.7, 0.1], "b": [0.1, 0.8, 0.3, 0.9]})
TEXTS = ["一", "二\n三", "四", "五"]


def test_confusion_counts_pairs_and_shares_of_the_true_label() -> None:
    found = confusion(TRUTH, ["a", "b", "a", "b"], ["a", "b", "c"]).set_index(["truth", "predicted"])
    assert found["sections"].sum() == 4
    assert found.loc[("a", "b"), "share"] == 0.5
    assert found.loc[("c", "c"), "share"] == 0  # a label that nobody has divides by nothing


def test_an_abstained_answer_is_neither_right_nor_wrong() -> None:
    answers = pd.DataFrame({"label": ["a", "b", "a", "b"], "abstained": [True, False, False, False]})
    found = outcomes(TRUTH, answers, ["a", "b"]).set_index(["label", "outcome"])["sections"]
    assert found.to_dict() == {
        ("a", "right"): 0, ("b", "right"): 1, ("a", "abstained"): 1,
        ("b", "abstained"): 0, ("a", "wrong"): 1, ("b", "wrong"): 1,
    }  # fmt: skip


def test_worst_errors_are_wrong_and_sure() -> None:
    found = worst_errors(TRUTH, PROBABILITIES, TEXTS)
    assert found["begins"].tolist() == ["二 三", "四"]
    assert found["confidence"].tolist() == [0.8, 0.7]


def test_suspects_are_labels_with_little_probability() -> None:
    found = label_issues(TRUTH, PROBABILITIES, TEXTS, n=2)
    assert found["begins"].tolist() == ["二 三", "四"]
    assert found["quality"].tolist() == [0.2, 0.3]
