"""Which words may stand for a topic. The segmenter has taken out stop words, names and numbers; dates are left."""

import re

# 十二月, 四年, 12月5日, 2024, 星期二, 周三, 上午: they say when, and a topic of dates is a topic of nothing.
_DATE = re.compile(
    r"[\d〇零一二两三四五六七八九十廿卅百]+(?:年|月|日|号|时|点|分|秒|周年|月份|年度|年代|世纪)+"
    r"|(?:[\d〇零一二两三四五六七八九十]+[年月日号])+|(?:19|20)\d\d"
    r"|(?:周|星期|礼拜)[一二三四五六日天末]|[上下中]午|凌晨|傍晚|昨[天日晚]|今[天日晚年]|明[天日晚年]|去年|前年|当[天日]"
)


def is_topic_word(word: str) -> bool:
    """Say whether a content word may be among a topic's words: any but a date.

    Names of speakers, stop words and bare numbers never get here (`banmian.words.segment.Segmenter.words`), while the
    lexicon's one-character words and numbers that name programmes do, and may stand for a topic.

    >>> [word for word in ["十二月", "2024", "星期二", "茶", "141", "33618", "月光"] if is_topic_word(word)]
    ['茶', '141', '33618', '月光']
    """
    return not _DATE.fullmatch(word)
