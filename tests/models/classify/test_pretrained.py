"""What the shipped labeller is trained on: checked rows, stories kept together whatever their script."""

import hashlib
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from banmian.config import PROJECT_CORPUS
from banmian.labels.scheme import LABELS, read_labels
from banmian.models.classify.features import clean
from banmian.models.classify.pretrained import (
    fingerprint,
    load_pretrained,
    real_sections,
    same_stories,
    training_texts,
)
from banmian.models.classify.training.estimator import SHOWN
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections

STORY = (
    "市委社会工作会议昨日召开，会议强调要把服务送到居民家门口，把矛盾化解在楼栋院落，让老人吃上热饭，让骑手有处歇脚。"
)
TWIN = (
    "市委社會工作會議昨日召開，\n會議強調要把服務送到居民家門口，把矛盾化解在樓棟院落，讓老人吃上熱飯，讓騎手有處歇腳。"
)


def test_training_texts_are_exemplars_then_hand_labelled_sections() -> None:
    texts = training_texts()
    assert texts.columns.tolist() == ["text", "label", "group", "is_real"]
    assert set(texts["label"]) == set(LABELS)
    assert texts["is_real"].is_monotonic_increasing and (~texts["is_real"]).sum() > 500
    assert texts.loc[~texts["is_real"], "group"].is_unique
    # The national wire item stands in two seeds, one in each script.
    groups = set(texts.loc[texts["is_real"], "group"])
    assert "002_c9c65ed736ba6c7c" in groups and "003_194b9ceab6f4d496" not in groups


def test_a_seed_is_learned_from_its_own_words_alone() -> None:
    """The offsets of seeds/labels.csv and the pieces of seed_spans.json give what the reading gives."""
    sections = read_labels(PROJECT_CORPUS / "labels.csv", split_sections(read_documents(PROJECT_CORPUS)))
    learned = training_texts()
    pairs = zip(sections["text"], learned.loc[learned["is_real"], "text"], strict=True)
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


def test_the_shipped_file_was_made_of_the_texts_that_are_here() -> None:
    """Change an exemplar, a seed's label or the index of real sections, and the labeller has to be trained again."""
    trained_on = load_pretrained().info["trained_on"]
    texts, index = training_texts(), real_sections()
    assert trained_on["own_hash"] == fingerprint(texts["text"], texts["label"]), "run: make train"
    lines = "\n".join(f"{label}\t{known}" for label, known in zip(index["label"], index["text_hash"], strict=True))
    assert trained_on["real_hash"] == hashlib.sha256(lines.encode()).hexdigest()[:16], "run: make train"
    assert trained_on["real_sections"] == len(index) and trained_on["own_texts"] == len(texts)


def test_the_index_of_real_sections_says_where_they_are_and_not_what_they_say() -> None:
    index = real_sections()
    assert set(index["label"]) == set(LABELS) and set(index["second"]) <= {*LABELS, ""}
    assert (index["start"] >= 0).all() and (index["end"] - index["start"] >= 70).all()
    assert index["id"].is_unique and index["corpus"].nunique() == 8
    assert "text" not in index.columns


def test_reasons_quote_texts_of_our_own_alone() -> None:
    memory = load_pretrained().memory
    own = {clean(text)[:SHOWN] for text in training_texts()["text"]}
    assert set(memory.openings) <= own and len(memory.openings) == len(training_texts())


def test_cheap_stages_come_first_and_probabilities_sum_to_one() -> None:
    labeller = load_pretrained()
    views = [set(stage.weights) for stage in labeller.ensemble.stages]
    assert views[0] == {"ngrams", "fields"} and all(a < b for a, b in itertools.pairwise(views))
    table = labeller.predict([STORY, TWIN])
    assert table["label"].tolist() == ["grassroots_governance"] * 2
    np.testing.assert_allclose(table.filter(like="p_").sum(axis=1), 1)


def test_a_page_is_labelled_without_scikit_learn(tmp_path: Path) -> None:
    """Its import alone would take as long as labelling a page."""
    page = tmp_path / "page.txt"
    page.write_text(STORY, encoding="utf-8")
    command = ["banmian", "label", str(page), "-o", str(tmp_path / "labels.jsonl")]
    code = f"import sys; sys.argv = {command!r}; from banmian.cli import main; main(); print('sklearn' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "False\n"
