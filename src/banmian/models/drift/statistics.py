"""How new pages differ from the texts that the labeller was trained on. What to make of it: `drift_told`.

Drift says that the ground has moved, not that the labels are wrong: only labels given by a person can say that.

Like is compared with like. A training text is measured against the *other* training texts, since its own words are all
known; and a section that is itself a training text is counted (``seen``) and left out of everything else, since beside
itself it would show no unknown word at all.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import pandas as pd

from banmian.models.classify.features import clean
from banmian.models.statistics import Z, newcombe_difference, wilson_interval
from banmian.text.ngrams import letter_codes, ngram_hashes
from banmian.words.segment import Segmenter

# Topics of the training texts, fitted to so many of them at most, evenly spaced.
N_TOPICS, MAX_FITTED = 12, 2000
# Letters in a run that is looked up among those of the training texts; of so many runs one is kept, by its hash.
RUN, ONE_IN = 16, 8
# Share of a section's kept runs that stand in the training texts from which on it is one of them.
SEEN = 0.5
# Characters of a training text's word; a longer one would quote the text.
LONGEST_WORD = 8


@dataclass(frozen=True)
class Reference:
    """The training texts as numbers: words, hashed n-grams, word → weight of each topic, their `SampleStatistics`.

    ``corpora``: name → mean share of a text's words that stand in no text of any other corpus, which is what a corpus
    that was left out looks like.
    """

    words: frozenset[str]
    runs: frozenset[int]
    topics: list[dict[str, float]]
    names: list[str]
    tally: "SampleStatistics"
    corpora: dict[str, float] = field(default_factory=dict)


@dataclass
class SampleStatistics:
    """Sums over sections: their number, unknown share and its square, abstentions, labels, topics (-1 for none).

    ``seen`` are sections that are training texts themselves, in none of the other sums.
    """

    n: int = 0
    seen: int = 0
    unknown: float = 0.0
    unknown_squared: float = 0.0
    abstained: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    topics: Counter[int] = field(default_factory=Counter)

    def add(self, other: "SampleStatistics") -> None:
        """Add another tally's sums, so that a corpus of any size is tallied batch by batch."""
        self.n += other.n
        self.seen += other.seen
        self.unknown += other.unknown
        self.unknown_squared += other.unknown_squared
        self.abstained += other.abstained
        self.labels += other.labels
        self.topics += other.topics


def fit_reference(
    texts: Sequence[str], labels: Sequence[str], corpora: Sequence[str] | None = None, random_state: int = 0
) -> Reference:
    """Measure the training texts; takes a few seconds for some hundred texts. ``corpora``: one name a text, or ""."""
    # Here, because scikit-learn comes with it: two seconds that a labelling with a kept reference need not wait.
    from banmian.models.topics.fit import fit_topics

    rows = [[word for word in row if len(word) <= LONGEST_WORD] for row in Segmenter().content_words(list(texts))]
    held_by = Counter(word for row in rows for word in set(row))
    step = -(-len(rows) // MAX_FITTED)
    fit = fit_topics(rows[::step], n_topics=N_TOPICS, random_state=random_state)
    topics = [
        {str(word): round(float(weight), 6) for word, weight in zip(fit.vocab, weights, strict=True) if weight > 1e-4}
        for weights in fit.topic_word
    ]
    others = frozenset(word for word, n in held_by.items() if n > 1)
    tally = _tally(rows, others, topics, labels, [False] * len(rows))
    runs = frozenset(run for text in texts for run in _runs(text))
    return Reference(frozenset(held_by), runs, topics, fit.names, tally, _unknown_by_corpus(rows, corpora or ()))


def collect(
    reference: Reference, texts: Sequence[str], words: Sequence[Sequence[str]], predictions: pd.DataFrame
) -> SampleStatistics:
    """Count new sections: text, words (`Segmenter.words`), and the labeller's label and abstained, a row for each."""
    seen = [_is_seen(text, reference.runs) for text in texts]
    new = [i for i, known in enumerate(seen) if not known]
    labels, abstained = predictions["label"].tolist(), predictions["abstained"].tolist()
    tally = _tally(
        [words[i] for i in new],
        reference.words,
        reference.topics,
        [labels[i] for i in new],
        [abstained[i] for i in new],
    )
    tally.seen = sum(seen)
    return tally


def drift_table(reference: Reference, tally: SampleStatistics) -> pd.DataFrame:
    """Return one row for each thing compared: what, name, training, here, low, high, differs.

    ``low`` and ``high`` bound here - training at 95 %: for the mean share of unknown words by the two samples' standard
    errors, for shares of sections by Newcombe's hybrid of Wilson intervals (1998, method 10,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I). ``differs``: zero lies outside.

    Sections of one page are taken as if drawn one by one, so the intervals are somewhat too narrow. The training texts
    were written in equal numbers for every label: a shift of labels is reported, and is no fault by itself. Abstention
    has no training value (nan), for a labeller does not abstain on what it has learned.
    """
    old, n = reference.tally, tally.n
    rows: list[tuple[object, ...]] = [("unknown words", "", *_means(old, tally))]
    if reference.corpora:
        name, share = max(reference.corpora.items(), key=lambda pair: (pair[1], pair[0]))
        rows.append(("unknown words, corpus left out", name, share, float("nan"), float("nan"), float("nan")))
    share_abstained = tally.abstained / n if n else float("nan")
    rows.append(("abstained", "", float("nan"), share_abstained, *wilson_interval(tally.abstained, n)))
    rows += [("label", name, *_shares(old.labels[name], old.n, tally.labels[name], n)) for name in sorted(old.labels)]
    outside = _shares(old.topics[-1], old.n, tally.topics[-1], n)
    rows.append(("no topic", "", *outside))
    for topic, name in enumerate(reference.names):
        rows.append(("topic", name, *_shares(old.topics[topic], old.n, tally.topics[topic], n)))
    table = pd.DataFrame(rows, columns=["what", "name", "training", "here", "low", "high"])
    table["differs"] = ((table["low"] > 0) | (table["high"] < 0)) & table["training"].notna()
    return table.round(4)


def _tally(
    rows: Sequence[Sequence[str]],
    known: frozenset[str],
    topics: list[dict[str, float]],
    labels: Sequence[str],
    abstained: Sequence[bool],
) -> SampleStatistics:
    tally = SampleStatistics(len(rows), labels=Counter(map(str, labels)), abstained=int(sum(map(bool, abstained))))
    for row in rows:
        distinct = sorted(set(row))
        unknown = sum(word not in known for word in distinct) / len(distinct) if distinct else 0.0
        tally.unknown += unknown
        tally.unknown_squared += unknown**2
        tally.topics[_nearest(distinct, topics)] += 1
    return tally


def _unknown_by_corpus(rows: Sequence[Sequence[str]], corpora: Sequence[str]) -> dict[str, float]:
    """Return each corpus's mean share of a text's words that no text outside the corpus holds."""
    homes: dict[str, set[str]] = {}
    for row, corpus in zip(rows, corpora, strict=False):
        for word in row:
            homes.setdefault(word, set()).add(corpus)
    shares: dict[str, list[float]] = {}
    for row, corpus in zip(rows, corpora, strict=False):
        if corpus and row:
            distinct = set(row)
            shares.setdefault(corpus, []).append(sum(len(homes[word]) == 1 for word in distinct) / len(distinct))
    return {corpus: round(float(np.mean(values)), 4) for corpus, values in sorted(shares.items())}


def _runs(text: str) -> list[int]:
    """Return 32-bit hashes: of all letters of the cleaned text, then of one in `ONE_IN` runs of `RUN` letters."""
    codes = letter_codes(clean(text))
    whole, hashes = [zlib.crc32(codes.tobytes())], ngram_hashes(codes, RUN)
    chosen: list[int] = (np.unique(hashes[hashes % np.uint64(ONE_IN) == 0]) >> np.uint64(32)).tolist()
    return whole + chosen


def _is_seen(text: str, known: frozenset[int]) -> bool:
    whole, *runs = _runs(text)
    return whole in known or (len(runs) > 0 and sum(run in known for run in runs) >= SEEN * len(runs))


def _nearest(words: list[str], topics: list[dict[str, float]]) -> int:
    """Return the topic whose words weigh most in the section, -1 if it holds none of any; ties to the first."""
    sums = [sum(topic.get(word, 0.0) for word in words) for topic in topics]
    return int(np.argmax(sums)) if sums and max(sums) > 0 else -1


def _shares(old: int, n_old: int, new: int, n_new: int) -> tuple[float, float, float, float]:
    """Return share in training, share here, and the interval of here - training."""
    p, q = (count / n if n else float("nan") for count, n in ((old, n_old), (new, n_new)))
    return p, q, *newcombe_difference(old, n_old, new, n_new)


def _means(old: SampleStatistics, new: SampleStatistics) -> tuple[float, float, float, float]:
    means, errors = [], []
    for tally in (old, new):
        n = max(tally.n, 1)
        mean = tally.unknown / n
        means.append(mean)
        errors.append(max(tally.unknown_squared / n - mean**2, 0.0) / max(n - 1, 1))
    spread = Z * sqrt(sum(errors))
    return means[0], means[1], means[1] - means[0] - spread, means[1] - means[0] + spread
