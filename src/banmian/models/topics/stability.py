"""Scores of topics: words and assignments in, numbers out; no model is looked at.

Coherence is in `coherence`. Each docstring says what a good value is; none of these numbers says that
a topic is *about* something: that a person reads from its sections.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

__all__ = [
    "diversity",
    "label_agreement",
    "method_stability",
    "redundancy",
    "single_source_share",
    "stability",
    "word_agreement",
]


class Topics(Protocol):
    """What `stability` needs to know of a fit: (n,) topic numbers, and each topic's first words."""

    @property
    def assignment(self) -> np.ndarray: ...
    @property
    def word_lists(self) -> list[list[str]]: ...


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Return the share of distinct words among all topics' first words (Dieng et al. 2020, doi:10.1162/tacl_a_00325).

    A good value: 0.8 to 1. Lower means that topics share their words, and a high coherence is then no merit. A value
    of exactly 1 with many topics can also mean that a method forbids sharing.
    """
    words = [word for topic in topics for word in topic]
    return len(set(words)) / len(words) if words else float("nan")


def redundancy(topics: Sequence[Sequence[str]]) -> float:
    """Return the mean share of a topic's first words that its nearest other topic holds too, from 0 to 1.

    A good value: below 0.1. Above 0.3 some topic has been split in two; diversity spread over many good topics
    would hide that. ``nan`` with fewer than two topics.
    """
    if len(topics) < 2:
        return float("nan")
    shared = _shared_words(topics, topics).astype(float)
    np.fill_diagonal(shared, -1)
    return float(np.mean([shared[i].max() / max(len(topic), 1) for i, topic in enumerate(topics)]))


def word_agreement(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> float:
    """Return how far two fits have the same topics: the mean share of common first words of matched topics.

    Topics are matched one to one so that the sum is greatest (Hungarian method), as in Greene, O'Callaghan &
    Cunningham 2014, "How many topics?", doi:10.1007/978-3-662-44848-9_32; the share is Jaccard's, common words by all
    words, and a topic that finds no partner counts 0.

    A good value: above 0.6 (of ten words, seven or eight the same); below 0.4 the topics are another choice each time.
    """
    if not one or not other:
        return 1.0 if not one and not other else 0.0
    shared = _shared_words(one, other)
    sizes = np.array([[len(set(a) | set(b)) for b in other] for a in one])
    agreement = shared / np.maximum(sizes, 1)
    rows, columns = linear_sum_assignment(agreement, maximize=True)
    return float(agreement[rows, columns].sum() / max(len(one), len(other)))


def stability(
    fit: Callable[[np.ndarray, int], Topics],
    n_sections: int,
    n_times: int = 10,
    random_state: int = 0,
    most: int | None = None,
) -> pd.DataFrame:
    """Fit again under other seeds and on other draws of the sections, and compare with the first fit.

    Parameters
    ----------
    fit : called with the numbers of the rows to fit and a seed, for instance
        ``lambda rows, seed: fit_topics([tokens[i] for i in rows], embeddings[rows], random_state=seed)``.
    n_times : seeds, and bootstraps (as many sections as there are, drawn with replacement, each counted once).
    most : of more sections than this, so many are drawn by lot once, and everything (the first fit as well) is done
        with them: the time is then that of 2 * n_times + 1 fits of ``most`` sections, however many there are. Topics
        of fewer sections are rather less stable than more, so the whole may be a little better than what is measured.

    Returns
    -------
    DataFrame with columns change ("seed" or "bootstrap"), number, ari, overlap; 2 * n_times rows. ari is the adjusted
    Rand index (Hubert & Arabie 1985, doi:10.1007/BF01908075) of the assignments of the sections that both fits saw, 0
    for chance and 1 for the same; overlap is `word_agreement`.

    A good value: ari above 0.9 over seeds and 0.5 over bootstraps, overlap above 0.6. The seeds say how much chance
    is in the method, the bootstraps how much of it is in which sections happened to be in the corpus; a method that
    starts from a fixed point has 1 in the first by design, so the second is the test.
    """
    rng = np.random.default_rng(random_state)
    chosen = np.arange(n_sections)
    if most is not None and n_sections > most:
        chosen = np.sort(rng.permutation(n_sections)[:most])
    n = len(chosen)
    first = fit(chosen, random_state)
    changes = [("seed", number, np.arange(n), random_state + number) for number in range(1, n_times + 1)]
    for number in range(1, n_times + 1):
        drawn = np.unique(rng.integers(0, n, n))
        changes.append(("bootstrap", number, drawn, random_state))
    rows = []
    for change, number, drawn, seed in changes:
        again = fit(chosen[drawn], seed)
        ari = adjusted_rand_score(first.assignment[drawn], again.assignment)
        rows.append((change, number, float(ari), word_agreement(first.word_lists, again.word_lists)))
    return pd.DataFrame(rows, columns=["change", "number", "ari", "overlap"])


def method_stability(
    fit: Callable[[str, np.ndarray, int], Topics],
    methods: Sequence[str],
    n_sections: int,
    n_times: int = 10,
    random_state: int = 0,
    most: int | None = None,
) -> pd.DataFrame:
    """Return the runs of `stability` for each method, ready to draw; ``fit`` is called with the method's name first.

    DataFrame with columns name ("nmf, seed"), number, value (ari), overlap; 2 * n_times rows a method, in their order.
    """
    runs = {method: stability(partial(fit, method), n_sections, n_times, random_state, most) for method in methods}
    named = [table.assign(name=f"{method}, " + table["change"]) for method, table in runs.items()]
    table = pd.concat(named, ignore_index=True).rename(columns={"ari": "value"})
    return table[["name", "number", "value", "overlap"]]


def single_source_share(assignment: np.ndarray, stories: Sequence[str]) -> pd.DataFrame:
    """Return for each topic the story most of its sections come from, and their share.

    Parameters
    ----------
    assignment : (n,) topic numbers; -1 (no topic) is left out.
    stories : (n,) the story of each section: the same value for an article and its copies, whatever their script.

    Returns
    -------
    DataFrame with columns topic, n_sections, story, share, one row a topic that has sections. Ties go to the story
    that comes first in the order of text.

    A good value: below 0.5. Near 1 with more than one section the "topic" is one article, or its copies: its words are
    that article's words and will not come back in other papers.
    """
    table = pd.DataFrame({"topic": np.asarray(assignment), "story": np.asarray(stories, dtype=object)})
    counts = table[table["topic"] >= 0].groupby(["topic", "story"]).size().rename("n").reset_index()
    totals = counts.groupby("topic")["n"].sum()
    first = counts.sort_values(["topic", "n", "story"], ascending=[True, False, True], kind="stable")
    first = first.drop_duplicates("topic")
    n_sections = totals.loc[first["topic"]].to_numpy()
    return pd.DataFrame(
        {
            "topic": first["topic"].to_numpy(),
            "n_sections": n_sections,
            "story": first["story"].to_numpy(),
            "share": first["n"].to_numpy() / np.maximum(n_sections, 1),
        }
    )


def label_agreement(assignment: np.ndarray, labels: Sequence[str]) -> float:
    """Return the normalised mutual information of topics and labels, from 0 (independent) to 1 (the same groups).

    ``I(T; L) / ((H(T) + H(L)) / 2)``, as in Vinh, Epps & Bailey 2010 (JMLR 11, "normalised by the mean").

    Sections whose label is missing (not text) are left out; without any label it is ``nan``.

    A good value depends on the question: topics are not meant to be the labels. About 0.3 to 0.6 means that topics
    fall mostly inside labels; it rises with the number of topics alone, so compare only equal numbers.
    """
    if len(assignment) != len(labels):
        raise ValueError(
            f"{len(assignment)} sections have a topic but {len(labels)} a label; pass one of each a section"
        )
    known = [(label, topic) for label, topic in zip(labels, assignment, strict=True) if isinstance(label, str)]
    return float(normalized_mutual_info_score(*zip(*known, strict=True))) if known else float("nan")


def _shared_words(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> np.ndarray:
    """Return how many words each pair of topics shares, shape (n_one, n_other)."""
    sets = [set(topic) for topic in other]
    return np.array([[len(set(topic) & words) for words in sets] for topic in one])
