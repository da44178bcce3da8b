"""Whether one printed paragraph goes on in the next: what marks, kinds of line and the language of the edge say.

Marks decide first: no paragraph opens with a comma, a sentence that has ended does not go on. Where no mark decides,
the log odds of the edge's language (`boundary_model.continues`) are added to what the two lines look like. Those
weights were fitted to the even development pages and rounded by hand; the odd pages were not looked at.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from banmian.reading import boundary_model
from banmian.reading.lines.line_types import (
    classify_line,
    ends_sentence,
    is_dateline,
    is_names,
    is_numbered,
    is_page_credits,
    is_surely_heading,
    strip_markdown,
    width,
)
from banmian.reading.lines.spans import TextBlock
from banmian.reading.lines.web_lines import is_unread

_CANNOT_START = "，。、；：？！”’）》」』】〉,;:?!)]}%％…·"
_CARRY_ON = "，、,（(《“‘「『"  # no paragraph ends on one of these
_WEAK_OPENING = "的了和及或等们"  # words that tie: no paragraph and no headline opens with one
_WEAK_ENDING = "的是在和与将把被从由及最更该其并且而或之"  # nor ends with one of these
_PAIRS = ("“”", "‘’", "「」", "『』", "《》", "（）", "()", "【】")
_PAGE = 12_000  # characters counted for a page's own neighbours: about a page of a newspaper
_WORD_CUT = 4.0  # log odds from which a word of the lexicon surely lies across the edge
_SHORT = 13  # full-width characters: lines of verse and most sub-headings stay under it
_SCRAP = 4  # what a recogniser left of a line tells nothing
_NEAR = 20_000  # characters of the page searched for a pull quote's source
# Log odds that a line without a full stop is cut, by its width, without and with a comma: short ones are headings.
_BY_WIDTH = ((_SHORT, -2.4, -2.8), (25, -1.4, -0.7), (40, -0.4, 0.6), (60, 0.0, 1.3), (math.inf, 0.7, 1.3))
_NO_JOIN = ("byline", "notice", "mark", "tag", "caption")


class ContinuationModel:
    """Says whether one printed paragraph goes on in another; holds the counts of its page, made when first asked."""

    def __init__(self, raw: str, lines: list[TextBlock]) -> None:
        self._raw, self._lines = raw, lines
        self._starts = [line.start for line in lines]
        self._pages: dict[int, boundary_model.PageCounts] = {}
        self._openings: dict[str, list[tuple[int, str]]] | None = None

    def score(self, before: str, after: str, place: int = 0) -> float:
        """Return the log odds that `after` carries on `before`, from the language and the page around raw `place`."""
        return boundary_model.continuation_log_odds(before, after, self._page(place))

    def _page(self, place: int) -> boundary_model.PageCounts:
        """Return the text around `place`, its paragraphs parted by newlines: a whole page, or as much of a long one."""
        part = place // (2 * _PAGE) * 2
        if part not in self._pages:
            first, last = (bisect_left(self._starts, n * _PAGE) for n in (part, part + 2))
            text = "\n".join(line.text(self._raw)[:2000] for line in self._lines[first:last])
            self._pages = {part: boundary_model.PageCounts(text)}  # the part before is not asked again
        return self._pages[part]

    def glue(self, before: TextBlock, after: TextBlock) -> str:
        """Return what stands between two blocks that are joined: a space between Latin words, else nothing."""
        left, right = self._raw[before.end - 1], self._raw[after.start]
        return " " if left.isascii() and right.isascii() and left != "-" and right.isalnum() else ""

    def is_continuation(self, before: TextBlock, ahead: Sequence[TextBlock], fresh: bool = True) -> bool:
        """Tell whether the first paragraph of `ahead` goes on with the sentence of `before`.

        `fresh`: `before` is one line as it stood. Further paragraphs of `ahead` are asked where the first is in doubt.
        """
        if before.role or ahead[0].role:
            return False
        if self._raw[before.end - 1] in "。！？" and self._raw[ahead[0].start] not in _CANNOT_START:
            return False  # as nearly everywhere; the rest costs time
        left, right = before.text(self._raw), ahead[0].text(self._raw)
        if right[0] in _CANNOT_START and not (right[0] in "!…·" and is_unread(right)):
            return not (ends_sentence(left) and right[0] not in "，。、；：”’）》")
        if ends_sentence(left):
            return False
        if _closes_open_bracket(left, right) or (is_page_credits(left) and (is_names(right) or "版责编" in right[:4])):
            return True
        if left.isascii() and right.isascii() and right[0].islower():
            return left[-1] not in ":"  # an English sentence; no paragraph begins with a small letter
        kind_left, kind_right = (classify_line(text) if len(text) <= 600 else "body" for text in (left, right))
        if kind_left in _NO_JOIN or kind_right in _NO_JOIN or is_dateline(right):
            return False
        if left.isascii() != right.isascii() or is_numbered(right) or strip_markdown(right) != right:
            return False
        both_headings = kind_left == kind_right == "heading"
        if boundary_model.word_cut_log_odds(left, right) >= _WORD_CUT and not both_headings:
            return True
        if width(left) < _SCRAP:
            return False
        if left[-1] in _CARRY_ON:
            return width(left) > _SHORT or (kind_right == "body" and width(right) > 2 * _SHORT)
        beyond = [part.text(self._raw) for part in ahead[1:]]
        if any(boundary_model.word_cut_log_odds(left, other) >= _WORD_CUT for other in beyond):
            return False  # columns out of order: a later paragraph finishes the word that is cut here
        odds = self._odds(left[-600:], right[:600], before.end) + 0.5 * fresh
        if kind_right == "heading" and not (beyond and boundary_model.word_cut_log_odds(right, beyond[0]) >= _WORD_CUT):
            odds -= 1.6  # a heading may follow a paragraph whose end was lost, unless it is itself cut inside a word
        return odds > (3.0 if both_headings else 0.0)

    def _odds(self, left: str, right: str, place: int) -> float:
        """Return the log odds of an edge that no mark decides."""
        page = self._page(place)
        odds = 0.75 * boundary_model.continuation_log_odds(left, right, page) - 1.9 + _odds_of_form(left, right)
        if left[-1] + right[0] in page:  # seldom, so that the next lines are seldom asked
            # Four characters that the page says elsewhere too, on both sides of the edge (无障碍|环境建设).
            odds += 3.4 * any(left[-n:] + right[: 4 - n] in page.text for n in (1, 2, 3))
            odds += 0.7 * any(left[-n:] + right[: 3 - n] in page.text for n in (1, 2))
        if odds <= -0.5:
            return odds  # nothing that follows raises it, nor does `joins` by more
        return odds - 4.0 * self._is_quoted(left, place) - 1.7 * self._opens_alike(right, place)

    def _is_quoted(self, left: str, place: int) -> bool:
        """Tell whether the end of `left` stands elsewhere on the page too, as that of a pull quote does."""
        tail, end = left[-10:], place + _NEAR
        found = self._raw.find(tail, max(0, place - _NEAR), end)
        return found >= 0 and self._raw.find(tail, found + 1, end) >= 0

    def _opens_alike(self, text: str, place: int) -> bool:
        """Tell whether another paragraph of the page opens as `text` does (聚焦…,为…提供 …): parallel paragraphs."""
        if self._openings is None:
            self._openings = {}
            for line in self._lines:
                if line.end - line.start > 40:
                    opening = line.text(self._raw)[:24]
                    self._openings.setdefault(opening[0], []).append((line.start, opening))
        mine, others = _grams(text[:24]), self._openings.get(text[0], [])
        first = bisect_left(others, place - _NEAR, key=lambda other: other[0])
        near = (other for start, other in others[first : first + 200] if start < place + _NEAR)
        return sum(len(mine & _grams(other)) >= 2 for other in near) > 1

    def is_interruption(self, before: TextBlock, between: TextBlock, after: TextBlock) -> bool:
        """Tell whether the short line `between` stands inside a sentence that goes on in `after`."""
        if between.end - between.start > 4 * _SHORT or self._raw[before.end - 1] in "。！？":
            return False
        left, middle, right = (part.text(self._raw) for part in (before, between, after))
        if width(middle) > _SHORT or ends_sentence(left) or ends_sentence(middle) or width(left) < 2 * _SHORT:
            return False
        if classify_line(middle) not in ("heading", "notice", "caption") or is_dateline(right[:40]):
            return False
        if width(right) < 2 * _SHORT or boundary_model.word_cut_log_odds(left, middle) >= _WORD_CUT:
            return False
        if boundary_model.word_cut_log_odds(left, right) >= _WORD_CUT:
            return True
        return left[-1] in _CARRY_ON and self.score(middle, right, before.end) < 1.0


def _odds_of_form(left: str, right: str) -> float:
    """Return what the form of two lines adds to the log odds that the second carries on the first."""
    odds = 2.4 * ends_sentence(right) + 0.8 * (right[0] in _WEAK_OPENING) + 1.3 * (left[-1] in _WEAK_ENDING)
    if any(mark in left for mark in "。！？"):
        odds += 3.2  # no headline has a full stop inside, and prose seldom lacks its last
    else:
        size, has_comma = width(left), any(mark in left for mark in "，,；")
        plain, with_comma = next(row[1:] for row in _BY_WIDTH if size <= row[0])
        odds += with_comma if has_comma else plain
        odds += 0.25 * boundary_model.opening_odds(left) - 2.5 * is_surely_heading(left)
    odds += 3.7 * any(left.rfind(pair[0]) > left.rfind(pair[1]) for pair in _PAIRS)  # a quotation left open
    # Lines that announce a list or end a quotation: 具体措施如下——
    return odds - 4.0 * left.endswith("—") - 2.8 * left.endswith(("：", ":")) - 2.4 * left.endswith(("”", "）", ")"))


def _closes_open_bracket(left: str, right: str) -> bool:
    """Tell whether a bracket or quotation mark left open in `left` is closed in `right` before another opens."""
    for pair in _PAIRS:
        opening, closing = pair[0], pair[1]
        if left.rfind(opening) > left.rfind(closing):
            close, again = right.find(closing, 0, 200), right.find(opening, 0, 200)
            if close >= 0 and (again < 0 or close < again):
                return True
    return False


@lru_cache(maxsize=4096)
def _grams(text: str) -> frozenset[str]:
    return frozenset(map("".join, zip(text, text[1:], text[2:], strict=False)))
