"""Words in context: counts that can be checked by hand, both scripts from one query, measures as published."""

from math import log2

import pytest

from banmian.words.concordance import collocates, concordance, frequencies
from banmian.words.segment import Segmenter

TEXTS = ["深化基层治理,社区居民参与。", "抓好基層治理和社區服務\n讓居民滿意。", "产业项目加快建设。"]
IDS = ["a/s1", "b/s1", "c/s1"]


@pytest.mark.parametrize("word", ["基层治理", "基層治理"])
def test_one_query_finds_both_scripts_and_shows_what_was_printed(word: str) -> None:
    lines = concordance(TEXTS, IDS, word, width=4)
    assert lines.to_numpy().tolist() == [
        ["a/s1", 2, "深化", "基层治理", ",社区居"],
        ["b/s1", 2, "抓好", "基層治理", "和社區服"],
    ]


def test_line_breaks_in_the_context_are_spaces_and_latin_letters_match_in_either_case() -> None:
    assert concordance(TEXTS, IDS, "滿意")["left"].tolist() == ["抓好基層治理和社區服務 讓居民"]
    assert len(concordance(["CITY walk, City Walk"], ["x"], "city walk")) == 2


def test_nothing_to_look_for_is_an_error() -> None:
    with pytest.raises(ValueError, match="the word to look for is empty"):
        concordance(TEXTS, IDS, " ")
    with pytest.raises(ValueError, match="3 texts but 1 ids"):
        concordance(TEXTS, ["a"], "治理")


def test_dispersion_is_zero_where_even_and_near_one_where_all_is_in_one_small_document() -> None:
    even = frequencies([["甲", "乙"], ["甲", "乙"]], ["x", "y"])
    assert even["dp"].tolist() == [0.0, 0.0]
    # All of 乙 in x, which holds a tenth of the words: (|1 - 0.1| + |0 - 0.9|) / 2 = 0.9.
    uneven = frequencies([["乙"], ["甲"] * 9], ["x", "y"]).set_index("word")
    assert uneven.loc["乙", "dp"] == 0.9
    assert uneven.loc["乙", ["count", "texts", "documents"]].tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="1 texts but 2 documents"):
        frequencies([["甲"]], ["x", "y"])


def test_equal_counts_stand_in_the_order_of_text() -> None:
    assert frequencies([["乙", "甲"]], ["x"])["word"].tolist() == ["乙", "甲"]


def test_collocates_are_those_within_the_window_by_log_dice() -> None:
    texts = ["社区推进基层治理。"] * 3 + ["产业项目加快，产业项目落地。"] * 3
    near = collocates(texts, "基層治理", Segmenter(), window=2, min_count=3).set_index("word")
    assert "社区" in near.index and "产业" not in near.index
    assert near.loc["社区", "together"] == 3
    assert near.loc["社区", "score"] == pytest.approx(14 + log2(2 * 3 / (3 + 3)))
    assert near.loc["社区", "log_likelihood"] > 0


def test_a_phrase_that_is_no_word_of_the_segmenter_has_collocates_too() -> None:
    near = collocates(
        ["社区推进治理的新路子。"] * 4 + ["产业项目加快建设。"] * 4, "治理的新", Segmenter(), window=3, min_count=3
    )
    assert "社区" in near["word"].tolist()


def test_the_order_of_texts_changes_nothing() -> None:
    texts = ["社区推进基层治理。"] * 3 + ["街道完善基层治理机制。"] * 3
    assert collocates(texts, "基层治理", Segmenter()).equals(collocates(texts[::-1], "基层治理", Segmenter()))
