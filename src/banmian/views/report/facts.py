"""The facts that a report states, from the tables behind its figures: words and pictures cannot disagree.

Each function takes tables as they were saved beside the figures and returns name → value for `template.fill`. Where two
rows are equally great both are named. A name that is said differently in the two languages ends in _zh and _en.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from banmian.labels.scheme import IN_SCOPE, LABELS
from banmian.views.figures.caption import label_names, listing
from banmian.views.figures.plots.topics import ONE_STORY
from banmian.views.figures.style import SCRIPTS

Facts = dict[str, object]
_GLOSSES = Path(__file__).parent / "data" / "glosses.json"
# A script with a smaller share of the characters is a slip here and there; with a smaller one than the second, "some".
_SLIP, _SOME = 0.01, 0.1
_DIGITS = "零一二三四五六七八九十"


@cache
def glosses() -> dict[str, str]:
    """Return Chinese term → English gloss, for English readers; short, and not complete."""
    found: dict[str, str] = json.loads(_GLOSSES.read_text(encoding="utf-8"))
    return found


def gloss(words: Iterable[str]) -> tuple[str, str]:
    """Return words as a Chinese and as an English list, the English one with a gloss where there is one.

    >>> gloss(["基层治理"])
    ('基层治理', '基层治理 (grassroots governance)')
    """
    names = list(words)
    return "、".join(names), listing(f"{word} ({glosses()[word]})" if word in glosses() else word for word in names)


def corpus_facts(pages: pd.DataFrame, composition: pd.DataFrame, scripts: pd.DataFrame) -> Facts:
    """Return documents_zh/en, characters, body_share, scripts_zh/en, span_zh/en.

    ``pages`` as `page_metadata` gives them, the others as `plot_composition` and `plot_scripts` draw them.
    """
    n, by_kind = len(pages), composition.groupby("kind")["characters"].sum()
    dates = sorted(date for date in pages["date"].fillna("").astype(str) if date)
    missing = n - len(dates)
    span = (f"{dates[0]}至{dates[-1]}", f"{dates[0]} to {dates[-1]}") if dates else ("日期不详", "of unknown dates")
    if dates and missing:
        span = (f"{span[0]}（{missing}份日期不详）", f"{span[1]} ({missing} undated)")
    zh, en = _scripts(scripts)
    return {
        "documents_zh": f"{_DIGITS[n] if n <= 10 else format(n, ',')}份",
        "documents_en": f"{n:,} document{'' if n == 1 else 's'}",
        "characters": int(by_kind.sum()),
        "body_share": float(by_kind.get("body", 0) / max(by_kind.sum(), 1)),
        **{"scripts_zh": zh, "scripts_en": en, "span_zh": span[0], "span_en": span[1]},
    }


def repair_facts(repair: pd.DataFrame) -> Facts:
    """Return joined, spaces and, where spaces were removed, most_spaces_zh/en: in which document most of them stood."""
    runs = repair.groupby("decision")["runs"].sum()
    facts: Facts = {"joined": int(runs.get("join", 0)), "spaces": int(runs.get("space", 0))}
    removed = repair[repair["decision"] == "space"].groupby("doc_id", sort=False)["runs"].sum()
    if removed.sum():
        name, most = str(removed.idxmax()), int(removed.max())
        everything = most == removed.sum()
        facts["most_spaces_zh"] = f"全部在{name}" if everything else f"其中{most:,}个在{name}"
        facts["most_spaces_en"] = f"all in {name}" if everything else f"{most:,} of them in {name}"
    return facts


def repeat_facts(pairs: pd.DataFrame, documents: pd.DataFrame) -> Facts:
    """Return repeated (sections that repeat an earlier one), quoted (pairs), and which two documents share most.

    ``pairs`` as `find_duplicates`, ``documents`` as `count_repeats` gives them.
    """
    facts: Facts = {
        "repeated": int(pairs.loc[pairs["kind"] == "section", "section_b"].nunique()),
        "quoted": int((pairs["kind"] == "quote").sum()),
    }
    if len(documents):
        most = documents.sort_values(["share", "sections"], ascending=False, kind="stable").iloc[0]
        facts |= {"later": str(most["later"]), "earlier": str(most["earlier"]), "shared": float(most["share"])}
    return facts


def label_facts(by_document: pd.DataFrame) -> Facts:
    """Return labels_zh/en, every label with its sections and share, and leading_zh/en, those with most characters."""
    total = by_document.groupby("label")[["sections", "characters"]].sum()
    share = total["characters"] / max(total["characters"].sum(), 1)
    order = [label for label in LABELS if label in total.index] + sorted(set(total.index) - set(LABELS))
    most = label_names(label for label in order if share[label] == share.max())
    zh = "、".join(f"{label_names([name])[0]}{total.loc[name, 'sections']}段（{share[name]:.0%}）" for name in order)
    en = listing(f"{label_names([name])[1]} {total.loc[name, 'sections']} ({share[name]:.0%})" for name in order)
    return {
        "labelled": int(total["sections"].sum()),
        "labels_zh": zh,
        "labels_en": en,
        "leading_zh": most[0],
        "leading_en": most[1],
        "leading_share": float(share.max()),
    }


def lexicon_facts(lexicon: pd.DataFrame, n_shown: int = 20) -> Facts:
    """Return kept, kept_times, example_zh/en and pieces.

    The example is the term that falls into most pieces among the ``n_shown`` most frequent.
    """
    if lexicon.empty:
        return {}
    example = lexicon.iloc[int(lexicon["before"].head(n_shown).str.count("｜").argmax())]
    zh, en = gloss([str(example["word"])])
    pieces = str(example["before"]).replace("｜", " / ")
    times = int(lexicon["count"].sum())
    return {"kept": len(lexicon), "kept_times": times, "example_zh": zh, "example_en": en, "pieces": pieces}


def keyness_facts(keys: pd.DataFrame, n_words: int = 3) -> Facts:
    """Return key_words_zh/en: the words that set each label but ``other`` apart most; labels without are named."""
    zh, en, without = [], [], []
    for label in IN_SCOPE:
        words = keys[keys["group"] == label].sort_values("log_likelihood", ascending=False, kind="stable")["word"]
        name = label_names([label])
        if words.empty:
            without.append(label)
            continue
        listed = gloss(words.astype(str).head(n_words))
        zh.append(f"{name[0]}多用{listed[0]}")
        en.append(f"{name[1]}: {listed[1]}")
    if not zh:
        return {}
    none = label_names(without)
    return {
        "key_words_zh": "；".join(zh) + (f"；{none[0]}没有够格的词" if without else ""),
        "key_words_en": "; ".join(en) + (f"; no word qualifies for {none[1]}" if without else ""),
    }


def topic_facts(prevalence: pd.DataFrame, crossed: pd.DataFrame) -> Facts:
    """Return topics, topic_names_zh/en, single, single_zh/en (topics that are one story), purity, never_zh/en.

    ``prevalence`` has name_zh, name_en and one_story; ``crossed`` as `plot_topic_labels` draws it. purity: share of
    sections that bear the commonest label of their topic; never: labels that are the commonest of no topic.
    """
    best = crossed.groupby("topic", sort=False)["sections"].transform("max")
    leading = crossed[(crossed["sections"] == best) & (best > 0)]
    never = label_names(label for label in LABELS if label not in set(leading["label"]))
    single = prevalence[prevalence["one_story"] >= ONE_STORY]
    return {
        "topics": len(prevalence),
        "topic_names_zh": "、".join(prevalence["name_zh"].astype(str)),
        "topic_names_en": listing(prevalence["name_en"].astype(str)),
        "single": len(single),
        "single_zh": "、".join(single["name_zh"].astype(str)) or "无",
        "single_en": listing(single["name_en"].astype(str)) or "none",
        "purity": float(crossed.groupby("topic")["sections"].max().sum() / max(crossed["sections"].sum(), 1)),
        "never_zh": never[0] or "无",
        "never_en": never[1] or "none",
    }


def stability_facts(spans: pd.DataFrame) -> Facts:
    """Return same_seed, same_pages, same_low and same_high of the method in the first two rows of `plot_intervals`."""
    seed, redrawn = spans.iloc[0], spans.iloc[1]
    return {
        "same_seed": float(seed["value"]),
        "same_pages": float(redrawn["value"]),
        "same_low": float(redrawn["low"]),
        "same_high": float(redrawn["high"]),
    }


def score_facts(scores: pd.DataFrame, ours: str) -> Facts:
    """Return right, ours, ours_low, ours_high, other, other_zh/en (the best simple method), verdict_zh/en.

    ``scores`` has method, name_zh, name_en, score, value, low, high. A method whose value lies within our interval is
    not worse: the verdict says so. Raises ``ValueError`` when no row is called ``ours``.
    """
    own: Any = scores[scores["method"] == ours].set_index("score")
    if own.empty:
        raise ValueError(f"scores: no rows of {ours!r}; there are {', '.join(scores['method'].unique())}")
    simple = scores[~scores["method"].str.startswith("ours") & (scores["score"] == "macro_f1")]
    best: Any = simple.iloc[int(simple["value"].argmax())]
    low, high = float(own.loc["macro_f1", "low"]), float(own.loc["macro_f1", "high"])
    tie = low <= best["value"] <= high
    return {
        "right": float(own.loc["accuracy", "value"]),
        "ours": float(own.loc["macro_f1", "value"]),
        "ours_low": low,
        "ours_high": high,
        "other": float(best["value"]),
        "other_zh": str(best["name_zh"]),
        "other_en": str(best["name_en"]),
        "verdict_zh": "在这些版面上不分高下" if tie else "分类器高于它",
        "verdict_en": "which is no difference on these pages" if tie else "so the classifier is above it",
    }


def error_facts(confusion: pd.DataFrame) -> Facts:
    """Return errors, mistaken (sections of each commonest mistake) and mistakes_zh/en, every one where several tie."""
    wrong = confusion[(confusion["truth"] != confusion["predicted"]) & (confusion["sections"] > 0)]
    if wrong.empty:
        return {}
    most = wrong[wrong["sections"] == wrong["sections"].max()]
    pairs = [(label_names([a]), label_names([b])) for a, b in zip(most["truth"], most["predicted"], strict=True)]
    each_zh, each_en = ("各", " (each)") if len(pairs) > 1 else ("", "")
    return {
        "errors": int(wrong["sections"].sum()),
        "mistaken": int(most["sections"].iloc[0]),
        "mistakes_zh": "、".join(f"{a[0]}判为{b[0]}" for a, b in pairs) + each_zh,
        "mistakes_en": listing(f"{a[1]} taken for {b[1]}" for a, b in pairs) + each_en,
    }


def confidence_facts(bins: pd.DataFrame, outcomes: pd.DataFrame) -> Facts:
    """Return stated (mean calibrated confidence), accuracy, left (share abstained) and given_wrong (share of labels).

    ``bins`` as `plot_reliability` draws them, of which the first method counts; ``outcomes`` as `plot_abstention` does.
    """
    first = bins[bins["method"] == bins["method"].iloc[0]] if "method" in bins else bins
    answers = outcomes.groupby("outcome")["sections"].sum()
    given = answers.sum() - answers.get("abstained", 0)
    return {
        "stated": float((first["n"] * first["confidence"]).sum() / first["n"].sum()),
        "accuracy": float((first["n"] * first["right"]).sum() / first["n"].sum()),
        "left": float(answers.get("abstained", 0) / answers.sum()),
        "given_wrong": float(answers.get("wrong", 0) / max(given, 1)),
    }


def _scripts(scripts: pd.DataFrame) -> tuple[str, str]:
    """Return the scripts of the pages, as "简体、繁体与少量英文" and "in Simplified and Traditional script …"."""
    counts = scripts.groupby("script")["characters"].sum()
    shares = {script: count / counts.sum() for script, count in counts.items()}
    han = [SCRIPTS[name] for name in ("hans", "hant", "mixed") if shares.get(name, 0) >= _SLIP]
    english = shares.get("en", 0)
    if not han:
        return "英文", "in English"
    zh = "、".join(script.chinese for script in han)
    en = f"in {listing(script.english for script in han)} script"
    if english >= _SLIP:
        zh += "与少量英文" if english < _SOME else "与英文"
        en += " with some English" if english < _SOME else " and English"
    return zh, en
