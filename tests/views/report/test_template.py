import pytest

from banmian.views.report.template import Part, drop_unfilled, fill, fill_parts, parse_story

FACTS = {"sections": 1234, "right": 0.8125, "word": "党建"}
STORY = """
# 版面里说了什么 | What the pages say
共{sections:,}段。
{sections:,} sections in all.

这是第二段。
This is a second paragraph.

## 标签可信吗？ | Can the labels be trusted?
figure: 04_confusion

对{right:.0%}。
{right:.0%} right.
"""


def test_a_story_is_parts_in_two_languages() -> None:
    title, question = parse_story(STORY)
    assert title == Part(
        "版面里说了什么",
        "What the pages say",
        [("共{sections:,}段。", "{sections:,} sections in all."), ("这是第二段。", "This is a second paragraph.")],
    )
    assert question == Part(
        "标签可信吗？", "Can the labels be trusted?", [("对{right:.0%}。", "{right:.0%} right.")], "04_confusion"
    )


@pytest.mark.parametrize(
    "text",
    ["# 只有中文\n", "# | English only\n", "# 题 | title\n一行中文\n", "# 题 | title\nfigure: 01_a\nfigure: 01_b\n"],
)
def test_a_part_in_one_language_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"report, part '.*': needs a heading \"Chinese | English\""):
        parse_story(STORY + text)


def test_facts_are_written_as_asked() -> None:
    assert fill("{right:.0%} of {sections:,}", FACTS) == "81% of 1,234"


@pytest.mark.parametrize(
    ("text", "facts", "message"),
    [
        ("共100段", {}, "the number in '共100段' is typed"),
        ("共１００段", {}, "is typed"),  # full-width digits are numbers too
        ("{sections:,}段，其中3段", FACTS, "'段，其中3段' is typed"),
        ("{topics} topics", FACTS, r"\{topics\} is not among the facts: right, sections, word"),
        ("{right:.2f}", {"right": float("nan")}, "the fact right is nan"),
        ("{right}", FACTS, r"\{right\} is a fraction; write \{right:.2f\}"),
    ],
)
def test_numbers_come_from_facts_only(text: str, facts: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fill(text, facts)


def test_headings_are_filled_and_watched_too() -> None:
    part = Part("{sections}段", "{sections} sections", [])
    assert fill_parts([part], FACTS)[0][:2] == ("1234段", "1234 sections")
    with pytest.raises(ValueError, match="is typed"):
        fill_parts([part._replace(heading_en="12 sections")], FACTS)


def test_parts_that_cannot_be_told_are_left_out() -> None:
    title, question = parse_story(STORY)
    assert drop_unfilled([title, question], FACTS, {"04_confusion"}) == [title, question]
    assert drop_unfilled([title, question], FACTS, {}) == [title], "its figure is not there"
    assert drop_unfilled([title, question], {"sections": 3}, {"04_confusion"})[0].paragraphs == title.paragraphs
    assert len(drop_unfilled([title, question], {"sections": 3}, {"04_confusion"})) == 1, "a fact is not known"


def test_a_paragraph_whose_facts_are_unknown_goes_and_the_part_stays() -> None:
    part = Part("题", "title", [("{known}。", "{known}."), ("{unknown}。", "{unknown}.")], table="documents")
    assert drop_unfilled([part], {"known": 1}, {}) == [], "its table is not there"
    assert drop_unfilled([part], {"known": 1}, {}, {"documents"})[0].paragraphs == [("{known}。", "{known}.")]
