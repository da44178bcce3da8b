"""Simplified, Traditional or Latin: say which, and turn Traditional into Simplified with every offset unchanged.

Both functions are for reading and matching, not for printing: a text converted back and forth is no longer what the
paper printed (展示了如何 would come back as 展示瞭如何), so the original always stands beside the Simplified view.
"""

import re
from functools import cache

import numpy as np
import opencc

from banmian.text.folding import fold_characters, fold_particle

_NEITHER, _EITHER, _HANS, _HANT, _LATIN = range(5)
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x40000))
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# OpenCC copies its whole input several times; pieces keep its memory flat on a line of ten million characters.
_PIECE = 100_000
# A fifth of the telling characters in the other script is no longer a recogniser's slip: a Traditional page put through
# OCR holds up to a tenth of Simplified characters (重点, 全媒体), a page set half in each holds about a half.
_MIXED_SHARE = 0.2
# Proper in Simplified texts too, where OpenCC would change them: 乾安县, 蒜薹, 宫商角徵羽. 後 and 於 are slips there.
_KEPT = re.compile("[乾夥徵吒拚捱摺榘薹袷醣麴麽]")
# Places that OpenCC's phrases lack, also in Traditional; 豆乾安全 is no place.
_PLACE = re.compile("(?<![豆餅饼果肉筍笋魚鱼菜])乾(?=[務务潭驛驿]|安[縣县油大糧粮鎮镇人字市])")
_HANS_SHARE = 0.8  # of the telling characters: a page of which that many are Simplified is Simplified


def simplify(text: str) -> str:
    """Return `text` in Simplified Chinese, character for character: the result is exactly as long as `text`.

    OpenCC's `t2s` decides by phrase (乾燥 → 干燥, but 乾隆 stays). Where a phrase would change the length, that line
    is converted one character at a time, and a character that would become several is left alone. Offsets into `text`
    are therefore offsets into the result. Regional words are not translated (計程車 → 计程车, not 出租车).
    Radicals and compatibility ideographs become ordinary characters, and 著 becomes 着 where Taiwan prints it for that
    (隨著). What is proper in a Simplified text (乾安县, 名著) is left alone there.
    """
    text = fold_characters(text)
    if not _has_traditional(text):
        return text
    n_hans, n_hant = _telling_characters(text)
    is_hans = n_hans > _HANS_SHARE * (n_hans + n_hant)
    text = text if is_hans else fold_particle(text)  # first, since OpenCC knows 藉着 and not 藉著
    converted = "".join(_simplify_piece(piece) for piece in _pieces(text))
    return _with_kept(text, converted, _KEPT if is_hans else _PLACE)


def detect_script(text: str) -> str:
    """Return `hans`, `hant`, `en` or `mixed` for one text.

    Most characters are written alike in both scripts and are no evidence. A character is Traditional when OpenCC
    changes it and GB 2312 lacks it (會, 黨); Simplified when OpenCC changes it the other way and Big5 lacks it.
    后, 里, 干, 著 are proper in both and are no evidence. The larger count wins, unless the smaller is over a fifth of
    both: then `mixed`. Without any telling character the answer is `hans`. Latin words count against Han characters:
    under a tenth Han is `en`, under two fifths `mixed`, above that the Han characters alone decide. Text with neither
    is `hans`.
    """
    kinds = _kind_of_code()[_codes(text)]
    _, n_either, n_hans, n_hant, n_letters = np.bincount(kinds, minlength=5).tolist()
    n_han = n_either + n_hans + n_hant
    n_latin = 0
    if n_letters:
        is_latin = np.concatenate([[False], kinds == _LATIN])
        n_latin = int(np.count_nonzero(is_latin[1:] & ~is_latin[:-1]))
    if n_latin and n_han < 0.4 * (n_han + n_latin):
        return "en" if n_han < 0.1 * (n_han + n_latin) else "mixed"
    if min(n_hans, n_hant) > _MIXED_SHARE * (n_hans + n_hant):
        return "mixed"
    return "hant" if n_hant > n_hans else "hans"


def _telling_characters(text: str) -> tuple[int, int]:
    """Return how many characters of `text` are only Simplified, and how many only Traditional."""
    _, _, n_hans, n_hant, _ = np.bincount(_kind_of_code()[_codes(text)], minlength=5).tolist()
    return n_hans, n_hant


def _with_kept(text: str, converted: str, kept: re.Pattern[str]) -> str:
    """Return `converted` with the characters of `text` at the places that `kept` finds."""
    places = [found.start() for found in kept.finditer(text)]
    if not places:
        return converted
    chars = list(converted)
    for place in places:
        chars[place] = text[place]
    return "".join(chars)


def _has_traditional(text: str) -> bool:
    """Tell whether any character of `text` could be changed by `t2s`; to search is far cheaper than OpenCC."""
    return bool(_changes()[_codes(text)].any())


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _pieces(text: str) -> list[str]:
    """Cut `text` into pieces of at most 100,000 characters, at a line's end or a full stop where one is near."""
    pieces, start = [], 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        if end < len(text):
            # A cut inside a phrase could change its conversion; the last fifth of a piece nearly always has a stop.
            stops = [text.rfind(mark, start + _PIECE * 4 // 5, end) for mark in "\n。，"]
            end = max(stops) + 1 or end
        pieces.append(text[start:end])
        start = end
    return pieces


def _simplify_piece(text: str) -> str:
    # A lone surrogate cannot be passed to OpenCC as UTF-8; U+FFFC stands in for it and is never touched by OpenCC.
    clean = _SURROGATE.sub("\ufffc", text)
    converted = _converter("t2s").convert(clean)
    if len(converted) != len(text):
        table = _character_table()
        converted = "\n".join(_simplify_line(line, table) for line in clean.split("\n"))
    if clean is text or clean == text:
        return converted
    return "".join(old if _SURROGATE.match(old) else new for old, new in zip(text, converted, strict=True))


def _simplify_line(line: str, table: dict[int, str]) -> str:
    converted = _converter("t2s").convert(line)
    return converted if len(converted) == len(line) else line.translate(table)


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def _converted_apart(name: str, chars: list[str]) -> list[str]:
    """Convert every character by itself: no phrase reaches over a line's end, and one call is ten times as fast."""
    return _converter(name).convert("\n".join(chars)).split("\n")


@cache
def _character_table() -> dict[int, str]:
    """Every single character that `t2s` turns into one other character."""
    chars = [chr(code) for code in (*range(0x2E80, 0xD800), *range(0xF900, 0xFB00), *range(0x20000, 0x323B0))]
    both = zip(chars, _converted_apart("t2s", chars), strict=True)
    return {ord(char): converted for char, converted in both if converted != char and len(converted) == 1}


@cache
def _changes() -> np.ndarray:
    """For every code point: whether `t2s` may change it; of the planes beyond the first all Han characters."""
    changes = np.zeros(0x110000, dtype=bool)
    changes[list(_character_table())] = True
    changes[0x20000:0x323B0] = True
    changes[ord("著")] = True
    return changes


@cache
def _kind_of_code() -> np.ndarray:
    """For every code point: neither, Han of either script, only Simplified, only Traditional, Latin letter."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for start, end in _HAN_BLOCKS:
        kinds[start:end] = _EITHER
    # A Latin word weighs as much as a Han character: both are about one unit of reading. Its apostrophe belongs to it.
    for code in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), ord("'"), ord("’")):
        kinds[code] = _LATIN
    chars = [chr(code) for code in range(0x4E00, 0xA000)]
    for char, converted in zip(chars, _converted_apart("s2t", chars), strict=True):
        if converted != char and not _encodes(char, "big5"):
            kinds[ord(char)] = _HANS
    for code in _character_table():
        if not _encodes(chr(code), "gb2312"):
            kinds[code] = _HANT
    return kinds


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
