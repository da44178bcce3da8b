"""Coherence against gensim's numbers, against windows counted one by one, and against what it must mean."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from banmian.models.topics.coherence import EPSILON, c_v, npmi
from locations import CASES as CASES_DIR

REFERENCE = json.loads(CASES_DIR.joinpath("coherence.json").read_text(encoding="utf-8"))
TOPICS, TOKENS = REFERENCE["topics"], REFERENCE["tokens"]


@pytest.mark.parametrize("case", REFERENCE["values"], ids=lambda case: f"{case['measure']}-{case['window']}")
def test_equals_gensim(case: dict) -> None:
    measure = {"npmi": npmi, "c_v": c_v}[case["measure"]]
    assert measure(TOPICS, TOKENS, window=case["window"]) == pytest.approx(case["per_topic"], abs=1e-9)


def windows(tokens: Sequence[Sequence[str]], size: int) -> list[set[str]]:
    return [set(row[i : i + size]) for row in tokens for i in range(max(1, len(row) - size + 1))]


@pytest.mark.parametrize("size", [1, 2, 10, 110, 1000])
def test_the_papers_counting_equals_windows_counted_one_by_one(size: int) -> None:
    held = windows(TOKENS, size)

    def share(*words: str) -> float:
        return sum(set(words) <= window for window in held) / len(held)

    for topic, score in zip(TOPICS, npmi(TOPICS, TOKENS, window=size, repeats="paper"), strict=True):
        pairs = [(a, b) for i, a in enumerate(topic) for b in topic[i + 1 :]]
        expected = [
            np.log((share(a, b) + EPSILON) / (share(a) * share(b))) / -np.log(share(a, b) + EPSILON) for a, b in pairs
        ]
        assert score == pytest.approx(np.mean(expected), abs=1e-9)


def test_whole_sections_are_one_window_each() -> None:
    """Of four sections a and b share one: log(1/4 / (1/2 * 1/2)) / -log(1/4) = 0; a and c never meet: near -1."""
    tokens = [["a", "x", "b"], ["a"], ["b"], ["c"]]
    assert npmi([["a", "b"]], tokens, window=None)[0] == pytest.approx(0, abs=1e-9)
    assert npmi([["a", "c"]], tokens, window=None)[0] == pytest.approx(-1 + np.log(8) / -np.log(EPSILON), abs=1e-6)


def test_words_that_only_come_together_score_one() -> None:
    tokens = [["a", "b"], ["x"], ["y"], ["z"]]
    assert npmi([["a", "b"]], tokens)[0] == pytest.approx(1)
    assert c_v([["a", "b"]], tokens)[0] == pytest.approx(1)


def test_two_like_words_in_one_window_count_once_in_the_paper_and_are_lost_by_gensim() -> None:
    """a b a, windows of two: (a b), (b a). gensim forgets a when its first copy leaves, though the second has come."""
    tokens = [["a", "b", "a", "c"], ["d"]]
    paper, gensim = (npmi([["a", "b"]], tokens, window=3, repeats=repeats)[0] for repeats in ("paper", "gensim"))
    assert paper != pytest.approx(gensim)


def test_order_of_sections_and_of_words_changes_nothing() -> None:
    assert npmi([topic[::-1] for topic in TOPICS], TOKENS[::-1]) == pytest.approx(npmi(TOPICS, TOKENS))


def test_unknown_words_and_windows_are_told() -> None:
    with pytest.raises(ValueError, match="topic 1: the word '不在' is not in the tokens"):
        npmi([["工作"], ["工作", "不在"]], TOKENS)
    with pytest.raises(ValueError, match="window 0"):
        c_v(TOPICS, TOKENS, window=0)
    assert np.isnan(npmi([["工作"], []], TOKENS)).all()
    assert len(npmi([], [])) == 0
