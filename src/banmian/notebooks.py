"""Runs the notebooks: to remake the figures, or to keep their outputs after a change."""

import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from banmian.paths import ROOT

NOTEBOOKS = ROOT / "notebooks"
# A cell of ours takes seconds; ten minutes is a machine in trouble, not a slow cell.
CELL_SECONDS = 600


def notebook_paths() -> list[Path]:
    """The project's notebooks in the order of their numbers."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def run_notebook(path: Path, keep_outputs: bool = False) -> None:
    """Run one notebook from the top in a fresh kernel; with ``keep_outputs`` write its outputs back into it.

    Raises
    ------
    ValueError
        A cell failed; the message names the notebook and the cell's error.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        last_line = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()[-1]
        raise ValueError(f"{path.name}: a cell failed: {last_line}; open it with `make lab` to see where") from error
    if keep_outputs:
        write_notebook(without_run_traces(notebook), path)


def without_run_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without what changes from run to run or machine to machine: times and the interpreter's version."""
    clean = nbformat.from_dict(notebook)
    clean.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(clean.cells, 1):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
    return clean


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write whole or not at all."""
    temporary = path.with_suffix(".ipynb.tmp")
    nbformat.write(notebook, temporary)
    temporary.replace(path)


def run_notebooks(paths: Iterable[Path], keep_outputs: bool = False) -> None:
    """Run several notebooks one after the other, each in a kernel of its own."""
    for path in paths:
        run_notebook(path, keep_outputs)
