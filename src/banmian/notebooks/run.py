"""Run the project's notebooks, to renew the figures or, after a change, the outputs stored in them."""

import re
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from banmian.io.atomic import atomic_write

# A cell of ours takes seconds; ten minutes is a machine in trouble, not a slow cell.
CELL_TIMEOUT = 600
# A kernel that listens on this machine alone warns that it is not encrypted, and one that is stopped in the middle of
# its tidying says so; a cell's error comes by another way.
KERNEL_ARGS = ["--IPKernelApp.log_level=CRITICAL"]


def run_notebook(path: Path, keep_outputs: bool = False) -> None:
    """Run one notebook from the top in a fresh kernel; with ``keep_outputs`` write its outputs back into it.

    Raises
    ------
    ValueError
        A cell failed; the message names the notebook and the cell's error.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=KERNEL_ARGS,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        last_line = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()[-1]
        raise ValueError(f"{path.name}: a cell failed: {last_line}; open it with `make lab` to see where") from error
    except DeadKernelError as error:
        raise ValueError(f"{path.name}: its kernel was stopped, or died for want of memory; start it again") from error
    if keep_outputs:
        write_notebook(strip_volatile_metadata(notebook), path)


def strip_volatile_metadata(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without what changes from run to run: times and the version of the interpreter."""
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
    """Write a notebook whole or not at all."""
    with atomic_write(path) as temporary:
        nbformat.write(notebook, temporary)


def with_progress(paths: Sequence[Path]) -> Generator[Path, None, None]:
    """Yield the notebooks; on a terminal, show which one runs, for how long, and what each took. Quiet elsewhere."""
    from tqdm import tqdm

    with tqdm(total=len(paths), disable=None, bar_format="{n_fmt} of {total_fmt} done, {elapsed}: {desc}") as bar:
        for path in paths:
            start = time.monotonic()
            with _ticking(bar, path.stem):
                yield path
            if not bar.disable:
                bar.write(f"{path.stem}: {time.monotonic() - start:.0f} s", file=sys.stderr)
            bar.update()


@contextmanager
def _ticking(bar: Any, name: str) -> Iterator[None]:
    """Redraw the bar each second, or a notebook that takes minutes would look like one that hangs."""
    if bar.disable:
        yield
        return
    done = Event()

    def tick() -> None:
        start = time.monotonic()
        while not done.wait(1):
            bar.set_description_str(f"{name}, {time.monotonic() - start:.0f} s")

    bar.set_description_str(name)
    thread = Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
