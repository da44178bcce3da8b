"""What a line is by its own words; lines written for the test (more of them in `cases/reading_lines.json`)."""

import pytest

from banmian.reading.lines.line_types import (
    classify_line,
    has_notice_words,
    is_date,
    is_dateline,
    is_dependent_head,
    is_numbered,
    is_recurring_heading,
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("江城晚报网友 周小川", "byline"),
        ("林大山 江城日报评论员", "byline"),
        ("江城网友热议新桥通车", "heading"),
        ("江城启动公益广告征集活动", "heading"),
        ("广告招商：12345678", "notice"),
        ("志愿者代表—— “江城书展，我们准备好了！”", "heading"),
        ("江城新桥通车 两岸真方便！", "heading"),
        ("江城新桥通车了，两岸真方便！", "body"),
        ("【记者林大山╱江城报导】新桥今天上午通车，两岸居民等了六年。", "body"),
        ("【记者林大山╱江城报导】", "byline"),
        ("2023年3月5日", "byline"),
    ],
)
def test_a_line_tells_its_kind(line: str, kind: str) -> None:
    assert classify_line(line) == kind


def test_heads_that_stand_over_every_subject() -> None:
    assert all(map(is_recurring_heading, ["来论", "短评", "图片报道", "网友留言板", "读者来信"]))
    assert not any(map(is_recurring_heading, ["来论文集出版", "江城网友留言板", "短评与长论"]))


def test_heads_of_boxes_depend_on_the_article() -> None:
    assert all(map(is_dependent_head, ["推荐读物", "【点评】", "■相关链接", "名词解释", "结束语", "附则"]))
    assert not any(map(is_dependent_head, ["推荐读物上架", "点评江城新桥", "附近的新桥"]))


def test_numbers_of_chapters_and_single_numerals_are_list_numbers() -> None:
    assert all(map(is_numbered, ["第一章 总则", "第十二节 桥梁", "第二部分 湖泊", "三", "一、桥", "（二）湖", "3.桥"]))
    assert not any(map(is_numbered, ["第一章节目播出", "三座新桥通车", "3.2万人过桥", "第一届书展"]))


def test_dates_and_datelines() -> None:
    assert is_date("2023年3月5日") and is_date("2023年3月5日于江城")
    assert not is_date("2023年3月5日通车")
    assert is_dateline("【综合报导】新桥通车。") and not is_dateline("【综合报导】")
    assert not is_dateline("【江城新桥通车】两岸居民等了六年。")


def test_a_notice_s_word_with_a_number_is_a_notice() -> None:
    assert has_notice_words("市民热线为何总占线")
    assert not any(map(has_notice_words, ["发行热线：1234", "招商热线63735555", "江城新桥通车"]))
