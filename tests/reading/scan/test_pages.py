"""Recognised pages are cached: the second reading gives what the first gave, and recognises nothing."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from banmian.io.cache import CacheWarning, cached
from banmian.reading.scan import pages as module
from banmian.reading.scan.recognise import Recognised


def recognise_once() -> Iterator[module.Page]:
    quads = np.array([[[0.123, 0], [9, 0], [9, 5], [0, 5]]])
    yield Recognised(quads, ["茶农采茶"], [0.9], 0), np.zeros((0, 4)), np.array([[1.0, 2, 3, 4]])


def never() -> Iterator[module.Page]:
    pytest.fail("recognised again")
    yield


def test_the_second_reading_is_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cached", partial(cached, root=tmp_path))
    ((first, _, frames),) = module._cached(b"picture", recognise_once())
    ((second, *_),) = module._cached(b"picture", never())
    assert first.texts == second.texts == ["茶农采茶"] and frames.tolist() == [[1, 2, 3, 4]]
    assert np.array_equal(first.quads, second.quads) and first.quads[0, 0, 0] == 0.1


def test_a_damaged_page_is_recognised_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cached", partial(cached, root=tmp_path))
    list(module._cached(b"picture", recognise_once()))
    (file,) = tmp_path.rglob("*.json")
    file.write_text('[{"quads": 1}]', encoding="utf-8")
    with pytest.warns(CacheWarning, match="made again"):
        assert len(list(module._cached(b"picture", recognise_once()))) == 1
