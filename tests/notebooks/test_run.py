"""What a notebook must be before its outputs are compared: executed, in order, short, without a machine's paths."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from locations import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# A path of one machine; `/` followed by these folder names at a word start.
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|tmp|Users|work|var|opt|usr)/")


def code_cells(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [c for c in cells if c["cell_type"] == "code" and "".join(c["source"]).strip()]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS][:5] == ["01_corpus", "02_words", "03_topics", "04_labels", "05_report"]


def test_executed_in_order(notebook: Path) -> None:
    counts = [cell["execution_count"] for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1)), f"{notebook.name}: run `make notebooks`; counts are {counts}"


def test_no_errors_and_no_stderr(notebook: Path) -> None:
    for cell in code_cells(notebook):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", f"{notebook.name}: {output.get('evalue')}"
            assert output.get("name") != "stderr", f"{notebook.name}: {output.get('text')}"


def test_no_machine_paths(notebook: Path) -> None:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        texts = ["".join(cell["source"])]
        for output in cell.get("outputs", []):
            texts += ["".join(output.get("text", []))]
            texts += ["".join(v) for k, v in output.get("data", {}).items() if k.startswith("text/")]
        for text in texts:
            assert not MACHINE_PATH.search(text), f"{notebook.name}: path of a machine in {text[:120]!r}"


def test_prose_and_calls(notebook: Path) -> None:
    """No functions or classes, at most 140 lines of code: loops that could be wrong live in src with a test.

    Captions and alternative texts are prose and do not count.
    """
    source = "\n".join("".join(cell["source"]) for cell in code_cells(notebook))
    assert not re.search(r"^\s*(def|class) ", source, re.MULTILINE), f"{notebook.name}: move the function to src"
    prose = ("#", "caption_zh=", "caption_en=", "alt=")
    lines = [line for line in source.splitlines() if line.strip() and not line.strip().startswith(prose)]
    assert len(lines) <= 140, f"{notebook.name}: {len(lines)} lines of code"


def test_seed_in_capitals_and_no_trailing_semicolon(notebook: Path) -> None:
    source = ["".join(cell["source"]).rstrip() for cell in code_cells(notebook)]
    assert not [cell for cell in source if cell.endswith(";")], f"{notebook.name}: trailing ;"
    assert any(re.search(r"^SEED = ", cell, re.MULTILINE) for cell in source), f"{notebook.name}: no SEED setting"
