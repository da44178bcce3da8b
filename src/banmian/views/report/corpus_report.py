"""The report of any pages without a notebook: the figures that need no hand labels, then the same words around them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.views import figures
from banmian.views.bilingual import bilingual
from banmian.views.document_names import document_names
from banmian.views.figures.caption import Source
from banmian.views.figures.manifest import read_manifest
from banmian.views.figures.write_if_changed import write_if_changed
from banmian.views.report import facts as report_facts
from banmian.views.report.build import build_docx, build_html, read_story
from banmian.views.report.template import drop_unfilled, fill_parts

_DOCUMENT_COLUMNS = (
    ("文件", "document"),
    ("报纸", "paper"),
    ("日期", "date"),
    ("地区", "district"),
    ("篇段", "sections"),
)
_MOST_DOCUMENTS = 40  # rows of the list of documents; the rest are in tables/sections.csv


def write_corpus_report(
    out: Path, pages: pd.DataFrame, sections: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, date: str = ""
) -> list[str]:
    """Write report.html and report.docx into ``out`` and their figures into ``out``/figures; return the figures' names.

    Parameters
    ----------
    pages : DataFrame
        As `page_metadata` gives them.
    sections : DataFrame
        Of `split_sections`, with label ("" where none was given) and characters (printed ones).
    tables : Mapping
        repair (doc_id, decision), pairs (`find_duplicates`), keyness and prevalence, crossed, topic_words as the plots
        of these names take them; those that are missing leave out their figure and what is said of it.
    date : of the report, printed below its title.
    """
    folder = out / "figures"
    names = document_names(pages)
    placed = sections.assign(document=sections["doc_id"].map(names))
    known = _draw(folder, placed, pages, tables)
    known["whose_zh"], known["whose_en"] = "机器", "the classifier's"
    there = set(read_manifest(folder))
    parts = fill_parts(drop_unfilled(read_story(), known, there, {"documents"}), known)
    listed = {"documents": _documents(pages, sections)}
    write_if_changed(out / "report.html", build_html(parts, folder, listed, date, "figures/").encode())
    write_if_changed(out / "report.docx", build_docx(parts, folder, listed, date))
    return [part.figure for part in parts if part.figure]


def _draw(
    folder: Path, sections: pd.DataFrame, pages: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> report_facts.Facts:
    """Save the figures that the tables suffice for, and return the facts that the words need."""
    source = figures.corpus_source(pages, ("机器标签", "labels of the classifier"))
    composition, scripts = _sum(sections, "kind"), _sum(sections, "script")
    _save(folder, "composition", composition, source)
    facts = report_facts.corpus_facts(pages, composition, scripts)
    if "repair" in tables and len(tables["repair"]):
        _save(folder, "repair", tables["repair"], source)
        facts |= report_facts.repair_facts(tables["repair"])
    if "pairs" in tables:
        repeats = figures.count_repeats(tables["pairs"], sections)
        caption = figures.caption_duplicates(tables["pairs"])
        figures.save_figure(
            figures.plot_duplicates(repeats), "duplicates", data=repeats, caption=caption, source=source, folder=folder
        )
        facts |= report_facts.repeat_facts(tables["pairs"], repeats)
    labelled = sections[sections["label"] != ""]
    if len(labelled):
        by_document = figures.count_labels(labelled, "document")
        caption = figures.caption_labels_by_document(by_document, by_hand=False)
        plot = figures.plot_labels_by_document(by_document)
        figures.save_figure(plot, "labels", data=by_document, caption=caption, source=source, folder=folder)
        facts |= report_facts.label_facts(by_document)
        _draw_over_time(folder, labelled, pages, source)
    if "keyness" in tables and len(tables["keyness"]):
        _draw_keyness(folder, tables["keyness"], labelled, source)
        facts |= report_facts.keyness_facts(tables["keyness"])
    if "prevalence" in tables and len(tables["prevalence"]):
        facts |= _draw_topics(folder, tables, source)
    return facts


def _save(folder: Path, name: str, data: pd.DataFrame, source: Source) -> None:
    plot, caption = getattr(figures, f"plot_{name}"), getattr(figures, f"caption_{name}")
    figures.save_figure(plot(data), name, data=data, caption=caption(data), source=source, folder=folder)


def _sum(sections: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return printed characters by document and ``by``, in reading order."""
    counted = sections.groupby(["document", by], sort=False)["characters"].sum().reset_index()
    return counted.rename(columns={"document": "doc_id"})


def _draw_over_time(folder: Path, labelled: pd.DataFrame, pages: pd.DataFrame, source: Source) -> None:
    """Draw labels by month, or by year where there are more months than can be read; no figure without dates."""
    dates = labelled["doc_id"].map(pages.set_index("doc_id")["date"])
    months = dates.str[:7]
    period = months if months[months != ""].nunique() <= 24 else dates.str[:4]
    over_time = figures.count_labels(labelled.assign(period=period), "period")
    if over_time["period"].nunique() < 2:
        return
    caption = figures.caption_labels_over_time(over_time, int((period == "").sum()))
    plot = figures.plot_labels_over_time(over_time)
    figures.save_figure(plot, "over_time", data=over_time, caption=caption, source=source, folder=folder)


def _draw_keyness(folder: Path, keys: pd.DataFrame, labelled: pd.DataFrame, source: Source) -> None:
    sizes = {str(label): int(n) for label, n in labelled["label"].value_counts(sort=False).items()}
    plot = figures.plot_panels(
        keys,
        "group",
        figures.plot_keyness,
        finding=("各标签有自己的词", "Each label has words of its own"),
        titles=figures.keyness_titles(sizes),
        limit=keys["log_ratio"].max(),
    )
    caption = figures.caption_keyness(
        keys, sizes, int(keys["texts"].min()), float(np.floor(keys["log_likelihood"].min()))
    )
    figures.save_figure(plot, "keyness", data=keys, caption=caption, source=source, folder=folder)


def _draw_topics(folder: Path, tables: Mapping[str, pd.DataFrame], source: Source) -> report_facts.Facts:
    prevalence, crossed, words = (tables[name] for name in ("prevalence", "crossed", "topic_words"))
    save: Any = {"source": source, "folder": folder}
    caption = figures.caption_prevalence(prevalence)
    figures.save_figure(figures.plot_prevalence(prevalence), "prevalence", data=prevalence, caption=caption, **save)
    n = len(prevalence)
    plot = figures.plot_panels(
        words,
        "topic",
        figures.plot_topic_words,
        columns=3,
        height=2.1,
        finding=(f"{n}个话题，各以权重最高的词为证", f"{n} topics by their heaviest words"),
        titles=figures.topic_titles(prevalence),
    )
    figures.save_figure(plot, "topic_words", data=words, caption=figures.caption_topic_words(words), **save)
    if len(crossed):
        caption = figures.caption_topic_labels(crossed)
        figures.save_figure(figures.plot_topic_labels(crossed), "topic_labels", data=crossed, caption=caption, **save)
        return report_facts.topic_facts(prevalence, crossed)
    return {}


def _documents(pages: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Return the list of documents as the report prints it, headings in the languages that are shown."""
    listed = pages.assign(document=pages["name"].where(pages["name"] != "", pages["doc_id"]))
    listed["sections"] = listed["doc_id"].map(sections.groupby("doc_id")["section_id"].size()).fillna(0).astype(int)
    shown = listed[[english for _, english in _DOCUMENT_COLUMNS]].head(_MOST_DOCUMENTS)
    return shown.set_axis([bilingual(*pair) for pair in _DOCUMENT_COLUMNS], axis=1)
