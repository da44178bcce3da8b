"""Labelled examples as they come, checked: what is wrong is reported in one line that names the rows."""

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from banmian.models.classify.features import clean
from banmian.models.statistics import wilson_interval

MIN_PER_LABEL = 10
MAX_LABELS = 1000
_SHOWN = 5


def check_examples(texts: Sequence[Any], labels: Sequence[Any]) -> tuple[list[str], list[str | int]]:
    """Return cleaned texts, and labels as text or int.

    Raises ``ValueError`` naming the rows, counted from 0, for texts or labels that are missing (None, NaN, NaT, pd.NA,
    empty), texts that are no strings, labels that are neither text nor whole numbers, both kinds of label at once,
    unequal lengths, one string in place of a list, fewer than two different labels or more than `MAX_LABELS`. Warns of
    equal texts with different labels.
    """
    for name, values in (("texts", texts), ("labels", labels)):
        if isinstance(values, str | bytes):
            raise ValueError(f"{name} is one string; give a list of them")
    rows, given = list(texts), [_plain(label) for label in labels]
    if len(rows) != len(given):
        raise ValueError(f"{len(rows)} texts but {len(given)} labels; give each text one label")
    _refuse("text", "is missing", [_is_missing(text) for text in rows], "drop or complete them")
    _refuse("text", "is not a string", [not isinstance(text, str) for text in rows], "convert them")
    _refuse("label", "is missing", [_is_missing(label) for label in given], "drop or label them")
    odd = [not isinstance(label, str | int) for label in given]
    _refuse("label", "is neither text nor a whole number", odd, "give each text one label of that kind")
    if len({isinstance(label, str) for label in given}) > 1:
        raise ValueError("some labels are text and some are numbers; make them all of one kind")
    cleaned = [clean(text) for text in rows]
    _refuse("text", "is empty", [not text for text in cleaned], "drop or complete them")
    counts = Counter(given)
    if not 2 <= len(counts) <= MAX_LABELS:
        raise ValueError(f"two to {MAX_LABELS} different labels are needed, got {len(counts)}: {sorted(counts)[:3]}")
    _warn_contradictions(cleaned, given)
    return cleaned, given


def warn_scarce(labels: Sequence[str | int], right: np.ndarray) -> None:
    """Warn of labels with few texts, and how sure the share of right answers is that the folds found."""
    scarce = sorted(label for label, n in Counter(labels).items() if n < MIN_PER_LABEL)
    if not scarce:
        return
    named = ", ".join(map(str, scarce[:_SHOWN])) + (f" and {len(scarce) - _SHOWN} more" if len(scarce) > _SHOWN else "")
    low, high = wilson_interval(int(right.sum()), len(right))
    measured = f"{right.mean():.2f} of {len(right)} held-out texts labelled right" if len(right) else "none held out"
    warnings.warn(
        f"fewer than {MIN_PER_LABEL} texts for {named}: {measured}; "
        f"of new ones like them {low:.2f} to {high:.2f} (95 % interval)",
        stacklevel=4,
    )


def _plain(label: Any) -> Any:
    """Return numpy's scalars as Python's, and a whole float as an int: pandas makes floats of ints beside a gap."""
    value = label.item() if isinstance(label, np.generic) else label
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _refuse(what: str, wrong: str, rows: Sequence[bool], remedy: str) -> None:
    if bad := np.flatnonzero(rows).tolist():
        shown = ", ".join(map(str, bad[:_SHOWN])) + (f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else "")
        raise ValueError(f"{what} {wrong} in row{'s' * (len(bad) > 1)} {shown} (counted from 0); {remedy}")


def _warn_contradictions(cleaned: Sequence[str], labels: Sequence[str | int]) -> None:
    first: dict[str, int] = {}
    pairs = []
    for row, text in enumerate(cleaned):
        if labels[first.setdefault(text, row)] != labels[row]:
            pairs.append(f"{first[text]} ({labels[first[text]]}) and {row} ({labels[row]})")
    if pairs:
        more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
        warnings.warn(
            f"equal texts with different labels in rows {'; '.join(pairs[:_SHOWN])}{more} (counted from 0); "
            "all of them train",
            stacklevel=5,
        )
