"""Vectors on disk: what is written comes back under its text, from two writers too; a damaged file is one error."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

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
    with pytest.raises(ValueError):
        write_vectors(path, [text_key("甲"), text_key("乙")], np.zeros((1, 2)))
    assert read_vectors(path, [text_key("甲")]) == {}


def test_a_damaged_file_and_a_folder_that_cannot_be_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes("不是数据库".encode() * 100)
    for act in (read_vectors, partial(write_vectors, vectors=np.zeros((1, 2)))):
        with pytest.raises(ValueError, match=r"a.sqlite: the kept vectors cannot be used .*; delete the file"):
            act(path, [text_key("甲")])
    with pytest.raises(ValueError, match=r"cannot be written .*BANMIAN_CACHE"):
        write_vectors(path / "below a file" / "b.sqlite", [text_key("甲")], np.zeros((1, 2)))
