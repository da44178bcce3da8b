"""A hierarchy over topics: which two are nearest, which pair is next, up to one root."""

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage

from banmian.models.topics.result import NAME_WORDS, TopicResult, top_words


def topic_tree(result: TopicResult) -> pd.DataFrame:
    """Join topics step by step by the likeness of their words (average linkage).

    The distance of two topics is Hellinger's, from 0 (the same words) to 1 (no word in common):
    ``sqrt(1 - sum over words of sqrt(a * b))``. Averages of it rise with every step, so a cut at any height is a
    smaller set of topics.

    Returns
    -------
    DataFrame with columns node, left, right, distance, n_sections, name; n_topics - 1 rows, nearest first. Nodes below
    n_topics are the topics themselves, later ones the rows of this table in order. name: the first words of all
    sections under the node, topics weighted by their sections.
    """
    k = result.n_topics
    columns = ["node", "left", "right", "distance", "n_sections", "name"]
    if k < 2:
        return pd.DataFrame([], columns=columns)
    roots = np.sqrt(result.topic_word)
    distance = np.sqrt(np.maximum(1 - roots @ roots.T, 0)).round(6)
    steps = linkage(distance[np.triu_indices(k, 1)], method="average")
    sizes = np.bincount(result.assignment[result.assignment >= 0], minlength=k)
    members = {topic: [topic] for topic in range(k)}
    rows = []
    for node, (one, other, height, _) in enumerate(steps, start=k):
        left, right = sorted((int(one), int(other)))
        members[node] = sorted(members[left] + members[right])
        weights = (result.topic_word[members[node]] * sizes[members[node], None]).sum(axis=0)
        words = top_words(weights / max(weights.sum(), 1e-12), result.vocab)[0][:NAME_WORDS]
        n_sections = int(sizes[members[node]].sum())
        rows.append((node, left, right, round(float(height), 6), n_sections, " · ".join(words)))
    return pd.DataFrame(rows, columns=columns)
