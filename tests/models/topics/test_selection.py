"""The number of topics: a stated rule, looked at on a sample, and nothing but a number comes of it."""

import numpy as np
import pytest

from banmian.models.topics import fit, fit_topics
from banmian.models.topics.matrices import count_words, seed_matrix, vocabulary
from banmian.models.topics.methods import Parts, nmf, nmf_words
from banmian.models.topics.result import top_words
from banmian.models.topics.selection import candidates
from banmian.models.topics.stability import word_agreement
from topic_cases import corpus


def test_number_of_topics_is_chosen_by_the_rule_that_is_stated() -> None:
    tokens, vectors, _ = corpus(120)
    result = fit_topics(tokens, vectors, "nmf")
    grid = result.grid
    assert grid is not None and grid["n_topics"].tolist() == candidates(120, 94) == [4, 6, 9, 13]
    stable = grid[grid["stability"] >= 0.9 * grid["stability"].max()]
    assert stable.loc[stable["npmi"].idxmax(), "n_topics"] == result.topic_word.shape[0] == 4


@pytest.mark.parametrize("random_state", [1, 2, 3])
def test_other_draws_choose_the_same_number(random_state: int) -> None:
    """With five draws of a hundred sections another number came out for some states; there are ten now."""
    tokens, _, _ = corpus(120, theme_share=0.5)
    assert fit_topics(tokens, random_state=random_state).n_topics == fit_topics(tokens).n_topics


def test_the_choice_is_only_a_choice() -> None:
    """What comes out is the fit that the number, when given, would have brought."""
    tokens, vectors, _ = corpus(60, theme_share=0.4)
    chosen = fit_topics(tokens, vectors, "nmf")
    given = fit_topics(tokens, vectors, "nmf", n_topics=chosen.n_topics)
    assert chosen.words.equals(given.words) and (chosen.doc_topic == given.doc_topic).all()


def test_the_choice_looks_at_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten draws, and only words that stand in enough of the sample; the numbers tried are those of the whole corpus."""
    tokens, _, _ = corpus(400)
    # Each rare word stands in two sections, and hardly ever are both in the sample.
    tokens = [[*row, f"稀有{i % 200}"] for i, row in enumerate(tokens)]
    seen: list[tuple[int, int]] = []

    def looked_at(parts: Parts, numbers: list[int], dtype: type[np.floating]) -> list[np.ndarray]:
        assert dtype is np.float32, "only where the corpus is large"
        seen.append((parts.counts.shape[0], int(np.bincount(parts.counts.indices).min())))
        return nmf_words(parts, numbers, dtype)

    monkeypatch.setattr(fit, "nmf_words", looked_at)
    monkeypatch.setattr(fit, "SAMPLE", 200)
    grid = fit_topics(tokens).grid
    assert [n for n, _ in seen] == [200] + [160] * 10
    assert seen[0][1] >= 2
    assert grid is not None and grid["n_topics"].tolist() == [9, 13, 19, 28]


def test_the_quick_fits_of_the_choice_find_the_words_of_the_whole() -> None:
    tokens, _, _ = corpus(120, theme_share=0.4)
    vocab = vocabulary(tokens, lambda word: True)
    parts = Parts(tokens, count_words(tokens, vocab), vocab, None, seed_matrix({}, vocab))
    fits = [*nmf_words(parts, [3, 4, 6])[:2], *nmf_words(parts, [3, 4, 6], np.float32)[:2]]  # six topics split at will
    for k, quick in zip((3, 4, 3, 4), fits, strict=True):
        whole = nmf(parts, k, 0).topic_word
        assert quick.shape == whole.shape
        tops = [[top_words(row, vocab)[0] for row in topic_word] for topic_word in (quick, whole)]
        assert word_agreement(*tops) > 0.9
