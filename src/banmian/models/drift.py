"""How new pages differ from the texts that the labeller was trained on, and when not to trust it for that reason.

Drift says that the ground has moved, not that the labels are wrong: only labels given by a person can say that.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.models.features import clean
from banmian.models.shipped import training_texts
from banmian.models.topics import fit_topics
from banmian.paths import CACHE
from banmian.words.segment import Segmenter

N_TOPICS = 12
# 1.96 standard errors on either side hold 95 in 100 samples.
Z = 1.96
# Below this an interval spans most of what is possible, and silence would look like a clean bill.
FEW = 30
# How far the lower end of the interval may stand above the training texts before it is said; see `plain_words`.
UNKNOWN_MORE, OUTSIDE_MORE, ABSTAINED_MOST = 0.15, 0.15, 0.25


@dataclass(frozen=True)
class Reference:
    """The training texts as numbers. topics: word → weight of each topic; the other fields as in `Tally`.

    A training text's unknown words are those in no *other* training text, since its own are all known.
    """

    words: frozenset[str]
    topics: list[dict[str, float]]
    names: list[str]
    tally: "Tally"


@dataclass
class Tally:
    """Sums over sections: their number, unknown share and its square, abstentions, labels, topics (-1 for none)."""

    n: int = 0
    unknown: float = 0.0
    unknown_squared: float = 0.0
    abstained: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    topics: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Add another tally's sums, so that a corpus of any size is tallied batch by batch."""
        self.n += other.n
        self.unknown += other.unknown
        self.unknown_squared += other.unknown_squared
        self.abstained += other.abstained
        self.labels += other.labels
        self.topics += other.topics


def make_reference(texts: Sequence[str], labels: Sequence[str], random_state: int = 0) -> Reference:
    """Measure the training texts; takes a few seconds for some hundred texts."""
    rows = Segmenter().words_of(list(texts))
    held_by = Counter(word for row in rows for word in set(row))
    fit = fit_topics(rows, n_topics=N_TOPICS, random_state=random_state)
    topics = [
        {str(word): round(float(weight), 6) for word, weight in zip(fit.vocab, weights, strict=True) if weight > 1e-4}
        for weights in fit.topic_word
    ]
    others = frozenset(word for word, n in held_by.items() if n > 1)
    tally = _tally(rows, others, topics, labels, [False] * len(rows))
    return Reference(frozenset(held_by), topics, fit.names, tally)


def measure(reference: Reference, words: Sequence[Sequence[str]], predictions: pd.DataFrame) -> Tally:
    """Tally new sections: their words (`Segmenter.words`), and the labeller's label and abstained, a row for each."""
    labels, abstained = predictions["label"].tolist(), predictions["abstained"].tolist()
    return _tally(words, reference.words, reference.topics, labels, abstained)


def drift_table(reference: Reference, tally: Tally) -> pd.DataFrame:
    """Return one row for each thing compared: what, name, training, here, low, high, differs.

    ``low`` and ``high`` bound here - training at 95 %: for the mean share of unknown words by the two samples' standard
    errors, for shares of sections by Newcombe's hybrid of Wilson intervals (1998, method 10,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I). ``differs``: zero lies outside.

    Sections of one page are taken as if drawn one by one, so the intervals are somewhat too narrow. The training texts
    were written in equal numbers for every label: a shift of labels is told, and is no fault by itself. Abstention has
    no training value (nan), for a labeller does not abstain on what it has learned.
    """
    old, n = reference.tally, tally.n
    rows = [("unknown words", "", *_means(old, tally))]
    rows.append(("abstained", "", float("nan"), *_share(tally.abstained, n), *_wilson(tally.abstained, n)))
    rows += [("label", name, *_shares(old.labels[name], old.n, tally.labels[name], n)) for name in sorted(old.labels)]
    outside = _shares(old.topics[-1], old.n, tally.topics[-1], n)
    rows.append(("no topic", "", *outside))
    for topic, name in enumerate(reference.names):
        rows.append(("topic", name, *_shares(old.topics[topic], old.n, tally.topics[topic], n)))
    table = pd.DataFrame(rows, columns=["what", "name", "training", "here", "low", "high"])
    table["differs"] = ((table["low"] > 0) | (table["high"] < 0)) & table["training"].notna()
    return table.round(4)


def summary_lines(table: pd.DataFrame) -> list[str]:
    """Return the table in a few lines; of labels and topics only those whose share differs, greatest change first."""
    lines = []
    for what in ("unknown words", "abstained", "no topic"):
        row = _row(table, what)
        if row["training"] == row["training"]:
            change = f", change {100 * row['low']:+.0f} to {100 * row['high']:+.0f} points"
            lines.append(f"{what} {_percent(row['here'])} (training {_percent(row['training'])}{change})")
        else:
            lines.append(f"{what} {_percent(row['here'])} ({100 * row['low']:.0f} to {_percent(row['high'])})")
    for what in ("label", "topic"):
        moved = table[(table["what"] == what) & table["differs"]]
        order = (moved["here"] - moved["training"]).abs().sort_values(ascending=False, kind="stable").index[:5]
        told = [
            f"{row['name']} {_percent(row['training'])} → {_percent(row['here'])} "
            f"({100 * row['low']:+.0f} to {100 * row['high']:+.0f} points)"
            for row in moved.loc[order].to_dict("records")
        ]
        lines.append(f"{what}s whose share differs from training: {'; '.join(told) or 'none'}")
    return lines


def plain_words(table: pd.DataFrame, n: int) -> list[str]:
    """Return in plain words what speaks against trusting the labels on these ``n`` sections; empty if nothing does."""
    if n < FEW:
        return [f"{n} sections are too few to say whether the labeller suits them; read the labels yourself"]
    unknown, outside, abstained = (_row(table, what) for what in ("unknown words", "no topic", "abstained"))
    said = []
    if unknown["low"] > UNKNOWN_MORE:
        said.append(
            f"{_percent(unknown['here'])} of the words stand in no training text (there it is "
            f"{_percent(unknown['training'])}): this is another language or field; check fifty labels by hand"
        )
    if outside["low"] > OUTSIDE_MORE:
        said.append(
            f"{_percent(outside['here'])} of the sections touch no topic of the training texts: "
            "expect confident labels on things that the labeller has never seen"
        )
    if abstained["low"] > ABSTAINED_MOST:
        said.append(
            f"it abstained on {_percent(abstained['here'])} of the sections: its share of right answers, measured "
            "on other texts, does not carry over; label some of these and train again"
        )
    return said


def _row(table: pd.DataFrame, what: str) -> dict[str, float]:
    found = table[table["what"] == what].iloc[0]
    return {name: float(found[name]) for name in ("training", "here", "low", "high")}


def shipped_reference(texts: pd.DataFrame | None = None) -> Reference:
    """Return the reference of the shipped labeller's training texts, made on first use and kept in the cache.

    ``texts`` (columns text and label) stand in for `banmian.models.shipped.training_texts`.
    """
    rows = training_texts() if texts is None else texts
    digest = hashlib.sha256(rows[["text", "label"]].to_json(orient="records").encode())
    here = Path(__file__).resolve().parent
    for path in (*sorted(here.glob("*.py")), *sorted((here.parent / "words").rglob("*.[pt][yx]*"))):
        digest.update(path.read_bytes())
    kept = CACHE / "drift" / f"{digest.hexdigest()[:32]}.json"
    try:
        return _from_json(json.loads(kept.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there, or not ours: make it again
    # Without a scanner's line breaks, which would cut words in two.
    reference = make_reference([clean(text) for text in rows["text"]], rows["label"].tolist())
    kept.parent.mkdir(parents=True, exist_ok=True)
    temporary = kept.with_suffix(f".{os.getpid()}.part")
    temporary.write_text(json.dumps(_to_json(reference), ensure_ascii=False), encoding="utf-8")
    temporary.replace(kept)
    return reference


def _tally(
    rows: Sequence[Sequence[str]],
    known: frozenset[str],
    topics: list[dict[str, float]],
    labels: Sequence[str],
    abstained: Sequence[bool],
) -> Tally:
    tally = Tally(len(rows), labels=Counter(map(str, labels)), abstained=int(sum(map(bool, abstained))))
    for row in rows:
        distinct = sorted(set(row))
        unknown = sum(word not in known for word in distinct) / len(distinct) if distinct else 0.0
        tally.unknown += unknown
        tally.unknown_squared += unknown**2
        tally.topics[_nearest(distinct, topics)] += 1
    return tally


def _nearest(words: list[str], topics: list[dict[str, float]]) -> int:
    """Return the topic whose words weigh most in the section, -1 if it holds none of any; ties to the first."""
    sums = [sum(topic.get(word, 0.0) for word in words) for topic in topics]
    return int(np.argmax(sums)) if sums and max(sums) > 0 else -1


def _share(count: int, n: int) -> tuple[float]:
    return (count / n if n else float("nan"),)


def _wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    if not n:
        return 0.0, 1.0
    share = count / n
    middle, spread = share + Z**2 / (2 * n), Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n * n))
    return (middle - spread) / (1 + Z**2 / n), (middle + spread) / (1 + Z**2 / n)


def _shares(old: int, n_old: int, new: int, n_new: int) -> tuple[float, float, float, float]:
    """Return share in training, share here, and the interval of here - training."""
    p, q = _share(old, n_old)[0], _share(new, n_new)[0]
    (p_low, p_high), (q_low, q_high) = _wilson(old, n_old), _wilson(new, n_new)
    below, above = sqrt((q - q_low) ** 2 + (p_high - p) ** 2), sqrt((q_high - q) ** 2 + (p - p_low) ** 2)
    return p, q, q - p - below, q - p + above


def _means(old: Tally, new: Tally) -> tuple[float, float, float, float]:
    means, errors = [], []
    for tally in (old, new):
        n = max(tally.n, 1)
        mean = tally.unknown / n
        means.append(mean)
        errors.append(max(tally.unknown_squared / n - mean**2, 0.0) / max(n - 1, 1))
    spread = Z * sqrt(sum(errors))
    return means[0], means[1], means[1] - means[0] - spread, means[1] - means[0] + spread


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _to_json(reference: Reference) -> dict[str, object]:
    tally = vars(reference.tally)
    return {"words": sorted(reference.words), "topics": reference.topics, "names": reference.names, "tally": tally}


def _from_json(kept: dict[str, object]) -> Reference:
    words, topics, names, tally = kept["words"], kept["topics"], kept["names"], kept["tally"]
    assert isinstance(words, list) and isinstance(topics, list) and isinstance(names, list) and isinstance(tally, dict)
    counted = {int(number): count for number, count in tally["topics"].items()}  # JSON's keys are text
    sums = Tally(**{**tally, "labels": Counter(tally["labels"]), "topics": Counter(counted)})
    return Reference(frozenset(words), topics, names, sums)
