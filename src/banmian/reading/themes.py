"""What stretches of text have in common, told without cutting them into words."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from operator import add

Pairs = frozenset[str]
_HAN = re.compile("[\u4e00-\u9fff]{2,}")


def word_pairs(text: str) -> Pairs:
    """Return the pairs of neighbouring Han characters of `text` (Simplified): a bag of what it is about."""
    pairs: set[str] = set()
    for run in _HAN.findall(text):
        pairs.update(map(add, run, run[1:]))
    return frozenset(pairs)


def count_spread(bags: Iterable[Pairs]) -> Counter[str]:
    """Count in how many of the bags each pair occurs."""
    return Counter(chain.from_iterable(bags))


def shared(one: Pairs, other: Pairs, spread: Counter[str]) -> float:
    """Return how much of `one` stands in `other` too, 0 to 1; a pair weighs one over the bags that hold it.

    Pairs that only one bag holds cannot be shared and are left out, so that a long text is not punished for its length.
    """
    whole = sum(1 / spread[pair] for pair in one if spread[pair] > 1)
    return sum(1 / spread[pair] for pair in one & other) / whole if whole else 0.0
