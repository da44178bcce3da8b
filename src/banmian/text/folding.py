"""Characters that stand for others: Kangxi radicals, compatibility ideographs, and 著 where it is 着.

PDF exporters and recognisers write U+2F42 (⽂) for 文: alike to a reader, another word to a program.
"""

import re
import unicodedata
from functools import cache

# Radicals of the supplement that are printed for the character itself; most have no decomposition in Unicode. The
# equivalents are those of EquivalentUnifiedIdeograph.txt (Unicode 16).
# fmt: off
_RADICALS = {
    0x2E81: "厂", 0x2E84: "乙", 0x2E88: "刀", 0x2E8A: "卜", 0x2E8C: "小", 0x2E8D: "小", 0x2E92: "巳", 0x2E93: "幺",
    0x2E9C: "日", 0x2E9D: "月", 0x2E9F: "母", 0x2EA0: "民", 0x2EA7: "牛", 0x2EA9: "王", 0x2EAB: "目", 0x2EAC: "示",
    0x2EAE: "竹", 0x2EB6: "羊", 0x2EBB: "聿", 0x2EBC: "肉", 0x2EBD: "臼", 0x2EC4: "西", 0x2EC5: "见", 0x2EC6: "角",
    0x2EC9: "贝", 0x2ECA: "足", 0x2ECB: "车", 0x2ED1: "長", 0x2ED3: "长", 0x2ED4: "门", 0x2ED7: "雨", 0x2ED8: "青",
    0x2ED9: "韦", 0x2EDA: "页", 0x2EDB: "风", 0x2EDC: "飞", 0x2EDD: "食", 0x2EE2: "马", 0x2EE3: "骨", 0x2EE4: "鬼",
    0x2EE5: "鱼", 0x2EE6: "鸟", 0x2EE7: "卤", 0x2EE8: "麦", 0x2EE9: "黄", 0x2EEA: "黾", 0x2EEB: "斉", 0x2EEC: "齐",
    0x2EED: "歯", 0x2EEE: "齿", 0x2EEF: "竜", 0x2EF0: "龙", 0x2EF1: "龜", 0x2EF2: "亀", 0x2EF3: "龟",
}
# fmt: on
_FOLDED = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
# Taiwan and Hong Kong print 著 for 着 too. It is the writer's 著 beside these; 討論著, 配合著 are not.
_WRITTEN = (
    "(?:(?<=[名原显顯专專巨土编編译譯遗遺拙卓昭較较所知])|(?<![讨討谈談辩辯争爭议議推评評][论論])(?<=[论論])|"
    r"(?<![配结結融組组聯联综綜符]合)(?<=合)|(?<!主新)(?<=新))著|著(?=[名作述称稱者录錄書书文说說論论有《〈「『）)])"
)
_PARTICLE = re.compile(rf"(?:{_WRITTEN})|(?P<particle>著)", re.MULTILINE)


def fold_characters(text: str) -> str:
    """Return `text` with radicals and compatibility ideographs as ordinary characters, as long as `text`."""
    return text.translate(_table()) if _FOLDED.search(text) else text


def fold_particle(text: str) -> str:
    """Return `text`, Traditional as Taiwan prints it, with 著 as 着 where it is no writing (隨著, not 名著)."""
    if "著" not in text:
        return text
    return _PARTICLE.sub(lambda found: "着" if found.group("particle") else found.group(), text)


@cache
def _table() -> dict[int, str]:
    blocks = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    folded = {code: unicodedata.normalize("NFKC", chr(code)) for code in blocks}
    # Latin ligatures (ﬁ) share a block with the ideographs and would become longer.
    return _RADICALS | {code: char for code, char in folded.items() if len(char) == 1 and char != chr(code)}
