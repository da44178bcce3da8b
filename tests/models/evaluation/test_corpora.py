"""Leave one corpus out: no corpus on both sides, calibration on the others, promises counted right."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_softmax

from banmian.models.evaluation.corpora import (
    corpus_weights,
    leave_one_corpus_out,
    nested_answers,
    promised_against_observed,
)


def test_a_corpus_is_never_on_both_sides_and_what_has_none_always_trains() -> None:
    folds = leave_one_corpus_out(["b", "a", "", "b"])
    assert [(train.tolist(), test.tolist()) for train, test in folds] == [([0, 2, 3], [1]), ([1, 2], [0, 3])]


def test_each_corpus_weighs_alike() -> None:
    weights = corpus_weights(["a", "a", "a", "b"])
    assert weights.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert weights.mean() == pytest.approx(1)


def test_answers_for_a_corpus_do_not_depend_on_its_labels() -> None:
    random = np.random.default_rng(0)
    corpora = np.repeat(["a", "b", "c"], 100)
    truth = random.integers(3, size=300)
    scores = random.normal(size=(300, 3))
    scores[np.arange(300), truth] += 2
    log_probs = {"ngrams": np.asarray(log_softmax(scores, axis=1))}
    one, table = nested_answers(log_probs, {"ngrams": 1.0}, truth, corpora.tolist())
    spoiled = np.where(corpora == "a", (truth + 1) % 3, truth)
    other, _ = nested_answers(log_probs, {"ngrams": 1.0}, spoiled, corpora.tolist())
    assert np.array_equal(one[:100], other[:100]) and not np.array_equal(one[100:], other[100:])
    assert table["corpus"].tolist() == corpora.tolist()


def test_promises_are_counted_by_corpus() -> None:
    answers = pd.DataFrame(
        {
            "corpus": ["a", "a", "b", "b"],
            "guess": [0, 1, 0, 0],
            "confidence": [0.9, 0.5, 0.8, 0.6],
            "abstained": [False, True, False, False],
        }
    )
    found = promised_against_observed(answers, np.array([0, 0, 0, 1])).set_index("corpus")
    assert found.loc["a", ["n", "accuracy", "coverage", "right"]].tolist() == [2, 0.5, 0.5, 1.0]
    assert found.loc["", ["n", "accuracy", "coverage", "right"]].tolist() == pytest.approx([4, 0.5, 0.75, 2 / 3])
