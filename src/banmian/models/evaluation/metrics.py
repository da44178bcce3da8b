"""Scores of a labeller from labels and probabilities. Pure functions; nothing is drawn.

``probabilities`` is always a DataFrame of shape (n, n_labels): one row a text, one column a label, rows summing to 1.
"""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pandas as pd


def classification_scores(truth: Sequence[str], probabilities: pd.DataFrame, other: str = "other") -> dict[str, float]:
    """Return the scores of one labeller on texts of known label.

    accuracy and macro_f1 over all labels; in_scope_f1: macro-F1 over the labels but ``other``, on texts that are in
    scope, when ``other`` is not an answer; auroc_other: how well p_other ranks the rest behind it; ece;
    accuracy_at_80: share right among the 80 % of highest confidence (ties in the order given).
    Without texts of either kind the scores that need them are nan.
    """
    from sklearn.metrics import f1_score, roc_auc_score

    labels, names = np.array(list(truth), dtype=object), np.array(probabilities.columns, dtype=object)
    table = probabilities.to_numpy()
    guess, confidence = names[table.argmax(axis=1)], table.max(axis=1)
    inside = labels != other
    scope = names != other
    guess_inside = names[scope][table[:, scope].argmax(axis=1)]
    right = guess == labels
    surest = np.argsort(-confidence, kind="stable")[: round(0.8 * len(labels))]
    both = bool(inside.any() and not inside.all()) and other in probabilities
    return {
        "accuracy": float(right.mean()),
        "macro_f1": float(f1_score(labels, guess, labels=list(names), average="macro", zero_division=0)),
        "in_scope_f1": float(
            f1_score(labels[inside], guess_inside[inside], labels=list(names[scope]), average="macro", zero_division=0)
        )
        if inside.any()
        else float("nan"),
        "auroc_other": float(roc_auc_score(~inside, probabilities[other])) if both else float("nan"),
        "ece": calibration_error(right, confidence),
        "accuracy_at_80": float(right[surest].mean()),
    }


def calibration_error(right: np.ndarray, confidence: np.ndarray, n_bins: int = 10) -> float:
    """Return the expected calibration error: |share right - mean confidence| by equal-width bins, weighted by size.

    Naeini, Cooper and Hauskrecht 2015 (AAAI 29). With few texts it is biased upwards: a perfectly calibrated labeller
    shows about 0.07 on 110 texts.
    """
    table = reliability(right, confidence, n_bins)
    return float((table["n"] * (table["right"] - table["confidence"]).abs()).sum() / table["n"].sum())


def reliability(right: np.ndarray, confidence: np.ndarray, n_bins: int = 10) -> pd.DataFrame:
    """Return one row for each bin of confidence that is not empty: bin (its upper edge), n, confidence, right."""
    bins = np.clip(np.ceil(confidence * n_bins), 1, n_bins) / n_bins
    table = pd.DataFrame({"bin": bins, "n": 1, "confidence": confidence, "right": np.asarray(right, float)})
    return table.groupby("bin", as_index=False).agg(
        n=("n", "sum"), confidence=("confidence", "mean"), right=("right", "mean")
    )


def risk_coverage(right: np.ndarray, confidence: np.ndarray) -> pd.DataFrame:
    """Return columns coverage and risk, shape (n, 2): the share wrong among the surest k of n, for k = 1..n.

    El-Yaniv and Wiener 2010 (JMLR 11:1605-1641). Equal confidences stay in the order given.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    n = np.arange(1, len(order) + 1)
    return pd.DataFrame({"coverage": n / len(order), "risk": np.cumsum(~np.asarray(right, bool)[order]) / n})


def label_table(truth: Sequence[str], guess: Sequence[str]) -> pd.DataFrame:
    """Return precision, recall, f1 and n (texts of that label) for each label met, sorted by name."""
    from sklearn.metrics import precision_recall_fscore_support

    names = sorted(set(truth) | set(guess))
    columns = precision_recall_fscore_support(list(truth), list(guess), labels=names, zero_division=0)
    return pd.DataFrame(dict(zip(("precision", "recall", "f1", "n"), columns, strict=True)), index=names)


def bootstrap_interval(
    score: Callable[[np.ndarray], float],
    groups: Sequence[Hashable],
    *,
    n_draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the percentile interval of ``score(rows)`` when whole groups are drawn with replacement.

    Sections of one story rise and fall together; drawing them one by one would make the interval too narrow
    (Efron and Tibshirani 1993, chapter 8). Draws for which the score is nan are left out.
    """
    codes = pd.factorize(pd.Series(list(groups), dtype=object))[0]
    rows_of = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    random = np.random.default_rng(seed)
    draws = [
        score(np.concatenate([rows_of[code] for code in random.integers(len(rows_of), size=len(rows_of))]))
        for _ in range(n_draws)
    ]
    tail = (1 - level) / 2
    low, high = np.nanquantile(draws, [tail, 1 - tail])
    return float(low), float(high)
