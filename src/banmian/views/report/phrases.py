"""Phrases of the report that hang on whose pages they are: the project's own, which a person read, or anybody's."""

from collections.abc import Mapping
from pathlib import Path

from banmian.config import FIGURES
from banmian.views.figures.captions import OWN
from banmian.views.figures.style import SCRIPTS
from banmian.views.report.build import read_table
from banmian.views.report.facts import Facts

# A script with a smaller share of the characters is a slip here and there; with a smaller one than the second, "some".
_SLIP, _SOME = 0.01, 0.1
# Fewer documents are few enough to say so.
_FEW = 50
# What a person saw who read the project's own pages, and says of no others.
_SEEN = {
    "twins": (
        "，主要是同一篇通稿的简体与繁体两版",
        ", above all the two versions, Simplified and Traditional, of one wire story",
    ),
    "quotes": ("", "another page"),
    "called": ("读过最典型的段落后取名为", "named after their most typical sections were read"),
}
_TESTED_ELSEWHERE = (
    "这些版面没有人工标签，这里量的是本项目自带的版面。",
    "These pages have no hand labels: this was measured on the project's own. ",
)


def corpus_phrases(pages: Path | str, tested: Path | str, facts: Mapping[str, object], folder: Path = FIGURES) -> Facts:
    """Return the phrases for `story.fill`, each as name_zh and name_en.

    documents (how many, as a noun), only (that there are few), scripts, narrow (where the stray spaces stand), twins
    (what repeats), quotes (what is quoted), called (how topics got their names), guessed (that the labels of the pages
    are the machine's), tested and where (whose labels the tests used).

    Parameters
    ----------
    pages : the folder of the report. What a person found by reading is said of the project's own pages alone.
    tested : the folder whose hand labels the tests used; the project's own where ``pages`` have none.
    facts : needs documents; narrow_spaces for the project's own pages.
    """
    here, there = Path(pages).resolve(), Path(tested).resolve()
    own, elsewhere = here == OWN, there != here
    n = int(str(facts["documents"]))
    noun = "1 document" if n == 1 else f"{n} documents"
    phrases = {
        "documents": (f"{n}份", noun),
        "only": (f"材料{'只' if n < _FEW else ''}有{n}份文件", _there_are(n, noun)),
        "scripts": _scripts(folder),
        "narrow": ("", ""),
        "twins": ("", ""),
        "quotes": ("", "another passage"),
        "called": ("各以权重最高的词为名", "each called by its heaviest words"),
        "tested": _TESTED_ELSEWHERE if elsewhere else ("", ""),
        "guessed": ("（这里的标签是判读器给的）", " (the labels here are the labeller's)") if elsewhere else ("", ""),
        "where": ("那些版面", "those pages") if elsewhere else ("这些版面", "these pages"),
    }
    if own:
        spaces = facts["narrow_spaces"]
        phrases |= _SEEN | {
            "narrow": (
                f"（其中{spaces}个在栏宽很窄的理论版上）",
                f" ({spaces} of them on the theory page with its narrow columns)",
            )
        }
    return {f"{name}_{language}": text for name, pair in phrases.items() for language, text in _by_language(pair)}


def _by_language(pair: tuple[str, str]) -> list[tuple[str, str]]:
    return [("zh", pair[0]), ("en", pair[1])]


def annotator_phrases(by_two: bool, n_labelled: int, kappa: float, own: bool) -> Facts:
    """Return hand_zh/en, where the hand labels come from, and readers_zh/en, what two readers disagreed about.

    ``own``: of the project's own pages, whose disagreements were looked at.
    """
    hand = (
        f"人工标签来自一次阅读，共{n_labelled}段",
        f"The hand labels come from one reading of {n_labelled} sections",
    )
    if by_two:
        hand = (
            f"人工标签来自两次独立阅读，共{n_labelled}段，一致程度（Cohen's kappa）为{kappa:.2f}",
            f"The hand labels come from two independent readings of {n_labelled} sections that agree with a Cohen's "
            f"kappa of {kappa:.2f}",
        )
    readers = (
        "，两位读者的分歧也多在相邻主题之间",
        ", and the two readers, too, disagreed mostly between neighbours",
    )
    zh, en = readers if own else ("", "")
    return {"hand_zh": hand[0], "hand_en": hand[1], "readers_zh": zh, "readers_en": en}


def _there_are(n: int, noun: str) -> str:
    only = "only " if n < _FEW else ""
    return f"There {'is' if n == 1 else 'are'} {only}{noun}"


def _scripts(folder: Path) -> tuple[str, str]:
    """Return the scripts of the pages, as "简体、繁体与少量英文" and "in Simplified and Traditional script …"."""
    counts = read_table("01_scripts", folder).groupby("script")["characters"].sum()
    shares = {script: count / counts.sum() for script, count in counts.items()}
    han = [SCRIPTS[name] for name in ("hans", "hant", "mixed") if shares.get(name, 0) >= _SLIP]
    english = shares.get("en", 0)
    zh = "、".join(script.chinese for script in han)
    en = "in " + " and ".join(script.english for script in han) + " script"
    if not han:
        return "英文", "in English"
    if english >= _SLIP:
        zh += "与少量英文" if english < _SOME else "与英文"
        en += " with some English" if english < _SOME else " and English"
    return zh, en
