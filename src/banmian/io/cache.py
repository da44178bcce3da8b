"""What takes long to make, cached under a hash of all that it depends on.

A cache names the code that it depends on, and a version. The version is part of each key; a test holds a hash of that
code, so the code cannot change without the question whether cached results still stand. Words that the data depend on
(a word list, a model file) are not code: they go into the key.
"""

import ast
import hashlib
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from banmian.config import CACHE, PACKAGE
from banmian.io.atomic import atomic_write

Result = TypeVar("Result")


class CacheWarning(UserWarning):
    """A damaged file in the cache was replaced."""


class Cache(NamedTuple):
    """One kind of cached result.

    Parameters
    ----------
    name : str
        Its folder in the cache.
    ending : str
        Of its files, with the dot.
    version : int
        To be raised when the code gives other results for the same data.
    code : tuple of str
        Files of the package that the results depend on, as patterns relative to its folder.
    n_newest : int, optional
        Files that stay; two versions at work side by side should not remove each other's. None: all stay.
    """

    name: str
    ending: str
    version: int
    code: tuple[str, ...]
    n_newest: int | None = 4

    def path(self, data: Iterable[bytes], root: Path = CACHE) -> Path:
        """Return the file for results that depend on ``data``; where one piece ends and the next begins counts too."""
        digest = hashlib.sha256(f"{self.name} {self.version}".encode())
        for piece in data:
            digest.update(hashlib.sha256(piece).digest())
        return root / self.name / f"{digest.hexdigest()[:32]}{self.ending}"


def cached(
    cache: Cache,
    data: Iterable[bytes],
    make: Callable[[], Result],
    read: Callable[[Path], Result],
    write: Callable[[Result, Path], None],
    root: Path = CACHE,
) -> Result:
    """Return what ``make`` returns, from the cache if it was made before.

    Parameters
    ----------
    cache : Cache
    data : iterable of bytes
        All that the result depends on besides the code.
    make, read, write : callable
        ``read(path)`` has to raise an exception for a damaged file, which is then made again with a `CacheWarning`.
    root : Path
        Folder of all caches.

    Raises
    ------
    ValueError
        The cache cannot be written to.
    """
    path = cache.path(data, root)
    if path.is_file():
        try:
            return read(path)
        except Exception as error:  # a damaged file fails in as many ways as there are formats
            warnings.warn(f"{path}: damaged ({type(error).__name__}), made again", CacheWarning, stacklevel=2)
    result = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"{path.parent}: cannot be made ({error.strerror}); set BANMIAN_CACHE to another folder"
        ) from error
    with atomic_write(path) as temporary:
        write(result, temporary)
    if cache.n_newest is not None:
        prune(path.parent, cache.ending, cache.n_newest)
    return result


def prune(folder: Path, ending: str, n_newest: int = 4) -> None:
    """Delete all but the newest ``n_newest`` files with this ending."""
    files = sorted(folder.glob(f"*{ending}"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in files[:-n_newest]:
        path.unlink(missing_ok=True)


def code_hashes(cache: Cache) -> dict[str, str]:
    """Return a hash of each file that a cache depends on; comment lines, docstrings and empty lines do not change it.

    Raises ``ValueError`` for a pattern that matches no file.
    """
    found = {}
    for pattern in cache.code:
        files = sorted(PACKAGE.glob(pattern))
        if not files:
            raise ValueError(f"{cache.name}: no file matches {pattern}")
        for file in files:
            code = "\n".join(_code_lines(file.read_text(encoding="utf-8")))
            found[file.relative_to(PACKAGE).as_posix()] = hashlib.sha256(code.encode()).hexdigest()[:16]
    return found


def _code_lines(source: str) -> list[str]:
    """Return the lines of a module that are code; a syntax tree's text would differ between versions of Python."""
    prose: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            prose.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return [line for number, line in lines if number not in prose and line.strip() and line.lstrip()[0] != "#"]
