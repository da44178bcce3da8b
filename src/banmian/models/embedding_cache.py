"""Vectors kept on disk, one a text: found again by the text and the model, whatever list it stands in.

A SQLite file for each model, so that two processes may add to it at once and one that is stopped leaves it whole.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

# SQLite takes no more names in one question than this in its older builds.
_ASKED_AT_ONCE = 900
_WAIT_SECONDS = 60


def text_key(text: str) -> bytes:
    """Return the 16 bytes under which a text's vector is kept; lone surrogates have them too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def read_vectors(path: Path, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
    """Return key → float32 vector of those that the file holds; nothing where there is no file.

    Raises ``ValueError`` naming the file when it is not such a file or cannot be read.
    """
    if not path.is_file():
        return {}
    found: dict[bytes, np.ndarray] = {}
    with _opened(path) as connection:
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            asked = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", asked)
            found |= {key: np.frombuffer(vector, np.float32) for key, vector in rows}
    return found


def write_vectors(path: Path, keys: Sequence[bytes], vectors: np.ndarray) -> None:
    """Add vectors (n, d) under their keys, all of them or none. Raises ``ValueError`` as `read_vectors`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"{path}: cannot be written ({error.strerror}); set BANMIAN_CACHE to another folder"
        ) from error
    rows = [(key, row.tobytes()) for key, row in zip(keys, np.asarray(vectors, np.float32), strict=True)]
    with _opened(path) as connection, connection:
        connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            yield connection
    except sqlite3.Error as error:
        raise ValueError(f"{path}: the kept vectors cannot be used ({error}); delete the file") from error
