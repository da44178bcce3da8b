"""Columns put in order: a paragraph that breaks off goes on in one that begins inside a sentence.

A scanner that misjudges a page reads a column's end before its beginning. What is left is an edge without its other
half: a tail that stops inside a sentence and, elsewhere on the page, an orphan that begins inside one. Two signs
move an orphan behind a tail. Within a page's neighbourhood: a word of the lexicon lies across the new edge. Between
articles: the tail is the last paragraph of one, the orphan among the last of another, and the orphan shares its
subject with the tail's article, not with the paragraph before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from banmian.reading import boundary_model
from banmian.reading.articles.cohesion import Pairs, document_frequency, han_bigrams, weighted_overlap
from banmian.reading.lines.line_types import classify_line, ends_sentence, is_dateline, jump_line_length, width
from banmian.reading.lines.spans import TextBlock

_REACH = 40  # paragraphs between an orphan and its tail, either way: about a page
_LEAST = 15  # full-width characters of an orphan or a tail: shorter lines are headings
_CUT_WORD = (
    6.0  # log odds of an edge across which a word surely lies; a page has many edges, so more than for neighbours
)
_THEME = 0.2  # how much more of its subject an orphan must share with the tail than with its present place
_WORST_EDGE = -1.5  # log odds below which even a shared subject does not join two texts
_AT_END = 3  # paragraphs from an orphan to the end of the article it was read into
Score = Callable[[str, str], float]


def restore_order(
    raw: str, paragraphs: list[TextBlock], score: Score = boundary_model.continuation_log_odds
) -> list[TextBlock]:
    """Return the paragraphs in reading order, orphans joined to their tails.

    `score(before, after)` gives the log odds that one text carries on the other. Every paragraph of the input is in the
    result, alone or joined. Time grows with the number of broken edges, not with its square: only the nearest count.
    """
    texts = [paragraph.text(raw) for paragraph in paragraphs]
    tails = [place for place, text in enumerate(texts) if _breaks_off(text)]
    if not tails:
        return paragraphs
    heads = [place for place, text in enumerate(texts) if _is_heading(text)]
    under = {place + 1 for place in heads}
    orphans = [n for n in range(1, len(texts)) if n not in under and _may_be_orphan(texts[n])]
    pairs = _match(texts, tails, orphans, heads, score)
    if not pairs:
        return paragraphs
    moved = set(pairs.values())
    ordered = []
    for place, paragraph in enumerate(paragraphs):
        if place in moved:
            continue
        while place in pairs:
            paragraph, place = paragraph.joined(paragraphs[pairs[place]], ""), pairs[place]
        ordered.append(paragraph)
    return ordered


def _breaks_off(text: str) -> bool:
    if text[-1] in "。！？" or width(text) < _LEAST or ends_sentence(text):
        return False
    kind = classify_line(text)
    return kind == "body" or (kind == "heading" and any(mark in text for mark in "，,。"))


def _may_be_orphan(text: str) -> bool:
    """Tell whether a paragraph could begin inside a sentence: prose, no dateline or page mark."""
    if width(text) < _LEAST or not any(mark in text for mark in "，,。"):
        return False
    if jump_line_length(text[:30]) or is_dateline(text[:40]):
        return False
    return classify_line(text) in ("body", "heading")


def _is_heading(text: str) -> bool:
    kind = classify_line(text[:200])
    return kind in ("mark", "tag") or (kind == "heading" and "，" not in text[:200] and "," not in text[:200])


def _match(texts: list[str], tails: list[int], orphans: list[int], heads: list[int], score: Score) -> dict[int, int]:
    """Pair tails with orphans, best edge first; each is used once and no chain runs in a circle."""
    heads = [*heads, len(texts)]
    to_head = [heads[bisect_right(heads, place)] - place for place in range(len(texts))]
    words: dict[int, Pairs] = {}
    scored = []
    for tail in tails:
        left = texts[tail]
        for orphan in orphans[bisect_left(orphans, tail - _REACH) : bisect_right(orphans, tail + _REACH)]:
            if orphan in (tail, tail + 1):
                continue
            right = texts[orphan]
            if boundary_model.word_cut_log_odds(left, right) >= _CUT_WORD:
                fit = score(left, right)
            else:
                apart = orphan < tail - to_head[orphan] or orphan > tail + to_head[tail]
                if to_head[tail] > 1 or to_head[orphan] > _AT_END or not apart:
                    continue
                fit = score(left, right)
                theme = _cohesion_gain(texts, tail, orphan, words) if fit >= _WORST_EDGE else 0.0
                if theme < _THEME:
                    continue
                fit += 10 * theme
            scored.append((-fit, abs(orphan - tail), tail, orphan))
    pairs: dict[int, int] = {}
    for _, _, tail, orphan in sorted(scored):
        if tail not in pairs and orphan not in pairs.values() and not _leads_to(pairs, orphan, tail):
            pairs[tail] = orphan
    return pairs


def _cohesion_gain(texts: list[str], tail: int, orphan: int, words: dict[int, Pairs]) -> float:
    """Return how much more of the orphan's subject stands by the tail than before the orphan, from -1 to 1."""
    around = {place for middle in (tail, orphan) for place in range(middle - _REACH // 4, middle + _REACH // 4)}
    for place in around:
        if 0 <= place < len(texts) and place not in words:
            words[place] = han_bigrams(texts[place][:2000])
    # Only what is asked for below is counted: the pairs of the orphan.
    spread = document_frequency(words[place] & words[orphan] for place in around if place in words)
    there = words[tail] | (words.get(tail - 1, frozenset()) if tail - 1 != orphan else frozenset())
    return weighted_overlap(words[orphan], there, spread) - weighted_overlap(words[orphan], words[orphan - 1], spread)


def _leads_to(pairs: dict[int, int], start: int, goal: int) -> bool:
    while start in pairs:
        start = pairs[start]
    return start == goal
