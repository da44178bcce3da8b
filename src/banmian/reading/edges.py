"""Do two edges of text belong together? A word lexicon and counted neighbours answer where rules end.

Three things decide, added up as log odds: a word of jieba's dictionary (MIT licence, read from the installed package)
that would be cut by the edge; the pair of characters at the edge, counted in the project's own sections and in the
page at hand; and how often a sentence, rather than its middle, begins like the second text.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import jieba

from banmian.reading.script import simplify

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
    left, right = simplify(before[-_REACH:]), simplify(after[:_REACH])
    if not left or not right:
        return 0.0
    return _best(left + right) - _best(left) - _best(right)


def continues(before: str, after: str, page: Counter[str] | None = None) -> float:
    """Return the log odds that `after` carries on the sentence of `before`; over 0 is yes.

    `page` holds the counts of the page itself (`count_neighbours`); without it only the shipped counts speak.
    Meant for edges that no punctuation decides. Around 0 it is a guess.
    """
    left, right = simplify(before[-2:]), simplify(after[:2])
    if not left or not right:
        return 0.0
    counts = _shipped()
    pair = left[-1] + right[0]
    n_pair = counts[pair] + (page[pair] if page else 0)
    n_left = counts[left[-1]] + (page[left[-1]] if page else 0)
    n_right = counts[right[0]] + (page[right[0]] if page else 0)
    total = counts["total"] + (page["total"] if page else 0)
    start_one, start_two = "^" + right[0], "^" + right
    n_start = counts[start_one] + (page[start_one] if page else 0)
    n_start_two = counts[start_two] + (page[start_two] if page else 0)
    n_starts = counts["^total"] + (page["^total"] if page else 0)
    n_two = counts[right] + (page[right] if page else 0)
    # Pointwise mutual information of the pair, from counts that the edge itself is not part of.
    together = math.log((n_pair + _ADDED * n_left * n_right / total + 0.02) * total / ((n_left + 1) * (n_right + 1)))
    opens_one = math.log((n_start + 1) / (n_starts + 50)) - math.log((n_right + 1) / (total + 50))
    opens_two = math.log((n_start_two + _ADDED) / (n_two + 2 * _ADDED)) - math.log(n_starts / total) if n_two else 0.0
    return word_gain(before, after) + together - 0.5 * (opens_one + opens_two)


def count_neighbours(text: str) -> Counter[str]:
    """Count characters, pairs of neighbours and sentence openings (`^` + one or two characters) of one text."""
    text = simplify(text)
    counts: Counter[str] = Counter(text)
    counts.update(map("".join, zip(text, text[1:], strict=False)))
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
