"""A model file is opened only if it holds plain numbers, fits these features, and says nothing impossible."""

import hashlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io

from banmian.models.classify import Labeller, load_labeller, persistence, train_labeller
from banmian.models.classify.character_ngrams import learn_ngrams
from banmian.models.classify.features import clean, sentences
from banmian.models.classify.persistence import FEATURES_VERSION

TEXTS = ["小区加装电梯", "邻里调解会", "球队赢了比赛", "运动员训练", "商场打折", "夜市生意好"]


@pytest.fixture(scope="module")
def labeller() -> Labeller:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return train_labeller(TEXTS, ["homes", "homes", "sport", "sport", "trade", "trade"])


def test_a_model_made_elsewhere_or_with_code_in_it_is_refused(
    labeller: Labeller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.skops"
    with monkeypatch.context() as patched:
        patched.setattr(persistence, "MODEL_SHA256", "f" * 64)
        labeller.save(path)
    with pytest.raises(ValueError, match=r"model.skops: made with embedding model ffff.*train it again"):
        load_labeller(path)
    # What is no array of numbers is not opened, whatever it is called and wherever it stands.
    for content in ({"words": np.zeros(1), "heads": Path("x")}, [np.zeros(1)], {"words": {"labels": np.zeros(1)}}):
        skops.io.dump(content, path)
        with pytest.raises(ValueError, match="unknown types"):
            load_labeller(path)
    skops.io.dump({"words": np.array([{}, None])}, path)
    with pytest.raises(ValueError, match=r"unknown types|not a labeller's file"):
        load_labeller(path)
    persistence.save_parts({}, {"labels": ["甲", "乙"]}, path)
    with pytest.raises(ValueError, match=r"model.skops: no '.*' in it, so it is not a whole labeller"):
        load_labeller(path)
    path.write_bytes(b"not a zip")
    with pytest.raises(ValueError, match="not a labeller's file"):
        load_labeller(path)
    with pytest.raises(ValueError, match="no such model file"):
        load_labeller(tmp_path / "none.skops")


def test_the_version_of_the_features_changes_with_them() -> None:
    """Other features from the same text make every saved model wrong: raise FEATURES_VERSION, and train again."""
    texts = [clean(text) for text in (*TEXTS, "<p>黨員 e-mail</p>", "他說：\n 「好；\n不好」。", "Ⅷ、著名的①號")]
    content = json.dumps([texts, *map(sentences, texts)]).encode() + learn_ngrams(texts).keys.tobytes()
    assert (FEATURES_VERSION, hashlib.sha256(content).hexdigest()[:16]) == (3, "8ab2f9ec64738a49")


def _set(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def spoil(arrays: dict[str, Any], words: dict[str, Any]) -> None:
        arrays[name] = change(arrays[name])

    return spoil


def _temperature(value: float) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def spoil(arrays: dict[str, Any], words: dict[str, Any]) -> None:
        words["stages"][0]["temperature"] = value

    return spoil


def _labels(value: list[Any]) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    return lambda arrays, words: words.update(labels=value)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_set("fields coefficients", lambda a: a * np.float16("nan")), "not finite"),
        (_set("thresholds", lambda a: a[:1]), "shapes that do not fit"),
        (_set("idf", lambda a: a[:-1]), "shapes that do not fit"),
        (_set("ngrams coefficients", lambda a: a[:, :-1]), "shapes that do not fit"),
        (_set("keys", lambda a: a[::-1].copy()), "n-grams out of order"),
        (_set("vectors", lambda a: a[:-1]), "shapes that do not fit"),
        (_temperature(0.0), "temperature that is not above 0"),
        (_temperature(-1.0), "temperature that is not above 0"),
        (_temperature(float("nan")), "temperature that is not above 0"),
        (_labels(["homes", "homes", "trade"]), "labels that are not two or more different"),
        (_labels(["homes"]), "labels that are not two or more different"),
        (lambda arrays, words: words.update(stages=[]), "no stage"),
        (lambda arrays, words: words.update(heads=None), "not a whole labeller"),
    ],
)
def test_impossible_content_is_refused(
    labeller: Labeller,
    tmp_path: Path,
    spoil: Callable[[dict[str, Any], dict[str, Any]], None],
    message: str,
) -> None:
    path = tmp_path / "model.skops"
    labeller.save(path)
    arrays, words = persistence.load_parts(path)
    spoil(arrays, words)
    persistence.save_parts(arrays, words, path)
    with pytest.raises(ValueError, match=message):
        load_labeller(path)
