"""Runs copies of the notebooks on other pages or with other settings; the project stays as it is."""

import ast
import json
import logging
import os
import re
import shutil
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from banmian.config import PROJECT_CORPUS, ROOT, SEEDS
from banmian.io.atomic import temporary_folder
from banmian.notebooks.run import KERNEL_ARGS
from banmian.reading.corpus import UnreadableFileWarning, read_documents

# On other pages there may be a hundred times as many of them.
NOTEBOOK_TIMEOUT = 7_200
# The one cell in which a notebook's settings stand, by the house rule that SEED is among them.
SETTINGS_CELL = re.compile(r"^SEED *=", re.MULTILINE)
# Stands below the title of a copy.
OTHER_PAGES = """**These are the pages of `{folder}`.** Numbers, tables, figures and captions below are of these.
The prose was written by a person who read the five documents that the project came with; where it describes what
was seen, it refers to those.

以下数字、表格、图与图注都出自`{folder}`；正文中说到看见了什么的地方，说的是本项目自带的五份文件。"""


def parse_settings(pairs: Iterable[str]) -> dict[str, Any]:
    """Return {"SEED": 7} for ["SEED=7"]; values are Python literals, and anything else is text."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.isidentifier() or not name.isupper():
            raise ValueError(f"{pair}: a setting is NAME=VALUE, with the NAME in capitals as in the notebook")
        try:
            settings[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            settings[name] = value
    return settings


def run_with_parameters(path: Path, out: Path, settings: dict[str, Any]) -> Path:
    """Run a notebook on other pages or settings with papermill; return the executed copy in ``out``/notebooks.

    Its figures go to ``out``/figures, and nothing of the project changes. The pages are those of ``BANMIAN_SEEDS``.
    ``settings`` come after the notebook's own settings cell (the first one that sets SEED); those
    that a notebook does not have are not for it.

    Raises ``ValueError``: a cell failed (the copy shows where), ``out`` cannot be written, or it holds a notebook of
    this name that is no such copy.
    """
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)  # it warns of lines of settings that are no plain values
    copy = out / "notebooks" / path.name
    figures = out / "figures"
    if copy.is_file() and b'"papermill"' not in copy.read_bytes():
        raise ValueError(f"{copy}: is no copy that banmian made, and is not written over; choose another folder")
    try:
        for made in (copy.parent, figures):
            made.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{out}: cannot be written ({error.strerror}); choose another folder") from error
    _remove_stale_figures(figures, path.name[:3])
    notebook = nbformat.read(path, as_version=4)
    if uses_custom_corpus():
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(OTHER_PAGES.format(folder=_pages().name)))
    _copy_pictures(notebook, out)
    cell, own = _settings_of(notebook)
    if cell is not None:
        cell.metadata["tags"] = ["parameters"]
    with temporary_folder() as folder:
        tagged = folder / path.name
        nbformat.write(notebook, tagged)
        # The kernel inherits these; where figures go is read when banmian is imported there.
        with _environment(BANMIAN_FIGURES=str(figures), **_absolute()):
            try:
                papermill.execute_notebook(
                    str(tagged),
                    str(copy),
                    parameters={name: value for name, value in settings.items() if name in own},
                    kernel_name="python3",
                    language="python",
                    cwd=str(copy.parent),
                    progress_bar=False,
                    execution_timeout=NOTEBOOK_TIMEOUT,
                    extra_arguments=KERNEL_ARGS,
                )
            except papermill.PapermillExecutionError as error:
                # Our own errors are sentences; of others the kind is half of what they say.
                kind = "" if error.ename == "ValueError" else f"{error.ename}: "
                raise ValueError(f"{path.name}: a cell failed: {kind}{error.evalue}; see {copy}") from error
            except CellTimeoutError as error:
                raise ValueError(f"{path.name}: a cell took over {NOTEBOOK_TIMEOUT} s; give fewer pages") from error
            except DeadKernelError as error:
                raise ValueError(f"{path.name}: the kernel died, out of memory perhaps; give fewer pages") from error
    return copy


def run_all_with_parameters(paths: Iterable[Path], out: Path, settings: dict[str, Any]) -> list[str]:
    """Run each notebook with `run_with_parameters`; return what went wrong, one line for each that failed.

    One notebook that the pages do not suit (hand labels that belong to others) must not cost the rest. Pages that
    cannot be read suit none: then ``ValueError``, before any is run.
    """
    if out.resolve() == ROOT:
        raise ValueError(f"{out}: is the project itself, which stays as it is; choose another folder")
    _check_pages()
    failed = []
    for path in paths:
        try:
            run_with_parameters(path, out, settings)
        except ValueError as error:
            failed.append(str(error))
    return failed


def check_settings(paths: Iterable[Path], settings: Iterable[str]) -> None:
    """Raise ``ValueError`` for a setting that none of the notebooks has."""
    known = set().union(*(_settings_of(nbformat.read(path, as_version=4))[1] for path in paths))
    if unknown := sorted(set(settings) - known):
        raise ValueError(f"{', '.join(unknown)}: no notebook has such a setting; there are {', '.join(sorted(known))}")


def _settings_of(notebook: nbformat.NotebookNode) -> tuple[nbformat.NotebookNode | None, set[str]]:
    """Return the cell with the settings, if there is one, and their names."""
    cell = next((c for c in notebook.cells if c.cell_type == "code" and re.search(SETTINGS_CELL, c.source)), None)
    return cell, set(re.findall(r"^([A-Z][A-Z0-9_]*) *=", cell.source if cell else "", re.MULTILINE))


def _absolute() -> dict[str, str]:
    """Return the folders that are set as absolute paths: a kernel runs in a folder of its own."""
    names = ("BANMIAN_SEEDS", "BANMIAN_CACHE", "BANMIAN_ANSWERS")
    return {name: str(Path(os.environ[name]).resolve()) for name in names if name in os.environ}


def _check_pages() -> None:
    """Read all pages once, and report all that cannot be read together."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_documents(_pages(), strict=False)
    unreadable = [str(one.message) for one in caught if issubclass(one.category, UnreadableFileWarning)]
    if unreadable:
        more = [f"and {len(unreadable) - 20} more"] if len(unreadable) > 20 else []
        raise ValueError("\n  ".join(["some pages cannot be read; repair or remove them:", *unreadable[:20], *more]))


def _remove_stale_figures(folder: Path, start: str) -> None:
    """Delete what this notebook ("03_") saved there before, by the manifest: a report must not describe other pages."""
    manifest = folder / "manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    for name in (name for name in entries if name.startswith(start)):
        for file in entries[name]["files"]:
            (folder / Path(file).name).unlink(missing_ok=True)


def _copy_pictures(notebook: nbformat.NotebookNode, out: Path) -> None:
    """Put the project's pictures that the prose shows (``../docs/…``) where the copy looks for them."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for name in re.findall(r"\]\(\.\./docs/([\w.-]+\.png)\)", prose):
        if (ROOT / "docs" / name).is_file():
            (out / "docs").mkdir(exist_ok=True)
            shutil.copyfile(ROOT / "docs" / name, out / "docs" / name)


def uses_custom_corpus() -> bool:
    """Tell whether ``BANMIAN_SEEDS`` names other pages than the project's own."""
    return _pages() != PROJECT_CORPUS


def _pages() -> Path:
    return Path(os.environ.get("BANMIAN_SEEDS", SEEDS)).resolve()


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    old = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in old.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
