"""The rule for persons: what makes a name, and what only looks like one."""

import pytest

from banmian.words.person_names import could_be_name, is_name


@pytest.mark.parametrize(
    ("word", "flag", "in_dictionary", "before", "after", "expected"),
    [
        ("胡衡华", "nr", False, "", "主持", True),
        ("穆虹", "nz", False, "、", "出席会议", True),  # flag of a thing, but before a verb of appearance
        ("穆虹", "nz", False, "", "牌", False),
        ("汪洋", "nr", True, "", "指出", True),
        ("汪洋", "nr", True, "一片", "大海", False),
        ("习近平", "nrfg", True, "", "", True),
        ("文明", "nr", True, "", "建设", False),  # the dictionary's "person"
        ("高水平", "n", True, "", "", False),
        ("裴寨村", "nr", False, "", "", False),  # ending of a place
        ("林权", "nr", False, "", "", False),  # listed as a thing
        ("会议", "n", True, "", "强调", False),
        ("魏", "nr", True, "记者", "", False),  # one character
        ("徐潇", "nr", False, "记者", "", True),
    ],
)
def test_is_name(word: str, flag: str, in_dictionary: bool, before: str, after: str, expected: bool) -> None:
    assert is_name(word, flag, in_dictionary, before, after) is expected
    # What is a name beside some words is one that could be: the segmenter asks the words beside it of those alone.
    assert could_be_name(word, flag, in_dictionary) or not expected
