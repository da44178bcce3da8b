"""Topics: the same result for every method, any size, any order of rows; words that are words."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering

from banmian.models.topics import TopicResult, assign, fit_topics, topics_over_dates
from banmian.models.topics.hierarchy import topic_tree
from banmian.models.topics.methods import bertopic, join_words, split_words
from banmian.models.topics.stability import label_agreement
from locations import ROOT
from topic_cases import METHODS, THEMES, corpus

SIZES = (0, 1, 2, 3, 5, 8, 12, 25, 90)


def sound(result: TopicResult, n: int) -> None:
    """Check what holds for every result: shapes, sums, no empty topic, not as many topics as sections."""
    k, n_vocab = result.topic_word.shape
    assert result.doc_topic.shape == (n, k) and result.assignment.shape == (n,) and result.vocab.shape == (n_vocab,)
    assert k < n or n <= 1, "fewer topics than sections"
    assert (np.bincount(result.assignment[result.assignment >= 0], minlength=k) > 0).all(), "no empty topic"
    assert n == 0 or (result.assignment >= 0).any(), "never are all sections outliers"
    assert result.topic_word.sum(axis=1) == pytest.approx(np.ones(k), abs=0.01)
    assert result.doc_topic.sum(axis=1) == pytest.approx((result.assignment >= 0).astype(float), abs=1e-4)
    assert result.words["topic"].tolist() == sorted(result.words["topic"])
    assert result.names == [" · ".join(words[:4]) for words in result.word_lists]
    assert result.word_lists == sorted(result.word_lists), "topics stand in the order of their words"
    assert result.why and result.rung


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", SIZES)
def test_every_size_has_a_rung(method: str, n: int) -> None:
    tokens, vectors, _ = corpus(n)
    result = fit_topics(tokens, vectors, method)
    sound(result, n)
    sound(fit_topics(tokens, vectors, method, n_topics=7), n)
    expected = "empty" if n == 0 else "keyness" if n < 5 else "small" if n < 50 else "full"
    assert result.rung == expected
    assert result.method == {"empty": "none", "keyness": "none", "small": "nmf", "full": method}[expected]
    assert str(n) in result.why


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 4, 12, 60])
def test_odd_corpora_do_not_crash(method: str, n: int) -> None:
    tokens, vectors, _ = corpus(n)
    alike = fit_topics([tokens[0]] * n, np.repeat(vectors[:1], n, axis=0), method)
    sound(alike, n)
    assert alike.topic_word.shape[0] == 1, "sections that are all alike are one group"
    assert alike.rung == "keyness" and "1 of them different" in alike.why
    sound(fit_topics([row[:1] for row in tokens], vectors, method), n)
    nothing = fit_topics([[] for _ in tokens], vectors, method)
    assert nothing.rung == "empty" and (nothing.assignment == -1).all()


@pytest.mark.parametrize("method", METHODS)
def test_themes_are_found(method: str) -> None:
    tokens, vectors, themes = corpus(120)
    result = fit_topics(tokens, vectors, method, n_topics=4)
    assert label_agreement(result.assignment, themes) > 0.95
    for words in result.word_lists:
        assert max(len(set(words[:6]) & set(theme)) for theme in THEMES.values()) >= 5


@pytest.mark.parametrize("method", METHODS)
def test_topic_words_are_the_chinese_words_that_went_in(method: str) -> None:
    """BERTopic's default language deletes every Chinese character, CountVectorizer's pattern every single one."""
    tokens, vectors, _ = corpus(120)
    words = set(fit_topics(tokens, vectors, method, n_topics=4).words["word"])
    assert words <= {word for row in tokens for word in row}
    assert {"茶", "141"} <= words, "one character, and a number that names a programme"


@pytest.mark.parametrize("method", METHODS)
def test_shuffled_rows_give_the_same_topics(method: str) -> None:
    tokens, vectors, _ = corpus(100, theme_share=0.4)
    tokens[7], vectors[7] = tokens[3], vectors[3]
    order = np.random.default_rng(1).permutation(len(tokens))
    one = fit_topics(tokens, vectors, method, n_topics=6)
    other = fit_topics([tokens[i] for i in order], vectors[order], method, n_topics=6)
    assert one.words.equals(other.words)
    assert (one.assignment[order] == other.assignment).all() and (one.doc_topic[order] == other.doc_topic).all()


def test_dates_never_stand_for_a_topic() -> None:
    tokens, vectors, _ = corpus(60)
    dated = [[*row, "十二月", "2024", "星期二", "去年"] for row in tokens]
    assert not {"十二月", "2024", "星期二", "去年"} & set(fit_topics(dated, vectors, "nmf").vocab)


@pytest.mark.parametrize("method", METHODS)
def test_new_sections_find_their_topic(method: str) -> None:
    tokens, vectors, themes = corpus(120)
    result = fit_topics(tokens, vectors, method, n_topics=4)
    new_tokens, new_vectors, new_themes = corpus(40, seed=5)
    placed = assign(result, new_tokens, new_vectors)
    assert placed.shape == (40, 4) and placed.sum(axis=1) == pytest.approx(np.ones(40), abs=1e-4)
    home = {theme: int(np.bincount(result.assignment[np.array(themes) == theme]).argmax()) for theme in THEMES}
    assert (
        np.mean([home[theme] == topic for theme, topic in zip(new_themes, placed.argmax(axis=1), strict=True)]) > 0.95
    )
    assert (assign(result, tokens, vectors).argmax(axis=1) == result.assignment).mean() > 0.97


def test_a_section_without_known_words_goes_by_its_embedding() -> None:
    tokens, vectors, _ = corpus(80)
    result = fit_topics([[], *tokens[1:]], vectors, "nmf", n_topics=4)
    assert result.assignment[0] == result.assignment[4], "the theme of every fourth section is the same"
    assert fit_topics([[], *tokens[1:]], None, "nmf", n_topics=4).assignment[0] == -1, "nothing to go by"


def test_a_method_can_be_passed_in_as_a_function() -> None:
    tokens, vectors, themes = corpus(80)
    ward = partial(bertopic, clusterer=AgglomerativeClustering(4))
    result = fit_topics(tokens, vectors, ward)
    sound(result, 80)
    assert label_agreement(result.assignment, themes) > 0.95


def test_a_cluster_without_words_is_no_topic() -> None:
    """Its sections hold only words that stand in no other, so nothing can name it: they go to the nearest topic."""
    tokens, vectors, _ = corpus(80)
    tokens[:4] = [[f"独有{i}"] for i in range(4)]
    vectors[:4] = np.eye(8)[7]
    result = fit_topics(tokens, vectors, "bertopic", n_topics=5)
    sound(result, 80)
    assert result.n_topics == 4 and (result.assignment >= 0).all()


def test_outliers_stay_outliers_and_an_empty_clustering_is_an_error() -> None:
    tokens, vectors, _ = corpus(80)

    class Some:
        def fit(self, rows: np.ndarray) -> "Some":
            self.labels_ = np.where(rows[:, 0] > np.quantile(rows[:, 0], 0.9), -1, (rows[:, 1] > 0).astype(int))
            return self

    result = fit_topics(tokens, vectors, partial(bertopic, clusterer=Some()))
    sound(result, 80)
    assert result.scores["outliers"] == pytest.approx(0.1)

    class Nothing(Some):
        def fit(self, rows: np.ndarray) -> "Nothing":
            self.labels_ = np.full(len(rows), -1)
            return self

    with pytest.raises(ValueError, match="called all 80 sections outliers"):
        fit_topics(tokens, vectors, partial(bertopic, clusterer=Nothing()))


def test_topics_over_dates_count_every_section_once() -> None:
    tokens, vectors, _ = corpus(60)
    result = fit_topics(tokens, vectors, "nmf", n_topics=4)
    dates = [None if i % 10 == 0 else f"2024-{1 + i % 3:02}-05" for i in range(60)]
    table = topics_over_dates(result, dates)
    assert table["period"].unique().tolist() == ["", "2024-01", "2024-02", "2024-03"]
    assert table["n_sections"].sum() == 60 and len(table) == 4 * 4
    assert table.groupby("period")["share"].sum().tolist() == pytest.approx([1, 1, 1, 1])
    with pytest.raises(ValueError, match="2 dates for 60 sections"):
        topics_over_dates(result, ["2024-01-01", None])


def test_the_tree_joins_the_nearest_first_and_ends_in_one_root() -> None:
    tokens, vectors, _ = corpus(120)
    result = fit_topics(tokens, vectors, "nmf", n_topics=6)
    tree = topic_tree(result)
    k = result.topic_word.shape[0]
    assert tree["node"].tolist() == list(range(k, 2 * k - 1))
    assert tree["distance"].is_monotonic_increasing
    assert tree["n_sections"].iloc[-1] == 120
    assert sorted([*tree["left"], *tree["right"]]) == list(range(2 * k - 2)), "every node but the root has one parent"
    roots = np.sqrt(result.topic_word)
    nearest = np.sqrt(1 - (roots @ roots.T)[np.triu_indices(k, 1)].max())
    assert tree["distance"].iloc[0] == pytest.approx(nearest, abs=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_result_can_be_saved(method: str, tmp_path: Path) -> None:
    tokens, vectors, _ = corpus(60)
    result = fit_topics(tokens, vectors, method, n_topics=4)
    joblib.dump(result, tmp_path / "topics.joblib")
    again = joblib.load(tmp_path / "topics.joblib")
    pd.testing.assert_frame_equal(again.words, result.words)
    assert (assign(again, tokens, vectors) == assign(result, tokens, vectors)).all()


def test_words_with_spaces_survive_bertopics_joining() -> None:
    words = ["social work", "AI+", "茶", "15分钟 生活圈"]
    assert split_words(join_words(words)) == words


def test_bad_input_is_told() -> None:
    tokens, vectors, _ = corpus(60)
    with pytest.raises(ValueError, match="unknown method 'nfm'; known: nmf"):
        fit_topics(tokens, vectors, "nfm")
    with pytest.raises(ValueError, match="n_topics 0"):
        fit_topics(tokens, vectors, "nmf", n_topics=0)
    with pytest.raises(ValueError, match="3 embeddings for 60 sections"):
        fit_topics(tokens, vectors[:3], "nmf")
    with pytest.raises(ValueError, match="need embeddings"):
        fit_topics(tokens, None, "bertopic", n_topics=3)


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, vectors, _ = corpus(60)
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(ValueError, match="python -m pip install umap-learn, or use method='bertopic'"):
        fit_topics(tokens, vectors, "umap")


def test_the_order_of_hashing_and_the_threads_change_nothing() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from topic_cases import corpus;"
        "from banmian.models.topics import fit_topics;"
        "t, v, _ = corpus(60, theme_share=0.4);"
        "fits = [fit_topics(t, v, m, 5) for m in ('nmf', 'bertopic')];"
        "print([(r.words.to_csv(), r.assignment.tolist()) for r in fits])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, threads in (("0", "1"), ("1", "2"))
    }
    assert len(printed) == 1
