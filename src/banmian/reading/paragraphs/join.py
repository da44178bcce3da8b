"""White space put right: every run of it joins, separates words, or ends a paragraph. No character is touched.

A scanner leaves three kinds of false white space: a blank line inside a sentence (a column or a page ended there), a
space at every printed line's end, and a newline at every printed line's end. The printed width tells the last two
apart from meant ones (`wrapping`, `spaces`), the sentence and `judge.ContinuationModel` the first.
"""

from banmian.reading.lines import furniture, spacing, unwrap
from banmian.reading.lines.spans import TextBlock, concatenate, printed_lines
from banmian.reading.lines.verse import mark_verse
from banmian.reading.paragraphs.continuation import ContinuationModel

_SEEN = (
    2_000  # pieces of a growing paragraph shown to the judge; more would make time grow with the square of its length
)


def join_lines(plain: str) -> tuple[list[TextBlock], ContinuationModel]:
    """Return the printed paragraphs of one page in the order of the file; every non-space character is in one.

    `plain` is the raw text in Simplified script (`script.simplify` keeps every place). Headings and bylines are
    paragraphs of their own here. A running head inside a sentence comes after the sentence that it interrupts. The
    order of columns is not looked at. Beside the paragraphs, the judge of this page's edges, for `columns` to ask.
    """
    lines, aside = furniture.set_aside(plain, list(printed_lines(plain)))
    lines = unwrap.unwrap_lines(plain, mark_verse(plain, lines))
    lines = spacing.remove_line_end_spaces(plain, lines)
    judge = ContinuationModel(plain, lines)
    return furniture.put_back(_rejoin(lines, judge), aside), judge


def _rejoin(lines: list[TextBlock], judge: ContinuationModel) -> list[TextBlock]:
    """Join what a blank line cut inside a sentence; look past one line that stands in between."""
    joined: list[TextBlock] = []
    place = 0
    while place < len(lines):
        current, following = lines[place], place + 1
        parts, glues = [current], []
        aside: list[TextBlock] = []
        fresh = True
        while following < len(lines):
            if following + 1 < len(lines) and judge.is_interruption(current, lines[following], lines[following + 1]):
                aside.append(lines[following])
                following += 1
            elif not judge.is_continuation(current, lines[following : following + 4], fresh):
                break
            glues.append(judge.glue(current, lines[following]))
            parts.append(lines[following])
            current, fresh = current.joined(lines[following], glues[-1]), False
            if len(current.char_spans) > _SEEN:
                current = current.split_at_span(len(current.char_spans) // 2)[1]  # its end is all that is asked
            following += 1
        joined += [concatenate(parts, glues), *aside]
        place = following
    return joined
