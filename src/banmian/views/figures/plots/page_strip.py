"""A page before and after repair: its lines as received, its paragraphs, and bands from one to the other."""

import re
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.caption import Caption, plural
from banmian.views.figures.style import INK, KINDS, check_columns, new_axes, set_finding

_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f])[ \u3000]+(?=[^\x00-\x7f])")
# Columns of half-width type that fit beside the bands.
_CELLS = 60
_SHORT = 40
# What a paragraph that was cut off by the page's edge or by the excerpt ends in.
_ENDS = re.compile(r"[。！？；：」』”’）》】…!?;:)\]\"']$")


def plot_page_strip(lines: pd.DataFrame, paragraphs: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a page as it was received on the left and as it was repaired on the right, with bands from one to the other.

    Parameters
    ----------
    lines : DataFrame
        text (one raw line a row, in the order of the file), paragraph (number of the paragraph it went to, missing for
        lines that went to none, such as blank ones).
    paragraphs : DataFrame
        paragraph, text, in reading order; optional: kind, so that notices are drawn in their own colour. As
        `reading.audit.line_paragraphs` gives both; an excerpt of about 1,200 characters fills half a page.

    Both sides are wrapped to the column; ⏎ is where a raw line ends, ␣ a space between two Han characters. Body
    paragraphs alternate between two tints of one colour, so that neighbours can be told apart.
    """
    raw = check_columns(lines, ["text", "paragraph"], "plot_page_strip")
    good = check_columns(paragraphs, ["paragraph", "text"], "plot_page_strip")
    goes_to = pd.to_numeric(raw["paragraph"]).astype(float).fillna(-1.0)
    left = [wrap(_BETWEEN_HAN.sub("␣", str(text)) + "⏎", _CELLS).split("\n") for text in raw["text"]]
    right = [wrap(text, _CELLS).split("\n") for text in good["text"]]
    tops = np.cumsum([0, *map(len, left)])
    height = max(tops[-1], sum(map(len, right)) + len(right) - 1)
    ax = new_axes(ax, 0.75 + 0.135 * height)
    small: dict[str, Any] = {"fontsize": 0.78 * mpl.rcParams["font.size"], "va": "center"}
    for top, text, number in zip(tops, left, goes_to, strict=False):
        for offset, words in enumerate(text):
            ax.text(0.0, top + offset + 0.5, words, color="#777777" if number < 0 else "black", **small)
    runs = (goes_to != goes_to.shift()).cumsum()
    top = 0.0
    kinds = good["kind"] if "kind" in good else ["body"] * len(good)
    for i, (number, kind, text) in enumerate(zip(good["paragraph"], kinds, right, strict=True)):
        if kind == "body" and _breaks_off(str(good["text"].iloc[i])):
            text[-1] += "〔…〕"
        for offset, words in enumerate(text):
            ax.text(0.55, top + offset + 0.5, words, **small)
        own = [(tops[run.index[0]], tops[run.index[-1] + 1]) for _, run in raw[goes_to == number].groupby(runs)]
        look = (KINDS["notice"].colour, 0.45) if kind == "notice" else (INK, 0.36 if i % 2 else 0.2)
        start = top
        for first, last in own:  # a paragraph may come from several places of the page
            end = start + len(text) * (last - first) / sum(b - a for a, b in own)
            ax.add_patch(_band(first, last, start, end, *look))
            start = end
        top += len(text) + 1
    ax.set(xlim=(0, 1.0), ylim=(height, -1.4))
    ax.text(0.0, -0.8, bilingual("原样", "as received"), va="center", color="#555555")
    ax.text(0.55, -0.8, bilingual("修复后", "as repaired"), va="center", color="#555555")
    ax.set_axis_off()
    set_finding(ax, "断开的句子接回一段，字一个不少", "Broken sentences become paragraphs again; no character is lost")
    return ax


def caption_page_strip(lines: pd.DataFrame, paragraphs: pd.DataFrame, name: str = "") -> Caption:
    """Say how many lines became how many paragraphs, which were put together again, and what breaks off.

    Takes the tables of `plot_page_strip`; ``name`` is the document's.
    """
    printed = lines["paragraph"].notna()
    pieces = lines.loc[printed, "paragraph"]
    runs = pieces[pieces != pieces.shift()].value_counts()
    whole = int((runs > 1).sum())
    spaces = int(sum(len(_BETWEEN_HAN.findall(str(text))) for text in lines["text"]))
    body = paragraphs[paragraphs["kind"] == "body"] if "kind" in paragraphs else paragraphs
    broken = sum(_breaks_off(str(text)) for text in body["text"])
    zh = [f"{name}的开头" if name else "一份文件的开头"]
    zh += ["：左为收到的文字（⏎ 为原有行末，␣ 为字间空格；按栏宽重排），右为修复后的段落"]
    en = [f"The head of {name or 'one document'}: left, the text as received (⏎ line end, ␣ space between characters; "]
    en += ["re-wrapped to the column), right, the paragraphs as repaired"]
    zh.append(f"。{int(printed.sum())}行成为{len(paragraphs)}段，字间空格{spaces}个")
    en.append(f". {plural(int(printed.sum()), 'line')} became {plural(len(paragraphs), 'paragraph')}, with ")
    en.append(f"{plural(spaces, 'space')} between characters")
    if whole:
        zh.append(f"，其中{whole}段由隔开的几处接成")
        en.append(f"; {whole} of them {'is' if whole == 1 else 'are'} joined across other text")
    if broken:
        zh.append(f"；有{broken}段收到时就在句中断掉，照原样保留（〔…〕）")
        en.append(f"; {plural(broken, 'paragraph')} broke off in the text as received and stay so (〔…〕)")
    alt = f"Two columns of text joined by {len(paragraphs)} coloured bands from received lines to repaired paragraphs."
    return Caption("".join(zh) + "。", "".join(en) + ".", alt)


def _breaks_off(text: str) -> bool:
    """Tell whether a paragraph stops inside a sentence; short lines are headings, which end without a stop."""
    return len(text) > _SHORT and not _ENDS.search(text.rstrip())


def _band(
    left_top: float, left_bottom: float, right_top: float, right_bottom: float, colour: str, alpha: float
) -> PathPatch:
    """Return a band from a run of raw lines to where their words stand after repair."""
    x, middle, end = 0.46, 0.5, 0.54
    corners = [(x, left_top), (middle, left_top), (middle, right_top), (end, right_top)]
    corners += [(end, right_bottom), (middle, right_bottom), (middle, left_bottom), (x, left_bottom)]
    return PathPatch(Outline(corners, [1, 4, 4, 4, 2, 4, 4, 4]), facecolor=colour, edgecolor="none", alpha=alpha)
