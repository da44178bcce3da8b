"""What stretches of text have in common, told without cutting them into words."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

Pairs = frozenset[str]


def word_pairs(text: str) -> Pairs:
    """Return the pairs of neighbouring Han characters of `text` (Simplified): a bag of what it is about."""
    return frozenset(
        first + second
        for first, second in pairwise(text)
        if "\u4e00" <= first <= "\u9fff" and "\u4e00" <= second <= "\u9fff"
    )


def count_spread(bags: Iterable[Pairs]) -> Counter[str]:
    """Count in how many of the bags each pair occurs."""
    return Counter(pair for bag in bags for pair in bag)


def shared(one: Pairs, other: Pairs, spread: Counter[str]) -> float:
    """Return how much of `one` stands in `other` too, 0 to 1; a pair weighs one over the bags that hold it.

    Pairs that only one bag holds cannot be shared and are left out, so that a long text is not punished for its length.
    """
    whole = sum(1 / spread[pair] for pair in one if spread[pair] > 1)
    return sum(1 / spread[pair] for pair in one & other) / whole if whole else 0.0
