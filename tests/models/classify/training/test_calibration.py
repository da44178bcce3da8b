"""Calibration: the temperature is found, and a stage that ends early changes as few labels as allowed."""

import numpy as np
import pytest
from scipy.special import log_softmax

from banmian.models.classify.training.calibration import cascade, fit_shares, fit_stages, fit_temperature


def draw(n: int, noise: float, random: np.random.Generator, truth: np.ndarray) -> np.ndarray:
    scores = random.normal(size=(n, 3)) * noise
    scores[np.arange(n), truth] += 2
    return np.asarray(log_softmax(scores, axis=1))


def test_the_temperature_that_was_put_in_comes_out() -> None:
    random = np.random.default_rng(0)
    mean = log_softmax(random.normal(size=(20000, 3)) * 3, axis=1)
    chances = np.exp(log_softmax(mean / 1.7, axis=1))
    truth = (chances.cumsum(axis=1) < random.random((20000, 1))).sum(axis=1)
    assert fit_temperature(mean, truth) == pytest.approx(1.7, rel=0.05)


def test_few_labels_change_when_the_cheap_views_decide() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(3, size=4000)
    shares = {"ngrams": 0.3, "fields": 0.3, "embedding": 0.4}
    log_probs = {view: draw(4000, 1.0, random, truth) for view in shares}
    stages = fit_stages(log_probs, shares, truth)
    assert [list(stage.weights) for stage in stages] == [["ngrams", "fields"], ["ngrams", "fields", "embedding"]]
    found, given_by = cascade(log_probs, stages)
    whole, _ = cascade(log_probs, stages[-1:])
    assert (found.argmax(axis=1) != whole.argmax(axis=1)).mean() <= 0.0025
    assert (given_by == 0).mean() > 0.3
    # A probability means the same whichever stage gave it.
    for stage in (0, 1):
        mine = given_by == stage
        right = (found.argmax(axis=1) == truth)[mine].mean()
        assert found[mine].max(axis=1).mean() == pytest.approx(right, abs=0.03)


def test_few_texts_make_one_stage() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(3, size=300)
    log_probs = {view: draw(300, 1.0, random, truth) for view in ("ngrams", "embedding")}
    assert len(fit_stages(log_probs, {"ngrams": 0.5, "embedding": 0.5}, truth)) == 1


def test_a_view_that_knows_nothing_gets_no_share() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(3, size=2000)
    log_probs = {"ngrams": draw(2000, 1.0, random, truth), "embedding": draw(2000, 1.0, random, truth)}
    log_probs["fields"] = np.asarray(log_softmax(random.normal(size=(2000, 3)), axis=1))
    usual = {"ngrams": 0.25, "fields": 0.5, "embedding": 0.25}
    found = fit_shares(log_probs, usual, truth)
    assert found.get("fields", 0) < 0.1 and found["ngrams"] == pytest.approx(found["embedding"], abs=0.1)
    few = {view: table[:40] for view, table in log_probs.items()}
    assert fit_shares(few, usual, truth[:40]) == usual
