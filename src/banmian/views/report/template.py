"""The words of a report, with places where facts go: written by a person, filled by results, never the other way."""

import math
import re
from collections.abc import Container, Mapping, Sequence
from string import Formatter
from typing import NamedTuple

# A placeholder that nobody filled; braces around anything else may be a document's own.
_UNFILLED = re.compile(r"\{[A-Za-z_]\w*[^{}]*\}")
_DIRECTIVE = re.compile(r"^(figure|table|list): *(\S+)$")


class Part(NamedTuple):
    """One part: a heading, paragraphs as (Chinese, English) pairs, and the names of a figure and a table or "".

    A part with a figure answers the question in its heading. The first part is the title page: its heading is the
    report's title, its paragraphs the lead. ``numbered``: the paragraphs are the items of a list.
    """

    heading_zh: str
    heading_en: str
    paragraphs: Sequence[tuple[str, str]]
    figure: str = ""
    table: str = ""
    numbered: bool = False


def parse_story(text: str) -> list[Part]:
    """Return the parts of a text.

    The first part is the title page::

        # 版面里说了什么 | What the pages say
        本报告读了{documents}份文件。
        This report reads {documents} documents.

        ## 版面由什么组成？ | What are the pages made of?
        figure: composition
        正文占{body:.0%}。
        {body:.0%} is body text.

    A paragraph is one line of Chinese and one of English; blank lines are for the eye. ``table: NAME`` puts a table
    into a part, ``list: numbered`` makes a list of its paragraphs. ``ValueError`` names the part whose heading or
    paragraphs are not in two languages.
    """
    parts = []
    for block in re.split(r"^#+ *", text, flags=re.MULTILINE)[1:]:
        heading, *lines = (line.strip() for line in block.splitlines() if line.strip())
        chinese, bar, english = (words.strip() for words in heading.partition("|"))
        found = [match.groups() for line in lines if (match := _DIRECTIVE.match(line))]
        named = {str(name): str(value) for name, value in found}
        lines = [line for line in lines if not _DIRECTIVE.match(line)]
        if not (bar and chinese and english) or len(lines) % 2 or len(found) > len(named):
            raise ValueError(
                f'report, part {heading!r}: needs a heading "Chinese | English", at most one figure, and a line of '
                f"English for every line of Chinese; found {len(lines)} lines"
            )
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        parts.append(Part(chinese, english, pairs, named.get("figure", ""), named.get("table", ""), "list" in named))
    return parts


def fill(text: str, facts: Mapping[str, object]) -> str:
    """Put facts into a text with placeholders such as ``{sections:,}`` or ``{share:.0%}``.

    Raises ``ValueError`` when a digit was typed into the text (make it a fact: typed numbers go stale), when a fact is
    missing or not a finite number, or when a fraction comes without a format that says how many digits count. Numbers
    spelled as words pass unseen.

    >>> fill("{right:.0%} of {sections:,} sections", {"right": 0.8125, "sections": 1200})
    '81% of 1,200 sections'
    """
    for words, name, digits, _ in Formatter().parse(text):
        where, value = f"{text[:60]!r}", facts.get(name or "")
        if re.search(r"\d", words):
            raise ValueError(f"{where}: the number in {words.strip()[-30:]!r} is typed; make it a {{fact}}")
        if name is not None and name not in facts:
            raise ValueError(f"{where}: {{{name}}} is not among the facts: {', '.join(sorted(facts))}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{where}: the fact {name} is {value}; see why no number was found")
        if isinstance(value, float) and not digits:
            raise ValueError(f"{where}: {{{name}}} is a fraction; write {{{name}:.2f}} or {{{name}:.0%}}")
    return Formatter().vformat(text, (), facts)


def fill_parts(parts: Sequence[Part], facts: Mapping[str, object]) -> list[Part]:
    """Return the parts with every heading and paragraph filled from the facts; errors as in `fill`."""
    return [
        part._replace(
            heading_zh=fill(part.heading_zh, facts),
            heading_en=fill(part.heading_en, facts),
            paragraphs=[(fill(chinese, facts), fill(english, facts)) for chinese, english in part.paragraphs],
        )
        for part in parts
    ]


def drop_unfilled(
    parts: Sequence[Part], facts: Mapping[str, object], figures: Container[str], tables: Container[str] = ()
) -> list[Part]:
    """Return what the facts suffice for: paragraphs whose facts are known, in parts whose figure and table are there.

    A part of which no paragraph is left goes too. Where every part must be there, leave this out: `fill_parts` then
    says what is missing.
    """
    kept = []
    for part in parts:
        known = [pair for pair in part.paragraphs if all(_known(text, facts) for text in pair)]
        there = (not part.figure or part.figure in figures) and (not part.table or part.table in tables)
        if there and known and all(_known(text, facts) for text in part[:2]):
            kept.append(part._replace(paragraphs=known))
    return kept


def check_filled(parts: Sequence[Part]) -> None:
    """Raise ``ValueError`` naming the part in which a placeholder is left over."""
    for part in parts:
        for text in (*part[:2], *(text for paragraph in part.paragraphs for text in paragraph)):
            if left := _UNFILLED.search(text):
                raise ValueError(f"report, part {part.heading_en!r}: {left[0]} was not filled; see fill_parts")


def _known(text: str, facts: Mapping[str, object]) -> bool:
    return all(name is None or name in facts for _, name, _, _ in Formatter().parse(text))
