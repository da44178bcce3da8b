"""The command ``banmian``: sections, labels and topics of scanned pages, and the project's figures.

Modules that take time to load are imported inside the commands, so that ``banmian --help`` answers at once.
"""

import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

INPUT = click.Path(path_type=Path)
OUTPUT_HELP = "Write there instead of to standard output; a name ending in .parquet writes Parquet."


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

    Shell completion: eval "$(_BANMIAN_COMPLETE=bash_source banmian)" (or zsh_source, fish_source).
    """


@commands.command()
@click.argument("path", type=INPUT)
@click.option("-o", "--output", type=INPUT, help=OUTPUT_HELP)
def sections(path: Path, output: Path | None) -> None:
    """Sections of PATH (a .txt file or a folder of them), one JSON object a line.

    \b
    Examples:
      banmian sections page.txt
      banmian sections pages/ -o sections.jsonl
      banmian sections pages/ | jq -r 'select(.kind == "headline") | .text'
    """
    found = _sections(path)
    count = _write([found], output)
    kinds = ", ".join(f"{n} {kind}" for kind, n in found["kind"].value_counts().sort_index().items())
    _tell(f"{count} sections in {found['doc_id'].nunique()} documents ({kinds})")


@commands.command()
@click.argument("path", type=INPUT)
@click.option("-o", "--output", type=INPUT, help=OUTPUT_HELP)
def label(path: Path, output: Path | None) -> None:
    """Label body sections: party_building, grassroots_governance, culture, commerce or other.

    PATH is a .txt file, a folder of them, or a .jsonl or .parquet of {id, text} whose rows are taken as sections.
    The labeller is trained on what the project ships at the first use (about half a minute) and kept.

    \b
    Examples:
      banmian label seeds -o labels.jsonl
      banmian label articles.parquet -o labels.parquet
      banmian label page.txt | jq -r '[.label, .confidence, .text[:20]] | @tsv'
    """
    from banmian.models.classify import shipped_labeller

    counts: dict[str, int] = {}
    labeller = shipped_labeller(progress=True)

    def labelled() -> Iterator["pd.DataFrame"]:
        for batch in _label_batches(path):
            result = labeller.label(batch["text"].tolist(), progress=True)
            counts["abstained"] = counts.get("abstained", 0) + int(result["abstained"].sum())
            for name, n in result["label"].value_counts().items():
                counts[str(name)] = counts.get(str(name), 0) + int(n)
            yield batch.reset_index(drop=True).join(result)

    total = _write(labelled(), output)
    parts = ", ".join(f"{n} {name}" for name, n in sorted(counts.items()) if name != "abstained")
    _tell(f"{total} sections labelled ({parts}); abstained on {counts.get('abstained', 0)}")


@commands.command()
@click.option("--keep-outputs", is_flag=True, help="Also write the outputs back into the notebooks.")
@click.argument("notebooks", nargs=-1, type=INPUT)
def figures(keep_outputs: bool, notebooks: tuple[Path, ...]) -> None:
    """Run the notebooks in order (or only NOTEBOOKS) and rewrite figures/.

    \b
    Examples:
      banmian figures
      banmian figures notebooks/03_topics.ipynb
    """
    from tqdm import tqdm

    from banmian.notebooks import notebook_paths, run_notebook

    for path in tqdm(notebooks or notebook_paths(), unit="notebook", disable=None):
        run_notebook(path.resolve(), keep_outputs)


def _sections(path: Path) -> "pd.DataFrame":
    from banmian.reading.corpus import read_documents
    from banmian.reading.layout import split_sections

    return split_sections(read_documents(path))


def _label_batches(path: Path) -> Iterable["pd.DataFrame"]:
    """Batches of rows to label: body sections of pages, or the rows of a table as sections of their own."""
    from banmian.tables import TABLE_SUFFIXES, read_rows

    if path.suffix in TABLE_SUFFIXES:
        if not path.is_file():
            raise ValueError(f"{path}: no such file; give a .txt, .jsonl or .parquet file or a folder")
        return (rows.rename(columns={"id": "section_id"}) for rows in read_rows(path))
    found = _sections(path)
    return [found[found["kind"] == "body"]]


def _write(frames: Iterable["pd.DataFrame"], output: Path | None) -> int:
    from banmian.tables import whole_file, write_jsonl, write_parquet

    if output is None:
        return write_jsonl(frames, sys.stdout)
    with whole_file(output) as temporary:
        if output.suffix == ".parquet":
            return write_parquet(frames, temporary)
        with temporary.open("w", encoding="utf-8") as out:
            return write_jsonl(frames, out)


def _tell(line: str) -> None:
    """The summary goes to standard error, so that standard output holds rows alone."""
    click.echo(f"banmian: {line}", err=True)


def interruptible() -> None:
    """Let SIGTERM end the process as Ctrl-C does: through an exception, so that half-written files are removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # 143 is what a shell shows for SIGTERM


def main() -> None:
    """Run the command; errors in one line (with ``--debug`` in full). Exit codes: 1 input, 2 usage, 130 Ctrl-C."""
    interruptible()
    if hasattr(signal, "SIGPIPE"):  # `banmian sections pages | head` ends quietly, as other tools do
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        commands.main(prog_name="banmian", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except (ValueError, OSError) as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"banmian: {error}", err=True)
        sys.exit(1)
