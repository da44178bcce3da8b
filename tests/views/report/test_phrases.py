"""Phrases of the report: what was seen is said of the project's own pages alone, numbers agree with their nouns."""

from pathlib import Path

import pytest

from banmian.config import ROOT
from banmian.views.report.phrases import annotator_phrases, corpus_phrases

OWN = ROOT / "seeds"
FACTS = {"documents": 5, "narrow_spaces": 482}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "01_scripts.csv").write_text("script,characters\nhans,700\nhant,230\nen,65\nmixed,5\n", "utf-8")
    return tmp_path


def test_the_project_s_own_pages(folder: Path) -> None:
    words = corpus_phrases(OWN, OWN, FACTS, folder)
    assert words["documents_en"] == "5 documents"
    assert (words["scripts_zh"], words["scripts_en"]) == (
        "简体、繁体与少量英文",
        "in Simplified and Traditional script with some English",
    )
    assert words["narrow_zh"] == "（其中482个在栏宽很窄的理论版上）"
    assert "wire story" in str(words["twins_en"]) and words["tested_en"] == words["guessed_en"] == ""
    assert (words["only_zh"], words["only_en"]) == ("材料只有5份文件", "There are only 5 documents")


def test_other_pages_with_and_without_hand_labels(folder: Path) -> None:
    words = corpus_phrases(folder, OWN, {"documents": 300}, folder)
    assert words["narrow_en"] == words["twins_zh"] == ""
    assert words["quotes_en"] == "another passage" and "labeller" in str(words["guessed_en"])
    assert "no hand labels" in str(words["tested_en"]) and words["where_en"] == "those pages"
    assert (words["only_zh"], words["only_en"]) == ("材料有300份文件", "There are 300 documents")
    assert corpus_phrases(folder, folder, {"documents": 1}, folder)["tested_zh"] == ""
    assert corpus_phrases(folder, folder, {"documents": 1}, folder)["only_en"] == "There is only 1 document"


@pytest.mark.parametrize(
    ("table", "zh", "en"),
    [
        ("en,100", "英文", "in English"),
        ("hans,995\nhant,5", "简体", "in Simplified script"),
        ("hant,50\nen,50", "繁体与英文", "in Traditional script and English"),
    ],
)
def test_scripts(tmp_path: Path, table: str, zh: str, en: str) -> None:
    (tmp_path / "01_scripts.csv").write_text(f"script,characters\n{table}\n", "utf-8")
    words = corpus_phrases(tmp_path, OWN, {"documents": 3}, tmp_path)
    assert (words["scripts_zh"], words["scripts_en"]) == (zh, en)


def test_one_reading_has_no_agreement() -> None:
    assert annotator_phrases(True, 100, 0.9, own=True)["hand_en"] == (
        "The hand labels come from two independent readings of 100 sections that agree with a Cohen's kappa of 0.90"
    )
    one = annotator_phrases(False, 40, 1.0, own=False)
    assert one["hand_zh"] == "人工标签来自一次阅读，共40段" and one["readers_en"] == ""
