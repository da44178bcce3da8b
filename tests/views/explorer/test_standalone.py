"""The explorer in one file: documents are data and never markup, nothing is loaded, both scripts meet."""

import base64
import hashlib
import json
import re

import pandas as pd
import pytest

from banmian.views.explorer.search import join_results
from banmian.views.explorer.standalone import explorer_html

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def page() -> str:
    raw = f"基層治理要\n抓好。{EVIL}"
    documents = pd.DataFrame({"doc_id": [EVIL, "b"], "text": [raw, "产业项目。"]})
    sections = pd.DataFrame(
        {
            "doc_id": [EVIL, "b"],
            "section_id": [f"{EVIL}/s1", "b/s1"],
            "kind": "body",
            "heading": [EVIL, ""],
            "text": [f"基層治理要抓好。{EVIL}", "产业项目。"],
            "simplified": [f"基层治理要抓好。{EVIL}", "产业项目。"],
            "script": ["hant", "hans"],
            "spans": [[[0, 5], [6, len(raw)]], [[0, 5]]],
            "duplicate_of": None,
        }
    )
    predictions = pd.DataFrame(
        {"section_id": ["b/s1"], "label": ["commerce"], "confidence": [0.876], "abstained": [True], "reasons": [EVIL]}
    )
    pages = pd.DataFrame({"doc_id": [EVIL, "b"], "name": [EVIL, "渝中报"], "name_en": "", "date": ["", "2025-02"]})
    return explorer_html(documents, join_results(sections, predictions), pages, EVIL)


def data(page: str) -> dict:
    return json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[0])


def test_documents_are_data_and_never_markup(page: str) -> None:
    assert page.count("<script") == 2 and "<img" not in page, "ours and the data, whatever a document holds"
    assert data(page)["sections"][0]["text"].endswith(EVIL), "and what it holds is all there"
    assert data(page)["sections"][1]["reasons"] == EVIL


def test_only_our_own_style_and_script_may_run(page: str) -> None:
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    for tag in ("style", "script"):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[-1]
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert "innerHTML" not in page and "eval(" not in page


def test_traditional_characters_fold_to_those_of_the_text(page: str) -> None:
    folds = data(page)["fold"]
    assert folds["層"] == "层" and folds["產"] == "产", "a query in either script meets a text in the other"
    assert "龍" not in folds, "only what the text can hold"


def test_names_dates_and_labels_are_those_for_people(page: str) -> None:
    second = data(page)["sections"][1]
    assert (second["document"], second["date"], second["number"]) == ("渝中报 2025-02", "2025-02", "s1")
    assert (second["label"], second["confidence"], second["abstained"]) == ("commerce", 0.876, True)
    assert second["script_name"] == "简体 Simplified" and second["x"] is None
    assert data(page)["labels"]["commerce"]["name"] == "商业 commerce"


def test_the_page_speaks_the_language_asked_for(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    assert "检索（简繁皆可） search, either script" in page and '<html lang="zh-Hans">' in page
