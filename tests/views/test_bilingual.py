import pytest
from hypothesis import given
from hypothesis import strategies as st

from banmian.views.bilingual import bilingual, wrap

TEXTS = st.text(alphabet="新时代会會，。；、 a9Topic-·\n", max_size=60)


@pytest.mark.parametrize(
    ("language", "words"), [("both", "话题 topic"), ("zh", "话题"), ("en", "topic"), ("", "话题 topic")]
)
def test_bilingual(language: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANMIAN_LANG", language)
    assert bilingual("话题", "topic") == words


def test_unknown_language_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANMIAN_LANG", "fr")
    with pytest.raises(ValueError, match="BANMIAN_LANG is 'fr'; known: both, zh, en"):
        bilingual("话题", "topic")


@given(TEXTS, st.integers(2, 40), st.booleans())
def test_wrap_loses_no_character(text: str, cells: int, keep_words: bool) -> None:
    assert "".join(wrap(text, cells, keep_words).split()) == "".join(text.split())


@given(TEXTS, st.integers(2, 40), st.booleans())
def test_no_line_begins_with_a_closing_mark_unless_the_text_does(text: str, cells: int, keep_words: bool) -> None:
    given_starts = {line.lstrip()[:1] for line in text.split("\n")}
    for line in wrap(text, cells, keep_words).split("\n"):
        after_space = f" {line[:1]}" in text or f"\n{line[:1]}" in text
        assert line[:1] not in tuple("，。；、") or line[:1] in given_starts or after_space


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("巴蜀文化旅游走廊", 16, "巴蜀文化旅游走廊"),  # eight Han characters fill sixteen columns
        ("巴蜀文化旅游走廊", 15, "巴蜀文化旅游走\n廊"),
        ("党建引领，基层治理", 8, "党建引领，\n基层治理"),  # the comma hangs rather than open a line
        ("grassroots governance", 12, "grassroots\ngovernance"),
    ],
)
def test_wrap(text: str, cells: int, lines: str) -> None:
    assert wrap(text, cells) == lines


def test_names_break_between_words_and_evenly() -> None:
    name = "社会工作 · 新就业群体 · 网格员 · 志愿服务"
    assert wrap(name, 34, keep_words=True) == "社会工作 · 新就业群体\n· 网格员 · 志愿服务"
    assert wrap("新时代中国特色社会主义思想", 24, keep_words=True) == "新时代中国特色\n社会主义思想"
