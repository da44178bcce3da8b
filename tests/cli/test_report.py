"""`banmian report`: a folder that can be sent, in the languages asked for, with a small classifier in place of ours."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from banmian import cli
from banmian.config import ROOT
from banmian.models import embed as embedding
from banmian.models.classify import pretrained


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def predict(texts: Sequence[str], reasons: str = "none", progress: bool = False) -> pd.DataFrame:
        culture = np.array(["文化" in text for text in texts])
        table = pd.DataFrame({"label": np.where(culture, "culture", "party_building"), "confidence": 0.9})
        return table.assign(abstained=False, p_culture=culture * 1.0, p_party_building=1.0 - culture).assign(
            reasons=[{"terms": [{"term": "文化", "effect": 0.1}], "nearest": []} for _ in texts]
        )

    def embed(texts: Sequence[str], **_: object) -> np.ndarray:
        found = np.array([[len(text), text.count("文"), text.count("党") + 1] for text in texts], dtype=float)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    monkeypatch.setattr(pretrained, "load_pretrained", lambda: SimpleNamespace(predict=predict))
    monkeypatch.setattr(embedding, "embed", embed)
    monkeypatch.setenv("BANMIAN_LANG", "both")
    done = CliRunner().invoke(
        cli.commands,
        [
            "report",
            str(ROOT / "seeds"),
            "-o",
            str(tmp_path / "report"),
            "--lang",
            "zh",
            "--date",
            "2025-03-01",
            "-k",
            "4",
        ],
        catch_exceptions=False,
    )
    assert done.exit_code == 0 and "dates: 4 of 5 documents" in done.stderr
    return tmp_path / "report"


def test_the_folder_holds_what_a_reader_is_sent(out: Path) -> None:
    there = {path.name for path in out.iterdir()}
    assert there == {"report.html", "report.docx", "explore.html", "figures", "tables"}
    page = (out / "report.html").read_text("utf-8")
    assert "2025-03-01" in page and "渝中报" in page and "各报说的是什么" in page
    assert "What does each paper speak of" not in page, "Chinese was asked for"
    assert 'href="figures/labels.png"' in page and (out / "figures" / "labels.png").is_file()
    assert "宏平均" not in page, "nothing is said of tests that these pages cannot have"
    assert (out / "explore.html").stat().st_size < 10_000_000
    sections = pd.read_csv(out / "tables" / "sections.csv")
    assert {"label", "topic", "text", "reasons"} <= set(sections) and len(sections) == 139
