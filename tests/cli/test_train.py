"""Labels of one's own from the shell: train, label, evaluate; bad input in one line."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from banmian.cli.commands import commands
from banmian.models.classify.training.tables import EXAMPLES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped examples, and the labeller that the command makes of them."""
    folder = tmp_path_factory.mktemp("hotline")
    shutil.copy(EXAMPLES, folder / "examples.csv")
    found = CliRunner().invoke(commands, ["train", str(folder / "examples.csv"), "-o", str(folder / "mine.skops")])
    assert found.exit_code == 0, found.output
    (folder / "printed.txt").write_text(found.output, encoding="utf-8")
    return folder


def test_training_prints_scores_with_intervals_and_what_to_read_again(folder: Path) -> None:
    printed = (folder / "printed.txt").read_text(encoding="utf-8")
    for label in pd.read_csv(EXAMPLES)["label"].unique():
        assert label in printed
    assert "interval of the recall at 95 %" in printed and "more examples help most of" in printed


def test_the_labeller_labels_a_table(folder: Path) -> None:
    rows = folder / "new.jsonl"
    rows.write_text(json.dumps({"id": "n1", "text": "路口的红绿灯坏了，公交车过不去"}, ensure_ascii=False), "utf-8")
    out = folder / "out.jsonl"
    arguments = ["label", str(rows), "--model", str(folder / "mine.skops"), "--fast", "--reasons", "none"]
    found = CliRunner().invoke(commands, [*arguments, "-o", str(out)])
    assert found.exit_code == 0, found.output
    row = json.loads(out.read_text(encoding="utf-8"))
    assert "p_市政/设施" in row and "reasons" not in row
    assert sum(value for name, value in row.items() if name.startswith("p_")) == pytest.approx(1)


def test_evaluation_prints_scores_confusion_and_calibration(folder: Path) -> None:
    checked = folder / "checked.csv"
    pd.read_csv(EXAMPLES).rename(columns={"label": "hand"}).head(20).to_csv(checked, index=False)
    arguments = ["evaluate", str(checked), "--model", str(folder / "mine.skops"), "--truth", "hand"]
    found = CliRunner().invoke(commands, arguments)
    assert found.exit_code == 0, found.output
    for words in ("true labels by labels given", "labels given: ", "expected calibration error: "):
        assert words in found.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,label\n路灯坏了,a\n,b\n", "text is missing in row 1"),
        ("text,label\n路灯坏了,a\n太吵,\n", "label is missing in row 1"),
        ("text,label\n路灯坏了,a\n太吵,a\n", "two to 1000 different labels are needed"),
        ("text,kind\n路灯坏了,a\n", "no column label; it has text, kind"),
        ("", "cannot be read as a table"),
    ],
)
def test_bad_examples_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "examples.csv"
    path.write_text(content, encoding="utf-8")
    found = CliRunner().invoke(commands, ["train", str(path), "-o", str(tmp_path / "mine.skops")])
    assert isinstance(found.exception, ValueError)
    assert message in str(found.exception) and "examples.csv" in str(found.exception)
    assert not (tmp_path / "mine.skops").exists()
