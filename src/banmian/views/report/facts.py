"""The facts that the report states, from the tables behind the figures: words and pictures cannot disagree.

Each function reads what one notebook saved into figures/ and returns name → value for `story.fill`. Ties go to the
row that comes first, and the tables have a fixed order. Errors are those of `report.read_table`.
"""

from functools import partial
from pathlib import Path
from typing import Any

from banmian.config import FIGURES
from banmian.labels.scheme import IN_SCOPE, LABELS
from banmian.views.report.build import read_table

Facts = dict[str, object]


def _table(name: str, folder: Path) -> Any:
    """A cell of a data frame may be anything to the type checker; here the columns say what it is."""
    return read_table(name, folder)


def all_facts(
    n_documents: int, n_words: int, method: str, ours: str, strict: bool = True, folder: Path = FIGURES
) -> Facts:
    """Return the facts of notebooks 1 to 4 together; arguments as for the functions below.

    Not ``strict``, for pages that a notebook may not suit: one of notebooks 2 to 4 whose tables are missing or empty
    gives no facts. Without those of notebook 1 there is no report.
    """
    facts = page_facts(n_documents, folder)
    for make in (partial(word_facts, n_words), partial(topic_facts, method), partial(label_facts, ours)):
        try:
            facts |= make(folder=folder)
        except (ValueError, KeyError):
            if strict:
                raise
    return facts


def page_facts(n_documents: int, folder: Path = FIGURES) -> Facts:
    """Return documents, body_share, joined, spaces, narrow_spaces, repeated and quoted (notebook 1).

    ``n_documents`` is told, since the figures show many documents in a few rows. ``narrow_spaces`` are the spaces
    removed from the page with most of them; ``repeated`` counts sections, each once, however many it repeats;
    ``quoted`` counts pairs.
    """
    composition, repair = _table("01_composition", folder), _table("01_repair", folder)
    pairs = _table("01_duplicates_pairs", folder)
    by_kind = composition.groupby("kind")["characters"].sum()
    runs = repair.groupby("decision")["runs"].sum()
    return {
        "documents": n_documents,
        "body_share": float(by_kind.get("body", 0) / by_kind.sum()),
        "joined": int(runs.get("join", 0)),
        "spaces": int(runs.get("space", 0)),
        "narrow_spaces": int(repair.loc[repair["decision"] == "space", "runs"].max()) if "space" in runs else 0,
        "repeated": pairs.loc[pairs["kind"] == "section", "section_b"].nunique(),
        "quoted": int((pairs["kind"] == "quote").sum()),
    }


def word_facts(n_words: int = 3, n_shown: int = 20, folder: Path = FIGURES) -> Facts:
    """Return kept, kept_times, example, pieces and, for each label but ``other``, its first key words (notebook 2).

    The example is the term that falls into most pieces among the ``n_shown`` that the figure shows.
    """
    lexicon, keys = _table("02_lexicon", folder), _table("02_keyness", folder)
    example = lexicon.iloc[int(lexicon["before"].head(n_shown).str.count("｜").argmax())]
    key_words = {
        f"{label}_words": "、".join(keys.loc[keys["group"] == label, "word"].astype(str).head(n_words)) or "—"
        for label in IN_SCOPE
    }
    return {
        "kept": len(lexicon),
        "kept_times": int(lexicon["count"].sum()),
        "example": str(example["word"]),
        "pieces": str(example["before"]).replace("｜", " / "),
        **key_words,
    }


def topic_facts(method: str = "nmf", folder: Path = FIGURES) -> Facts:
    """Return topics, topic_names, purity, never_zh/en and same_seed/pages/low/high of a method (notebook 3).

    ``purity``: share of sections that bear the commonest label of their topic. ``never``: labels that are not the
    commonest of any topic. ``same``: agreement with the first fit under other seeds, and on other draws of sections.
    """
    crossed = _table("03_topic_labels", folder)
    spans = _table("03_stability_spans", folder).set_index("name")
    leading = crossed.loc[crossed.groupby("topic", sort=False)["sections"].idxmax()]
    never = [label for label in LABELS.values() if label.id not in set(leading["label"])]
    redrawn = spans.loc[f"{method}, bootstrap"]
    return {
        "topics": len(leading),
        "topic_names": "、".join(leading["topic"].astype(str)),
        "purity": float(leading["sections"].sum() / crossed["sections"].sum()),
        "never_zh": "、".join(label.chinese for label in never) or "无",
        "never_en": ", ".join(label.english for label in never) or "no label",
        "same_seed": float(spans.loc[f"{method}, seed", "value"]),
        "same_pages": float(redrawn["value"]),
        "same_low": float(redrawn["low"]),
        "same_high": float(redrawn["high"]),
    }


def label_facts(ours: str, folder: Path = FIGURES) -> Facts:
    """Return what notebook 4 measured of the labeller that it calls ``ours``, and of the best of the simple ways.

    right (share of all sections), ours, ours_low, ours_high, other, other_name (macro-F1), mistaken, mistaken_share,
    truth_zh/en, taken_zh/en (the commonest mistake), stated (mean confidence), left (share left to a person),
    given_wrong (share wrong of the labels given), exemplars (how many it learnt from).
    """
    scores, confusion = _table("04_scores", folder), _table("04_confusion", folder)
    own = scores[scores["name"] == ours].set_index("score")
    if own.empty:
        raise ValueError(f"04_scores.csv: no rows of {ours!r}; it has {', '.join(scores['name'].unique())}")
    others = scores[~scores["name"].str.startswith("banmian") & (scores["score"] == "macro_f1")]
    best = others.loc[others["value"].idxmax()]
    mistakes = confusion[confusion["truth"] != confusion["predicted"]]
    mistake = mistakes.loc[mistakes["sections"].idxmax()]
    truth, taken = LABELS[mistake["truth"]], LABELS[mistake["predicted"]]
    bins = _table("04_reliability", folder)
    answers = _table("04_abstention", folder).groupby("outcome")["sections"].sum()
    return {
        "right": float(own.loc["accuracy", "value"]),
        "ours": float(own.loc["macro_f1", "value"]),
        "ours_low": float(own.loc["macro_f1", "low"]),
        "ours_high": float(own.loc["macro_f1", "high"]),
        "other": float(best["value"]),
        "other_name": str(best["name"]),
        "mistaken": int(mistake["sections"]),
        "mistaken_share": float(mistake["share"]),
        **{"truth_zh": truth.chinese, "truth_en": truth.english, "taken_zh": taken.chinese, "taken_en": taken.english},
        "stated": float((bins["n"] * bins["confidence"]).sum() / bins["n"].sum()),
        "left": float(answers.get("abstained", 0) / answers.sum()),
        "given_wrong": float(answers.get("wrong", 0) / (answers.sum() - answers.get("abstained", 0))),
        "exemplars": int(_table("04_learning_curve", folder)["sections"].max()),
    }
