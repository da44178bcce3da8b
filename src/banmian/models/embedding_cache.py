"""Vectors cached on disk, one a text: found again by the text and the model, whatever list it stands in.

A SQLite file for each model, so that two processes may add to it at once and one that is stopped leaves it whole.
"""

import hashlib
import sqlite3
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from banmian.io.cache import CacheWarning

# SQLite takes no more names in one question than this in its older builds.
_ASKED_AT_ONCE = 900
_WAIT_SECONDS = 60


def text_key(text: str) -> bytes:
    """Return the 16 bytes under which a text's vector is stored; lone surrogates have them too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def read_vectors(path: Path, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
    """Return key → float32 vector of those that the file holds; nothing where there is no file.

    A damaged file is removed, with a `CacheWarning`, and its vectors are made again. Raises ``ValueError`` naming the
    file when it cannot be read.
    """
    if not path.is_file():
        return {}
    try:
        return _read(path, keys)
    except _DamagedError as error:
        _remove(path, error)
        return {}


def _read(path: Path, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
    found: dict[bytes, np.ndarray] = {}
    with _opened(path) as connection:
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            asked = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", asked)
            found |= {key: np.frombuffer(vector, np.float32) for key, vector in rows if _is_whole(vector)}
    return found


def _is_whole(vector: object) -> bool:
    """Tell whether a stored vector is one: float32 numbers, all finite. One that is not is made again."""
    if not isinstance(vector, bytes) or not vector or len(vector) % 4:
        return False
    return bool(np.isfinite(np.frombuffer(vector, np.float32)).all())


def write_vectors(path: Path, keys: Sequence[bytes], vectors: np.ndarray) -> None:
    """Add vectors (n, d) under their keys, all of them or none. Raises ``ValueError`` as `read_vectors`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"{path}: cannot be written ({error.strerror}); set BANMIAN_CACHE to another folder"
        ) from error
    rows = [(key, row.tobytes()) for key, row in zip(keys, np.asarray(vectors, np.float32), strict=True)]
    try:
        _insert(path, rows)
    except _DamagedError as error:
        _remove(path, error)
        _insert(path, rows)


def _insert(path: Path, rows: Sequence[tuple[bytes, bytes]]) -> None:
    with _opened(path) as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def _remove(path: Path, error: Exception) -> None:
    warnings.warn(f"{path}: damaged ({error}), made again", CacheWarning, stacklevel=4)
    path.unlink(missing_ok=True)


class _DamagedError(Exception):
    """SQLite does not know the file's content."""


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            yield connection
    except sqlite3.OperationalError as error:  # locked, no permission, disk full
        way_out = (
            "wait for the program that uses it" if "locked" in str(error) else "set BANMIAN_CACHE to another folder"
        )
        raise ValueError(f"{path}: the cached vectors cannot be used ({error}); {way_out}") from error
    except sqlite3.DatabaseError as error:
        raise _DamagedError(str(error)) from error
