"""`banmian concordance`: a word in its contexts."""

import sys
from pathlib import Path

import click

from banmian.cli.terminal import echo_rejected, echo_status, open_input


@click.command()
@click.argument("word")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write there: .jsonl, else CSV.")
@click.option("--width", type=click.IntRange(1, 500), default=20, show_default=True, help="Characters on each side.")
@click.option("--collocates", "near", is_flag=True, help="Words near WORD instead, with logDice and log-likelihood.")
@click.option("--window", type=click.IntRange(1, 50), default=5, show_default=True, help="Words that count as near.")
def concordance(word: str, path: Path, output: Path | None, width: int, near: bool, window: int) -> None:
    """Every place of WORD in the body sections of PATH, with what stands before and after it.

    WORD may be in either script: 基层治理 finds 基層治理 too, and each line is shown as printed. Columns are
    separated by tabs: section, left, word, right.

    \b
    Examples:
      banmian concordance 基层治理 seeds
      banmian concordance 党建引领 pages/ --collocates
      banmian concordance 新就业群体 pages/ -o lines.csv
    """
    from banmian.io.atomic import atomic_write
    from banmian.io.tables import write_csv, write_jsonl
    from banmian.pipeline.concordance import find_lines
    from banmian.pipeline.rows import Rejected

    rejected: list[Rejected] = []
    found, n_rows = find_lines(open_input(path, output), word, rejected, width=width, near=near, window=window)
    if output is None:
        shown = found if near else found[["section_id", "left", "word", "right"]]
        shown.to_csv(sys.stdout, sep="\t", index=False)
    elif output.suffix == ".jsonl":
        with atomic_write(output) as temporary, temporary.open("w", encoding="utf-8") as file:
            write_jsonl([found], file)
    else:
        with atomic_write(output) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(found, file)
    what = "words near it" if near else f"places in {found['section_id'].nunique()} sections"
    echo_status(f"{word}: {len(found)} {what}, of {n_rows} sections{echo_rejected(rejected)}")
