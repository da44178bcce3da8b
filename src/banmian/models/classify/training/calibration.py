"""From held-out log-probabilities to calibrated stages: temperature, and the confidence that spares the networks."""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

from banmian.models.classify.ensemble import CHEAP_VIEWS, Stage, blend

# Of the labels of the whole ensemble so many in a thousand may come out otherwise for each stage that ends early.
CHANGED = 0.0025
# Held-out texts below which a share of 0.0025 cannot be seen.
MIN_FOR_CASCADE = 1000
# Texts whose evidence the usual shares of the views are worth.
PULL = 50
_NEVER = 2.0  # a confidence that no text has


def fit_temperature(mean: np.ndarray, truth: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the divisor of mean log-probabilities (n, n_labels) that makes the held-out truth (n,) most probable.

    Guo et al. 2017, arXiv:1706.04599; sought between 0.05 and 5.
    """
    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        log_probs = log_softmax(mean / np.exp(log_temperature), axis=1)[rows, truth]
        return -float(np.average(log_probs, weights=weights))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(5)), method="bounded", options={"xatol": 1e-4})
    return float(np.exp(found.x))


def fit_shares(
    log_probs: Mapping[str, np.ndarray],
    usual: Mapping[str, float],
    truth: np.ndarray,
    weights: np.ndarray | None = None,
) -> dict[str, float]:
    """Return the shares of the views that make the held-out truth most probable, drawn towards the ``usual`` ones.

    The log-loss of a weighted sum of log-probabilities is convex in the weights, which are kept at 0 or above; their
    sum is the inverse of a temperature and is left to `fit_temperature`. The pull is that of `PULL` texts. A share
    under 0.02 is taken for none; the usual shares are returned when there are fewer than `PULL` texts.
    """
    views = list(usual)
    if len(truth) < PULL:
        return dict(usual)
    tables, rows = np.stack([log_probs[view] for view in views]), np.arange(len(truth))
    start = np.array([usual[view] for view in views])
    start = start / fit_temperature(np.tensordot(start, tables, 1), truth, weights)

    def loss(found: np.ndarray) -> float:
        log_loss = -np.average(log_softmax(np.tensordot(found, tables, 1), axis=1)[rows, truth], weights=weights)
        return float(log_loss + PULL / len(truth) * np.sum((found - start) ** 2) / np.sum(start**2))

    best = minimize(loss, start, method="L-BFGS-B", bounds=[(0, None)] * len(views)).x
    shares = best / best.sum()
    kept = np.where(shares < 0.02, 0.0, shares)
    return {view: round(float(share), 3) for view, share in zip(views, kept / kept.sum(), strict=True) if share}


def fit_stages(
    log_probs: Mapping[str, np.ndarray],
    shares: Mapping[str, float],
    truth: np.ndarray,
    weights: np.ndarray | None = None,
    changed: float = CHANGED,
) -> list[Stage]:
    """Return the stages: cheap views, then with the embedding, then with the encoder; each with its own temperature.

    Parameters
    ----------
    log_probs : view → shape (n, n_labels), held out.
    shares : view → weight in the last stage; earlier stages keep the proportions.
    truth : shape (n,), the column of each text's label.
    weights : shape (n,), optional, of the texts.
    changed : a text stays in a stage from the confidence on at which this share of all texts would get another label
        than the last stage gives.

    Under `MIN_FOR_CASCADE` texts there is one stage, of all views.
    """
    last = _calibrated(log_probs, shares, truth, weights)
    if len(truth) < MIN_FOR_CASCADE:
        return [last]
    final = blend(dict(log_probs), last).argmax(axis=1)
    stages: list[Stage] = []
    first = [view for view in CHEAP_VIEWS if view in shares]
    second = [*first, *(view for view in ("embedding", "descriptions") if view in shares)]
    for views in (first, second):
        if views and len(views) < len(shares) and (not stages or len(views) > len(stages[-1].weights)):
            stage = _calibrated(log_probs, {view: shares[view] for view in views}, truth, weights)
            probabilities = blend(dict(log_probs), stage)
            stages.append(stage._replace(enough=_enough(probabilities, final, weights, changed)))
    return [*stages, last]


def cascade(log_probs: Mapping[str, np.ndarray], stages: list[Stage]) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities that the stages give these texts, and the stage that gave each, as prediction does."""
    found = blend(dict(log_probs), stages[0])
    given_by = np.zeros(len(found), dtype=np.int64)
    for number, stage in enumerate(stages[1:], start=1):
        on = (given_by == number - 1) & (found.max(axis=1) < stages[number - 1].enough)
        found[on] = blend({view: log_probs[view][on] for view in stage.weights}, stage)
        given_by[on] = number
    return found, given_by


def _calibrated(
    log_probs: Mapping[str, np.ndarray], shares: Mapping[str, float], truth: np.ndarray, weights: np.ndarray | None
) -> Stage:
    total = sum(shares.values())
    stage = Stage({view: share / total for view, share in shares.items()})
    mean = np.sum([share * log_probs[view] for view, share in stage.weights.items()], axis=0)
    return stage._replace(temperature=fit_temperature(mean, truth, weights))


def _enough(probabilities: np.ndarray, final: np.ndarray, weights: np.ndarray | None, changed: float) -> float:
    """Return the lowest confidence from which on at most ``changed`` of all texts get another label than finally."""
    confidence, best = probabilities.max(axis=1), probabilities.argmax(axis=1)
    order = np.argsort(-confidence, kind="stable")
    share = np.ones(len(final)) if weights is None else weights
    lost = np.cumsum(((best != final) * share)[order]) / share.sum()
    good = np.flatnonzero(lost <= changed)
    return float(confidence[order[good[-1]]]) if len(good) else _NEVER
