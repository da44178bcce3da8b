"""The commands for labels of one's own: ``banmian train`` and ``banmian evaluate``."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from banmian.cli.terminal import echo_status, escape_controls

if TYPE_CHECKING:
    import pandas as pd

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("examples", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Write the labeller there; such as mine.skops.")
@click.option("--descriptions", type=PATH, help="A table with the columns label and description.")
@click.option("--groups", metavar="COLUMN", help="Rows equal in this column are never tested on each other.")
def train(examples: Path, output: Path, descriptions: Path | None, groups: str | None) -> None:
    """Train a labeller on EXAMPLES, a table with the columns text and label, for `banmian label --model`.

    EXAMPLES is a .csv, .tsv, .jsonl, .parquet or .xlsx. Two labels or more, text or whole numbers, from one example
    each; ten or more a label make the scores worth reading. Scores are of examples held out in turn.

    \b
    Examples:
      banmian train examples.csv -o mine.skops
      banmian train examples.csv -o mine.skops --descriptions codebook.csv --groups case_id
      banmian label PATH --model mine.skops
    """
    from banmian.models.classify.training.tables import train_from_table

    if output.is_file() and examples.is_file() and output.samefile(examples):
        raise ValueError(f"{output}: is to be read, so it is not written over; choose another name")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        labeller, scores, doubtful = train_from_table(examples, descriptions=descriptions, groups=groups, progress=True)
    for warning in caught:
        if issubclass(warning.category, UserWarning):
            echo_status(f"CAUTION: {warning.message}")
    labeller.save(output)
    if len(scores):
        click.echo(f"held-out examples, by label (interval of the recall at 95 %):\n{_table(scores)}")
    if len(doubtful):
        click.echo(f"\nread these again, the other examples speak against their labels:\n{_table(doubtful)}")
    if len(scores) > 2:
        weak = scores[scores["label"] != ""].sort_values(["f1", "n"], kind="stable")["label"].astype(str).tolist()
        click.echo(f"\nmore examples help most of: {', '.join(weak[:3])}")
    echo_status(f"{labeller.info['n_texts']} examples of {len(labeller.labels)} labels; see {output}")


@click.command()
@click.argument("path", type=PATH)
@click.option("--model", type=PATH, help="A labeller by `banmian train`; by default the shipped one.")
@click.option("--truth", metavar="COLUMN", default="label", show_default=True, help="The column with the true labels.")
@click.option("--text", metavar="COLUMN", default="text", show_default=True, help="The column with the texts.")
def evaluate(path: Path, model: Path | None, truth: str, text: str) -> None:
    """Score a labeller on PATH, a table of texts whose true labels are known and that it was not trained on.

    \b
    Examples:
      banmian evaluate checked.csv --model mine.skops
      banmian evaluate checked.parquet --truth hand_label
    """
    from banmian.models.classify.labeller import load_labeller
    from banmian.models.classify.pretrained import load_pretrained
    from banmian.models.classify.training import tables

    table = tables.read_examples(path, columns=[text, truth])
    labeller = load_pretrained() if model is None else load_labeller(model)
    try:
        found = tables.evaluate(labeller, *tables.check_rows(list(table[text]), list(table[truth])))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    click.echo(f"by label (interval of the recall at 95 %):\n{_table(found['scores'])}")
    click.echo(f"\ntrue labels by labels given:\n{found['confusion'].to_string()}")
    click.echo(f"\nlabels given: {_share(*found['coverage'])}; right of those: {_share(*found['right'])}")
    click.echo(f"expected calibration error: {found['calibration_error']:.3f}")


def _share(value: float, low: float, high: float) -> str:
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _table(table: "pd.DataFrame") -> str:
    def shown(value: Any) -> str:
        return f"{value:.2f}" if isinstance(value, float) else escape_controls(" ".join(str(value).split())[:40])

    return table.assign(label=table["label"].replace("", "all")).map(shown).to_string(index=False)
