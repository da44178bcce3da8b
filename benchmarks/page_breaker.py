"""Break clean newspaper pages as a scanner does, and score what a reader makes of them.

The benchmark that this task lacks. A page is a list of paragraphs, the index of each article's first paragraph, and the
titles. It is set as one text and damaged in one of three ways:

- A: a blank line inside a sentence, in a third of the paragraphs of over 80 characters, anywhere between the fifth
  character from either end and not beside a sentence's end;
- B: one space at every printed line's end, a paragraph a line;
- C: a newline at every printed line's end.

Lines are 10 to 40 characters, ASCII counting as one, with one width for the page, for each article or for each
paragraph. How else print varies is a `Setting`. Everything is drawn from one seed and the page's id, so a page does
not depend on the pages before it.
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


_HALF = str.maketrans("，。；：？！（）", ",.;:?!()")
_LOST = 0.5  # share of the marks at printed lines' ends that are lost
_MISREAD = 0.01  # share of Han characters that are read as another one of the page
_BRIEF = 200  # characters: shorter articles are briefs
_EVERY = 25  # printed lines or paragraphs between two page marks


@dataclass(frozen=True)
class Setting:
    """How pages are set and damaged.

    Parameters
    ----------
    widths : what has a width of its own: `page`, `article` or `paragraph`.
    blank : what is parted by a blank line: `both` (paragraphs and articles), `articles`, `paragraphs` (titles and
        articles by a newline), `neither`.
    titles : `all`, `none` or `long` (briefs have none).
    indent : paragraphs begin with two ideographic spaces.
    hanging : a mark that may not open a line hangs over the end of the line before; else it opens the next line's
        pair: the character before it moves down with it.
    half, lost, misread : half-width marks; marks lost at printed lines' ends; misread characters.
    marks : a page mark and a running head every 25 printed lines, inside sentences too.
    """

    widths: str = "page"
    blank: str = "both"
    titles: str = "all"
    indent: bool = False
    hanging: bool = True
    half: bool = False
    lost: bool = False
    misread: bool = False
    marks: bool = False


@dataclass(frozen=True)
class Broken:
    """A damaged page: its text, and for every run of white space in it what it is; where the articles start.

    `runs`: (start, end, gold) with gold `join`, `word` or `paragraph`; a page mark inside a sentence is part of a run.
    `starts`: places of the articles' first characters. `paragraphs`: (start, article) of every paragraph, for B-cubed.
    `titles`: (start, end) of every title.
    """

    text: str
    runs: list[tuple[int, int, str]]
    starts: list[int]
    paragraphs: list[tuple[int, int]]
    titles: list[tuple[int, int]]


def break_page(page: dict, way: str, seed: int = 0, setting: Setting = Setting()) -> Broken:
    """Damage one page (`paragraphs`, `starts`, `titles`, `id`) in one of the `WAYS`."""
    if way not in WAYS:
        raise ValueError(f"way {way!r} is unknown; known: {', '.join(WAYS)}")
    draw = random.Random(f"{seed}/{way}/{page['id']}")
    columns = draw.randint(10, 40)
    own = random.Random(f"{seed}/{way}/{page['id']}/setting")
    han = "".join(re.findall("[\u4e00-\u9fff]", "".join(page["paragraphs"])))
    text, false_breaks, starts, places, titles = "", {}, [], [], []
    n_lines, n_pages = 0, 1
    for article, units in enumerate(_units(page, setting)):
        columns = own.randint(10, 40) if setting.widths == "article" else columns
        for n, (unit, is_title) in enumerate(units):
            if text:
                wide = (n == 0 and setting.blank == "articles") or (n > 1 and setting.blank == "paragraphs")
                text += "\n\n" if wide or setting.blank == "both" else "\n"
            if setting.indent and not is_title:
                text += "\u3000\u3000"
            if n == 0:
                starts.append(len(text))
            places.append((len(text), article))
            columns = own.randint(10, 40) if setting.widths == "paragraph" else columns
            for piece, mark in _set_lines(unit.strip(), way, columns, draw, is_title, setting):
                n_lines += 1
                if mark and setting.marks and n_lines % _EVERY == 0:
                    mark = _page_mark(n_pages, own)
                    n_pages += 1
                if mark:
                    false_breaks[len(text)] = len(text) + len(mark)
                text += mark + _damage(piece, han, own, setting)
            if is_title:
                titles.append((places[-1][0], len(text)))
    runs = [(start, end, "join") for start, end in false_breaks.items()]
    inside = [False] * (len(text) + 1)
    for start, end in false_breaks.items():
        inside[start:end] = [True] * (end - start)
    for found in re.finditer(r"\s+", text):
        if not inside[found.start()]:
            runs.append((found.start(), found.end(), "paragraph" if "\n" in found.group() else "word"))
    return Broken(text, sorted(runs), starts, places, titles)


def _units(page: dict, setting: Setting) -> list[list[tuple[str, bool]]]:
    """Return the title and the paragraphs of every article, each with whether it is the title."""
    articles = []
    for article, first in enumerate(page["starts"]):
        after = page["starts"][article + 1] if article + 1 < len(page["starts"]) else len(page["paragraphs"])
        body = page["paragraphs"][first:after]
        titled = setting.titles == "all" or (setting.titles == "long" and sum(map(len, body)) > _BRIEF)
        units = [(page["titles"][article], True)] if titled and page["titles"][article].strip() else []
        articles.append(units + [(paragraph, False) for paragraph in body])
    return articles


def _page_mark(number: int, draw: random.Random) -> str:
    form = draw.choice(("— {} —", "- {} -", "第{}页", "Page {} of 90"))
    return f"\n{form.format(number)}\n\n江城市人民政府公报\u3000第3期\n\n"


def _damage(piece: str, han: str, draw: random.Random, setting: Setting) -> str:
    if setting.misread:
        piece = "".join(
            draw.choice(han) if "\u4e00" <= c <= "\u9fff" and draw.random() < _MISREAD else c for c in piece
        )
    return piece.translate(_HALF) if setting.half else piece


def _set_lines(
    unit: str, way: str, columns: int, draw: random.Random, is_title: bool, setting: Setting
) -> list[tuple[str, str]]:
    """Return the printed pieces of a paragraph, each with the false break before it."""
    if way == "A":
        if is_title or len(unit) <= _LONG or draw.random() >= 1 / 3:
            return [(unit, "")]
        cuts = [i for i in range(5, len(unit) - 5) if not set(unit[i - 1 : i + 1]) & set("。！？”“（）…— ")]
        cut = draw.choice(cuts) if cuts else 0
        return [(unit[:cut], ""), (unit[cut:], "\n\n")] if cut else [(unit, "")]
    lines, start = [], 0
    while start < len(unit):
        end = min(start + columns - 2 * (setting.indent and not start and not is_title), len(unit))
        if end < len(unit) and unit[end] in _HANGS:
            if setting.hanging:
                end += 1
            else:
                while end > start + 2 and unit[end] in _HANGS:
                    end -= 1
        lines.append(unit[start:end])
        start = end
    mark = " " if way == "B" else "\n"
    pieces: list[tuple[str, str]] = []
    for line in lines:
        # A meant space at a line's end would melt into the false break: it is dropped, as print drops it.
        line = line.strip()
        if setting.lost and len(line) > 2 and line[-1] in "，。、；：" and draw.random() < _LOST:
            line = line[:-1]
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
