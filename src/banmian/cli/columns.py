"""Which columns of a table a command reads."""

from collections.abc import Callable

import click


def column_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options ``--text-column`` and ``--id-column``."""
    text = click.option("--text-column", metavar="NAME", help="Of a table: the texts; else text, content, 正文 ….")
    name = click.option("--id-column", metavar="NAME", help="Of a table: the ids; else id, or rows are numbered.")
    return text(name(command))
