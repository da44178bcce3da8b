"""Break clean newspaper pages as a scanner does, and score what a reader makes of them.

The benchmark that this task lacks. A page is a list of paragraphs, the index of each article's first paragraph, and the
titles. It is set as one text and damaged in one of three ways:

- A: a blank line inside a sentence, in a third of the paragraphs of over 80 characters, anywhere between the fifth
  character from either end and not beside a sentence's end;
- B: one space at every printed line's end, a paragraph a line;
- C: a newline at every printed line's end.

Lines are 10 to 40 characters, one width a page, ASCII counting as one; a mark that may not open a line hangs over
the end of the line before. Options leave the titles out, part paragraphs by one newline or by a blank line, and
indent them. Everything is drawn from one seed and the page's id, so a page does not depend on the pages before it.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

WAYS = ("A", "B", "C")
_HANGS = "，。、；：？！”’）》」』】"
_LONG = 80


@dataclass(frozen=True)
class Broken:
    """A damaged page: its text, and for every run of white space in it what it is; where the articles start.

    `runs`: (start, end, gold) with gold `join`, `word` or `paragraph`. `starts`: places of the articles' first
    characters. `paragraphs`: (start, article) of every paragraph, for B-cubed.
    """

    text: str
    runs: list[tuple[int, int, str]]
    starts: list[int]
    paragraphs: list[tuple[int, int]]


def break_page(
    page: dict, way: str, seed: int = 0, titles: bool = True, blank: bool = True, indent: bool = False
) -> Broken:
    """Damage one page (`paragraphs`, `starts`, `titles`, `id`) in one of the `WAYS`."""
    if way not in WAYS:
        raise ValueError(f"way {way!r} is unknown; known: {', '.join(WAYS)}")
    draw = random.Random(f"{seed}/{way}/{page['id']}")
    columns = draw.randint(10, 40)
    text, false_breaks, starts, places = "", set(), [], []
    for article, first in enumerate(page["starts"]):
        after = page["starts"][article + 1] if article + 1 < len(page["starts"]) else len(page["paragraphs"])
        units = [(page["titles"][article], True)] if titles and page["titles"][article].strip() else []
        units += [(paragraph, False) for paragraph in page["paragraphs"][first:after]]
        for n, (unit, is_title) in enumerate(units):
            if text:
                text += "\n\n" if blank else "\n"
            if indent and not is_title:
                text += "\u3000\u3000"
            if n == 0:
                starts.append(len(text))
            places.append((len(text), article))
            for piece, mark in _set_lines(unit.strip(), way, columns, draw, is_title):
                if mark:
                    false_breaks.add(len(text))
                text += mark + piece
    runs = []
    for found in re.finditer(r"\s+", text):
        gold = "join" if found.start() in false_breaks else "paragraph" if "\n" in found.group() else "word"
        runs.append((found.start(), found.end(), gold))
    return Broken(text, runs, starts, places)


def _set_lines(unit: str, way: str, columns: int, draw: random.Random, is_title: bool) -> list[tuple[str, str]]:
    """Return the printed pieces of a paragraph, each with the false break before it."""
    if way == "A":
        if is_title or len(unit) <= _LONG or draw.random() >= 1 / 3:
            return [(unit, "")]
        cuts = [i for i in range(5, len(unit) - 5) if not set(unit[i - 1 : i + 1]) & set("。！？”“（）…— ")]
        cut = draw.choice(cuts) if cuts else 0
        return [(unit[:cut], ""), (unit[cut:], "\n\n")] if cut else [(unit, "")]
    lines, start = [], 0
    while start < len(unit):
        end = min(start + columns, len(unit))
        if end < len(unit) and unit[end] in _HANGS:
            end += 1
        lines.append(unit[start:end])
        start = end
    mark = " " if way == "B" else "\n"
    pieces: list[tuple[str, str]] = []
    for line in lines:
        # A meant space at a line's end would melt into the false break: it is dropped, as print drops it.
        line = line.strip()
        if line:
            pieces.append((line, mark if pieces else ""))
    return pieces


def edges_kept(sections: pd.DataFrame) -> dict[tuple[int, int], str]:
    """Return, for neighbours in the sections of one document, what stands between them: nothing, a space or a newline.

    Keys are (place, next place) in the raw text; a pair that is not there was parted into two sections.
    """
    kept = {}
    for text, spans in zip(sections["text"], sections["spans"], strict=True):
        printed = [i for i, char in enumerate(text) if not char.isspace()]
        raw = [place for start, end in spans for place in range(start, end)]
        kept.update(_walk(text, printed, raw))
    return kept


def _walk(text: str, printed: Sequence[int], raw: Sequence[int]) -> dict[tuple[int, int], str]:
    # `raw` holds white space too; callers pass only places whose characters are printed, in order.
    if len(raw) != len(printed):
        raise ValueError(f"{len(raw)} places for {len(printed)} printed characters; pass spans without white space")
    pairs = zip(raw, raw[1:], printed, printed[1:], strict=False)
    return {(a, b): text[c + 1 : d] for a, b, c, d in pairs}


def f_score(hits: int, found: int, wanted: int) -> float:
    """Return the harmonic mean of precision and recall; 1 where there is nothing to find and nothing found."""
    return 2 * hits / (found + wanted) if found + wanted else 1.0


def b_cubed(gold: Sequence[int], found: Sequence[int]) -> float:
    """Return the B-cubed F1 of two partitions of the same items (Bagga and Baldwin 1998, doi:10.3115/980845.980859)."""
    gold_ids, found_ids = np.unique(gold, return_inverse=True)[1], np.unique(found, return_inverse=True)[1]
    table = np.zeros((gold_ids.max() + 1, found_ids.max() + 1))
    np.add.at(table, (gold_ids, found_ids), 1)
    precision = (table**2 / table.sum(axis=0, keepdims=True)).sum() / len(gold_ids)
    recall = (table**2 / table.sum(axis=1, keepdims=True)).sum() / len(gold_ids)
    return float(2 * precision * recall / (precision + recall))


def text_tiling(paragraphs: Sequence[str], block: int = 3) -> list[int]:
    """Return the paragraphs at which TextTiling starts a new tile (Hearst 1997, Computational Linguistics 23(1):33-64).

    Lexical cohesion between the `block` paragraphs on either side of a gap (cosine of character pairs, since the text
    has no words yet), depth of every valley, cut at mean minus half a standard deviation as in the paper.
    """
    bags = [pd.Series([p[i : i + 2] for i in range(len(p) - 1)]).value_counts() for p in paragraphs]
    likeness = []
    for gap in range(1, len(bags)):
        left = pd.concat(bags[max(0, gap - block) : gap]).groupby(level=0).sum()
        right = pd.concat(bags[gap : gap + block]).groupby(level=0).sum()
        both = left.index.intersection(right.index)
        norm = float(np.sqrt((left**2).sum() * (right**2).sum()))
        likeness.append(float((left[both] * right[both]).sum()) / norm if norm else 0.0)
    depths = []
    for gap, value in enumerate(likeness):
        left_peak = right_peak = value
        for other in reversed(likeness[:gap]):
            if other < left_peak:
                break
            left_peak = other
        for other in likeness[gap + 1 :]:
            if other < right_peak:
                break
            right_peak = other
        depths.append(left_peak + right_peak - 2 * value)
    least = float(np.mean(depths) - np.std(depths) / 2) if depths else 0.0
    return [0] + [gap + 1 for gap, depth in enumerate(depths) if depth > 0 and depth >= least]
