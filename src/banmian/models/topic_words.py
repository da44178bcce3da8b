"""Which words may stand for a topic: not dates, not bare numbers, not names of people."""

import re

# 2024年, 11月, 5日, 上午, 周三, 星期二, 18点, 十二月: when, not what.
_DATE = re.compile(
    r"[\d０-９一二三四五六七八九十零〇两]+(年|月|日|号|时|点|分|秒|周年|月份|年度|年代)+|周[一二三四五六日末]|星期[一二三四五六日天]"
    r"|[上下]午|凌晨|昨[天日]|今[天日]|明[天日]|年|月|日"
)
_LETTER = re.compile(r"[^\W\d_]")


def is_topic_word(word: str, known: frozenset[str] = frozenset()) -> bool:
    """Say whether a word may be among a topic's words.

    Words in `known` (the lexicon: numbers that name programmes, such as 33618 or 141) always may. Dates and tokens
    without a letter never may. One-character words may: which of them say nothing is the stop words' business.
    """
    return word in known or (bool(_LETTER.search(word)) and not _DATE.fullmatch(word))
