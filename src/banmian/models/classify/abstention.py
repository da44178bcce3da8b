"""When to abstain: two rules, each fitted to held-out probabilities and keeping another promise.

`SelectiveThreshold`: of the labels given, about a stated share is wrong. `ConformalThreshold`: of the texts of each
true label, at most a stated share gets a wrong one; it abstains more.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

SHRINKAGE = 30


@dataclass(frozen=True)
class SelectiveThreshold:
    """Abstain where the confidence is below the threshold of the label, shape (n_labels,)."""

    name: ClassVar[str] = "selective"
    thresholds: np.ndarray
    error_rate: float = 0.1

    @classmethod
    def fit(
        cls, probabilities: np.ndarray, truth: np.ndarray, error_rate: float = 0.1, weights: np.ndarray | None = None
    ) -> Self:
        """Find each label's lowest confidence from which on at most ``error_rate`` of its predictions are wrong.

        Parameters
        ----------
        probabilities : shape (n, n_labels), of texts that took no part in training.
        truth : shape (n,), the column of each text's label.
        weights : shape (n,), optional; such as 1 over the size of a text's corpus, so that each corpus counts alike.

        A label's own share of errors is drawn towards that of all labels, as if it had `SHRINKAGE` more predictions of
        theirs: a label that is predicted ten times has no share of errors worth the name. Two more predictions, wrong
        as often as allowed, are added throughout, so that one lucky row does not decide. A threshold above 1 gives
        nothing. The bound on all is that of conformal selection (Jin and Candès 2023, JMLR 24:1-41), of each label an
        estimate.
        """
        n, width = probabilities.shape
        share = np.ones(n) if weights is None else np.asarray(weights, float) * n / np.sum(weights)
        best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
        order = np.argsort(-confidence, kind="stable")
        wrong, size = ((best != truth) * share)[order], share[order]
        of_all = (np.cumsum(wrong) + 2 * error_rate) / (np.cumsum(size) + 2)
        # Equal confidences are given or withheld together.
        is_last = np.append(confidence[order][1:] < confidence[order][:-1], True)[: len(order)]
        thresholds = np.full(width, 2.0)
        for label in range(width):
            mine = best[order] == label
            risk = (np.cumsum(wrong * mine) + SHRINKAGE * of_all) / (np.cumsum(size * mine) + SHRINKAGE)
            good = np.flatnonzero((risk <= error_rate) & is_last)
            if len(good):
                thresholds[label] = confidence[order[good[-1]]]
        return cls(thresholds, error_rate)

    def abstains(self, probabilities: np.ndarray) -> np.ndarray:
        """Return for each row whether no label is given, shape (n,) of bool."""
        best = probabilities.argmax(axis=1)
        return np.asarray(probabilities[np.arange(len(best)), best] < self.thresholds[best])


@dataclass(frozen=True)
class ConformalThreshold:
    """Abstain where the likeliest label does not stand alone in the text's conformal set.

    Conformal prediction by label (Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World, section 4.5;
    "Mondrian"): a text's set holds each label whose probability is above that label's floor. The label is given if it
    stands alone, so giving a wrong one takes a true label outside its set, and that happens to at most ``error_rate``
    of the texts of each label.

    Limits. The promise is for texts of the kind that was held out, in no order (exchangeable), and is an average over
    draws of those: written exemplars are easier than other papers, so calibrate on real texts. It bounds wrong labels
    as a share of all texts of a label, not of those given. Held-out scores of folds stand in for those of one model
    (cross-conformal, Vovk 2015, doi:10.1007/s10472-013-9368-4), whose proven bound is 2 * ``error_rate``; in practice
    it is near the stated one. A label with fewer than 1 / ``error_rate`` - 1 texts is in every set: nothing else is
    given alone.
    """

    name: ClassVar[str] = "conformal"
    thresholds: np.ndarray
    error_rate: float = 0.1

    @classmethod
    def fit(
        cls, probabilities: np.ndarray, truth: np.ndarray, error_rate: float = 0.1, weights: np.ndarray | None = None
    ) -> Self:
        """Find each label's floor: the probability that it must exceed to be in a set; below 0 for "always".

        Parameters as for `SelectiveThreshold.fit`. Unweighted, the floor is the k-th lowest probability of the n_label
        texts of that label, k = floor(error_rate * (n_label + 1)): a new one is as likely to fall into any of the
        n_label + 1 gaps, so at or below it with chance at most error_rate. Weighted, k counts weights.
        """
        floors = np.full(probabilities.shape[1], -1.0)
        for label in range(len(floors)):
            mine = truth == label
            own = probabilities[mine, label]
            order = np.argsort(own, kind="stable")
            size = np.ones(len(own)) if weights is None else weights[mine][order] * len(own) / np.sum(weights[mine])
            # 0.29 * 100 is 28.999999999999996
            k = np.searchsorted(np.cumsum(size), error_rate * (len(own) + 1) + 1e-9, side="right")
            if k:
                floors[label] = own[order][k - 1]
        return cls(floors, error_rate)

    def abstains(self, probabilities: np.ndarray) -> np.ndarray:
        """Return for each row whether no label is given, shape (n,) of bool."""
        inside = probabilities > self.thresholds
        alone = (inside.sum(axis=1) == 1) & inside[np.arange(len(inside)), probabilities.argmax(axis=1)]
        return np.asarray(~alone)


Rule = SelectiveThreshold | ConformalThreshold
RULES: dict[str, type[SelectiveThreshold] | type[ConformalThreshold]] = {
    rule.name: rule for rule in (SelectiveThreshold, ConformalThreshold)
}
