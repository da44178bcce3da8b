"""The text that the rules of this room look at: as long as the raw text, so that places in it are places in that.

Simplified script, and full-width marks where a recogniser wrote half-width ones beside Chinese.
"""

import re

from banmian.text.script import simplify

_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff”’》」』】）％〉"
_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_MARK = re.compile(
    rf"(?<=[{_HAN}])[,;:?!()]|(?<=[%,;:?!)\d])[,;:?!)](?=\s*(?:[{_HAN}“‘《「『【]|$))|[,;:?!()](?=[{_HAN}“‘《「『【])",
    re.M,
)
_STOP = re.compile(
    rf"(?<=[{_HAN}])\.(?![.\w])|(?<=[{_HAN}])\.(?=[{_HAN}“‘《「『【])|(?<=[\d%A-Za-z)])\.(?=[\u3400-\u9fff“]\S{{4}})",
    re.M,
)
_LONE = re.compile(r"(?:(?<=\n)|(?<=\n[ \t]))[,;:?!.](?=[ \t]*\r?\n)")  # a mark on a line of its own
_ANY = re.compile(r"[,;:?!().]")  # scanned for first: far faster than the neighbours
_NUMBER = re.compile(r"(?:^|[^\w.])\d{1,2}$")


def reading_view(raw: str) -> str:
    """Return `raw` in Simplified script with the marks beside Chinese full-width; every place is kept."""
    plain = simplify(raw)
    if _LONE.search(plain):
        plain = _LONE.sub(lambda found: "。" if found.group() == "." else found.group().translate(_FULL), plain)
    changed: list[str] = []
    done = 0
    for found in _ANY.finditer(plain):
        place = found.start()
        if _MARK.match(plain, place):
            new = found.group().translate(_FULL)
        elif _STOP.match(plain, place):
            new = _stop(plain, place)
        else:
            continue
        changed += [plain[done:place], new]
        done = place + 1
    return "".join([*changed, plain[done:]]) if changed else plain


def _stop(plain: str, place: int) -> str:
    """Return a full stop, or the dot of a list number (1.市场) as it stands."""
    return "." if _NUMBER.search(plain[max(0, place - 4) : place]) else "。"
