"""Seed words: the shipped example is sound, the report names each fault, the guided topic is the one asked for."""

import json
from functools import cache

import pytest

from banmian.labels.scheme import IN_SCOPE
from banmian.models.topics import fit_topics
from banmian.models.topics.date_words import is_topic_word
from banmian.models.topics.guidance import guided_topics, load_seed_words, seed_report
from banmian.words.segment import Segmenter, check_terms
from topic_cases import METHODS, THEMES, corpus


@cache
def segmenter() -> Segmenter:
    return Segmenter()


def test_shipped_words_come_out_as_one_content_word_and_guide_one_topic_each() -> None:
    seeds = load_seed_words()
    assert tuple(seeds) == IN_SCOPE
    words = [word for words in seeds.values() for word in words]
    assert len(words) == len(set(words)), "no word guides two topics"
    assert check_terms(segmenter(), words).empty
    assert [word for word in words if segmenter().words(f"“{word}”") != [word] or not is_topic_word(word)] == []


def test_report_names_each_fault() -> None:
    texts = [
        "印度尼西亚的社区居民今天开会，工作很重要。",
        "社区里的茶馆，袁家军强调。社区调解。",
        "居民都说量子纠缠好，调解好。",
    ] * 2
    seeds = {
        "a": ["社区", "印度", "新就业群体", "量子纠缠", "袁家军", "调解"],
        "b": ["居民", "今天", "社区"],
    }
    report = seed_report(seeds, texts, segmenter())
    assert report["word"].tolist() == [*seeds["a"], *seeds["b"]]
    problems = dict(zip(report["topic"] + report["word"], report["problem"], strict=True))
    assert problems == {
        "a社区": "shared",
        "a印度": "swallowed",
        "a新就业群体": "absent",
        "a量子纠缠": "split",
        "a袁家军": "dropped",
        "a调解": "",
        "b居民": "",
        "b今天": "dropped",
        "b社区": "shared",
    }
    detail = dict(zip(report["word"], report["detail"], strict=True))
    assert "印度尼西亚" in detail["印度"]
    assert report.loc[report["word"] == "调解", "n_sections"].item() == 4


@pytest.mark.parametrize("method", METHODS)
def test_guided_topics_are_found_by_their_words(method: str) -> None:
    tokens, vectors, _ = corpus(120, theme_share=0.4)
    seeds = {"shops": ["商场", "订单", "品牌"], "stage": ["剧场", "戏曲", "演出"]}
    result = fit_topics(tokens, vectors, method, n_topics=4, seed_words=seeds)
    table = guided_topics(result, seeds)
    assert table["seed"].tolist() == ["shops", "stage"] and table["topic"].nunique() == 2
    assert (table["lead"] > 2).all()
    for theme, topic in zip(("market", "culture"), table["topic"], strict=True):
        assert len(set(result.word_lists[topic][:8]) & set(THEMES[theme])) >= 6


def test_guides_get_a_topic_each_and_leave_one_for_the_rest() -> None:
    tokens, vectors, _ = corpus(80)
    seeds = {name: words[:3] for name, words in THEMES.items()}
    assert len(fit_topics(tokens, vectors, "nmf", n_topics=1, seed_words=seeds).names) == 5
    unknown = fit_topics(tokens, vectors, "nmf", n_topics=4, seed_words={"gone": ["无此词"]})
    assert len(unknown.names) <= 4 and all(unknown.names)


@pytest.mark.parametrize("content", ["[1]", '{"a": []}', '{"a": "b"}', "{", '{"a": [""]}'])
def test_a_broken_file_is_told(tmp_path, content: str) -> None:
    path = tmp_path / "seeds.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"seeds\.json"):
        load_seed_words(path)
    path.write_text(json.dumps({"a": ["b"]}), encoding="utf-8")
    assert load_seed_words(path) == {"a": ["b"]}
