"""The README's example runs and prints what it says; both READMEs link to files that exist."""

import doctest
import re
from pathlib import Path

import pytest

from banmian.config import ROOT


def test_the_example_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted >= 5 and result.failed == 0


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/own_documents.md", "docs/codebook.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", path.read_text("utf-8"))
    drawn_by_a_run = {Path("figures") / file for file in ("02_labels.png", "02_over_time.png", "02_frequencies.png")}
    drawn_by_a_run |= {Path("figures") / file for file in ("02_collocates.png", "03_prevalence.png", "03_bertopic.png")}
    missing = [
        target for target in targets if not (path.parent / target).exists() and Path(target) not in drawn_by_a_run
    ]
    assert missing == []
