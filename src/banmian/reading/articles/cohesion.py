"""What stretches of text have in common, measured without cutting them into words."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import add
from pathlib import Path

import numpy as np

Pairs = frozenset[str]
_NEIGHBOURS = Path(__file__).parents[1] / "data" / "neighbours.tsv"
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_FIRST, _N_HAN = 0x4E00, 0x5200  # the range of _HAN
_USUAL = 1300  # a pair that the project's own sections hold so often, about once in each, says nothing of a theme


def han_bigrams(text: str) -> Pairs:
    """Return the pairs of neighbouring Han characters of `text` (Simplified): a bag of what it is about."""
    pairs: set[str] = set()
    for run in _HAN.findall(text):
        pairs.update(map(add, run, run[1:]))
    return frozenset(pairs)


def document_frequency(bags: Iterable[Pairs]) -> Counter[str]:
    """Count in how many of the bags each pair occurs."""
    return Counter(chain.from_iterable(bags))


def weighted_overlap(one: Pairs, other: Pairs, spread: Counter[str]) -> float:
    """Return how much of `one` stands in `other` too, 0 to 1; a pair weighs one over the bags that hold it.

    Pairs that only one bag holds cannot be shared and are left out, so that a long text is not punished for its length.
    The sums are exact, since a set has another order in every process.
    """
    whole = math.fsum(1 / spread[pair] for pair in one if spread[pair] > 1)
    return math.fsum(1 / spread[pair] for pair in one & other) / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class BigramIndex:
    """The pairs of neighbouring Han characters of a document's paragraphs (Simplified), in order.

    Those of paragraph i are `bounds[i]` to `bounds[i + 1]` of `rarities` and of `last`, which tells where the same pair
    stood last, -1 for nowhere. So in any stretch a pair is new where `last` lies before the stretch: no set is built.
    """

    bounds: np.ndarray
    idf: np.ndarray
    last: np.ndarray


def index_bigrams(texts: Sequence[str]) -> BigramIndex:
    """Return the pairs of all paragraphs; `texts` may be cut short where a paragraph's first part tells its theme."""
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64) - _FIRST
    is_han = (codes >= 0) & (codes < _N_HAN)
    places = np.flatnonzero(is_han[:-1] & is_han[1:])
    bounds = np.searchsorted(places, np.cumsum([0, *(len(text) + 1 for text in texts)]))
    # Number and place in one: sorting puts the same pairs together, in order, without an index.
    order = np.sort((codes[places] * _N_HAN + codes[places + 1] << 32) + np.arange(len(places)))
    pairs, ranked = order >> 32, order & 0xFFFFFFFF
    known, weights = _rarities()
    found = np.searchsorted(known, pairs)
    rarities, last = np.empty(len(places)), np.full(len(places), -1)
    rarities[ranked] = np.where(known[found] == pairs, weights[found], math.log(_USUAL))
    again = np.flatnonzero(pairs[1:] == pairs[:-1])
    last[ranked[again + 1]] = ranked[again]
    return BigramIndex(bounds, rarities, last)


def cohesion(trail: BigramIndex, first: int, middle: int, end: int) -> tuple[float, int]:
    """Return how far the paragraphs before and from `middle` speak of the same, and how many pairs the poorer side has.

    The first is 0 to 1: the cosine of the pairs of paragraphs `first` to `middle` and `middle` to `end`, each weighed
    by its rarity and counted once. A pair weighs log(1300 / (its count in the project's own sections + 1)), so 这个
    weighs little and a name much; the cosine keeps long texts, which share more by chance, from looking alike.
    Unrelated columns of one newspaper have about 0.05, two halves of an article about 0.15.
    """
    start, edge, stop = trail.bounds[[first, middle, end]].tolist()
    last_before, last_after = trail.last[start:edge], trail.last[edge:stop]
    before, after = trail.idf[start:edge][last_before < start], trail.idf[edge:stop][last_after < edge]
    whole = float(before.sum()) * float(after.sum())
    both = trail.idf[edge:stop][(last_after >= start) & (last_after < edge)]
    return float(both.sum()) / math.sqrt(whole) if whole else 0.0, min(len(before), len(after))


@cache
def _rarities() -> tuple[np.ndarray, np.ndarray]:
    """Numbers, in order, and weights of the pairs that were counted at least twice; the rest weigh log(1300)."""
    rows = (
        line.split("\t") for line in _NEIGHBOURS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    weights = {
        (ord(row[0][0]) - _FIRST) * _N_HAN + ord(row[0][1]) - _FIRST: max(0.0, math.log(_USUAL / (int(row[1]) + 1)))
        for row in rows
        if len(row[0]) == 2 and _HAN.fullmatch(row[0])
    }
    known = np.array([*sorted(weights), _N_HAN**2])  # the last, which no pair has, so that every search ends on one
    return known, np.array([weights.get(pair, 0.0) for pair in known.tolist()])
