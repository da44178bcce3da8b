"""What a command says on the terminal and how it ends: lines on standard error, an exit code, one writer a folder."""

import os
import re
import resource
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from banmian.io.extras import install_hint

if TYPE_CHECKING:
    from banmian.partitions import Corpus
    from banmian.pipeline.rows import Rejected

# Control characters, and those that turn the direction of writing: a file's name must not be able to clear the screen,
# colour it, or pretend to be a line of ours. A line break stands in our own lists alone, with two spaces after it.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\n(?!  \S)")
# Address space: with 0.9 GB the segmenter aborts the process while it loads its dictionary.
LEAST_MEMORY = 1_200_000_000
# What a shell shows for a process that died of signal N is 128 + N.
_ENDS = (signal.SIGTERM, signal.SIGHUP)


def echo_status(line: str) -> None:
    """Say a line on standard error, so that standard output holds rows alone."""
    click.echo(f"banmian: {escape_controls(line)}", err=True)


def escape_controls(text: str) -> str:
    """Return the text with characters that would act on a terminal written as escapes (``\\x1b``)."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def check_memory_limit() -> None:
    """Raise ``ValueError`` under a limit of memory (ulimit -v) so low that native code would abort without a word."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY:
        raise ValueError(
            f"{limit // 10**6} MB of memory are allowed, {LEAST_MEMORY // 10**6} are needed; see ulimit -v"
        )


def open_input(
    path: Path,
    output: Path | None = None,
    text_column: str | None = None,
    id_column: str | None = None,
    light: bool = False,
) -> "Corpus":
    """List the input; say which entries of a folder will not be read, and which columns of a table are text and id.

    ``light``: what is done with it needs little memory, and a file of an unknown ending is a page.

    Raises ``ValueError`` before any work is done: nothing there to read, or ``output`` is one of the files to be read
    or the folder that they are in.
    """
    from banmian.partitions import open_corpus

    if not light:
        check_memory_limit()
    corpus = open_corpus(path, light, text_column, id_column)
    if output is not None and output.is_file() and any(output.samefile(file) for file in corpus.files):
        raise ValueError(f"{output}: is to be read, so it is not written over; choose another name")
    # Resolved, since a folder that is not there yet may still lead back: pages/out/..
    if output is not None and output.resolve() in {file.parent.resolve() for file in corpus.files}:
        raise ValueError(f"{output}: holds the input, and nothing is written there; choose another folder")
    if corpus.kind != "pages" and (corpus.text_column, corpus.id_column) not in (
        ("text", "section_id"),
        ("text", "id"),
    ):
        numbers = f"ids from column {corpus.id_column!r}" if corpus.id_column else "rows are numbered"
        echo_status(f"{corpus.files[0].name}: text from column {corpus.text_column!r}, {numbers}")
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


def choose_language(lang: str, own_folder: bool) -> None:
    """Let the notebooks show one language; figures in it go to a folder of their own, beside the bilingual ones."""
    from banmian.config import FIGURES

    os.environ["BANMIAN_LANG"] = lang
    if own_folder and "BANMIAN_FIGURES" not in os.environ:
        os.environ["BANMIAN_FIGURES"] = str(FIGURES / lang)


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
def defer_signals(at_most: float = 0) -> Iterator[None]:
    """Put signals off to the end, or for ``at_most`` seconds: files that belong together come into place together."""
    came: list[int] = []

    def defer(sent: int, _: object) -> None:
        came.append(sent)
        if at_most:
            signal.signal(signal.SIGALRM, lambda *_: sys.exit(128 + sent))
            signal.setitimer(signal.ITIMER_REAL, at_most)

    before = {number: signal.signal(number, defer) for number in (signal.SIGINT, *_ENDS)}
    alarm = signal.getsignal(signal.SIGALRM)
    try:
        yield
    finally:
        if at_most and came:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, alarm)
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
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        echo_status(_one_line(error))
        sys.exit(1)


def _one_line(error: Exception) -> str:
    """Our own errors are sentences, those of the machine too; of others the kind is half of what they say."""
    if isinstance(error, ModuleNotFoundError) and (hint := install_hint(error)):
        return hint
    if isinstance(error, ValueError | OSError):
        return str(error)
    text = " ".join(f"{type(error).__name__}: {error}".split())[:500].rstrip(":")
    if isinstance(error, MemoryError | ImportError):
        return f"{text}; is there enough memory, and is banmian installed whole?"
    return f"{text}; not foreseen: run it again with --debug before the command, and report what it shows"


def _warned(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    if category.__module__.startswith("banmian."):
        echo_status(f"warning: {message}")
