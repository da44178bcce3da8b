"""How many topics, and which method a corpus of this size can carry."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from banmian.models.topics.coherence import npmi
from banmian.models.topics.methods import LARGE
from banmian.models.topics.stability import word_agreement

# Fewer sections than this have no groups to find, only words that stand out.
KEYNESS_BELOW = 5
# From here on clusters of embeddings are worth asking; at 12 to 25 sections BERTopic called everything an outlier.
CLUSTERS_FROM = 50
# Steps of about one half: neighbouring numbers give the same picture, and each costs six fits. Nobody reads over 94.
GRID = (2, 3, 4, 6, 9, 13, 19, 28, 42, 63, 94)
# Draws of 3,000 sections in all: with five draws of the 100 sections of the seeds, three of eight random states chose
# another number than the rest; with ten all eight agreed, and of 1,000 sections three do.
DRAWN_SECTIONS, FEWEST_DRAWS, MOST_DRAWS, DRAWN_SHARE = 3_000, 3, 10, 0.8
# The choice looks at no more sections than these; beyond, it would cost more than the fit itself and says the same.
SAMPLE = 1_000
NEARLY_AS_STABLE = 0.9


class SizeRegime(NamedTuple):
    """A step of the size ladder: its name, the method's name that runs, the maximum number of topics, and why."""

    name: str
    method: str
    most: int
    why: str


def choose_rung(n_sections: int, n_distinct: int, n_words: int, method: str) -> SizeRegime:
    """Return the rung for a corpus of `n_distinct` different sections with `n_words` usable words.

    Under 5 different sections: one group, words only. Under 50: NMF, whatever was asked for. From 50: the method asked
    for. Above 50,000: its mini-batch form. There are never as many topics as different sections or words.
    """
    seen = f"{n_sections} sections, {n_distinct} of them different, {n_words} usable words"
    if n_distinct == 0 or n_words == 0:
        return SizeRegime("empty", "none", 0, f"{seen}: nothing to fit")
    if n_distinct < KEYNESS_BELOW or n_words < 3:
        return SizeRegime("keyness", "none", 1, f"{seen}: too few to group, so only words are ranked")
    most = min(n_distinct - 1, n_words - 1)
    if n_distinct < CLUSTERS_FROM:
        kept = method if method not in ("bertopic", "umap", "lda") else "nmf"
        instead = "" if kept == method else f"; {method} needs {CLUSTERS_FROM}, NMF ran instead"
        return SizeRegime("small", kept, min(most, max(2, n_distinct // 4)), f"{seen}{instead}")
    if n_sections > LARGE:
        return SizeRegime("large", method, min(most, GRID[-1]), f"{seen}: {method} in its mini-batch form")
    return SizeRegime("full", method, min(most, max(2, n_distinct // 5), GRID[-1]), f"{seen}: {method} as asked for")


def choose_n_topics(
    fit: Callable[[np.ndarray, list[int], int], list[list[list[str]]]],
    tokens: list[list[str]],
    n_sections: int,
    most: int,
    random_state: int,
) -> tuple[int, pd.DataFrame]:
    """Return the number of topics, and the table behind it (n_topics, stability, npmi).

    The numbers tried are those of `GRID` between half and double the usual first guess, the square root of half the
    sections. (Without these bounds two topics win nearly always: hardly anything is as stable, or says as little.)
    For each: fit all sections of the sample, fit draws of 80 in 100 of them (ten up to 300 sections, three from
    1,000 on); stability is the mean `word_agreement` of the draws with the whole, coherence the mean NPMI of the whole.
    The rule: of the numbers that are at least 0.9 times as stable as the most stable one, the most coherent; of equals
    the smallest.

    Parameters
    ----------
    fit : called with row numbers, numbers of topics and a seed; returns the topics' first words for each number.
    tokens : the sample's sections, at most `SAMPLE` of the `n_sections` of the corpus.
    """
    n = len(tokens)
    rng = np.random.default_rng(random_state)
    n_draws = max(FEWEST_DRAWS, min(MOST_DRAWS, DRAWN_SECTIONS // n))
    draws = [np.sort(rng.permutation(n)[: max(2, round(n * DRAWN_SHARE))]) for _ in range(n_draws)]
    numbers = candidates(n_sections, min(most, int(n * DRAWN_SHARE) - 1))
    whole = fit(np.arange(n), numbers, random_state)
    drawn = [fit(draw, numbers, random_state) for draw in draws]
    # A topic of a single word has no pairs; it counts as one whose words never meet.
    coherence = np.nan_to_num(npmi([topic for topics in whole for topic in topics], tokens), nan=-1.0)
    ends = np.cumsum([0, *map(len, whole)])
    rows = []
    for i, k in enumerate(numbers):
        agreement = np.mean([word_agreement(whole[i], again[i]) for again in drawn])
        rows.append((k, round(float(agreement), 6), round(float(coherence[ends[i] : ends[i + 1]].mean()), 6)))
    grid = pd.DataFrame(rows, columns=["n_topics", "stability", "npmi"])
    stable = grid[grid["stability"] >= NEARLY_AS_STABLE * grid["stability"].max()]
    best = stable.sort_values(["npmi", "n_topics"], ascending=[False, True], kind="stable").iloc[0]
    return int(best["n_topics"]), grid


def candidates(n_sections: int, most: int) -> list[int]:
    """Return the numbers of topics worth trying for so many sections, at most `most`; at least one.

    >>> candidates(12, 3), candidates(100, 20), candidates(2_000, 94), candidates(90_000, 94)
    ([2, 3], [4, 6, 9, 13], [19, 28, 42, 63], [94])
    """
    guess = math.sqrt(n_sections / 2)
    allowed = [k for k in GRID if k <= most]
    return [k for k in allowed if guess / 2 <= k <= guess * 2] or allowed[-1:] or [1]
