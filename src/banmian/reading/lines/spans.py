"""Printed lines and paragraphs as places in the raw text: what all repairs work on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from banmian.text.markup import INVISIBLE

NEWLINES = frozenset("\n\r\v\f\x85\u2028\u2029")
_NEWLINE = re.compile(f"[{''.join(sorted(NEWLINES))}](?:(?<=\r)\n)?")  # begins with a set, which is found fastest
_PIECE = re.compile(r"\S+")
_SEEN = re.compile(f"[^\\s{INVISIBLE}]")


_INDENT = re.compile(
    "\u3000{2,}|[\u3000 \xa0]*\t[\t\u3000 \xa0]*|[\xa0 ]{4,}|\xa0{2,}|[\u3000 \xa0]*\u3000[\u3000 \xa0]+"
)
_ENDED = re.compile("(?:[。！？…；：][”’」』）)】]*|[。！？…”」][（(【][^（）()]{1,24}[）)】])$")
_LONG_LINE, _TITLE = 40, 60  # characters


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Pieces of the raw text that stand in one printed line or paragraph, in reading order.

    `char_spans` are [start, end) places without white space in them; `joiners[i]` stands before piece i+1 in the
    repaired text: nothing, or one space. `newlines_before` counts the newlines before it; `indent`: it began
    with an indent; `role`: `furniture` (a page mark, a running head), `verse`, or empty.
    """

    char_spans: tuple[tuple[int, int], ...]
    joiners: tuple[str, ...]
    newlines_before: int
    indent: bool = False
    role: str = ""

    @property
    def start(self) -> int:
        """Place of its first character in the raw text."""
        return self.char_spans[0][0]

    @property
    def end(self) -> int:
        """Place after its last character in the raw text."""
        return self.char_spans[-1][1]

    def text(self, raw: str) -> str:
        """Return the paragraph as a reader would see it."""
        start, end = self.char_spans[0]
        if not any(self.joiners):  # the usual cases in C: every line's text is asked for several times
            return (
                raw[start:end]
                if len(self.char_spans) == 1
                else "".join([raw[start:end] for start, end in self.char_spans])
            )
        parts = [raw[start:end]]
        for glue, (start, end) in zip(self.joiners, self.char_spans[1:], strict=True):
            parts += [glue, raw[start:end]]
        return "".join(parts)

    def joined(self, other: "TextBlock", glue: str) -> "TextBlock":
        """Return this paragraph carried on by `other`."""
        return TextBlock(
            self.char_spans + other.char_spans,
            (*self.joiners, glue, *other.joiners),
            self.newlines_before,
            self.indent,
            self.role,
        )

    def with_pieces(self, more: dict[int, list[tuple[int, int]]]) -> "TextBlock":
        """Return this paragraph with `more[i]` set in right behind piece i."""
        pieces, glue = [], []
        for i, (piece, before) in enumerate(zip(self.char_spans, ("", *self.joiners), strict=True)):
            new = more.get(i, [])
            pieces += [piece, *new]
            glue += [before, *[""] * len(new)]
        return TextBlock(tuple(pieces), tuple(glue[1:]), self.newlines_before, self.indent, self.role)

    def split_at_span(self, n: int) -> tuple["TextBlock", "TextBlock"]:
        """Return the first `n` pieces and the rest as two paragraphs; the rest has no newline before it (gap 0)."""
        head = TextBlock(self.char_spans[:n], self.joiners[: n - 1], self.newlines_before, self.indent)
        return head, TextBlock(self.char_spans[n:], self.joiners[n:], 0)

    def split_at(self, offset: int) -> tuple["TextBlock", "TextBlock"]:
        """Return the paragraph before and from character `offset` of its text; its pieces need not be in raw order."""
        n, (start, end) = 0, self.char_spans[0]
        while offset >= end - start:
            offset -= end - start + len(self.joiners[n])
            n += 1
            start, end = self.char_spans[n]
        if offset <= 0:
            return self.split_at_span(n)
        place = start + offset
        head = TextBlock((*self.char_spans[:n], (start, place)), self.joiners[:n], self.newlines_before, self.indent)
        return head, TextBlock(((place, end), *self.char_spans[n + 1 :]), self.joiners[n:], 0)


def concatenate(parts: Sequence[TextBlock], glues: Sequence[str]) -> TextBlock:
    """Return `parts` carried on by one another, `glues[i]` before part i+1; time grows with the pieces alone."""
    if len(parts) == 1:
        return parts[0]
    pieces = tuple(chain.from_iterable(part.char_spans for part in parts))
    glue = chain(parts[0].joiners, *((before, *part.joiners) for before, part in zip(glues, parts[1:], strict=True)))
    return TextBlock(pieces, tuple(glue), parts[0].newlines_before, parts[0].indent, parts[0].role)


def covering_spans(raw: str, blocks: Sequence[TextBlock]) -> list[list[int]]:
    """Return the places of all pieces in order; pieces with only white space between them make one span."""
    spans: list[list[int]] = []
    for start, end in (piece for block in blocks for piece in block.char_spans):
        if spans and spans[-1][1] <= start and (spans[-1][1] == start or raw[spans[-1][1] : start].isspace()):
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return spans


def printed_lines(raw: str) -> Iterator[TextBlock]:
    """Yield every line of the file that is not blank, cut into pieces at its white space, each kept with one space.

    A line of unseen characters alone is blank, unless the file holds nothing else.
    """
    gap = start = 0
    some = _SEEN.search(raw) is not None
    for end, after in _line_ends(raw):
        pieces = tuple([piece.span() for piece in _PIECE.finditer(raw, start, end)])
        if pieces and (not some or _SEEN.search(raw, start, end)):
            indent = raw.startswith(("\u3000", "    ", "\t"), start, end)
            line = TextBlock(pieces, (" ",) * (len(pieces) - 1), gap, indent)
            yield from _split_at_indents(raw, line) if len(pieces) > 1 and end - start >= _LONG_LINE else (line,)
            gap = 0
        gap += 1
        start = after


def _split_at_indents(raw: str, line: TextBlock) -> list[TextBlock]:
    """Cut a line where a paragraph's indent stands inside it, as in files that hold an article in one line.

    An indent is two ideographic spaces, a tab or their like behind a sentence's end. Where a line has one, its title is
    parted from the text by the same: cut there too, if what stands before has no mark of a sentence.
    """
    cuts = []
    for n, ((_, end), (begin, _)) in enumerate(pairwise(line.char_spans), start=1):
        gap = raw[end:begin]
        if gap == " " or not _INDENT.fullmatch(gap):
            continue
        if _ENDED.search(raw, max(line.start, end - 30), end):
            cuts.append(n)
        elif not cuts and end - line.start <= _TITLE and not set(raw[line.start : end]) & set("，。"):
            cuts.append(-n)
    cuts = [abs(n) for n in cuts] if any(n > 0 for n in cuts) else []
    parts, rest, done = [], line, 0
    for n in sorted(set(cuts)):
        head, rest = rest.split_at_span(n - done)
        parts.append(head)
        rest = replace(rest, newlines_before=1, indent=True)
        done = n
    return [*parts, rest]


def _line_ends(raw: str) -> Iterator[tuple[int, int]]:
    for found in _NEWLINE.finditer(raw):
        yield found.start(), found.end()
    yield len(raw), len(raw)
