"""The command ``banmian``."""

from banmian.cli.commands import commands, main

__all__ = ["commands", "main"]
