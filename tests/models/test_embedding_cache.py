"""Vectors on disk: what is written comes back under its text, from two writers too; a damaged file is made again."""

import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from banmian.io.cache import CacheWarning
from banmian.models.embedding_cache import read_vectors, text_key, write_vectors


def write_number(number: int, path: Path) -> None:
    write_vectors(path, [text_key(f"{number}"), text_key("both")], np.full((2, 3), number, np.float32))


def test_two_processes_add_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "vectors.sqlite"
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(partial(write_number, path=path), range(20)))
    keys = [text_key(f"{number}") for number in range(20)]
    found = read_vectors(path, [*keys, text_key("none")])
    assert [found[key].tolist() for key in keys] == [[float(number)] * 3 for number in range(20)]
    assert len(found) == 20


def test_more_texts_than_one_question_takes(tmp_path: Path) -> None:
    keys = [text_key(f"{number}") for number in range(2000)]
    assert read_vectors(tmp_path / "none.sqlite", keys) == {}
    write_vectors(tmp_path / "a.sqlite", keys, np.arange(4000).reshape(2000, 2))
    found = read_vectors(tmp_path / "a.sqlite", keys)
    assert np.array_equal(np.stack([found[key] for key in keys]), np.arange(4000).reshape(2000, 2))


def test_all_or_none_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        write_vectors(path, [text_key("甲"), text_key("乙")], np.zeros((1, 2)))
    assert read_vectors(path, [text_key("甲")]) == {}


@pytest.mark.parametrize("read_first", [True, False])
def test_a_damaged_file_is_reported_once_and_made_again(tmp_path: Path, read_first: bool) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes("不是数据库".encode() * 100)
    keys = [text_key("甲")]
    with pytest.warns(CacheWarning, match=r"a\.sqlite: damaged .* made again") as raised:
        if read_first:
            assert read_vectors(path, keys) == {}
        write_vectors(path, keys, np.ones((1, 2)))
    assert len(raised) == 1
    assert read_vectors(path, keys)[keys[0]].tolist() == [1, 1]


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(ValueError, match=r"folder\.sqlite: the cached vectors cannot be used .*; set BANMIAN_CACHE"):
        write_vectors(tmp_path / "folder.sqlite", [text_key("甲")], np.zeros((1, 2)))
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=r"cannot be written .*BANMIAN_CACHE"):
        write_vectors(tmp_path / "file" / "b.sqlite", [text_key("甲")], np.zeros((1, 2)))


@pytest.mark.parametrize("stored", [b"1234567", b"", np.array([1, np.nan], np.float32).tobytes(), "text"])
def test_a_damaged_vector_is_made_again(tmp_path: Path, stored: object) -> None:
    path, keys = tmp_path / "a.sqlite", [text_key("甲"), text_key("乙")]
    write_vectors(path, keys, np.ones((2, 2)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE vectors SET vector = ? WHERE key = ?", (stored, keys[0]))
    assert set(read_vectors(path, keys)) == {keys[1]}
    write_vectors(path, keys[:1], np.ones((1, 2)))
    assert set(read_vectors(path, keys)) == set(keys)
