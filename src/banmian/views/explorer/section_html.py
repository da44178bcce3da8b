"""One section as HTML: the page as it was beside the text as repaired, everything done to it marked.

Pure functions from strings to strings. Documents may hold anything, so every character of theirs is escaped, ids too.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from banmian.text.script import simplify

Spans = Sequence[Sequence[int]]

# What the page shows of its surroundings: enough to recognise the place, little enough to find the marks.
AROUND_LINES, AROUND_CHARACTERS = 3, 120
APART = 400  # characters of other text inside a section after which the middle is left out

GAP_WORDS = {
    "join": "white space that was no break: joined",
    "space": "a line's end that separates two words",
    "paragraph": "a paragraph ends here",
    "over": "joined across what stands between",
    "moved": "columns put in order: the page goes on further up",
}


class Gap(NamedTuple):
    """What became of the raw text between two printed characters of a section.

    ``place``: offset in the section's text of the character after the gap. ``start``, ``end``: the gap in the raw file
    (start > end where the reading order goes back). ``kind``: a key of ``GAP_WORDS``.
    """

    place: int
    start: int
    end: int
    kind: str


def find_gaps(raw: str, text: str, spans: Spans) -> list[Gap]:
    """Walk a section back to the file and return every gap between two of its printed characters, in reading order.

    Raises ``ValueError`` when the text is not made of the characters of its spans.
    """
    origins = [i for start, end in spans for i in range(start, end) if not raw[i].isspace()]
    places = [i for i, character in enumerate(text) if not character.isspace()]
    if [raw[i] for i in origins] != [text[i] for i in places]:
        raise ValueError(f"section {text[:12]!r}…: its text is not what its spans hold; split the documents again")
    gaps = []
    for n in range(1, len(places)):
        start, end = origins[n - 1] + 1, origins[n]
        shown = text[places[n - 1] + 1 : places[n]]
        if start == end and not shown:
            continue
        if end < start:
            kind = "moved"
        elif raw[start:end].strip():
            kind = "over"
        elif "\n" in shown:
            kind = "paragraph"
        elif shown:
            kind = "space"
        else:
            kind = "join"
        # A space between two words of one line stayed what it was: nothing was done, nothing is marked.
        if not (kind == "space" and raw[start:end] == shown):
            gaps.append(Gap(places[n], start, end, kind))
    return gaps


def page_html(raw: str, section: Any, others: pd.DataFrame) -> str:
    """Return the lines of the file around a section, its own characters and the white space that was mended marked.

    Parameters
    ----------
    raw : the document's text as it was read.
    section : a row with section_id, text and spans.
    others : the document's sections (section_id, kind, spans); their text is told apart by kind.
    """
    spans = section.spans
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    window = _window(raw, first, last)
    looks: dict[int, str] = {}
    near = zip(others["section_id"], others["kind"], others["spans"], strict=True)
    for section_id, kind, places in near:
        title = escape(f"{kind} {section_id}")
        looks.update(_fill(places, window, f'class="bm-else bm-{escape(kind)}" title="{title}"'))
    looks.update(_fill(spans, window, 'class="bm-own"'))  # over its own entry among the others
    for gap in find_gaps(raw, section.text, spans):
        if gap.kind in ("join", "space", "paragraph"):
            look = f'class="bm-gap bm-{gap.kind}" title="{escape(GAP_WORDS[gap.kind])}"'
            looks.update(_fill([(gap.start, gap.end)], window, look))
    lines = [_line(raw, places, looks) for places in _lines(raw, window, spans)]
    return f'<div class="bm-page" lang="zh">{"".join(lines)}</div>'


def text_html(raw: str, section: Any, others: pd.DataFrame, reasons: Iterable[tuple[str, float]] = ()) -> str:
    """Return the repaired text: paragraphs, a mark at every join, what was taken out, and the words that carried it.

    ``reasons`` are words and weights; a word is found in either script. A weight above 0 speaks for the label given,
    one below 0 against it. The marks are drawn by the style sheet and are not copied with the text.
    """
    text = section.text
    looks: dict[int, str] = {}
    plain = simplify(text)
    # Longer words last, so that they show whole where a shorter reason lies inside them.
    for word, weight in sorted(reasons, key=lambda reason: (len(reason[0]), reason)):
        sign = "for" if weight > 0 else "against"
        look = f'class="bm-why bm-{sign}" title="speaks {sign} the label ({weight:+.2g})"'
        for place in _occurrences(plain, simplify(word)):
            looks.update(dict.fromkeys(range(place, place + len(word)), look))
    marks = {gap.place: _mark(gap, raw, others) for gap in find_gaps(raw, text, section.spans)}
    parts, start = [], 0
    for place in [*sorted(marks), len(text)]:
        parts += [_marked(text[start:place], start, looks), marks.get(place, "")]
        start = place
    return f'<div class="bm-text" lang="zh">{"".join(parts)}</div>'


def section_html(
    raw: str, section: Any, others: pd.DataFrame, reasons: Sequence[tuple[str, float]] = (), said: str = ""
) -> str:
    """Return the whole view of one section: what it is, the page as it was, the text as repaired, and a key of marks.

    ``said``: HTML of what the classifier says of it, or empty.
    """
    facts = [section.section_id, section.kind, section.script]
    if isinstance(section.duplicate_of, str):
        facts.append(f"重复 tells again {section.duplicate_of}")
    topic = getattr(section, "topic", "")
    facts += [f"话题 topic: {topic}"] if topic else []
    return (
        f'<div class="bm-section"><h3>{escape(section.heading)}</h3><p>{escape(" · ".join(facts))}</p>{said}'
        f'<div class="bm-sides"><div><h4>原版面 The page as it was</h4>{page_html(raw, section, others)}</div>'
        f"<div><h4>修复后 The text as repaired</h4>{text_html(raw, section, others, reasons)}</div></div>{_KEY}</div>"
    )


def _window(raw: str, first: int, last: int) -> tuple[int, int]:
    """Return the stretch of the file that is shown: some lines round the section, but never a page-long line."""
    start, end = first, last - 1
    for _ in range(AROUND_LINES + 1):
        if start >= 0:
            start = raw.rfind("\n", 0, start)
        if end < len(raw):
            end = raw.find("\n", end + 1)
            end = len(raw) if end < 0 else end
    return max(start + 1, first - AROUND_CHARACTERS), min(end, last + AROUND_CHARACTERS)


def _fill(places: Iterable[Sequence[int]], window: tuple[int, int], look: str) -> dict[int, str]:
    return {i: look for start, end in places for i in range(max(start, window[0]), min(end, window[1]))}


def _lines(raw: str, window: tuple[int, int], spans: Spans) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of each line to show; a stretch far from all spans is one pair with start == end."""
    kept = _near(spans, window)
    skipped_entries = False
    start = window[0]
    while start < window[1]:
        end = raw.find("\n", start, window[1])
        end = window[1] if end < 0 else end + 1
        if any(start < stop and begin < end for begin, stop in kept):
            skipped_entries = False
            yield start, end
        elif not skipped_entries:
            skipped_entries = True
            yield start, start
        start = end


def _near(spans: Spans, window: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the stretches of the window that hold the spans and what lies close between them."""
    stretches = [list(window[:1]) * 2]
    for start, end in sorted((start, end) for start, end in spans):
        if start - stretches[-1][1] <= APART:
            stretches[-1][1] = max(end, stretches[-1][1])
        else:
            stretches.append([start - AROUND_CHARACTERS // 2, end])
    stretches[-1][1] = window[1]
    return [(start, end + AROUND_CHARACTERS // 2) for start, end in stretches]


def _line(raw: str, places: tuple[int, int], looks: dict[int, str]) -> str:
    start, end = places
    if start == end:
        return '<div class="bm-line bm-left-out">⋯</div>'
    number = raw.count("\n", 0, start) + 1
    return f'<div class="bm-line"><b>{number}</b><span>{_marked(raw[start:end], start, looks)}</span></div>'


def _marked(text: str, start: int, looks: dict[int, str]) -> str:
    """Escape a text, with the look of each character (by its offset, from ``start``) put round runs of one look."""
    parts = []
    for look, run in groupby(enumerate(text, start), key=lambda pair: looks.get(pair[0], "")):
        escaped = escape("".join(character for _, character in run))
        parts.append(f"<span {look}>{escaped}</span>" if look else escaped)
    return "".join(parts)


def _occurrences(text: str, word: str) -> Iterator[int]:
    place = text.find(word) if word else -1
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _mark(gap: Gap, raw: str, others: pd.DataFrame) -> str:
    """Return the mark for one gap in the repaired text; text that was taken out can be read by pointing at it."""
    title = GAP_WORDS[gap.kind]
    if gap.kind == "over":
        between = zip(others["kind"], others["spans"], strict=True)
        kinds = [kind for kind, spans in between if any(gap.start <= s and e <= gap.end for s, e in spans)]
        between_text = " ".join(raw[gap.start : gap.end].split())[:300]
        name = ", ".join(dict.fromkeys(kinds)) or "text"
        return f'<i class="bm-out" title="{escape(between_text)}">{escape(name)}</i>'
    return f'<i class="bm-gap bm-{gap.kind}" title="{escape(title)}"></i>'


_KEY = (
    '<p class="bm-key"><span class="bm-own">本段 this section</span> · '
    '<span class="bm-else bm-notice">启事、署名、图注 notice, byline, caption</span> · '
    '<i class="bm-gap bm-join"></i> 接合 joined · <i class="bm-gap bm-space"></i> 留空格 space · '
    '<i class="bm-gap bm-paragraph"></i> 分段 paragraph · <i class="bm-gap bm-moved"></i> 移栏 column moved · '
    '<i class="bm-out">notice</i> 取出 taken out · <span class="bm-why bm-for">支持 for the label</span> · '
    '<span class="bm-why bm-against">反对 against</span></p>'
)
