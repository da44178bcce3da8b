"""White space put right: every run of it joins, separates words, or ends a paragraph. No character is touched.

A scanner leaves three kinds of false white space: a blank line inside a sentence (a column or a page ended there), a
space at every printed line's end, and a newline at every printed line's end. The printed width tells the last two
apart from meant ones (`wrapping`), the sentence and `edges.continues` the first.
"""

from collections.abc import Sequence

from banmian.reading import edges, wrapping
from banmian.reading.kinds import (
    ends_sentence,
    is_dateline,
    is_numbered,
    is_surely_heading,
    own_kind,
    strip_markers,
    width,
)
from banmian.reading.printed import Paragraph, printed_lines

_CANNOT_START = "，。、；：？！”’）》」』】〉,;:?!)]}%％…·"
_CARRY_ON = "，、,（(《“‘「『"  # no paragraph ends on one of these
_WEAK_OPENING = "的了和及或等们"  # words that tie: no paragraph and no headline opens with one
_WEAK_ENDING = "的是在和与将把被从由及最更该其并且而或之"  # nor ends with one of these
_FOLLOWS = 1.0  # log odds at which even a line that could be a heading is carried on
_PAIRS = ("“”", "‘’", "「」", "『』", "《》", "（）", "()", "【】")
_SAMPLE = 12_000  # characters of a page counted for its own neighbours: more changes no decision and takes time
_WORD_CUT = 4.0  # log odds from which a word of the lexicon surely lies across the edge
_SHORT = 13  # full-width characters: lines of verse and most sub-headings stay under it
_NEAR = 20_000  # characters of the page searched for a pull quote's source


def find_paragraphs(plain: str) -> tuple[list[Paragraph], "EdgeJudge"]:
    """Return the printed paragraphs of one page in the order of the file; every non-space character is in one.

    `plain` is the raw text in Simplified script (`script.simplify` keeps every place). Headings and bylines are
    paragraphs of their own here. A running head inside a sentence comes after the sentence that it interrupts. The
    order of columns is not looked at. Beside the paragraphs, the judge of this page's edges, for `columns` to ask.
    """
    lines = wrapping.unfold(plain, list(printed_lines(plain)))
    lines = [part for line in wrapping.mend_spaces(plain, lines) for part in wrapping.split_indented(plain, line)]
    judge = EdgeJudge(plain, lines)
    return _rejoin(lines, judge), judge


def _rejoin(lines: list[Paragraph], judge: "EdgeJudge") -> list[Paragraph]:
    """Join what a blank line cut inside a sentence; look past one line that stands in between."""
    joined: list[Paragraph] = []
    place = 0
    while place < len(lines):
        current, following = lines[place], place + 1
        aside: list[Paragraph] = []
        fresh = True
        while following < len(lines):
            if following + 1 < len(lines) and judge.interrupts(current, lines[following], lines[following + 1]):
                aside.append(lines[following])
                following += 1
            elif not judge.joins(current, lines[following : following + 4], fresh):
                break
            current, fresh = current.joined(lines[following], judge.glue(current, lines[following])), False
            following += 1
        joined += [current, *aside]
        place = following
    return joined


class EdgeJudge:
    """Says whether one printed paragraph goes on in another; holds the counts of its page, made when first asked."""

    def __init__(self, raw: str, lines: list[Paragraph]) -> None:
        self._raw, self._lines = raw, lines
        self._page: str | None = None
        self._openings: dict[str, list[set[str]]] | None = None

    def score(self, before: str, after: str) -> float:
        """Return the log odds that `after` carries on `before`, from lexicon, shipped counts and this page's counts."""
        if self._page is None:
            sample, size = [], 0
            for line in self._lines:
                sample.append(line.text(self._raw)[:2000])
                size += len(sample[-1])
                if size > _SAMPLE:
                    break
            self._page = "\n".join(sample)
        return edges.continues(before, after, self._page)

    def glue(self, before: Paragraph, after: Paragraph) -> str:
        left, right = self._raw[before.end - 1], self._raw[after.start]
        return " " if left.isascii() and right.isascii() and left.isalnum() and right.isalnum() else ""

    def joins(self, before: Paragraph, ahead: Sequence[Paragraph], fresh: bool = True) -> bool:
        """Tell whether the first paragraph of `ahead` goes on with the sentence of `before`.

        `fresh`: `before` is one line as it stood. Further paragraphs of `ahead` are asked where the first is in doubt.
        """
        left, right = before.text(self._raw), ahead[0].text(self._raw)
        if right[0] in _CANNOT_START:
            return not (ends_sentence(left) and right[0] not in "，。、；：”’）》")
        if ends_sentence(left):
            return False
        if _opens_across(left, right):
            return True
        return self._sentence_goes_on(left, right, [part.text(self._raw) for part in ahead[1:]], fresh)

    def _sentence_goes_on(self, left: str, right: str, beyond: list[str], fresh: bool) -> bool:
        plain_left, plain_right = left[-600:], right[:600]
        kind_left = own_kind(plain_left) if len(left) <= 600 else "body"
        kind_right = own_kind(plain_right) if len(right) <= 600 else "body"
        if is_dateline(plain_right) or kind_right in ("byline", "notice", "mark", "tag", "caption"):
            return False
        if kind_left in ("notice", "mark", "tag", "caption", "byline"):
            return False
        if left.isascii() != right.isascii() or is_numbered(plain_right) or strip_markers(right) != right:
            return False
        gain = edges.word_gain(left, right)
        if gain >= _WORD_CUT and not (kind_left == "heading" and kind_right == "heading"):
            return True
        if left[-1] in _CARRY_ON:
            return width(left) > _SHORT or (kind_right == "body" and width(left) > 8)
        if right[0] in _WEAK_OPENING or (left[-1] in _WEAK_ENDING and kind_right == "body"):
            return not is_surely_heading(left)
        if kind_left == "heading" and fresh and kind_right == "body" and not is_surely_heading(left):
            least = _FOLLOWS if width(left) > _SHORT else 2 * _FOLLOWS
            if ends_sentence(right) and self.score(left, right) > least:
                return True
        if kind_left == "heading" and fresh and (is_surely_heading(plain_left) or not _has_clauses(plain_left)):
            return False
        if any(edges.word_gain(left, other) >= _WORD_CUT for other in beyond):
            return False  # columns out of order: a later paragraph finishes the word that is cut here
        odds = self._odds(left, right, kind_left)
        if kind_right == "heading" and not (beyond and edges.word_gain(right, beyond[0]) >= _WORD_CUT):
            odds -= 3.0  # a heading may follow a paragraph whose end was lost, unless it is itself cut inside a word
        return odds > 0

    def _odds(self, left: str, right: str, kind_left: str) -> float:
        """Weigh an edge that no mark decides. Most unfinished lines do go on: lost ends are rarer than cut ones."""
        odds = self.score(left, right) + 3.0
        if self._opens_alike(right):
            odds -= 5.0
        if not any(mark in left for mark in "。！？") and (kind_left == "heading" or self._is_quoted(left)):
            odds -= 2.5
        return odds

    def _is_quoted(self, left: str) -> bool:
        """Tell whether the end of `left` stands elsewhere on the page too, as that of a pull quote does."""
        tail = left[-10:]
        place = self._raw.find(tail)
        return place >= 0 and self._raw.find(tail, place + 1, place + _NEAR) >= 0

    def _opens_alike(self, text: str) -> bool:
        """Tell whether another paragraph of the page opens as `text` does (聚焦…,为…提供 …): parallel paragraphs."""
        if self._openings is None:
            self._openings = {}
            for line in self._lines:
                opening = line.text(self._raw[: line.start + 60])[:24] if line.end - line.start > 40 else ""
                if opening:
                    self._openings.setdefault(opening[0], []).append(_grams(opening))
        mine = _grams(text[:24])
        return sum(len(mine & other) >= 2 for other in self._openings.get(text[0], [])[:200]) > 1

    def interrupts(self, before: Paragraph, between: Paragraph, after: Paragraph) -> bool:
        """Tell whether the short line `between` stands inside a sentence that goes on in `after`."""
        left, middle, right = (part.text(self._raw) for part in (before, between, after))
        if width(middle) > _SHORT or ends_sentence(left) or ends_sentence(middle) or width(left) < 2 * _SHORT:
            return False
        if own_kind(middle) not in ("heading", "notice", "caption") or is_dateline(right[:40]):
            return False
        if width(right) < 2 * _SHORT or edges.word_gain(left, middle) >= _WORD_CUT:
            return False
        if edges.word_gain(left, right) >= _WORD_CUT:
            return True
        return left[-1] in _CARRY_ON and self.score(middle, right) < 0


def _opens_across(left: str, right: str) -> bool:
    """Tell whether a bracket or quotation mark left open in `left` is closed in `right` before another opens."""
    for pair in _PAIRS:
        opening, closing = pair[0], pair[1]
        if left.rfind(opening) > left.rfind(closing):
            close, again = right.find(closing, 0, 200), right.find(opening, 0, 200)
            if close >= 0 and (again < 0 or close < again):
                return True
    return False


def _has_clauses(text: str) -> bool:
    return any(mark in text for mark in "，,。；")


def _grams(text: str) -> set[str]:
    return {text[i : i + 3] for i in range(len(text) - 2)}
