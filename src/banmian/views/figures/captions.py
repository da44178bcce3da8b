"""Captions for pages that nobody has looked at yet: what the data behind a figure say, and no more.

The captions in the notebooks were written by a person who had the project's own pages in view: which page has the
narrow columns, which story is told twice. Over other pages they would be false.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from banmian.config import ROOT, SEEDS
from banmian.labels.scheme import LABELS
from banmian.views.figures.style import SCRIPTS, style_of

OWN = ROOT / "seeds"


class Caption(NamedTuple):
    """Chinese and English caption, and the alternative text for those who cannot see the figure."""

    zh: str
    en: str
    alt: str


def caption_for(pages: Path | str | None, name: str, tables: Mapping[str, pd.DataFrame], seen: Caption) -> Caption:
    """Return the caption that is true of ``pages``.

    Parameters
    ----------
    pages : the folder that the figure shows, or None where captions hold for any.
    name, tables : of the figure; the data under their names without the figure's, "" for a single one.
    seen : what a person wrote who saw the figure of the project's own pages. It stays for these; where they stand in
        for pages without hand labels (``BANMIAN_SEEDS`` names others), it says so. For other pages a caption comes
        from the data, or stays as it is where it says only what is drawn.
    """
    if pages is None:
        return seen
    if Path(pages).resolve() == OWN:
        return seen if SEEDS == OWN else _of_the_project(seen)
    return _TOLD[name](tables) if name in _TOLD else seen


def _of_the_project(seen: Caption) -> Caption:
    return Caption(
        f"{seen.zh}（量自本项目自带的版面，不是您的版面。）",
        f"{seen.en} (Measured on the project's own pages, not on yours.)",
        seen.alt,
    )


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _composition(tables: Mapping[str, pd.DataFrame]) -> Caption:
    rows: Any = tables[""]
    body = _share(rows.loc[rows["kind"] == "body", "characters"].sum() / rows["characters"].sum())
    return Caption(
        f"各类文字的字数，每行是一份文件或相邻的几份：正文占{body}。",
        f"Characters by kind, a row for each document or run of neighbouring documents: {body} is body text.",
        f"Stacked bars of characters by kind, {rows['doc_id'].nunique()} in all, with {body} body text.",
    )


def _repair(tables: Mapping[str, pd.DataFrame]) -> Caption:
    runs = tables[""].groupby("decision")["runs"].sum()
    joined, spaces = int(runs.get("join", 0)), int(runs.get("space", 0))
    return Caption(
        f"空白的去处：接回断行{joined:,}处，删去多余空格{spaces:,}处；其余是词距与段落。",
        f"What became of the white space: {joined:,} broken lines joined and {spaces:,} stray spaces removed; the rest "
        "parts words or paragraphs.",
        f"Stacked bars of runs of white space, {tables['']['doc_id'].nunique()} in all, by what repair decided.",
    )


def _page(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "一份文件的开头：左为收到的逐行文字（⏎ 断行，␣ 字间空格），右为修复后的段落；很长的只显示开头。",
        "The head of one document: lines as received on the left (⏎ line end, ␣ space between characters), paragraphs "
        "as repaired on the right; of very long ones, the beginning.",
        "Two columns of text joined by coloured bands from received lines to repaired paragraphs.",
    )


def _scripts(tables: Mapping[str, pd.DataFrame]) -> Caption:
    counts = tables[""].groupby("script")["characters"].sum().sort_values(ascending=False, kind="stable")
    shares = [(style_of(SCRIPTS, str(script)), _share(count / counts.sum())) for script, count in counts.items()]
    return Caption(
        f"各文件、各类文字所用的文字：{'，'.join(shape.chinese + part for shape, part in shares)}。",
        f"Script by document and kind: {', '.join(f'{shape.english} {part}' for shape, part in shares)}.",
        "A matrix of marks, documents by kinds, whose area is the number of characters and whose shape is the script.",
    )


def _duplicates(tables: Mapping[str, pd.DataFrame]) -> Caption:
    kinds = tables["pairs"]["kind"].value_counts()
    repeated, quoted = int(kinds.get("section", 0)), int(kinds.get("quote", 0))
    if not repeated + quoted:
        return Caption(
            "各文件的段落排成一线；没有找到说同一件事的两段。",
            "Sections on a line; no two of them were found to say the same.",
            "Sections on a line, document by document, without arcs.",
        )
    return Caption(
        f"说同一件事的段落以弧线相连：整段重复{repeated:,}对，引用{quoted:,}对。",
        f"Arcs join sections that say the same: {repeated:,} pairs that repeat, {quoted:,} that quote.",
        f"Sections on a line, document by document, with {repeated + quoted:,} arcs between those that say the same.",
    )


def _lexicon(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "仅靠词典才不被切开的词及其次数；右侧为没有词典时的切分。",
        "Terms that only the lexicon keeps whole, how often they occur, and how they are cut without it.",
        "Bars of term frequencies, longest first, with the pieces each term falls into without the lexicon.",
    )


def _keyness(tables: Mapping[str, pd.DataFrame]) -> Caption:
    groups = list(dict.fromkeys(tables[""]["group"]))
    missing = [label for label in LABELS.values() if label.id not in groups]
    zh, en = "", ""
    if missing:
        zh = f"没有特征词的标签：{'、'.join(label.chinese for label in missing)}。"
        en = f" Labels without such words: {', '.join(label.english for label in missing)}."
    return Caption(
        f"各标签的特征词：与其他标签相比频率至少高一倍，按显著程度选取。{zh}",
        "Words that set each label apart: at least twice as frequent as in the other labels, chosen by "
        f"log-likelihood.{en}",
        f"Horizontal bars in {len(groups)} panels, one a label, with its key words by the logarithm of the frequency "
        "ratio.",
    )


def _sources(tables: Mapping[str, pd.DataFrame]) -> Caption:
    n = tables[""]["group"].nunique()
    return Caption(
        "各份文件（多时为相邻的几份）的特征词。",
        "Words that set each document apart (where there are many: each run of neighbouring documents).",
        f"Horizontal bars in {n} panels, one a document or run of documents, with the words over-used in it.",
    )


def _scores(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "各方法在同样的词、同样的话题数下的得分：连贯度（NPMI、C_v）、多样性、与段落标签的一致度。",
        "Methods on the same words and number of topics: coherence (NPMI, C_v), diversity, agreement with the labels.",
        f"Panels of dots, one a score, with one row for each of {tables['']['name'].nunique()} topic methods.",
    )


def _stability(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "换随机种子或对段落重抽样后，话题分组与原来一致的程度（调整兰德指数；点为均值，线为最小至最大）；段落很多时只取其中一部分。",
        "Agreement of topics with the first fit under other seeds and on bootstrap draws (adjusted Rand index; mean, "
        "least to greatest); of very many sections, a part drawn by lot.",
        "Dots with lines for each method under other seeds and under bootstraps, on an axis that ends at 1.",
    )


def _topic_words(tables: Mapping[str, pd.DataFrame]) -> Caption:
    n = tables[""]["topic"].nunique()
    return Caption(
        f"{n}个话题各自权重最高的词。",
        f"The heaviest words of each of the {n} topics.",
        f"Horizontal bars in {n} panels, each with the heaviest words of one topic.",
    )


def _topic_labels(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "话题与标签：每行为一个话题的段落在各标签中的分布。",
        "Topics and labels: each row shows how one topic's sections fall on the labels.",
        "A heat map with a row for each topic and a column for each label, counts and shares written in the cells.",
    )


def _map(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "段落的向量投影到两个主成分：颜色与形状为标签，数字为话题所在。",
        "Sections by the first two principal components of their embeddings; colour and marker show the label, numbers "
        "the topics.",
        f"A scatter of {len(tables['sections']):,} sections in the colours and markers of their labels, with a number "
        "near the middle of each topic.",
    )


def _confusion(tables: Mapping[str, pd.DataFrame]) -> Caption:
    return Caption(
        "人工标签（行）与预测标签（列）：对角线上为判对的段落。",
        "Hand labels (rows) and predictions (columns): sections on the diagonal are right.",
        "A matrix of counts and row shares, a row and a column for each label.",
    )


_TOLD: dict[str, Callable[[Mapping[str, pd.DataFrame]], Caption]] = {
    "01_composition": _composition,
    "01_repair": _repair,
    "01_page": _page,
    "01_scripts": _scripts,
    "01_duplicates": _duplicates,
    "02_lexicon": _lexicon,
    "02_keyness": _keyness,
    "02_sources": _sources,
    "03_scores": _scores,
    "03_stability": _stability,
    "03_topic_words": _topic_words,
    "03_topic_labels": _topic_labels,
    "03_map": _map,
    "04_confusion": _confusion,
}
