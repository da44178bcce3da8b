"""Figures of a report: style, plots, captions, checks, and the one writer; import every ``plot_*`` from here."""

from banmian.views.bilingual import bilingual
from banmian.views.figures.manifest import write_gallery
from banmian.views.figures.plots.corpus import (
    plot_composition,
    plot_duplicates,
    plot_page_strip,
    plot_repair,
    plot_scripts,
)
from banmian.views.figures.plots.labels import plot_abstention, plot_confusion
from banmian.views.figures.plots.scores import plot_intervals, plot_learning_curve, plot_reliability, plot_risk_coverage
from banmian.views.figures.plots.topics import plot_map, plot_topic_labels, plot_topic_words
from banmian.views.figures.plots.words import plot_keyness, plot_lexicon_effect
from banmian.views.figures.save import save_figure
from banmian.views.figures.style import plot_panels, use_style

__all__ = [
    "bilingual",
    "plot_abstention",
    "plot_composition",
    "plot_confusion",
    "plot_duplicates",
    "plot_intervals",
    "plot_keyness",
    "plot_learning_curve",
    "plot_lexicon_effect",
    "plot_map",
    "plot_page_strip",
    "plot_panels",
    "plot_reliability",
    "plot_repair",
    "plot_risk_coverage",
    "plot_scripts",
    "plot_topic_labels",
    "plot_topic_words",
    "save_figure",
    "use_style",
    "write_gallery",
]
