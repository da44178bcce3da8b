"""Each rule keeps its promise: of the labels given, or of the texts of every true label, so many are wrong."""

import numpy as np
import pytest

from banmian.models.classify.abstention import ConformalThreshold, SelectiveThreshold

SHARES, SHIFTS = np.array([0.5, 0.3, 0.2]), np.array([2.5, 1.5, 0.7])


def draw(n: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and truth of n texts: three labels, the third rare and hard to tell from the others."""
    truth = random.choice(3, size=n, p=SHARES)
    scores = random.normal(size=(n, 3))
    scores[np.arange(n), truth] += SHIFTS[truth]
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), truth


@pytest.mark.parametrize("error_rate", [0.05, 0.1, 0.2])
def test_sets_hold_the_truth_as_often_as_promised_overall_and_for_each_label(error_rate: float) -> None:
    random = np.random.default_rng(0)
    held, wrong, seen = np.zeros(3), np.zeros(3), np.zeros(3)
    for _ in range(400):
        rule = ConformalThreshold.fit(*draw(120, random), error_rate)
        probabilities, truth = draw(120, random)
        inside = (probabilities > rule.thresholds)[np.arange(120), truth]
        given = ~rule.abstains(probabilities) & (probabilities.argmax(axis=1) != truth)
        for label in range(3):
            mine = truth == label
            held[label] += inside[mine].sum()
            wrong[label] += given[mine].sum()
            seen[label] += mine.sum()
    # 400 draws of 24 texts or more leave a standard error of about 0.004; above by at most 1 / (n_label + 1).
    assert ((held / seen) > 1 - error_rate - 0.012).all() and ((held / seen) < 1 - error_rate + 0.06).all()
    assert held.sum() / seen.sum() > 1 - error_rate - 0.01
    assert (wrong / seen < error_rate).all()


def test_the_floor_is_the_lowest_that_the_number_of_texts_can_promise() -> None:
    probabilities = np.linspace(0.01, 0.29, 29)[:, None]
    # 0.1 * (29 + 1) = 3: the third lowest.
    assert ConformalThreshold.fit(probabilities, np.zeros(29, int), 0.1).thresholds.tolist() == [probabilities[2, 0]]
    # Eight texts cannot show that fewer than one in ten goes wrong, nor can none.
    assert ConformalThreshold.fit(probabilities[:8], np.zeros(8, int), 0.1).thresholds.tolist() == [-1.0]
    assert ConformalThreshold.fit(np.zeros((0, 2)), np.zeros(0, int), 0.1).thresholds.tolist() == [-1.0, -1.0]


def test_a_label_is_given_only_if_it_stands_alone_and_is_the_most_probable() -> None:
    probabilities = np.array([[0.8, 0.2], [0.6, 0.4], [0.55, 0.45]])
    assert ConformalThreshold(np.array([0.5, 0.3])).abstains(probabilities).tolist() == [False, True, True]
    assert ConformalThreshold(np.array([0.9, 0.1])).abstains(probabilities).tolist() == [True, True, True]


def test_selective_thresholds_keep_the_stated_error_rate() -> None:
    # Confidence is honest here: the chance to be right is the confidence itself.
    random = np.random.default_rng(0)
    confidence = random.uniform(0.5, 1, 4000)
    truth = (random.random(4000) > confidence).astype(int)
    probabilities = np.column_stack([confidence, 1 - confidence])
    threshold = SelectiveThreshold.fit(probabilities, truth, 0.1).thresholds[0]
    assert threshold == pytest.approx(0.8, abs=0.05)  # mean of [0.8, 1] is 0.9
    # Three right answers are given; three answers of which the surest is wrong are not.
    assert SelectiveThreshold.fit(np.array([[0.9, 0.1]] * 3), np.zeros(3, int), 0.1).thresholds[0] == 0.9
    assert SelectiveThreshold.fit(np.array([[0.9, 0.1]] * 3), np.array([1, 0, 0]), 0.1).thresholds[0] > 1
    # A label that errs more than the others has to be surer, and ten predictions of a third change little.
    best = np.array([0] * 2000 + [1] * 1990 + [2] * 10)
    errs_more = np.where(best == 1, 0.15, 0)
    truth = np.where(random.random(4000) > confidence - errs_more, 3, best)
    probabilities = np.zeros((4000, 4))
    probabilities[np.arange(4000), best] = confidence
    first, second, third, none = SelectiveThreshold.fit(probabilities, truth, 0.1).thresholds
    assert first < third < second and third == pytest.approx(none, abs=0.02)


def test_weighted_corpora_count_alike_whatever_their_size() -> None:
    """A large easy corpus does not lower the threshold that a small hard one needs."""
    random = np.random.default_rng(1)
    confidence = random.uniform(0.5, 1, 3000)
    easy = np.arange(3000) < 2700
    truth = (random.random(3000) > np.where(easy, 0.99, confidence)).astype(int)
    probabilities = np.column_stack([confidence, 1 - confidence])
    plain = SelectiveThreshold.fit(probabilities, truth, 0.1).thresholds[0]
    weights = np.where(easy, 1 / 2700, 1 / 300)
    weighted = SelectiveThreshold.fit(probabilities, truth, 0.1, weights).thresholds[0]
    assert weighted > plain + 0.05
    equal = ConformalThreshold.fit(probabilities, truth, 0.1, np.full(3000, 7.0)).thresholds
    assert np.array_equal(equal, ConformalThreshold.fit(probabilities, truth, 0.1).thresholds)
