"""Which words may stand for a topic. The segmenter has taken out stop words, names and numbers; dates are left."""

import re

_DIGIT = "[0-9〇零一二两三四五六七八九十廿卅百几数多半]"
_UNIT = "(?:周年|月份|年度|年代|世纪|季度|星期|礼拜|小时|分钟|[年月日号时点分秒周季旬天])"
# 今年底, 上周, 翌日, 每晚; without 明月 (the moon), 半天 and 上天, which say other things too.
_WHICH = "[今本当上下同隔翌次去前昨每连近历往逐单整全首]"
# What follows the unit and still says when: 年前, 月初, 三年多来, 今天上午, 去年同期; 日晚 is cut out of 24日晚.
_SIDE = "(?:[初底末中终间内来前后均度多半起止晚]|以来|同期|上半|下半|[上下中]午|[早晚]上|凌晨|傍晚|[春夏秋冬]天|此时)"
# 十二月, 12月5日, 2024, 星期二, 上午: they say when, and a topic of dates is a topic of nothing.
_DATE = re.compile(
    rf"近?第?{_DIGIT}+(?:个多?|余)?{_UNIT}(?:{_DIGIT}*{_UNIT})*{_SIDE}*|(?:19|20)\d\d"
    rf"|{_WHICH}?{_DIGIT}?个?(?:年|月(?!均)|[日季旬周]|星期|(?<=[今昨前当每整全单])[天晚夜晨]){_SIDE}+"
    rf"|{_WHICH}(?:[年季周旬晚晨月日]|半年)|[今昨明前当每整全][天日晚年夜晨]|明年{_SIDE}*"
    r"|[上下本每]?(?:周|星期|礼拜)[一二三四五六日天末]|[上下][个半]?[年月季周]|[上中下]旬|日[称到至于才因以向]"
    r"|[上下中]午|[清早今]晨|[深半午昨]夜|[晚夜午日晨]间|午后|凌晨|傍晚|时[许整说称至]|届时|[早晚]些时候|[自从]?[即之]日起|季度|早日"
)


def is_topic_word(word: str) -> bool:
    """Say whether a content word may be among a topic's words: any but a date.

    Names of speakers, stop words and bare numbers never get here (`banmian.words.segment.Segmenter.words`), while the
    lexicon's one-character words and numbers that name programmes do, and may stand for a topic.

    >>> [word for word in ["十二月", "2024", "星期二", "去年同期", "茶", "141", "月光"] if is_topic_word(word)]
    ['茶', '141', '月光']
    """
    return not _DATE.fullmatch(word)
