"""Words on figures: in two languages, and broken into lines where Chinese may be broken."""

import os
import re
from unicodedata import east_asian_width

_CLOSING = "，。、；：？！）》」』】”’…,.;:?!)]"
# A Han character, a Latin word or white space, each with the closing marks that follow it.
_PIECES = re.compile(rf"(?:[\u2e80-\uffff]|[^\s\u2e80-\uffff]+|\s+)[{re.escape(_CLOSING)}]*")


def languages() -> tuple[str, ...]:
    """Return the languages that ``BANMIAN_LANG`` asks for: zh, en or both (the default), Chinese first."""
    language = os.environ.get("BANMIAN_LANG") or "both"
    known = {"both": ("zh", "en"), "zh": ("zh",), "en": ("en",)}
    if language not in known:
        raise ValueError(f"BANMIAN_LANG is {language!r}; known: {', '.join(known)}")
    return known[language]


def bilingual(chinese: str, english: str, join: str = " ") -> str:
    """Return the words in the language or languages that are shown (see `languages`).

    >>> bilingual("话题", "topic")
    '话题 topic'
    """
    shown = languages()
    return join.join(words for language, words in (("zh", chinese), ("en", english)) if language in shown)


def wrap(text: str, cells: int, keep_words: bool = False) -> str:
    """Break a text into lines of at most ``cells`` columns: a Han character takes two, a Latin word is kept whole.

    No line begins with a closing mark (it stays with the character before it, if need be beyond the last column).
    ``keep_words`` is for names: they break only at spaces where every word fits, and their lines come out alike.

    >>> wrap("新时代中国特色社会主义思想", 14)
    '新时代中国特色\\n社会主义思想'
    >>> wrap("两企三新 六区一高地 枫桥经验", 20, keep_words=True)
    '两企三新 六区一高地\\n枫桥经验'
    """
    if not keep_words:
        return "\n".join("\n".join(_lines(_PIECES.findall(line), cells)) for line in str(text).split("\n"))
    lines = []
    for line in str(text).split("\n"):
        pieces = re.findall(r"\S+|\s+", line)
        if any(_width(piece) > cells for piece in pieces):
            pieces = _PIECES.findall(line)
        fewest = len(_lines(pieces, cells))
        narrowest = next(n for n in range(1, cells + 1) if len(_lines(pieces, n)) <= fewest)
        lines += _lines(pieces, narrowest)
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _lines(pieces: list[str], cells: int) -> list[str]:
    """Fill lines with pieces, the first that does not fit opening the next line."""
    lines = [""]
    for piece in pieces:
        if _width(lines[-1]) + _width(piece.rstrip(_CLOSING)) > cells and lines[-1]:
            lines.append("")
        if lines[-1] or piece.strip():
            lines[-1] += piece
    return [line.rstrip() for line in lines]
