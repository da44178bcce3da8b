"""Wrong labels stay below the stated rate for every true label, however rare or hard it is."""

import numpy as np
import pytest

from banmian.models.classify.conformal import conformal_floors, is_singleton_set

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
        floors = conformal_floors(*draw(120, random), error_rate)
        probabilities, truth = draw(120, random)
        inside = (probabilities > floors)[np.arange(120), truth]
        given = is_singleton_set(probabilities, floors) & (probabilities.argmax(axis=1) != truth)
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
    assert conformal_floors(probabilities, np.zeros(29, int), 0.1).tolist() == [probabilities[2, 0]]
    # Eight texts cannot show that fewer than one in ten goes wrong, nor can none.
    assert conformal_floors(probabilities[:8], np.zeros(8, int), 0.1).tolist() == [-1.0]
    assert conformal_floors(np.zeros((0, 2)), np.zeros(0, int), 0.1).tolist() == [-1.0, -1.0]


def test_a_label_is_given_only_if_it_stands_alone_and_is_the_likeliest() -> None:
    probabilities = np.array([[0.8, 0.2], [0.6, 0.4], [0.55, 0.45]])
    assert is_singleton_set(probabilities, np.array([0.5, 0.3])).tolist() == [True, False, False]
    assert is_singleton_set(probabilities, np.array([0.9, 0.1])).tolist() == [False, False, False]
