"""What stretches of text have in common, told without cutting them into words."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import chain
from operator import add
from pathlib import Path

Pairs = frozenset[str]
_NEIGHBOURS = Path(__file__).parent / "data" / "neighbours.tsv"
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_USUAL = 1300  # a pair that the project's own sections hold so often, about once in each, says nothing of a theme


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


def kinship(one: Pairs, other: Pairs) -> float:
    """Return how far two texts speak of the same, 0 to 1: the cosine of their pairs, each weighed by its rarity.

    A pair weighs log(1300 / (its count in the project's own sections + 1)), so 这个 weighs little and a name much; the
    cosine keeps long texts, which share more by chance, from looking alike. Unrelated columns of one newspaper have
    about 0.05, two halves of an article about 0.15.
    """
    rarities = _rarities()
    unseen = math.log(_USUAL)
    whole = sum(rarities.get(pair, unseen) for pair in one) * sum(rarities.get(pair, unseen) for pair in other)
    return sum(rarities.get(pair, unseen) for pair in one & other) / math.sqrt(whole) if whole else 0.0


@cache
def _rarities() -> dict[str, float]:
    """Weights of the pairs that were counted at least twice; the rest weigh log(1300)."""
    rows = (
        line.split("\t") for line in _NEIGHBOURS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    return {row[0]: max(0.0, math.log(_USUAL / (int(row[1]) + 1))) for row in rows if _HAN.fullmatch(row[0])}
