"""Scores of topics, each on a case that can be worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from banmian.models.topics import fit_topics
from banmian.models.topics.stability import (
    diversity,
    label_agreement,
    method_stability,
    redundancy,
    single_source_share,
    stability,
    word_agreement,
)
from topic_cases import corpus


def test_diversity_and_redundancy_by_hand() -> None:
    topics = [["a", "b", "c", "d"], ["a", "b", "e", "f"], ["g", "h", "i", "j"]]
    assert diversity(topics) == 10 / 12
    assert redundancy(topics) == pytest.approx((0.5 + 0.5 + 0) / 3)
    assert np.isnan(diversity([])) and np.isnan(redundancy(topics[:1]))


def test_matched_topics_agree_whatever_their_order() -> None:
    topics = [["a", "b"], ["c", "d"], ["e", "f"]]
    assert word_agreement(topics, [["f", "e"], ["a", "b"], ["d", "c"]]) == 1
    assert word_agreement(topics, [["a", "x"], ["c", "d"]]) == pytest.approx((1 / 3 + 1) / 3), (
        "the third has no partner"
    )
    assert word_agreement(topics, [["x"], ["y"], ["z"]]) == 0
    assert word_agreement([], []) == 1 and word_agreement(topics, []) == 0


def test_matching_looks_at_the_sum_and_not_at_the_first_best() -> None:
    """Greedy matching would give a to its best partner and leave b with nothing: 3/5 instead of 2/6 + 3/5."""
    one, other = [["p", "q", "r", "s"], ["p", "q", "r", "t"]], [["p", "q", "r", "u"], ["p", "q", "v", "w"]]
    assert word_agreement(one, other) == pytest.approx((3 / 5 + 2 / 6) / 2)


def test_a_topic_that_is_one_article_is_told_so() -> None:
    table = single_source_share(np.array([0, 0, 0, 1, 1, 2, -1]), ["wire", "wire", "wire", "b", "a", "c", "d"])
    assert table["topic"].tolist() == [0, 1, 2]
    assert table["share"].tolist() == [1, 0.5, 1]
    assert table["story"].tolist() == ["wire", "a", "c"], "a tie goes to the first in the order of text"
    assert table["n_sections"].tolist() == [3, 2, 1]


def test_agreement_with_labels_is_one_for_the_same_groups_and_nothing_for_independent_ones() -> None:
    assert label_agreement(np.array([2, 2, 0, 0]), ["a", "a", "b", "b"]) == pytest.approx(1)
    assert label_agreement(np.array([0, 1, 0, 1]), ["a", "a", "b", "b"]) == pytest.approx(0)
    assert label_agreement(np.array([2, 2, 0, 0, 1]), ["a", "a", "b", "b", float("nan")]) == pytest.approx(1)
    assert np.isnan(label_agreement(np.array([0, 1]), [float("nan")] * 2))
    with pytest.raises(ValueError, match="3 sections have a topic but 1 a label"):
        label_agreement(np.array([0, 1, 0]), ["a"])


def test_stability_sees_seeds_and_draws() -> None:
    tokens, vectors, _ = corpus(80)

    def fit(rows: np.ndarray, seed: int):
        return fit_topics([tokens[i] for i in rows], vectors[rows], "nmf", n_topics=4, random_state=seed)

    table = stability(fit, len(tokens), n_times=3)
    assert table["change"].tolist() == ["seed"] * 3 + ["bootstrap"] * 3
    assert (table.loc[table["change"] == "seed", ["ari", "overlap"]] == 1).all(axis=None), "no seed in NMF"
    assert table["ari"].min() > 0.9 and table["overlap"].min() > 0.6, "four clean themes are found again"


def test_stability_of_many_sections_is_that_of_so_many_drawn_by_lot() -> None:
    asked: list[np.ndarray] = []

    def fit(rows: np.ndarray, seed: int):
        asked.append(rows)
        return SimpleNamespace(assignment=rows % 3, word_lists=[["a"], ["b"], ["c"]])

    table = stability(fit, 5_000, n_times=2, most=100)
    everything = asked[0]
    assert len(np.unique(everything)) == 100 and everything.max() > 2_500, "not just the first hundred"
    assert all(set(rows) <= set(everything) for rows in asked), "seeds and draws are of the same hundred"
    assert [len(rows) for rows in asked[1:3]] == [100, 100] and all(50 < len(rows) < 80 for rows in asked[3:])
    assert (table["ari"] == 1).all(), "the same groups for the sections that both saw"


def test_methods_stand_in_their_order_with_seeds_before_draws() -> None:
    def fit(method: str, rows: np.ndarray, seed: int):
        groups = rows % 2 if method == "steady" else np.random.default_rng(seed).integers(0, 2, len(rows))
        return SimpleNamespace(assignment=groups, word_lists=[["a"], ["b"]])

    table = method_stability(fit, ["steady", "chance"], 400, n_times=2)
    names = ["steady, seed", "steady, bootstrap", "chance, seed", "chance, bootstrap"]
    assert list(dict.fromkeys(table["name"])) == names
    assert table["number"].tolist() == [1, 2] * 4
    values = table.groupby("name")["value"].mean()
    assert (values[names[:2]] == 1).all() and (values[names[2:]].abs() < 0.1).all()


def test_a_bound_that_is_not_reached_changes_nothing() -> None:
    tokens, vectors, _ = corpus(60)

    def fit(rows: np.ndarray, seed: int):
        return fit_topics([tokens[i] for i in rows], vectors[rows], "lda", n_topics=3, random_state=seed)

    assert stability(fit, 60, 2).equals(stability(fit, 60, 2, most=60))


def test_stability_of_noise_is_low() -> None:
    rng = np.random.default_rng(0)
    tokens = [[f"w{number}" for number in rng.integers(0, 200, 30)] for _ in range(80)]
    table = stability(lambda rows, seed: fit_topics([tokens[i] for i in rows], n_topics=4), len(tokens), 3)
    drawn = table[table["change"] == "bootstrap"]
    assert drawn["ari"].mean() < 0.3 and drawn["overlap"].mean() < 0.4
