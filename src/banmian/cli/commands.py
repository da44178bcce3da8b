"""The command ``banmian``: sections, labels and topics of scanned pages, and the project's figures.

Modules that take time to load are imported inside the commands, so that ``banmian --help`` answers at once.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from banmian.cli.columns import column_options
from banmian.cli.concordance import concordance
from banmian.cli.parallel import ClusterOptions, echo_manifest, open_run, parallel_options
from banmian.cli.report import report
from banmian.cli.terminal import choose_language, defer_signals, echo_rejected, echo_status, handle_errors, open_input
from banmian.cli.train import evaluate, train

if TYPE_CHECKING:
    import pandas as pd

PATH = click.Path(path_type=Path)
METHODS = click.Choice(["nmf", "lda", "bertopic", "umap"])
REASONS = ["none", "short", "full"]
OUTPUT_HELP = "Write there instead of to standard output: .jsonl, .parquet, .csv, .tsv or .xlsx, by its ending."


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="banmian", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def commands(debug: bool) -> None:
    """Read Chinese newspaper pages as a scanner leaves them, and say what each section is about.

    \b
    Examples:
      banmian sections seeds | head
      banmian label seeds -o labels.jsonl
      banmian topics seeds -o topics/

    Exit codes: 0 done, 1 bad input or output, 2 wrong usage, 129 terminal closed, 130 interrupted, 143 terminated.

    Shell completion: eval "$(_BANMIAN_COMPLETE=bash_source banmian)" (or zsh_source, fish_source).
    """


@commands.command()
@click.argument("path", type=PATH)
@click.option("-o", "--output", type=PATH, help=OUTPUT_HELP)
@column_options
@parallel_options
def sections(path: Path, output: Path | None, cluster: ClusterOptions | None, **columns: Any) -> None:
    """Sections of PATH, one JSON object a line.

    PATH is a page (.txt, .md, .html, .docx, .pdf, .png, .jpg, .tif …), a table (.csv, .xlsx, .jsonl …) whose rows are
    pages, or a folder of one kind.

    \b
    Examples:
      banmian sections scan.png -o sections.xlsx
      banmian sections reports.csv --text-column full_text
      banmian sections pages/ | jq -r 'select(.kind == "headline") | .text'
      banmian sections ten_years/ -o sections/ --workers 8
    """
    corpus = open_input(path, output, **columns, light=True)
    if cluster:
        from banmian.scale.jobs import run_sections

        with open_run(output, cluster) as (out, client):
            echo_manifest(run_sections(corpus, out, client, progress=True), "sections", out)
        return
    from banmian.pipeline.rows import Rejected, read_sections

    rejected: list[Rejected] = []
    found = read_sections(corpus, rejected, progress=True)
    count = _write([found], output)
    aside = echo_rejected(rejected)
    kinds = ", ".join(f"{n} {kind}" for kind, n in found["kind"].value_counts().sort_index().items())
    echo_status(f"{count} sections in {found['doc_id'].nunique()} documents ({kinds}){aside}")


@commands.command()
@click.argument("path", type=PATH)
@click.option("-o", "--output", type=PATH, help=OUTPUT_HELP)
@click.option("--model", type=PATH, help="A labeller by `banmian train`; by default the shipped one.")
@click.option("--fast", is_flag=True, help="Without the neural networks.")
@click.option("--reasons", type=click.Choice(REASONS), default="short", show_default=True,
              help="Terms behind each label; full: the nearest training texts too.")  # fmt: skip
@column_options
@parallel_options
def label(path: Path, output: Path | None, cluster: ClusterOptions | None, model: Path | None, fast: bool,
          reasons: Any, **columns: Any) -> None:  # fmt: skip
    """Label body sections: party_building, grassroots_governance, culture, commerce or other.

    PATH is as for `sections`, but each row of a table is a section; its other columns come through.
    \b
    Examples:
      banmian label seeds -o labels.jsonl
      banmian label articles.parquet -o labels.parquet --reasons none
      banmian label hotline.csv --text-column full_text --model mine.skops -o labels.xlsx
      banmian label page.txt | jq -r '[.label, .confidence, .text[:20]] | @tsv'
      banmian label articles.parquet -o labels/ --scheduler tcp://10.0.0.1:8786
    """
    from banmian.models.classify.labeller import load_labeller
    from banmian.models.classify.pretrained import load_pretrained
    from banmian.models.drift.statistics import SampleStatistics
    from banmian.pipeline.labels import drift_lines, label_batches
    from banmian.pipeline.rows import Rejected

    corpus = open_input(path, output, **columns)
    labeller = load_pretrained() if model is None else load_labeller(model)  # a damaged file is reported here
    if cluster:
        from banmian.scale.jobs import drift_of, run_labels

        with open_run(output, cluster) as (out, client):
            manifest = run_labels(corpus, out, client, progress=True, model=model, reasons=reasons, fast=fast)
            echo_manifest(manifest, "sections labelled", out)
            for line in drift_lines(drift_of(out)) if manifest["rows"] else ():
                echo_status(line)
        return
    predict = partial(labeller.predict, reasons=reasons, fast=fast)
    tally = SampleStatistics()
    counts: Counter[str] = Counter()
    rejected: list[Rejected] = []
    try:
        total = _write(label_batches(corpus, predict, rejected, counts, tally), output)
    finally:
        aside = echo_rejected(rejected)
    parts = ", ".join(f"{n} {name}" for name, n in sorted(counts.items()) if name != "abstained")
    done = (
        f"{total} sections labelled ({parts}); abstained on {counts['abstained']}" if total else "no section to label"
    )
    echo_status(done + aside)
    for line in drift_lines(tally) if total else ():
        echo_status(line)


@commands.command()
@click.argument("path", type=PATH)
@click.option("-o", "--output", type=PATH, default=Path("topics"), show_default=True, help="Folder to write to.")
@click.option("--method", type=METHODS, default="nmf", show_default=True, help="umap needs the package umap-learn.")
@click.option("-k", "n_topics", type=click.IntRange(1), help="Number of topics; chosen by stability if not given.")
@click.option("--seed", "random_state", default=0, show_default=True, help="For every random choice.")
@column_options
@parallel_options
def topics(path: Path, output: Path, cluster: ClusterOptions | None, **options: Any) -> None:
    """Topics of the body sections of PATH (as for `label`): topics.csv, sections.csv and scores.json in OUTPUT.

    A section's topic -1 means none. With --workers or --scheduler the topics are fitted to a sample of 20,000 sections
    and every section is placed among them; sections then come as Parquet partitions instead of sections.csv.

    \b
    Examples:
      banmian topics seeds
      banmian topics sections/ -o topics/ --workers 8
    """
    from banmian.io.atomic import exclusive_folder
    from banmian.pipeline.rows import Rejected
    from banmian.pipeline.topics import check_topics_folder, fit_corpus_topics, write_topics

    corpus = open_input(path, output, options.pop("text_column"), options.pop("id_column"))
    check_topics_folder(output)
    if cluster:
        from banmian.scale.jobs import run_topics

        with open_run(output, cluster) as (out, client):
            manifest, result = run_topics(corpus, out, client, progress=True, **options)
            with defer_signals(), exclusive_folder(out):
                write_topics(result, out)
            echo_manifest(manifest, f"sections in {result.n_topics} topics", out)
        return
    rejected: list[Rejected] = []
    rows, result = fit_corpus_topics(corpus, rejected, progress=True, **options)
    aside = echo_rejected(rejected)
    with defer_signals(), exclusive_folder(output):
        write_topics(result, output, rows)
    echo_status(f"{result.n_topics} topics in {len(rows)} sections ({result.why}); see {output}{aside}")


@commands.command()
@click.option("--keep-outputs", is_flag=True, help="Also write the outputs back into the notebooks.")
@click.option("--out", type=PATH, help="Write figures and executed notebooks into this folder, not into the project.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Change a setting of the notebooks.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="One language only; without --out, into figures/zh or en."
)
@click.argument("notebooks", nargs=-1, type=PATH)
def figures(
    keep_outputs: bool, out: Path | None, settings: tuple[str, ...], lang: str | None, notebooks: tuple[Path, ...]
) -> None:
    """Run the notebooks in order (or only NOTEBOOKS) and rewrite figures/.

    With --out the project's notebooks and figures stay untouched; BANMIAN_SEEDS names the folder of pages to read.

    \b
    Examples:
      banmian figures
      banmian figures notebooks/03_topics.ipynb
      banmian figures --lang zh
      BANMIAN_SEEDS=~/pages banmian figures --out ~/report --set SEED=7
    """
    from banmian.notebooks import notebook_paths

    # Before anything of the extra `notebooks` is imported: without them there is nothing to run.
    paths = [path.resolve() for path in notebooks or notebook_paths()]
    from banmian.notebooks.parametrize import (
        check_settings,
        parse_settings,
        run_all_with_parameters,
        uses_custom_corpus,
    )
    from banmian.notebooks.run import run_notebook, with_progress

    if keep_outputs and out:
        raise click.UsageError("--keep-outputs writes into the project and --out beside it: choose one")
    if settings and not out:
        raise click.UsageError("--set needs --out: the project's own figures are made with its own settings")
    if not out and uses_custom_corpus() and "BANMIAN_FIGURES" not in os.environ:
        raise click.UsageError("BANMIAN_SEEDS names other pages: say with --out where their figures go")
    if lang:
        choose_language(lang, own_folder=out is None)
    chosen = parse_settings(settings)
    check_settings(paths, chosen)
    bar = with_progress(paths)
    if out is None:
        for path in bar:
            run_notebook(path, keep_outputs)
        return
    if failed := run_all_with_parameters(bar, out.resolve(), chosen):
        raise ValueError("\n  ".join([f"{len(failed)} of {len(paths)} notebooks did not run to their end:", *failed]))
    echo_status(f"{len(paths)} notebooks run; see {out}/figures and {out}/notebooks")


commands.add_command(concordance)
commands.add_command(report)
commands.add_command(train)
commands.add_command(evaluate)


def _write(frames: Iterable["pd.DataFrame"], output: Path | None) -> int:
    from banmian.io.tables import write_jsonl, write_rows

    if output is not None:
        return write_rows(frames, output)
    if sys.stdout is None:  # as a shell's `>&-` has it
        raise ValueError("standard output is closed; name a file with -o")
    return write_jsonl(frames, sys.stdout)


def main() -> None:
    """Run the command; errors in one line (with ``--debug`` in full). Exit codes: see ``banmian --help``.

    SIGPIPE stays ignored, as Python has it: else a broken connection of a worker would kill a run without a word.
    """
    # Before numpy is imported: texts run side by side, and threads within small products cost a quarter more time.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # For the processes that we start: one that tidies up behind interrupted workers would tell of it.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    with handle_errors():
        commands.main(prog_name="banmian", standalone_mode=False)
