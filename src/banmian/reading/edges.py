"""Do two edges of text belong together? A word lexicon and counted neighbours answer where rules end.

Three things decide, added up as log odds: a word of jieba's dictionary (MIT licence, read from the installed package)
that would be cut by the edge; the pair of characters at the edge, counted in the project's own sections and in the
page at hand; and how often a sentence, rather than its middle, begins like the second text.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import jieba

_COUNTS = Path(__file__).parent / "data" / "neighbours.tsv"
_REACH = 6  # characters looked at on either side: longer words are rare and their halves already tell
_MAX_WORD = 8
_STOPS = "。！？；：…\n"
_LOG_TOTAL = math.log(60_101_967)  # sum of the frequencies in jieba's dict.txt
_UNKNOWN = math.log(0.5)  # a character that is no word of the dictionary counts half a sighting
_ADDED = 0.5  # added to every count (Lidstone), so that an unseen pair speaks against, but not for ever


def word_gain(before: str, after: str) -> float:
    """Return how much likelier (log) the best cutting into words gets when a word may lie across the edge; ≥ 0.

    Compares the best unigram segmentation of the edge's surroundings with the best one that has a cut at the edge.
    0 where no word of the dictionary wants to cross, about 5 to 15 where one does.
    """
    left, right = before[-_REACH:], after[:_REACH]
    if not left or not right:
        return 0.0
    return _best(left + right) - _best(left) - _best(right)


def continues(before: str, after: str, page: str = "") -> float:
    """Return the log odds that `after` carries on the sentence of `before`; over 0 is yes.

    `page` is text of the page itself, in which its own turns of phrase are counted beside the shipped counts (a newline
    there parts paragraphs). Meant for edges that no punctuation decides. Around 0 it is a guess. All in Simplified
    script.
    """
    left, right = before[-1:], after[:2]
    if not left or not right:
        return 0.0
    counts, one = _shipped(), right[0]
    n_pair = counts[left + one] + page.count(left + one)
    n_left = counts[left] + page.count(left)
    n_one, n_two = counts[one] + page.count(one), counts[right] + page.count(right)
    total = counts["total"] + len(page)
    n_opens_one = counts["^" + one] + sum(page.count(stop + one) for stop in "。\n")
    n_opens_two = counts["^" + right] + sum(page.count(stop + right) for stop in "。\n")
    n_openings = counts["^total"] + sum(page.count(stop) for stop in "。\n")
    # Pointwise mutual information of the pair, from counts that the edge itself is not part of.
    together = math.log((n_pair + _ADDED * n_left * n_one / total + 0.02) * total / ((n_left + 1) * (n_one + 1)))
    opens = math.log((n_opens_one + 1) / (n_openings + 50)) - math.log((n_one + 1) / (total + 50))
    if n_two:
        opens += math.log((n_opens_two + _ADDED) / (n_two + 2 * _ADDED)) - math.log(n_openings / total)
    return word_gain(before, after) + together - 0.5 * opens


def count_neighbours(text: str) -> Counter[str]:
    """Count characters, pairs of neighbours and sentence openings (`^` + one or two characters) of one text."""
    text = text
    counts: Counter[str] = Counter(text)
    counts.update(first + second for first, second in pairwise(text))
    counts["total"] = len(text)
    for start in _openings(text):
        counts["^" + text[start]] += 1
        counts["^" + text[start : start + 2]] += 1
        counts["^total"] += 1
    return counts


def write_counts(texts: Iterable[str], path: Path, least: int = 2) -> None:
    """Write the counts of many texts to `path`, leaving out what was seen fewer than `least` times."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(count_neighbours(text))
    kept = sorted((key, n) for key, n in counts.items() if n >= least and not any(char.isspace() for char in key))
    lines = [
        "# Neighbouring characters and sentence openings (^), counted in src/banmian/models/data/exemplars.jsonl\n"
    ]
    path.write_text("".join(lines + [f"{key}\t{n}\n" for key, n in kept]), encoding="utf-8")


def _openings(text: str) -> list[int]:
    starts = [0] if text else []
    starts += [place + 1 for place, char in enumerate(text[:-1]) if char in _STOPS]
    return [start for start in starts if text[start].isalnum()]


@lru_cache(maxsize=65_536)
def _best(text: str) -> float:
    """Log probability of the best cutting of `text` into words, each drawn by its frequency."""
    words = _lexicon()
    best = [0.0] + [-math.inf] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - _MAX_WORD), end):
            word = text[start:end]
            weight = words.get(word) if end - start > 1 else words.get(word, _UNKNOWN)
            if weight is not None and best[start] + weight - _LOG_TOTAL > best[end]:
                best[end] = best[start] + weight - _LOG_TOTAL
    return best[-1]


@cache
def _lexicon() -> dict[str, float]:
    """Words of jieba's dictionary with the logarithm of their frequency; 350,000 words, half a second to read."""
    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as file:
        parts = (line.split(" ") for line in file)
        return {part[0]: math.log(int(part[1]) + 1) for part in parts if len(part[0]) <= _MAX_WORD}


@cache
def _shipped() -> Counter[str]:
    lines = _COUNTS.read_text(encoding="utf-8").splitlines()
    return Counter({key: int(n) for key, _, n in (line.partition("\t") for line in lines if not line.startswith("#"))})
