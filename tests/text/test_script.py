"""Scripts told apart, and Simplified twins of equal length, on text written for the test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banmian.text.script import detect_script, simplify


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("社會工作一頭連著千行百業", "hant"),
        ("社会工作一头连着千行百业", "hans"),
        ("The council opened a bridge on Tuesday.", "en"),
        ("皇后在里面", "hans"),  # every character is proper in both scripts: nothing tells, so the default
        ("會議在禮堂舉行，學習貫徹黨對經濟的論述，重点講話", "hant"),  # two characters that OCR simplified
        ("黨員會議開始發言；党员会议开始发言", "mixed"),
        ("社会 social work in the new era of reform 会议", "mixed"),
        ("", "hans"),
        ("123 …", "hans"),
    ],
)
def test_script_is_told_by_characters_that_one_script_alone_uses(text: str, script: str) -> None:
    assert detect_script(text) == script


def test_phrases_decide_and_names_stay() -> None:
    assert simplify("乾燥的著作，乾隆皇帝") == "干燥的著作，乾隆皇帝"
    assert simplify("不得擅自佔用人行道") == "不得擅自占用人行道"


def test_simplified_text_is_left_alone() -> None:
    text = "渝中区的党员干部面对面听取意见"
    assert simplify(text) is text


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_every_offset_holds(text: str) -> None:
    twin = simplify(text)
    assert len(twin) == len(text)
    # White space, marks and lone surrogates are not letters of either script: they stand where they stood.
    assert all(new == old for old, new in zip(text, twin, strict=True) if not old.isalpha())


def test_pieces_of_a_long_line_are_converted_as_one() -> None:
    assert simplify("會議" * 120_000) == "会议" * 120_000
