"""Do two edges of text belong together? A word lexicon, counted neighbours and learned weights answer where rules end.

What is asked of an edge: would it cut a word of jieba's dictionary (MIT licence, read from the installed package); how
often do its two characters stand together in the project's own sections and in the page at hand; and does the first
text stop as clauses stop, the second begin as sentences begin: by character, by word and by word class. The answers are
added up with weights that `benchmarks/learn_edges.py` learned from the exemplars (`data/edge_weights.tsv`).
"""

import math
import re
from collections import Counter
from functools import cache, lru_cache
from operator import add
from pathlib import Path

import jieba
import numpy as np

_DATA = Path(__file__).parent / "data"
_REACH = 6  # characters looked at on either side: longer words are rare and their halves already tell
_CODE_BITS, _OPENING = 21, 1 << 43  # a character's code takes 21 bits; two and a flag fit into one number
_WORDS = 8  # characters cut into words on either side
_MAX_WORD = 8
_FLAGS, _SPREAD = 1 << 22, 40_503  # an odd factor that scatters neighbouring codes over the flags
_STOP = re.compile("[。！？；：…\n]")
_LOG_TOTAL = math.log(60_101_967)  # sum of the frequencies in jieba's dict.txt
_UNKNOWN = math.log(0.5)  # a character that is no word of the dictionary counts half a sighting
_ADDED = 0.5  # added to every count (Lidstone), so that an unseen pair speaks against, but not for ever
_MOST_GAIN = 12.0  # log odds; a longer word is no surer sign than a usual one


def word_cut_log_odds(before: str, after: str) -> float:
    """Return how much likelier (log) the best cutting into words gets when a word may lie across the edge; ≥ 0.

    Compares the best unigram segmentation of the edge's surroundings with the best one that has a cut at the edge.
    0 where no word of the dictionary wants to cross, about 5 to 15 where one does.
    """
    if not before or not after or not _side_by_side(before[-1], after[0]):
        return 0.0
    left, right = before[-_REACH:], after[:_REACH]
    if not _straddles(left, right):
        return 0.0
    return _segment(left + right)[0] - _segment(left)[0] - _segment(right)[0]


def _side_by_side(one: str, other: str) -> bool:
    """Tell whether any word of the dictionary may hold the two characters as neighbours: four in five pairs are none.

    One in fourteen other pairs is thought to be in one too, and looked up in vain.
    """
    return _inner_pairs()[(ord(one) * _SPREAD + ord(other)) % _FLAGS] == 1


def _straddles(left: str, right: str) -> bool:
    """Tell whether any word of the dictionary lies across the edge: seldom, and far cheaper to ask than the cutting."""
    words, both, edge = _lexicon(), left + right, len(left)
    first, last = edge - 1, edge + 1  # as far as the characters' neighbours are those of words
    while first and _side_by_side(both[first - 1], both[first]):
        first -= 1
    while last < len(both) and _side_by_side(both[last - 1], both[last]):
        last += 1
    for start in range(first, edge):
        for end in range(edge + 1, min(last, start + _MAX_WORD) + 1):
            if both[start:end] in words:
                return True
    return False


class PageCounts:
    """The text of a page, paragraphs parted by newlines; `page[key]` counts its turns of phrase.

    Keys and counts are those of `count_neighbours`, got from sorted numbers: of a page's thousands of pairs a hundred
    are asked for, and to count them all in a dictionary took a tenth of the reading time.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
        starts = np.array(sentence_starts(text), dtype=np.int64)
        codes_after = np.append(codes[1:], 0)
        pairs = (codes + 1 << _CODE_BITS) | codes_after
        openings = np.concatenate([codes[starts], pairs[starts]]) | _OPENING
        self._numbers = np.sort(np.concatenate([codes, pairs[:-1], openings]))
        self._totals = {"total": len(text), "^total": len(starts)}

    def __getitem__(self, key: str) -> int:
        """Return how often `key` occurs: one or two characters, after `^` where they open a sentence, or a total."""
        if key in self._totals:
            return self._totals[key]
        bare = key[1:] if len(key) > 1 and key[0] == "^" else key
        number = ord(bare) if len(bare) == 1 else (ord(bare[0]) + 1 << _CODE_BITS) | ord(bare[1])
        return self._count(number | (0 if bare is key else _OPENING))

    def __contains__(self, pair: str) -> bool:
        """Tell whether two characters stand side by side on the page."""
        return self._count((ord(pair[0]) + 1 << _CODE_BITS) | ord(pair[1])) > 0

    def _count(self, number: int) -> int:
        return int(self._numbers.searchsorted(number + 1) - self._numbers.searchsorted(number))


def continuation_log_odds(before: str, after: str, page: PageCounts | None = None) -> float:
    """Return the log odds that `after` carries on the sentence of `before`; over 0 is yes.

    The counts of `page` are added to the shipped ones. The odds are those of a sentence cut anywhere against a clause's
    end before a sentence's beginning, both equally frequent; how the lines are set is not looked at. All in Simplified
    script.
    """
    if not before or not after:
        return 0.0
    weights = _weights()
    features = edge_features(before, after, _shipped(), page or Counter())
    return weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())


def opening_odds(text: str) -> float:
    """Return the log odds, against the usual, that a sentence rather than its middle begins like `text`."""
    return _opening_odds(text, _shipped(), Counter())


def _opening_odds(text: str, counts: Counter[str], own: Counter[str] | PageCounts) -> float:
    one, two = text[0], text[:2]
    total, n_openings = counts["total"] + own["total"], counts["^total"] + own["^total"] + 1
    n_one, n_two = counts.get(one, 0) + own[one], counts.get(two, 0) + own[two]
    odds = math.log((counts.get("^" + one, 0) + own["^" + one] + 1) / (n_openings + 50)) - math.log(
        (n_one + 1) / (total + 50)
    )
    if n_two:
        odds += math.log((counts.get("^" + two, 0) + own["^" + two] + _ADDED) / (n_two + 2 * _ADDED))
        odds -= math.log(n_openings / (total + 1))
    return odds


def edge_features(before: str, after: str, counts: Counter[str], own: Counter[str] | PageCounts) -> dict[str, float]:
    """Return what is asked of one edge: four measures by name, and 1 for every mark that it bears.

    `counts` and `own` (those of the page) are as `count_neighbours` makes them. Marks are the characters beside the
    edge, the words, and the classes of up to three words on either side: they tell a phrase that is whole from one
    that is not.
    """
    left, one = before[-1], after[0]
    # `get` where a key may be missing: a Counter answers that nearly four times as slowly.
    n_left, n_one, n_pair = (counts.get(key, 0) + own[key] for key in (left, one, left + one))
    total = counts["total"] + own["total"] + 1
    # Pointwise mutual information of the pair, from counts that the edge itself is not part of.
    together = math.log((n_pair + _ADDED * n_left * n_one / total + 0.02) * total / ((n_left + 1) * (n_one + 1)))
    # The page's own counts stay out here: its headlines' ends are followed by no mark.
    closes = math.log((sum([counts.get(left + stop, 0) for stop in "，。；！？"]) + 1) / (counts[left] + 8))
    words_left, words_right = _segment(before[-_WORDS:])[1], _segment(after[:_WORDS])[1]
    l3, l2, l1 = (["", ""] + [_word_class(word) for word in words_left])[-3:]
    r1, r2, r3 = ([_word_class(word) for word in words_right] + ["", ""])[:3]
    marks = (
        f"l {left}", f"r {one}", f"W {words_left[-1]}", f"V {words_right[0]}",
        f"L1 {l1}", f"R1 {r1}", f"L1R1 {l1} {r1}", f"L2 {l2} {l1}", f"R2 {r1} {r2}", f"L2R1 {l2} {l1} {r1}",
        f"L1R2 {l1} {r1} {r2}", f"L3 {l3} {l2} {l1}", f"R3 {r1} {r2} {r3}",
    )  # fmt: skip
    measures = {"gain": min(word_cut_log_odds(before, after), _MOST_GAIN), "together": together, "closes": closes}
    return measures | {"opens": _opening_odds(after, counts, own)} | dict.fromkeys(marks, 1.0)


def count_neighbours(text: str) -> Counter[str]:
    """Count characters, pairs of neighbours and sentence openings (`^` + one or two characters) of one text."""
    counts: Counter[str] = Counter(text)
    counts.update(map(add, text, text[1:]))
    counts["total"] = len(text)
    for start in sentence_starts(text):
        counts["^" + text[start]] += 1
        counts["^" + text[start : start + 2]] += 1
        counts["^total"] += 1
    return counts


def sentence_starts(text: str) -> list[int]:
    """Return the places where sentences of `text` begin with a letter, a digit or a Han character."""
    starts = [0] if text else []
    starts += [found.end() for found in _STOP.finditer(text[:-1])]
    return [start for start in starts if text[start].isalnum()]


@lru_cache(maxsize=65_536)
def _segment(text: str) -> tuple[float, tuple[str, ...]]:
    """Return the best cutting of `text` into words, each drawn by its frequency, after its log probability."""
    words = _lexicon()
    best, last, first = [0.0], [""], 0  # `first`: no word that ends here can begin before
    for end in range(1, len(text) + 1):
        most, chosen = -math.inf, ""
        if end > 1 and not _side_by_side(text[end - 2], text[end - 1]):
            first = end - 1
        for start in range(max(first, end - _MAX_WORD), end):
            word = text[start:end]
            entry = words.get(word)
            if entry is not None or end - start == 1:
                odds = best[start] + (entry[0] if entry else _UNKNOWN) - _LOG_TOTAL
                if odds > most:
                    most, chosen = odds, word
        best.append(most)
        last.append(chosen)
    cut, place = [], len(text)
    while place:
        cut.append(last[place])
        place -= len(last[place])
    return best[-1], tuple(reversed(cut))


def _word_class(word: str) -> str:
    if word in _lexicon():
        return _lexicon()[word][1]
    return "digit" if word.isdigit() else "latin" if word.isascii() and word.isalpha() else "unknown"


@cache
def _lexicon() -> dict[str, tuple[float, str]]:
    """Words of jieba's dictionary with the logarithm of their frequency and their class; takes a third of a second."""
    parts = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").split()
    words, frequencies, classes = parts[0::3], parts[1::3], parts[2::3]
    logs = {frequency: math.log(int(frequency) + 1) for frequency in set(frequencies)}
    return dict(zip(words, zip(map(logs.__getitem__, frequencies), classes, strict=True), strict=True))


@cache
def _inner_pairs() -> bytes:
    """Return a flag for every pair of characters, under its hash: 0 where no word holds them side by side.

    A set of the pairs would take as long to make as the lexicon itself.
    """
    codes = np.frombuffer("\n".join(_lexicon()).encode("utf-32-le"), dtype="<u4").astype(np.int64)
    flags = np.zeros(_FLAGS, dtype=np.uint8)
    flags[(codes[:-1] * _SPREAD + codes[1:]) % _FLAGS] = 1
    return flags.tobytes()


@cache
def _shipped() -> Counter[str]:
    return Counter({key: int(n) for key, n in _read_table("neighbours.tsv")})


@cache
def _weights() -> dict[str, float]:
    return {key: float(weight) for key, weight in _read_table("edge_weights.tsv")}


def _read_table(name: str) -> list[tuple[str, str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line and not line.startswith("# "))
    return [(key, value) for key, _, value in rows]
