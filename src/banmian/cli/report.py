"""`banmian report`: a folder that can be sent: report, explorer, figures and tables of any pages."""

import os
from datetime import date as calendar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from banmian.cli.terminal import echo_rejected, echo_status, open_input

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("report"), show_default=True)
@click.option("--lang", type=click.Choice(["both", "zh", "en"]), default="both", show_default=True)
@click.option("--date", default=None, help="Of the report; today if not given, '' for none.")
@click.option("--title", default="", help="Of the explorer.")
@click.option("-k", "n_topics", type=click.IntRange(1), help="Number of topics; chosen by stability if not given.")
def report(path: Path, output: Path, lang: str, date: str | None, title: str, n_topics: int | None) -> None:
    """Report and explorer of the pages in PATH, into the folder OUTPUT.

    report.html and report.docx (findings, list of documents, figures), explore.html (search, filters, each section
    beside its page; opens in any browser, needs no network), figures/ and tables/. Names, papers, dates and districts
    come from pages.csv beside the pages (columns doc_id, name, paper, date, district), else from file names and
    datelines.

    \b
    Examples:
      banmian report pages/ -o report/
      banmian report pages/ -o report/ --lang zh
    """
    os.environ["BANMIAN_LANG"] = lang
    corpus = open_input(path, light=True)
    if corpus.kind != "pages":
        raise ValueError(f"{path}: a report is made of pages; give a page or a folder of them")
    from banmian.pipeline.report import label_pages, read_pages
    from banmian.pipeline.rows import Rejected
    from banmian.reading.page_metadata import metadata_report, page_metadata

    rejected: list[Rejected] = []
    documents, sections = read_pages(corpus, rejected)
    pages = page_metadata(documents, path if path.is_dir() else path.parent)
    echo_status(metadata_report(pages))
    results = label_pages(documents, sections)
    _write(output, documents, pages, results, calendar.today().isoformat() if date is None else date, title, n_topics)
    aside = echo_rejected(rejected)
    echo_status(f"{len(sections)} sections of {len(documents)} documents; see {output}{aside}")


def _write(
    output: Path, documents: "pd.DataFrame", pages: "pd.DataFrame", results: dict[str, Any], date: str, title: str,
    n_topics: int | None,
) -> None:  # fmt: skip
    from banmian.io.atomic import atomic_write
    from banmian.io.tables import write_csv
    from banmian.pipeline.report import key_words, topics_of
    from banmian.views.document_names import document_names
    from banmian.views.explorer.search import join_results
    from banmian.views.explorer.standalone import explorer_html
    from banmian.views.report.corpus_report import write_corpus_report

    names, sections = document_names(pages), results["sections"]
    repair = results["repair"].assign(doc_id=results["repair"]["doc_id"].map(names))
    repair = repair.groupby(["doc_id", "decision"], as_index=False, sort=False).size().rename(columns={"size": "runs"})
    tables = {"repair": repair, "pairs": results["pairs"], "keyness": key_words(sections)}
    topics, places, more = topics_of(sections, results["story"], n_topics)
    (output / "tables").mkdir(parents=True, exist_ok=True)
    write_corpus_report(output, pages, sections, tables | more, date=date)
    table = join_results(sections.drop(columns="label"), results["predictions"], topics, places)
    shown = {"sections": table.drop(columns=["searched", "spans", "simplified"]), "pages": pages, **tables, **more}
    for name, frame in shown.items():
        file = output / "tables" / f"{name}.csv"
        with atomic_write(file) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as handle:
            write_csv(frame, handle)
    with atomic_write(output / "explore.html") as temporary:
        temporary.write_text(explorer_html(documents, table, pages, title), encoding="utf-8")
