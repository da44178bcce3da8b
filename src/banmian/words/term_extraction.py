"""New terms worth adding to the lexicon, and the words that set one group of texts apart from the others.

Both are lists to be read by a person: a candidate becomes a term when someone writes it into `data/lexicon.txt`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from banmian.text.script import simplify
from banmian.words.segment import Segmenter

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")
# Function words and counted units cannot begin or end a term; inside one they may stand (党的领导, 以人民为中心).
_FUNCTION = frozenset(
    "的了着过地得和与及或等而且但并也都还又再就才只不没未很更最太较在从由向往于到对把被将让使给为以按因如若则即所之其此该"
    "这那某每各是有无要会能可应须请我你他她它们吗呢吧啊余多约近超逾共达个名位项月年日时分号第元亿万"
)
# The engine's guesses of two characters are often a count and its noun (三大, 两座, 多地); numbers begin no such term.
_COUNTING = _FUNCTION | frozenset("一二三四五六七八九十两几多已")
_QUOTES = frozenset('“”‘’「」『』"')
_LONGEST = 16  # characters: 习近平新时代中国特色社会主义思想 is the longest set phrase of the genre
# PMI grows without end as words get rare; above this, a higher value means nothing more.
_ENOUGH_PMI = 8.0


class _Runs(NamedTuple):
    """The frequent runs of one length in tokens: for every position its run's number or -1, and each run's count."""

    runs: np.ndarray
    counts: np.ndarray


class _Found(NamedTuple):
    """Candidate terms, their pmi (nan: always one token), and where each occurs: number, start and tokens."""

    terms: list[str]
    pmi: np.ndarray
    number: np.ndarray
    start: np.ndarray
    length: np.ndarray


def find_terms(
    texts: Iterable[str], segmenter: Segmenter, n: int = 100, min_count: int = 10, max_tokens: int = 7
) -> pd.DataFrame:
    """Return the n likeliest new terms of `texts`, likeliest first: strings that behave like words but are not known.

    A candidate is a run of up to `max_tokens` tokens, or one token that the engine guessed, of 2 to 16 Han characters,
    that occurs at least `min_count` times. It is new if neither the lexicon nor jieba's dictionary nor the stop words
    have it. Persons, runs of nothing but stop words and runs that begin or end in a function word are left out.

    Columns: term (Simplified); count; pmi, bits by which its two parts occur together more often than by chance, the
    least over the places to part it (Church and Hanks 1990, Computational Linguistics 16(1):22-29; nan: never parted);
    left_entropy and right_entropy, bits, of the tokens beside it (Jin and Tanaka-Ishii 2006, COLING/ACL posters,
    428-435: inside a word what follows is easy to foretell, at its end it is hard); split_by_segmenter, the share of
    its occurrences that the segmenter parts; score; example, its first occurrence with ten tokens around it.

    score = sqrt(count) * min(left_entropy, right_entropy) * min(pmi, 8) / 8: often enough to matter (evidence grows
    with the root of the count, as in a t-score), free on both sides, held together inside. Time and memory are near
    linear in the number of tokens. The order of the texts changes nothing but the examples.
    """
    words, ids = _number_tokens(texts, segmenter)
    levels = _frequent_runs(ids, np.array([bool(_HAN.fullmatch(word)) for word in words]), min_count, max_tokens)
    found = _candidates(words, ids, levels, segmenter)
    size = len(found.terms)
    count = np.bincount(found.number, minlength=size)
    _, first = np.unique(found.number, return_index=True)
    # Quotation marks are looked through: “一带一路” has them on both sides nearly always and is no less free for that.
    quote = np.isin(ids, [i for i, word in enumerate(words) if word in _QUOTES])
    before, after = found.start - 1, found.start + found.length
    before, after = before - quote[before], after + quote[after]
    examples = [
        "".join(words[i] for i in ids[max(start - 5, 0) : start + length + 5]).strip()
        for start, length in zip(found.start[first].tolist(), found.length[first].tolist(), strict=True)
    ]
    df = pd.DataFrame(
        {
            "term": found.terms,
            "count": count,
            "pmi": found.pmi,
            "left_entropy": _entropy(found.number, ids[before], size),
            "right_entropy": _entropy(found.number, ids[after], size),
            "split_by_segmenter": np.bincount(found.number, found.length > 1, size) / np.maximum(count, 1),
        }
    )
    held = df["pmi"].fillna(_ENOUGH_PMI).clip(0, _ENOUGH_PMI) / _ENOUGH_PMI
    # Rounded, so that the last bit of a logarithm on another processor cannot swap two rows.
    df["score"] = (np.sqrt(df["count"]) * df[["left_entropy", "right_entropy"]].min(axis=1) * held).round(6)
    df["example"] = examples
    return df.sort_values(["score", "term"], ascending=[False, True], kind="stable").head(n).reset_index(drop=True)


def keyness(tokens: Mapping[str, Sequence[Sequence[str]]], n: int = 20, min_count: int = 3) -> pd.DataFrame:
    """Return for each group the n words that set it apart from all other groups together, strongest first.

    Parameters
    ----------
    tokens : group → its texts, each a list of words (`Segmenter.content_words`). At least two groups, else ValueError.
    min_count : words rarer than this in the group are not listed: one text's accident is not a group's mark.

    Returns
    -------
    DataFrame[group, word, count, count_elsewhere, texts, log_likelihood, log_ratio]: texts is the number of the group's
    texts that have the word. log_likelihood is G2 over the four cells of (this word, other words) x (group, others)
    (Dunning 1993, Computational Linguistics 19(1):61-74): 3.84 is p = 0.05 and 15.13 p = 0.0001 for one word by itself,
    but words cluster in texts, so read it as an order, not as a test. log_ratio is the binary logarithm of the ratio of
    relative frequencies (Hardie 2014, "Log Ratio: an informal introduction", CASS Lancaster): 1 is twice as frequent,
    3 eight times; an absent word counts half a time. Only words over-used in the group are listed, in the order of
    the groups given; ties in text order.
    """
    if len(tokens) < 2:
        raise ValueError(f"keyness compares groups, got {len(tokens)}; pass at least two")
    counts = {group: Counter(word for text in texts for word in text) for group, texts in tokens.items()}
    total: Counter[str] = sum(counts.values(), Counter())
    parts = []
    for group, texts in tokens.items():
        words = sorted(word for word, count in counts[group].items() if count >= min_count)
        here = np.array([counts[group][word] for word in words], dtype=float)
        there = np.array([total[word] for word in words], dtype=float) - here
        n_here, n_there = counts[group].total(), total.total() - counts[group].total()
        in_texts = Counter(word for text in texts for word in set(text))
        df = pd.DataFrame({"group": group, "word": words, "count": here.astype(int)})
        df["count_elsewhere"] = there.astype(int)
        df["texts"] = [in_texts[word] for word in words]
        df["log_likelihood"] = _log_likelihood(here, there, n_here, n_there).round(4)
        ratio = (here / max(n_here, 1)) / (np.maximum(there, 0.5) / max(n_there, 1))
        df["log_ratio"] = np.log2(ratio).round(4)
        df = df[df["log_ratio"] > 0].sort_values(["log_likelihood", "word"], ascending=[False, True], kind="stable")
        parts.append(df.head(n))
    return pd.concat(parts, ignore_index=True).astype({"count": int, "count_elsewhere": int, "texts": int})


def _log_likelihood(here: np.ndarray, there: np.ndarray, n_here: int, n_there: int) -> np.ndarray:
    """Return G2 = 2 * sum O ln(O / E) over the four cells; a cell of 0 adds 0."""
    both, size = here + there, n_here + n_there
    g2 = np.zeros(len(here))
    cells = ((here, n_here, both), (there, n_there, both), (n_here - here, n_here, size - both))
    for observed, n_column, row in (*cells, (n_there - there, n_there, size - both)):
        expected = n_column * row / max(size, 1)
        some = observed > 0
        g2[some] += 2 * observed[some] * np.log(observed[some] / expected[some])
    return g2


def _number_tokens(texts: Iterable[str], segmenter: Segmenter) -> tuple[list[str], np.ndarray]:
    """Return the distinct tokens in order of text, and the number of every token in turn; "\\n" stands around texts."""
    seen: dict[str, int] = {"\n": 0}
    numbers = [0]
    for text in texts:
        numbers += [seen.setdefault(token, len(seen)) for token in segmenter.tokens(simplify(text))]
        numbers.append(0)
    words = sorted(seen)
    renumber = np.empty(len(words), dtype=np.int64)
    renumber[[seen[word] for word in words]] = np.arange(len(words))
    return words, renumber[np.array(numbers)]


def _frequent_runs(ids: np.ndarray, usable: np.ndarray, min_count: int, max_tokens: int) -> list[_Runs]:
    """Return the runs of 1, 2, … tokens that occur often enough.

    A run can only be frequent if the two runs one token shorter are (Agrawal and Srikant 1994, VLDB, "apriori"), so
    each length looks only where the one before left something; that keeps time near linear.
    """
    counts = np.bincount(ids)
    at = np.where(usable[ids] & (counts[ids] >= min_count), ids, -1)
    levels = [_Runs(at, counts)]
    for _ in range(max_tokens - 1):
        at = levels[-1].runs
        start = np.flatnonzero((at[:-1] >= 0) & (at[1:] >= 0))
        if not len(start):
            break
        # The second run of the pair is itself numbered below len(counts), so the pair has one number of its own.
        pairs = at[start] * len(levels[-1].counts) + at[start + 1]
        _, inverse, counts = np.unique(pairs, return_inverse=True, return_counts=True)
        kept = counts >= min_count
        renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
        longer = np.full(len(ids), -1, dtype=np.int64)
        longer[start] = renumbered[inverse]
        levels.append(_Runs(longer, counts[kept]))
    return levels


def _candidates(words: list[str], ids: np.ndarray, levels: list[_Runs], segmenter: Segmenter) -> _Found:
    """Return the runs that may be new terms; one string cut in different ways is one term."""
    numbers: dict[str, int] = {}
    pmi: list[float] = []
    occurrences = []
    for length, level in enumerate(levels, start=1):
        start = np.flatnonzero(level.runs >= 0)
        run, first = np.unique(level.runs[start], return_index=True)
        number_of_run = np.full(len(level.counts), -1)
        for i, position in zip(run.tolist(), start[first].tolist(), strict=True):
            parts = [words[j] for j in ids[position : position + length]]
            term = "".join(parts)
            if _may_be_term(term, parts, segmenter):
                number_of_run[i] = numbers.setdefault(term, len(numbers))
                here = _pmi(levels, position, length, len(ids)) if length > 1 else np.nan
                if len(pmi) < len(numbers):
                    pmi.append(here)
                elif not here <= pmi[number_of_run[i]]:
                    pmi[number_of_run[i]] = here
        number = number_of_run[level.runs[start]]
        kept = number >= 0
        occurrences.append((number[kept], start[kept], np.full(int(kept.sum()), length)))
    number, start, lengths = (np.concatenate(parts) for parts in zip(*occurrences, strict=True))
    order = np.lexsort((start, number))
    return _Found(list(numbers), np.array(pmi, dtype=float), number[order], start[order], lengths[order])


def _may_be_term(term: str, parts: list[str], segmenter: Segmenter) -> bool:
    if not 2 <= len(term) <= _LONGEST or parts[0] in _FUNCTION or parts[-1] in _FUNCTION:
        return False
    if len(term) == 2 and not _COUNTING.isdisjoint(term):
        return False
    if segmenter.knows(term) or term in segmenter.stopwords or segmenter.is_person(term):
        return False
    # A person with a title (习近平总书记) or formulae alone (扎实推进) are no term.
    return not all(part in segmenter.stopwords or part in _FUNCTION or segmenter.is_person(part) for part in parts)


def _pmi(levels: list[_Runs], start: int, length: int, n_tokens: int) -> float:
    """Return the minimum of log2 P(run) / (P(left part) P(right part)) over the places to part the run at `start`."""

    def count(position: int, tokens: int) -> int:
        level = levels[tokens - 1]
        return int(level.counts[level.runs[position]])

    together = count(start, length) * n_tokens
    apart = [count(start, left) * count(start + left, length - left) for left in range(1, length)]
    return float(np.log2(together / max(apart)))


def _entropy(number: np.ndarray, neighbour: np.ndarray, size: int) -> np.ndarray:
    """Return, for each of `size` candidates, the entropy in bits of the tokens beside its occurrences."""
    if not size:
        return np.zeros(0)
    n_words = int(neighbour.max()) + 1
    pairs, counts = np.unique(number * n_words + neighbour, return_counts=True)
    owner = pairs // n_words
    share = counts / np.bincount(owner, counts, size)[owner]
    return np.bincount(owner, -share * np.log2(share), size)
