"""The notebooks: where they are, and running them on the pages of the project or on others."""

from pathlib import Path

from banmian.config import ROOT

NOTEBOOKS = ROOT / "notebooks"


def notebook_paths() -> list[Path]:
    """Return the project's notebooks in the order of their numbers; ``ValueError`` where there are none."""
    found = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise ValueError(
            f"{NOTEBOOKS}: no notebooks here; they are in the project's source, not in the package: "
            "run `banmian figures` in a copy of the source, or name notebooks"
        )
    return found
