"""Words in context: how often and how evenly a word occurs, where it stands, and which words stand near it.

A word is looked for in Simplified script, so a query in either script finds both; what is shown stays as printed.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from banmian.text.script import simplify
from banmian.words.segment import Segmenter

MAX_LINES = 100_000


def frequencies(tokens: Sequence[Sequence[str]], documents: Sequence[str], n: int = 50) -> pd.DataFrame:
    """Return the n most frequent words and how evenly each is spread over the documents.

    Parameters
    ----------
    tokens : words of each text (`Segmenter.content_words`).
    documents : the document of each text; as many as texts.
    n : rows to return; ties in text order.

    Returns
    -------
    DataFrame[word, count, texts, documents, dp]: texts and documents that have the word; dp is the deviation of
    proportions, half the sum over documents of \\|share of the word's occurrences - share of all words\\| (Gries 2008,
    International Journal of Corpus Linguistics 13(4):403-437): 0 is spread as the text is, near 1 is all in one small
    document.

    Raises ``ValueError`` when the lengths differ.
    """
    if len(tokens) != len(documents):
        raise ValueError(f"{len(tokens)} texts but {len(documents)} documents; give each text its document")
    by_document: dict[str, Counter[str]] = {}
    in_texts: Counter[str] = Counter()
    for words, document in zip(tokens, documents, strict=True):
        by_document.setdefault(document, Counter()).update(words)
        in_texts.update(set(words))
    total: Counter[str] = sum(by_document.values(), Counter())
    chosen = sorted(total, key=lambda word: (-total[word], word))[:n]
    counts = np.array([[part[word] for part in by_document.values()] for word in chosen], dtype=float)
    counts = counts.reshape(len(chosen), len(by_document))
    expected = np.array([part.total() for part in by_document.values()], dtype=float) / max(total.total(), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return pd.DataFrame(
        {
            "word": chosen,
            "count": counts.sum(axis=1).astype(int),
            "texts": [in_texts[word] for word in chosen],
            "documents": (counts > 0).sum(axis=1),
            "dp": (np.abs(shares - expected).sum(axis=1) / 2).round(4),
        }
    )


def concordance(texts: Sequence[str], ids: Sequence[str], word: str, width: int = 20) -> pd.DataFrame:
    """Return every place of a word with what stands before and after it (keyword in context), in reading order.

    Parameters
    ----------
    texts, ids : of the sections; as many of either.
    word : in either script; Latin letters match in either case. It need not be a word of the segmenter.
    width : characters of context on each side; line breaks in it are shown as spaces.

    Returns
    -------
    DataFrame[id, start, left, word, right], characters as printed; at most `MAX_LINES` rows.

    Raises ``ValueError`` for an empty word, or when the lengths differ.
    """
    if not word.strip():
        raise ValueError("the word to look for is empty; give at least one character")
    if len(texts) != len(ids):
        raise ValueError(f"{len(texts)} texts but {len(ids)} ids; give each text its id")
    wanted = _plain(word)
    rows: list[tuple[str, int, str, str, str]] = []
    for text, name in zip(texts, ids, strict=True):
        for start in _places(_plain(text), wanted):
            if len(rows) == MAX_LINES:
                break
            end = start + len(wanted)
            left, right = text[max(start - width, 0) : start], text[end : end + width]
            rows.append((name, start, left.replace("\n", " "), text[start:end], right.replace("\n", " ")))
    return pd.DataFrame(rows, columns=["id", "start", "left", "word", "right"])


def collocates(
    texts: Sequence[str], word: str, segmenter: Segmenter, window: int = 5, n: int = 20, min_count: int = 3
) -> pd.DataFrame:
    """Return the content words that stand near a word more often than their frequency lets expect, strongest first.

    Parameters
    ----------
    texts : of the sections.
    word : in either script; it need not be one word of the segmenter (党建引领基层治理).
    window : content words on each side that count as near; one that is near two places counts once.
    min_count : a word that is near fewer times is left out.

    Returns
    -------
    DataFrame[word, together, count, score, log_likelihood]: times near, times in all texts; score is logDice,
    14 + log2(2 f(xy) / (f(x) + f(y))), at most 14, comparable between corpora of any size (Rychlý 2008, RASLAN, 6-9);
    log_likelihood is Dunning's G2 (1993, Computational Linguistics 19(1):61-74; above 6.63 is p < 0.01 for one word by
    itself) of near against not near. Ties in text order.
    """
    wanted = _plain(word)
    near: Counter[str] = Counter()
    total: Counter[str] = Counter()
    places = n_near = 0
    for text in texts:
        before_after, all_words, found = _around(text, wanted, segmenter, window)
        places += found
        total.update(all_words)
        near.update(before_after)
        n_near += len(before_after)
    rows = []
    for name in sorted(other for other, count in near.items() if count >= min_count and other != wanted):
        together, count = near[name], total[name]
        score = 14 + np.log2(2 * together / (places + count))
        rows.append((name, together, count, round(float(score), 4), _g2(together, count, n_near, total.total())))
    table = pd.DataFrame(rows, columns=["word", "together", "count", "score", "log_likelihood"])
    table = table[table["together"] * max(total.total(), 1) > table["count"] * n_near]  # more often than by chance
    ordered = table.sort_values(["score", "word"], ascending=[False, True], kind="stable")
    return ordered.head(n).reset_index(drop=True)


def _plain(text: str) -> str:
    """Return what is compared: Simplified, lower case, exactly as long as the text."""
    plain = simplify(text)
    lower = plain.lower()
    return lower if len(lower) == len(plain) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def _places(text: str, word: str) -> list[int]:
    found, start = [], text.find(word)
    while start >= 0:
        found.append(start)
        start = text.find(word, start + len(word))
    return found


def _around(text: str, wanted: str, segmenter: Segmenter, window: int) -> tuple[list[str], list[str], int]:
    """Return the content words near each place of the word, all content words, and the number of places."""
    plain = _plain(text)
    found = _places(plain, wanted)
    if not found:
        return [], segmenter.words(plain), 0
    words: list[str] = []
    edges, start = [], 0
    for place in found:
        words += segmenter.words(plain[start:place])
        edges.append(len(words))
        start = place + len(wanted)
    words += segmenter.words(plain[start:])
    near = {i for edge in edges for i in range(max(edge - window, 0), min(edge + window, len(words)))}
    return [words[i] for i in sorted(near)], words, len(found)


def _g2(together: int, count: int, n_near: int, n_all: int) -> float:
    """Return Dunning's log-likelihood of a word near and not near."""
    cells = ((together, n_near), (count - together, n_all - n_near))
    share = count / max(n_all, 1)
    value = 0.0
    for observed, size in cells:
        for seen, expected in ((observed, size * share), (size - observed, size * (1 - share))):
            value += seen * np.log(seen / expected) if seen > 0 and expected > 0 else 0.0
    return round(float(2 * value), 4)
