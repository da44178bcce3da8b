"""Lines that are no text of the page: page marks, running heads, rules, buttons of web pages, tags, front matter.

They may stand inside a sentence. So they are set aside before lines are joined and come back behind the paragraph that
they interrupt, as notices.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from banmian.reading.lines.line_types import classify_line, ends_sentence, width
from banmian.reading.lines.spans import TextBlock, concatenate
from banmian.reading.lines.web_lines import is_rule

FURNITURE = "furniture"
_NUMBER = r"[0-9０-９]{1,4}"
_PAGE_MARK = re.compile(
    rf"^(?:[-—–－―·•~*\s]+{_NUMBER}[-—–－―·•~*\s]+|第\s*(?:{_NUMBER}|[一二三四五六七八九十百]{{1,4}})\s*页"
    rf"(?:\s*[,，/／]?\s*共\s*(?:{_NUMBER}|[一二三四五六七八九十百]{{1,4}})\s*页)?|[Pp](?:age|AGE|g)?\.?\s*\d{{1,4}}(?:\s*(?:of|/)\s*\d{{1,4}})?"
    rf"|{_NUMBER}\s*[/／]\s*{_NUMBER}(?:\s*页)?|[〔\[]{_NUMBER}[〕\]]|[0-9０-９]{{1,3}}|{_NUMBER}\s*页)$"
)
_SUBSCRIPT = re.compile(r"^(?:[0-9０-９]{1,2}(?:\.\d{1,2})?|[₀-₉²³xn]|[-+−]\d{1,2}|eq)$")
_LONE_MARKS = frozenset("，。、；：？！")
_FIELD = re.compile(r"^(?:[A-Za-z_][\w-]{0,30}\s*:|\s*-\s)")
_SHORTEST, _LONGEST = 4, 40  # full-width characters of a running head
_FRONT = 60  # lines of front matter at most


def set_aside(plain: str, lines: list[TextBlock]) -> tuple[list[TextBlock], list[TextBlock]]:
    """Return the lines of text and the furniture, both in the order of the file; sub- and superscripts are put back."""
    texts = [line.text(plain) if line.end - line.start <= 200 else "" for line in lines]
    lines, texts = _with_subscripts(plain, lines, texts)
    aside = _front_matter(texts) | {n for n, text in enumerate(texts) if text and _is_page_mark(text)}
    aside |= _running_heads(texts, aside)
    if not aside:
        return lines, []
    kept: list[TextBlock] = []
    gap = 0
    for n, line in enumerate(lines):
        if n in aside:
            gap = min(gap or 9, line.newlines_before)
            continue
        if gap and kept and not ends_sentence(plain[kept[-1].start : kept[-1].end]):
            line = replace(line, newlines_before=min(gap, line.newlines_before))
        kept.append(line)
        gap = 0
    return kept, [replace(lines[n], role=FURNITURE) for n in sorted(aside)]


def put_back(paragraphs: list[TextBlock], aside: list[TextBlock]) -> list[TextBlock]:
    """Return paragraphs and furniture together, each piece behind the paragraph that begins before it."""
    if not aside:
        return paragraphs
    whole: list[TextBlock] = []
    place = 0
    for paragraph in paragraphs:
        while place < len(aside) and aside[place].start < paragraph.start:
            whole.append(aside[place])
            place += 1
        whole.append(paragraph)
    return whole + aside[place:]


def _is_page_mark(text: str) -> bool:
    return len(text) <= 24 and bool(_PAGE_MARK.match(text))


def _with_subscripts(plain: str, lines: list[TextBlock], texts: list[str]) -> tuple[list[TextBlock], list[str]]:
    """Join what a sub- or superscript or a mark on a line of its own cut in three (以PM / 2.5 / 浓度)."""
    short = [n for n in range(1, len(lines)) if 0 < len(texts[n]) <= 4]
    marks = {n for n in short if set(texts[n]) <= _LONE_MARKS}
    scripts = [n for n in short if _SUBSCRIPT.match(texts[n]) and n + 1 < len(lines)]
    cut = {n for n in scripts if _carries_script(plain[lines[n - 1].start : lines[n - 1].end], texts[n])}
    cut |= {n for n in marks if texts[n][-1] in "，、；："}
    if not cut and not marks:
        return lines, texts
    whole: list[TextBlock] = []
    shown: list[str] = []
    for n, line in enumerate(lines):
        if whole and (n in cut or n in marks or n - 1 in cut):
            whole[-1] = concatenate([whole[-1], line], [""])
            shown[-1] = whole[-1].text(plain) if whole[-1].end - whole[-1].start <= 200 else ""
        else:
            whole.append(line)
            shown.append(texts[n])
    return whole, shown


def _carries_script(before: str, script: str) -> bool:
    last = before[-1]
    if script[0] in "-+−":
        return last.isascii() and last.isdigit() and len(before) > 6
    return last.isascii() and last.isalpha() and len(before) > 4 and not before.isascii()


def _front_matter(texts: Sequence[str]) -> set[int]:
    """Return the lines of YAML front matter (--- title: … ---) at the head of a Markdown file."""
    if not texts or texts[0] not in ("---", "+++"):
        return set()
    end = next((n for n, text in enumerate(texts[1:_FRONT], start=1) if text == texts[0]), 0)
    fields = sum(bool(_FIELD.match(text)) for text in texts[1:end])
    return set(range(end + 1)) if end and fields >= 0.5 * (end - 1) else set()


def _running_heads(texts: Sequence[str], marks: set[int]) -> set[int]:
    """Return the lines that come again beside page marks or inside sentences, digits aside.

    Beside a page mark that differs from page to page, or a cut sentence that does; a repeated text is none.
    """
    if not marks and len(set(texts)) > len(texts) - 2:
        return set()  # nothing comes again, as on nearly every page; the rest costs time
    short = {
        n: re.sub(r"\d+", "0", text)
        for n, text in enumerate(texts)
        if text and n not in marks and len(text) <= 2 * _LONGEST and not set(text) & set("。！？，")
    }
    counts = Counter(short.values())
    places: dict[str, list[int]] = {}
    for n, text in short.items():
        if counts[text] > 1 and _SHORTEST <= width(text) <= _LONGEST:
            places.setdefault(text, []).append(n)
    heads: set[int] = set()
    for some in places.values():
        if len({texts[n - 1] for n in some if n}) < len([n for n in some if n]):
            continue  # what stands before it comes again too: the text is repeated
        cuts = sum(_cuts_in(texts, n, marks) for n in some)
        if cuts >= 0.5 * len(some) and classify_line(texts[some[0]]) in ("heading", "notice"):
            heads |= set(some)
    return heads


def _cuts_in(texts: Sequence[str], place: int, marks: set[int]) -> bool:
    """Tell whether a line stands at a page's edge: the file's, beside a page mark, or inside a sentence."""
    if place - 1 in marks or place + 1 in marks:
        return True
    if not place or place + 1 == len(texts):
        return len(marks) > 0
    before, after = texts[place - 1], texts[place + 1]
    inside = bool(before) and not ends_sentence(before) and width(before) > 10 and classify_line(before) == "body"
    return inside and bool(after) and classify_line(after) == "body" and not is_rule(before)
