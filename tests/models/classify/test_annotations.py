"""Hand labels where they lie beside the pages, else the machine's, and never one for the other."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from banmian.config import ROOT
from banmian.io.cache import CacheWarning
from banmian.models.classify import annotations as module
from banmian.models.classify.annotations import (
    cached_predictions,
    chinese_body,
    describe_annotators,
    is_double_annotated,
    load_or_predict,
)
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections


def test_hand_labels_win_and_a_folder_without_them_gets_the_machine_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def predict(texts: list[str]) -> pd.DataFrame:
        return pd.DataFrame({"label": ["commerce"] * len(texts), "confidence": 0.876})

    monkeypatch.setattr(module, "load_pretrained", lambda: SimpleNamespace(predict=predict))
    monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    seeds = split_sections(read_documents(ROOT / "seeds"))
    by_hand = load_or_predict(ROOT / "seeds", seeds)
    assert is_double_annotated(by_hand)
    assert set(by_hand["label"]) > {"commerce"}

    (tmp_path / "page.txt").write_text("茶农在春天采茶。", encoding="utf-8")
    sections = split_sections(read_documents(tmp_path))
    guessed = load_or_predict(tmp_path, sections)
    assert not is_double_annotated(guessed)
    assert describe_annotators(by_hand) == "two readers: Cohen's kappa 0.90"
    assert describe_annotators(guessed) == "no reader: the labeller's own labels"
    assert set(by_hand["source"]) == {"hand"} and set(guessed["source"]) == {"model"}
    assert list(guessed.columns) == list(by_hand.columns)
    assert guessed[["text", "label", "confidence"]].to_numpy().tolist() == [["茶农在春天采茶。", "commerce", "0.88"]]


def test_the_machine_reads_the_same_sections_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def predict(texts: list[str]) -> pd.DataFrame:
        asked.append(texts)
        table = {"label": "other", "confidence": [1 / 3] * len(texts), "abstained": False, "p_other": 1 / 3}
        return pd.DataFrame(table, index=range(len(texts)))

    monkeypatch.setattr(module, "load_pretrained", lambda: SimpleNamespace(predict=predict))
    monkeypatch.setattr(module, "CACHE", tmp_path)
    first, again = cached_predictions(["一", "二\ud800"]), cached_predictions(["一", "二\ud800"])
    assert first.equals(again) and first.dtypes.equals(again.dtypes), "to the last bit"
    cached_predictions(["二\ud800", "一"])
    assert asked == [["一", "二\ud800"], ["二\ud800", "一"]], "another order is another list"


def test_one_reader_s_labels_are_a_person_s(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("茶农在春天采茶。", encoding="utf-8")
    sections = split_sections(read_documents(tmp_path))
    (tmp_path / "labels.csv").write_text(
        "doc_id,start,end,first,label,second,confidence,label_a,label_b\npage,0,8,茶农在春天,commerce,,,,\n", "utf-8"
    )
    found = load_or_predict(tmp_path, sections)
    assert found["source"].tolist() == ["hand"] and not is_double_annotated(found)
    assert describe_annotators(found) == "one reader"


def test_a_damaged_cache_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"label": ["other"], "confidence": [0.5]})
    monkeypatch.setattr(module, "load_pretrained", lambda: SimpleNamespace(predict=lambda _: table))
    monkeypatch.setattr(module, "CACHE", tmp_path)
    cached_predictions(["一"])
    (path,) = (tmp_path / "predictions").iterdir()
    for damage in (b"", b"PAR1", path.read_bytes()[:-9]):
        path.write_bytes(damage)
        with pytest.warns(CacheWarning, match="damaged"):
            assert cached_predictions(["一"]).equals(table)
        assert pd.read_parquet(path).equals(table)


def test_pages_without_a_body_have_no_labels(tmp_path: Path) -> None:
    nothing = pd.DataFrame({"section_id": ["a/s1"], "kind": ["notice"], "text": ["订阅电话"]})
    assert load_or_predict(tmp_path, nothing).empty
    assert not is_double_annotated(load_or_predict(tmp_path, nothing))


def test_words_and_topics_are_of_chinese_body_text() -> None:
    rows = [
        ("a/s1", "headline", "hans", "标题"),
        ("a/s2", "body", "hant", "長一點的正文"),
        ("b/s1", "body", "en", "English"),
        ("b/s2", "body", "hans", "短"),
    ]
    sections = pd.DataFrame(rows, columns=["section_id", "kind", "script", "text"])
    sections.insert(0, "doc_id", sections["section_id"].str[0])
    assert chinese_body(sections)["section_id"].tolist() == ["a/s2", "b/s2"]
    assert chinese_body(sections, 2).index.tolist() == [0]
    with pytest.raises(
        ValueError,
        match=r"no Chinese body text of 60 characters or more among these pages \(4 sections, documents: 2\)",
    ):
        chinese_body(sections, 60)
