"""Abstaining with a promise for every true label: at most a stated share of its texts get a wrong label.

Conformal prediction by label (Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World, section 4.5;
label-conditional, "Mondrian"): a text's set holds each label whose probability is not among the lowest that texts of
that label got when they were held out. The label is given if it stands alone in the set, so giving a wrong one takes a
true label outside its set, and that happens to at most ``error_rate`` of the texts of each label.

Limits. The promise is for texts of the kind that was held out, in no order (exchangeable), and is an average over
draws of those: written exemplars are easier than other papers, so calibrate on real texts. It bounds wrong labels as a
share of all texts of a label, not of those given. Held-out scores of folds stand in for those of one model
(cross-conformal, Vovk 2015, doi:10.1007/s10472-013-9368-4), whose proven bound is 2 * ``error_rate``; in practice it is
near the stated one. A label with fewer than 1 / ``error_rate`` - 1 texts is in every set: nothing else is given alone.
"""

import numpy as np


def conformal_floors(probabilities: np.ndarray, truth: np.ndarray, error_rate: float) -> np.ndarray:
    """Return the probability that a label must exceed to be in a text's set, shape (n_labels,); below 0 for "always".

    Parameters
    ----------
    probabilities : shape (n, n_labels), of texts that took no part in training.
    truth : shape (n,), the column of each text's label.

    The floor is the k-th lowest probability of the n_label texts of that label, k = floor(error_rate * (n_label + 1)):
    a new one is as likely to fall into any of the n_label + 1 gaps, so at or below it with chance at most error_rate.
    """
    floors = np.full(probabilities.shape[1], -1.0)
    for label in range(len(floors)):
        own = np.sort(probabilities[truth == label, label])
        k = int(error_rate * (len(own) + 1) + 1e-9)  # 0.29 * 100 is 28.999999999999996
        if k:
            floors[label] = own[k - 1]
    return floors


def is_singleton_set(probabilities: np.ndarray, floors: np.ndarray) -> np.ndarray:
    """Return whether the likeliest label is the only one in each text's set, shape (n,) of bool."""
    inside = probabilities > floors
    return (inside.sum(axis=1) == 1) & inside[np.arange(len(inside)), probabilities.argmax(axis=1)]
