"""What the shipped labeller is trained on: checked rows, stories kept together whatever their script."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from banmian.labels.scheme import LABELS, read_labels
from banmian.models.classify import pretrained
from banmian.models.classify.pretrained import SEEDS, load_pretrained, same_stories, training_texts
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from locations import CASES as CASES_DIR

STORY = (
    "市委社会工作会议昨日召开，会议强调要把服务送到居民家门口，把矛盾化解在楼栋院落，让老人吃上热饭，让骑手有处歇脚。"
)
TWIN = (
    "市委社會工作會議昨日召開，\n會議強調要把服務送到居民家門口，把矛盾化解在樓棟院落，讓老人吃上熱飯，讓騎手有處歇腳。"
)


def test_training_texts_are_exemplars_then_hand_labelled_sections() -> None:
    texts = training_texts()
    assert texts.columns.tolist() == ["text", "label", "group", "real"]
    assert set(texts["label"]) == set(LABELS)
    assert texts["real"].is_monotonic_increasing and (~texts["real"]).sum() > 500
    assert texts.loc[~texts["real"], "group"].is_unique
    # The national wire item stands in two seeds, one in each script.
    groups = set(texts.loc[texts["real"], "group"])
    assert "002_c9c65ed736ba6c7c" in groups and "003_194b9ceab6f4d496" not in groups


def test_a_seed_is_learned_from_its_own_words_alone() -> None:
    """The offsets of seeds/labels.csv and the pieces of seed_spans.json give what the reading gives."""
    sections = read_labels(SEEDS / "labels.csv", split_sections(read_documents(SEEDS)))
    learned = training_texts()
    pairs = zip(sections["text"], learned.loc[learned["real"], "text"], strict=True)
    assert [one[:30] for one, other in pairs if "".join(one.split()) != "".join(other.split())] == []


def test_twins_and_their_twins_are_one_story() -> None:
    documents = {
        "a": STORY,
        "b": "夜市里的小摊一晚卖出三百份炸串，摊主说比去年好得多，房租也降了一半。",
        "c": TWIN,
        "d": TWIN[:40],
    }
    assert same_stories(documents) == {"a": "a", "b": "b", "c": "a", "d": "a"}
    assert same_stories({"a": "", "b": ""}) == {"a": "a", "b": "b"}


def test_a_bad_exemplar_is_named(tmp_path: Path) -> None:
    rows = [{"id": "x1", "text": "文", "label": "culture"}, {"id": "x2", "text": "文", "label": "cultrue"}]
    path = tmp_path / "exemplars.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(ValueError, match=r"exemplars.jsonl, line 2: .* got 'cultrue'"):
        training_texts(path, tmp_path)


def test_it_is_built_once_and_anew_when_its_texts_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = json.loads((CASES_DIR / "labelling.json").read_text(encoding="utf-8"))["train"]
    texts = pd.DataFrame([(*case, str(i), i % 2 == 0) for i, case in enumerate(cases)], columns=pretrained.COLUMNS)
    monkeypatch.setattr(pretrained, "CACHE", tmp_path)
    monkeypatch.setattr(pretrained, "training_texts", lambda: texts)
    with pytest.warns(UserWarning, match="fewer than 10"):
        first = load_pretrained(progress=False)
    with monkeypatch.context() as patched:
        patched.setattr(pretrained, "train_labeller", lambda *_, **__: pytest.fail("trained again"))
        assert load_pretrained(progress=False).labels == first.labels == ["homes", "sport", "trade"]
    texts.loc[0, "text"] += "改"
    with pytest.warns(UserWarning, match="fewer than 10"):
        load_pretrained(progress=False)
    assert len(list((tmp_path / "labeller").iterdir())) == 2


def test_a_kept_labeller_and_its_drift_answer_without_scikit_learn(tmp_path: Path) -> None:
    """Its import alone would take as long as labelling a page."""
    page = tmp_path / "page.txt"
    page.write_text(STORY, encoding="utf-8")
    command = ["banmian", "label", str(page), "-o", str(tmp_path / "labels.jsonl")]
    code = f"import sys; sys.argv = {command!r}; from banmian.cli import main; main(); print('sklearn' in sys.modules)"
    for _ in range(2):  # the first may have to train, and so to import it
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "False\n"
