"""What a command says on the terminal and how it ends: lines on standard error, an exit code, one writer a folder."""

import re
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from banmian.io.extras import install_hint

if TYPE_CHECKING:
    from distributed import Client

    from banmian.partitions import Corpus
    from banmian.pipeline.rows import Rejected

# Control characters, and those that turn the direction of writing: a file's name must not be able to clear the screen,
# colour it, or pretend to be a line of ours. A line break stands in our own lists alone, with two spaces after it.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\n(?!  \S)")
# What a shell shows for a process that died of signal N is 128 + N.
_ENDS = (signal.SIGTERM, signal.SIGHUP)


def echo_status(line: str) -> None:
    """Say a line on standard error, so that standard output holds rows alone."""
    click.echo(f"banmian: {escape_controls(line)}", err=True)


def escape_controls(text: str) -> str:
    """Return the text with characters that would act on a terminal written as escapes (``\\x1b``)."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def echo_manifest(manifest: dict[str, Any], what: str, out: Path) -> None:
    """Say what a run over partitions made; raises ``ValueError`` if some took down their workers."""
    aside = f"; {manifest['set_aside']} rows set aside, see {out}/_set_aside" if manifest["set_aside"] else ""
    echo_status(f"{manifest['rows']} {what} in {len(manifest['parts'])} partitions of {out}{aside}")
    if manifest["lost"]:
        numbers = ", ".join(str(lost["part"]) for lost in manifest["lost"])
        raise ValueError(f"partitions {numbers} took down their workers and are missing; see their rows in the input")


def open_input(path: Path, output: Path | None = None, only_pages: bool = False) -> "Corpus":
    """List the input and say which entries of a folder will not be read, and why.

    Raises ``ValueError`` before any work is done: nothing there to read, or ``output`` is one of the files to be read
    or the folder that they are in.
    """
    from banmian.partitions import KINDS, open_corpus

    corpus = open_corpus(path, any_ending=only_pages)  # a page may have any ending when it is named
    if only_pages and corpus.kind != "pages":
        endings = ", ".join(KINDS["pages"])
        raise ValueError(f"{path}: sections are made of pages; give a {endings} file or a folder of them")
    if output is not None and output.is_file() and any(output.samefile(file) for file in corpus.files):
        raise ValueError(f"{output}: is to be read, so it is not written over; choose another name")
    if output is not None and output.is_dir() and any(output.samefile(file.parent) for file in corpus.files):
        raise ValueError(f"{output}: holds the input, and nothing is written there; choose another folder")
    if corpus.skipped:
        more = f" and {len(corpus.skipped) - 5} more" if len(corpus.skipped) > 5 else ""
        echo_status(f"left out: {', '.join(corpus.skipped[:5])}{more}")
    return corpus


def echo_rejected(rejected: "list[Rejected]") -> str:
    """Say of the first 20 rows that were set aside which and why; return what a summary line says of all."""
    for row in rejected[:20]:
        place = row["source"] if '"path"' in row["content"] else f"{row['source']}, row {row['row']}"
        echo_status(f"set aside {place}: {row['error']}")
    if len(rejected) > 20:
        echo_status(f"set aside {len(rejected) - 20} more")
    return f"; {len(rejected)} set aside" if rejected else ""


@contextmanager
def open_run(output: Path | None, workers: int | None, scheduler: str | None) -> Iterator[tuple[Path, "Client"]]:
    """Yield the output folder, locked, and a Dask client for a run over partitions."""
    from banmian.scale.cluster import open_cluster
    from banmian.scale.executor import open_folder

    if output is None:
        raise click.UsageError("--workers and --scheduler write a folder: give one with -o")
    with open_folder(output), ExitStack() as opened:
        with defer_signals():  # Dask half started is not to be stopped in good order
            client = opened.enter_context(open_cluster(scheduler, workers or 0))
        yield output.resolve(), client


@contextmanager
def raise_on_termination() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the process as Ctrl-C does, by an exception, so that half files are removed."""
    before = {number: signal.getsignal(number) for number in _ENDS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # under nohup a closed terminal is to be ignored
            signal.signal(number, lambda sent, _: sys.exit(128 + sent))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def defer_signals() -> Iterator[None]:
    """Put signals off to the end: files that belong together come into place together."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda sent, _: came.append(sent)) for number in (signal.SIGINT, *_ENDS)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


@contextmanager
def handle_errors() -> Iterator[None]:
    """Turn what ends a command into one line and an exit code (see ``banmian --help``); ``--debug`` shows errors whole.

    Our own warnings become lines too; those of libraries are for programmers and are not shown.
    """
    try:
        with raise_on_termination(), warnings.catch_warnings():
            if "--debug" not in sys.argv:
                warnings.showwarning = _warned
            yield
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ModuleNotFoundError as error:
        hint = install_hint(error)
        if hint is None or "--debug" in sys.argv:
            raise
        echo_status(hint)
        sys.exit(1)
    except (ValueError, OSError) as error:
        if "--debug" in sys.argv:
            raise
        echo_status(str(error))
        sys.exit(1)


def _warned(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    if category.__module__.startswith("banmian."):
        echo_status(f"warning: {message}")
