"""Made-up data for the plots: words as long as the real ones, counts as large (cases/plots.json)."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from banmian.views import figures
from banmian.views.figures import Caption, plot_confusion, plot_panels, save_figure
from locations import CASES as CASES_DIR

_CASES = json.loads((CASES_DIR / "plots.json").read_text(encoding="utf-8"))


def frame(name: str) -> pd.DataFrame:
    """One case as a data frame."""
    return pd.DataFrame(_CASES[name]["rows"], columns=_CASES[name]["columns"])


CAPTION = Caption("混淆矩阵", "Confusion matrix", "A matrix with most sections on its diagonal")
DATA = frame("confusion").head(2)


def save(folder: Path, name: str = "04_confusion", data: pd.DataFrame = DATA) -> None:
    """Save a small figure, for tests of what saving leaves behind."""
    save_figure(
        plot_confusion(data), name, data=data, caption=CAPTION, made_by="notebooks/04_labels.ipynb", folder=folder
    )


def _single(plot: str, *cases: str) -> Callable[[], Figure]:
    return lambda: getattr(figures, f"plot_{plot}")(*(frame(case) for case in cases)).figure


# Every plot there is, by name, drawn from its case.
DRAWN: dict[str, Callable[[], Figure]] = {
    "composition": _single("composition", "composition"),
    "repair": _single("repair", "repair"),
    "scripts": _single("scripts", "scripts"),
    "duplicates": _single("duplicates", "repeats"),
    "labels_by_document": _single("labels_by_document", "by_document"),
    "labels_over_time": _single("labels_over_time", "over_time"),
    "page_strip": _single("page_strip", "strip_lines", "strip_paragraphs"),
    "keyness": lambda: plot_panels(frame("keyness"), "group", figures.plot_keyness),
    "frequencies": _single("frequencies", "frequencies"),
    "collocates": lambda: figures.plot_collocates(frame("collocates"), node="基层治理").figure,
    "lexicon_effect": _single("lexicon_effect", "lexicon"),
    "topic_words": lambda: plot_panels(frame("topic_words"), "topic", figures.plot_topic_words, columns=3),
    "prevalence": _single("prevalence", "prevalence"),
    "topic_pairs": _single("topic_pairs", "pairs"),
    "topic_labels": _single("topic_labels", "topic_labels"),
    "map": _single("map", "map", "map_names"),
    "score_table": _single("score_table", "score_table"),
    "intervals": _single("intervals", "intervals"),
    "confusion": _single("confusion", "confusion"),
    "abstention": _single("abstention", "abstention"),
    "reliability": _single("reliability", "reliability"),
    "risk_coverage": _single("risk_coverage", "risk_coverage"),
    "learning_curve": _single("learning_curve", "learning_curve"),
}
