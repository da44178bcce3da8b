"""The same story twice: sections that repeat one another, whole or in a long quotation, in either script.

Whole sections: MinHash with banding (datasketch) over shingles of five letters of the Simplified text proposes pairs.
Quotations: a window of 24 letters that stands in two sections proposes them too (windows chosen by winnowing,
Schleimer, Wilkerson and Aiken 2003, doi:10.1145/872757.872770). Exact containment of the shingles then decides.
Punctuation and white space are left out, so that two papers' commas do not hide a quotation.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd
from datasketch import MinHash, MinHashLSH

from banmian.text.ngrams import letter_codes, ngram_hashes
from banmian.text.script import simplify

SHINGLE = 5
_BANDS, _ROWS = 24, 3  # nine of ten pairs with a Jaccard of 0.45, nearly all from 0.6 on, become candidates
_LEAST = 12  # letters below which two sections alike are a formula, not a story
_WINDOW, _SPAN = 24, 16  # any run of 39 letters (24 + 16 - 1) in two sections shares a chosen window
_FORMULA = 20  # sections that hold the same window: above this it is a set phrase, and proposes nothing
_SAME, _SAME_BACK = 0.8, 0.6  # share of the shorter in the longer, and back, from which each says what the other says
_QUOTE = 60  # letters in one run, small gaps allowed, that both sections hold
_GAP = 8  # letters that may differ inside a quotation: a recogniser's slip costs a shingle's length
_CHUNK = 2_000_000  # shingles hashed at a time: 16 MB a permutation
_AT_ONCE = 2_000  # shingles of one text hashed by all permutations in one product: 1 MB, which a cache holds
CONTENT_KINDS = ("headline", "body", "caption")


def find_duplicates(sections: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of sections that repeat one another, sorted by where they stand in `sections`.

    Parameters
    ----------
    sections : DataFrame with section_id and simplified (or text); where there is a kind, only headlines, bodies and
        captions are compared, since bylines and notices repeat without telling a story.

    Returns
    -------
    DataFrame with columns section_a (the earlier), section_b, kind (`section`: each says what the other says; `quote`:
    a long run of one stands in the other), containment (share of the smaller one's shingles found in the other, 0 to 1)
    and chars (letters of the smaller one in shared runs). Of many sections with one wording, each is paired with the
    first only. Near-linear; about 150 bytes a letter at the most at work.
    """
    texts = list(sections["simplified"] if "simplified" in sections else map(simplify, sections["text"]))
    ids = sections["section_id"].tolist()
    kinds = sections["kind"].tolist() if "kind" in sections else ["body"] * len(ids)
    codes = [
        letter_codes(text) if kind in CONTENT_KINDS else letter_codes("")
        for text, kind in zip(texts, kinds, strict=True)
    ]
    shingles = [ngram_hashes(code, SHINGLE) for code in codes]
    rows = []
    for a, b in sorted(_candidates(codes, shingles)):
        row = _compare(shingles[a], shingles[b])
        if row:
            rows.append((ids[a], ids[b], *row))
    return pd.DataFrame(rows, columns=["section_a", "section_b", "kind", "containment", "chars"])


def leakage_groups(sections: pd.DataFrame) -> pd.Series:
    """Return a group for every section, such that folds by group cannot leak.

    Sections of one article are one group, and so are two articles of which a section repeats or quotes a section of the
    other. The group's name is the first of its articles. Columns as in the contract; the index is that of `sections`.
    """
    articles = sections["article_id"].tolist()
    of_section = dict(zip(sections["section_id"], articles, strict=True))
    parent = {article: article for article in articles}
    order = {article: n for n, article in enumerate(dict.fromkeys(articles))}
    pairs = find_duplicates(sections)
    for a, b in zip(pairs["section_a"], pairs["section_b"], strict=True):
        first, second = sorted((_root(parent, of_section[a]), _root(parent, of_section[b])), key=order.__getitem__)
        parent[second] = first
    return pd.Series([_root(parent, article) for article in articles], index=sections.index, name="story")


def earliest_duplicates(sections: pd.DataFrame) -> pd.Series:
    """Return for every section the section_id of the earliest one that says the same, or None."""
    pairs = find_duplicates(sections)
    pairs = pairs[pairs["kind"] == "section"].drop_duplicates("section_b")
    earlier = dict(zip(pairs["section_b"], pairs["section_a"], strict=True))
    return sections["section_id"].map(lambda name: earlier.get(name)).astype(object).where(lambda s: s.notna(), None)


def duplicate_keys(text: str) -> np.ndarray:
    """Return the keys under which one Simplified text meets its likes, for corpora that do not fit one process.

    Returns
    -------
    ndarray of uint64: one key of the whole text, then one a band of its MinHash signature (25 in all); none where the
    text has under 12 letters. Two texts that share a key are candidates, to be compared by `find_duplicates`, which
    proposes pairs by shared windows of letters too: a quotation alone is not found by these keys.
    """
    codes = letter_codes(text)
    if len(codes) < _LEAST:
        return np.zeros(0, np.uint64)
    shingles, multipliers = ngram_hashes(codes, SHINGLE), _multipliers()[:, None]
    parts = (shingles[i : i + _AT_ONCE] * multipliers for i in range(0, len(shingles), _AT_ONCE))
    # The smallest number has the smallest upper half, so one shift at the end will do.
    signature = np.min([part.min(axis=1) for part in parts], axis=0) >> np.uint64(32)
    bands = [_hash(bytes([band]) + part.tobytes()) for band, part in enumerate(signature.reshape(_BANDS, _ROWS))]
    return np.array([_hash(b"\xff" + codes.tobytes()), *bands], np.uint64)


def sorted_shingles(text: str) -> np.ndarray:
    """Return what `is_duplicate` compares of a Simplified text: the numbers of its runs of five letters, sorted."""
    return np.sort(ngram_hashes(letter_codes(text), SHINGLE))


def is_duplicate(earlier: np.ndarray, later: np.ndarray) -> bool:
    """Tell whether `find_duplicates` would give a pair the kind `section`; takes `sorted_shingles` of the two texts."""
    small, large = (earlier, later) if len(earlier) <= len(later) else (later, earlier)
    return len(small) > 0 and _held(small, large).mean() >= _SAME and _held(large, small).mean() >= _SAME_BACK


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


@cache
def _multipliers() -> np.ndarray:
    """Return odd numbers of 64 bits, one for each permutation of the signature."""
    draw = np.random.default_rng(1)
    return draw.integers(1, 2**63, _BANDS * _ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _root(parent: dict[str, str], name: str) -> str:
    while parent[name] != name:
        parent[name] = parent[parent[name]]
        name = parent[name]
    return name


def _candidates(codes: Sequence[np.ndarray], shingles: Sequence[np.ndarray]) -> set[tuple[int, int]]:
    first_of: dict[bytes, int] = {}
    pairs: set[tuple[int, int]] = set()
    telling = []
    for place, code in enumerate(codes):
        if len(code) < _LEAST:
            continue
        first = first_of.setdefault(code.tobytes(), place)
        if first == place:
            telling.append(place)
        else:
            pairs.add((first, place))
    pairs.update(_alike(telling, shingles))
    pairs.update(_quoted(telling, codes))
    return pairs


def _alike(places: Sequence[int], shingles: Sequence[np.ndarray]) -> Iterator[tuple[int, int]]:
    """Yield pairs whose MinHash signatures agree in a band."""
    n_hashes = _BANDS * _ROWS
    # One object carries every signature in turn: datasketch would draw new permutations for each, and hash in Python.
    carrier = MinHash(num_perm=n_hashes)
    index = MinHashLSH(num_perm=n_hashes, params=(_BANDS, _ROWS))
    for start, stop in _batches([len(shingles[place]) for place in places]):
        block = [shingles[place] for place in places[start:stop]]
        joined, bounds = np.concatenate(block), np.cumsum([0, *map(len, block)])[:-1]
        signature = np.empty((n_hashes, len(block)), dtype=np.uint64)
        for row, multiplier in enumerate(_multipliers()):
            signature[row] = np.minimum.reduceat((joined * multiplier) >> np.uint64(32), bounds)
        for place, values in zip(places[start:stop], signature.T, strict=True):
            carrier.hashvalues = np.ascontiguousarray(values)
            for other in sorted(index.query(carrier))[:_FORMULA]:
                yield other, place
            index.insert(place, carrier)


def _batches(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = total = 0
    for place, size in enumerate(sizes):
        if total + size > _CHUNK and place > start:
            yield start, place
            start, total = place, 0
        total += size
    if sizes:
        yield start, len(sizes)


def _quoted(places: Sequence[int], codes: Sequence[np.ndarray]) -> Iterator[tuple[int, int]]:
    """Yield pairs of sections that share a chosen window of letters which is not a set phrase."""
    values = [_winnow(ngram_hashes(codes[place], _WINDOW)) for place in places]
    if not values:
        return
    value, owner = np.concatenate(values), np.repeat(places, [len(chosen) for chosen in values])
    order = np.lexsort((owner, value))
    value, owner = value[order], owner[order]
    edges = np.flatnonzero(np.concatenate([[True], value[1:] != value[:-1], [True]]))
    for start, stop in zip(edges[:-1][np.diff(edges) > 1], edges[1:][np.diff(edges) > 1], strict=True):
        held = np.unique(owner[start:stop]).tolist()
        if len(held) <= _FORMULA:
            yield from ((a, b) for n, a in enumerate(held) for b in held[n + 1 :])


def _winnow(hashes: np.ndarray) -> np.ndarray:
    """Return the smallest hash of every `_SPAN` neighbouring ones, each once."""
    if len(hashes) <= _SPAN:
        return np.unique(hashes)[:1]
    return np.unique(np.lib.stride_tricks.sliding_window_view(hashes, _SPAN).min(axis=1))


def _compare(one: np.ndarray, other: np.ndarray) -> tuple[str, float, int] | None:
    """Return kind, containment and letters shared of two sections, or None where they tell different things."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    if not len(small):
        return None
    found = _held(small, np.sort(large))
    containment, back = float(found.mean()), float(_held(large, np.sort(small)).mean())
    longest, shared = _runs(found)
    if containment >= _SAME and back >= _SAME_BACK:
        return "section", round(containment, 4), shared
    if longest >= _QUOTE:
        return "quote", round(containment, 4), shared
    return None


def _held(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Tell of each number of `one` whether it is in `other`, which is sorted and not empty; np.isin sorts both anew."""
    return np.asarray(other[np.minimum(np.searchsorted(other, one), len(other) - 1)] == one)


def _runs(found: np.ndarray) -> tuple[int, int]:
    """Return the letters in the longest run of shared shingles, gaps of `_GAP` bridged, and in all runs together."""
    places = np.flatnonzero(found)
    if not len(places):
        return 0, 0
    cuts = np.flatnonzero(np.diff(places) > _GAP + SHINGLE) + 1
    parts = np.split(places, cuts)
    sizes = [int(part[-1] - part[0]) + SHINGLE for part in parts]
    return max(sizes), sum(sizes)
