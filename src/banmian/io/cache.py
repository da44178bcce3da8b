"""What is made on first use and kept in the cache, under a hash of all that it rests on."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

# Of one kind so many stay, the newest: two versions at work side by side do not push each other out.
MOST = 4


def cache_path(folder: Path, ending: str, rests_on: Iterable[bytes]) -> Path:
    """Return the file in ``folder`` for what rests on these bytes; a change of any of them names another file."""
    digest = hashlib.sha256()
    for content in rests_on:
        digest.update(hashlib.sha256(content).digest())
    return folder / f"{digest.hexdigest()[:32]}{ending}"


def word_files() -> list[Path]:
    """Return the code and the lists of `banmian.words`, on which all that counts words rests."""
    words = Path(__file__).resolve().parents[1] / "words"
    return [*sorted(words.glob("*.py")), *sorted((words / "data").glob("*.txt"))]


def prune(folder: Path, ending: str) -> None:
    """Delete all but the newest `MOST` files with this ending."""
    files = sorted(folder.glob(f"*{ending}"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in files[:-MOST]:
        path.unlink(missing_ok=True)
