"""Captions: a person's for the project's own pages, what the data say for others, never one for the other."""

import re
from pathlib import Path

import pandas as pd
import pytest

from banmian.config import ROOT
from banmian.views.figures import captions
from banmian.views.figures.captions import Caption, caption_for

SEEN = Caption("理论版的空格", "the theory page's spaces", "five bars")
COMPOSITION = pd.DataFrame({"doc_id": ["a", "a", "b"], "kind": ["body", "notice", "body"], "characters": [60, 20, 20]})


def told(name: str, folder: Path, **tables: pd.DataFrame) -> Caption:
    return caption_for(folder, name, {key.strip("_"): table for key, table in tables.items()}, SEEN)


def test_the_project_s_pages_keep_what_a_person_saw() -> None:
    for name in ("01_composition", "04_scores"):
        assert caption_for(ROOT / "seeds", name, {"": COMPOSITION}, SEEN) == SEEN
    assert caption_for(None, "01_composition", {"": COMPOSITION}, SEEN) == SEEN


def test_the_project_s_pages_that_stand_in_for_others_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(captions, "SEEDS", tmp_path)
    found = caption_for(ROOT / "seeds", "04_scores", {"": COMPOSITION}, SEEN)
    assert found.en == "the theory page's spaces (Measured on the project's own pages, not on yours.)"
    assert found.zh.startswith("理论版的空格（量自本项目自带的版面")


def test_of_other_pages_the_data_speak(tmp_path: Path) -> None:
    composition = told("01_composition", tmp_path, _=COMPOSITION)
    assert composition.zh == "各类文字的字数，每行是一份文件或相邻的几份：正文占80 %。"
    assert "80 % is body text" in composition.en and "2 in all" in composition.alt
    repair = pd.DataFrame({"doc_id": ["a", "b"], "decision": ["join", "join"], "runs": [3, 1]})
    assert "4 broken lines joined and 0 stray spaces" in told("01_repair", tmp_path, _=repair).en
    scripts = pd.DataFrame({"script": ["hant", "en", "hans"], "characters": [10, 20, 70]})
    assert told("01_scripts", tmp_path, _=scripts).zh == "各文件、各类文字所用的文字：简体70 %，英文20 %，繁体10 %。"
    words = pd.DataFrame({"topic": ["甲", "甲", "乙"]})
    assert told("03_topic_words", tmp_path, _=words).en == "The heaviest words of each of the 2 topics."
    keys = pd.DataFrame({"group": ["culture", "commerce"]})
    assert told("02_keyness", tmp_path, _=keys).zh.endswith("没有特征词的标签：党建、基层治理、其他。")


def test_arcs_are_counted_and_their_lack_is_told(tmp_path: Path) -> None:
    pairs = pd.DataFrame({"kind": ["section", "quote", "quote"]})
    assert told("01_duplicates", tmp_path, pairs=pairs).en.endswith("1 pairs that repeat, 2 that quote.")
    assert "no two of them" in told("01_duplicates", tmp_path, pairs=pairs.head(0)).en


def test_a_figure_without_words_of_its_own_keeps_its_caption(tmp_path: Path) -> None:
    assert told("04_scores", tmp_path, _=COMPOSITION) == SEEN


def test_every_figure_is_told_whose_pages_it_shows() -> None:
    """Each `save_figure` of a notebook is given the pages, and each name with words of its own is one of these."""
    names: list[str] = []
    for path in sorted((ROOT / "notebooks").glob("0[1-4]_*.ipynb")):
        text = path.read_text(encoding="utf-8")
        saved = re.findall(r'\\"(0[1-4]_[a-z_]+)\\",\\n', text)
        names += saved
        assert text.count("pages=DOCUMENTS") == (1 if "partial(figures.save_figure" in text else len(saved)), path.name
    assert len(names) == len(set(names)) > 15
    assert set(captions._TOLD) <= set(names)


def test_nothing_of_the_project_s_pages_is_said_of_others(tmp_path: Path) -> None:
    """Run over the project's own tables as if they were somebody's: no five, no eight, no theory page, no wire."""
    manifest = captions.OWN.parent / "figures"
    for name, words in captions._TOLD.items():
        files = sorted(manifest.glob(f"{name}*.csv"))
        tables = {path.stem.removeprefix(name).strip("_"): pd.read_csv(path) for path in files}
        for text in words(tables):
            assert not re.search(
                r"五|八|理论版|通稿|讲话|\bfive\b|\beight\b|theory|wire|speech", text, re.IGNORECASE
            ), text
