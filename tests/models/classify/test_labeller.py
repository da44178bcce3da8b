"""The labeller: any label set, calibrated, abstaining; the same answer in either script and from disk."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io

from banmian.models.classify import Labeller, load_labeller, persistence, train_labeller
from banmian.models.classify.active_learning import suggest
from banmian.models.classify.calibration import selective_thresholds, wilson_interval
from locations import CASES as CASES_DIR

CASES = json.loads((CASES_DIR / "labelling.json").read_text(encoding="utf-8"))
TEXTS, TRUTH = zip(*CASES["train"], strict=True)
NEW, NEW_TRUTH = zip(*CASES["test"], strict=True)


@pytest.fixture(scope="module")
def labeller() -> Labeller:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return train_labeller(TEXTS, TRUTH)


def test_it_labels_what_it_has_not_seen(labeller: Labeller) -> None:
    table = labeller.predict(NEW)
    assert table["label"].tolist() == list(NEW_TRUTH)
    assert table.columns.tolist() == ["label", "confidence", "abstained", "p_homes", "p_sport", "p_trade"]
    np.testing.assert_allclose(table.filter(like="p_").sum(axis=1), 1)
    assert (table["confidence"] == table.filter(like="p_").max(axis=1)).all()


def test_script_and_line_breaks_do_not_matter(labeller: Labeller) -> None:
    for one, other in CASES["twins"] + CASES["broken_lines"]:
        pd.testing.assert_frame_equal(labeller.predict([one]), labeller.predict([other]))


def test_an_empty_text_abstains_and_no_texts_give_no_rows(labeller: Labeller) -> None:
    assert labeller.predict(["", " \n"])["abstained"].all()
    assert labeller.label([]).empty and "reasons" in labeller.label([]).columns


def test_a_text_is_labelled_alike_alone_and_in_company(labeller: Labeller) -> None:
    pd.testing.assert_frame_equal(labeller.predict(NEW).iloc[1:2].reset_index(drop=True), labeller.predict(NEW[1:2]))


@pytest.mark.parametrize("n_labels", [2, 18])
def test_two_labels_or_one_example_each(n_labels: int) -> None:
    labels = [str(i % n_labels) for i in range(len(TEXTS))]
    with pytest.warns(UserWarning, match="fewer than 10 texts for 0"):
        model = train_labeller(TEXTS, labels)
    table = model.predict(TEXTS)
    assert table["label"].tolist() == labels
    assert table.filter(like="p_").shape == (18, n_labels)
    assert model.label(TEXTS[:1])["reasons"][0].startswith("terms: ")


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["一", "二"], ["a"], "2 texts but 1 labels"),
        (["一", " "], ["a", "b"], "text 1 is empty"),
        (["一", "二"], ["a", "a"], r"two labels or more .* got \['a'\]"),
    ],
)
def test_bad_training_data_is_named(texts: list[str], labels: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train_labeller(texts, labels)


def test_a_description_speaks_for_its_label_and_goes_with_the_file(tmp_path: Path) -> None:
    texts, labels = ["超市打折", "球赛开始"], ["trade", "sport"]
    told = {"trade": "商场、买卖和消费", "sport": "体育比赛和运动员"}
    new = ["消费者挤满了购物中心。", "年轻运动员在游泳馆刻苦训练。"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, described = train_labeller(texts, labels), train_labeller(texts, labels, descriptions=told)
        with pytest.raises(ValueError, match=r"descriptions are of \['trade'\], labels are \['sport', 'trade'\]"):
            train_labeller(texts, labels, descriptions={"trade": "买卖"})
    described.save(tmp_path / "model.skops")
    loaded = load_labeller(tmp_path / "model.skops").predict(new)
    assert loaded["label"].tolist() == ["trade", "sport"]
    for row, label in enumerate(("trade", "sport")):
        assert loaded[f"p_{label}"][row] > plain.predict(new)[f"p_{label}"][row]


def test_few_texts_are_told_with_their_interval() -> None:
    # Eight of ten, by hand: (0.8 + 0.192 ± 1.96 * sqrt(0.016 + 0.0096)) / 1.384.
    assert wilson_interval(8, 10) == pytest.approx((0.490, 0.943), abs=5e-4)
    with pytest.warns(UserWarning, match=r"for homes, sport, trade: 0\.\d\d of 18 held-out .* 0\.\d\d to [01]\.\d\d"):
        train_labeller(TEXTS, TRUTH)
    with pytest.warns(UserWarning, match=r"none held out; of new ones like them 0\.00 to 1\.00"):
        train_labeller(TEXTS[::6], TRUTH[::6])


def test_thresholds_keep_the_stated_error_rate() -> None:
    # Confidence tells the truth here: the chance to be right is the confidence itself.
    random = np.random.default_rng(0)
    confidence = random.uniform(0.5, 1, 4000)
    truth = (random.random(4000) > confidence).astype(int)
    probabilities = np.column_stack([confidence, 1 - confidence])
    threshold = selective_thresholds(probabilities, truth, 0.1)[0]
    assert threshold == pytest.approx(0.8, abs=0.05)  # mean of [0.8, 1] is 0.9
    # Three lucky predictions promise nothing.
    assert selective_thresholds(np.array([[0.9, 0.1]] * 3), np.zeros(3, int), 0.1)[0] > 1
    # A label that errs more than the others has to be surer, and ten predictions of a third change little.
    best = np.array([0] * 2000 + [1] * 1990 + [2] * 10)
    lies = np.where(best == 1, 0.15, 0)
    truth = np.where(random.random(4000) > confidence - lies, 3, best)
    probabilities = np.zeros((4000, 4))
    probabilities[np.arange(4000), best] = confidence
    first, second, third, none = selective_thresholds(probabilities, truth, 0.1)
    assert first < third < second and third == pytest.approx(none, abs=0.02)


def test_an_unknown_promise_is_refused_and_a_known_one_is_kept_in_the_file(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        careful = train_labeller(TEXTS, TRUTH, promise="each label", error_rate=0.2)
    careful.save(tmp_path / "model.skops")
    loaded = load_labeller(tmp_path / "model.skops")
    assert (loaded.promise, loaded.error_rate) == ("each label", 0.2)
    table = loaded.predict(NEW)
    alone = (table.filter(like="p_").to_numpy() > loaded.thresholds).sum(axis=1) == 1
    assert (table["abstained"].to_numpy() == ~alone).all()
    with pytest.raises(ValueError, match="promise 'all' is unknown"):
        train_labeller(TEXTS, TRUTH, promise="all")


def test_saved_and_loaded_it_answers_the_same(labeller: Labeller, tmp_path: Path) -> None:
    labeller.save(tmp_path / "model.skops")
    pd.testing.assert_frame_equal(load_labeller(tmp_path / "model.skops").label(NEW), labeller.label(NEW))
    assert [path.name for path in tmp_path.iterdir()] == ["model.skops"]
    # Written by skops and holding nothing that it would not open by itself.
    assert skops.io.get_untrusted_types(file=tmp_path / "model.skops") == []


def test_a_model_made_elsewhere_or_with_code_in_it_is_refused(
    labeller: Labeller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.skops"
    with monkeypatch.context() as patched:
        patched.setattr(persistence, "MODEL_SHA256", "f" * 64)
        labeller.save(path)
    with pytest.raises(ValueError, match=r"model.skops: made with embedding model ffff.*train it again"):
        load_labeller(path)
    # What is no array of numbers is not opened, whatever it is called and wherever it stands.
    for content in ({"words": np.zeros(1), "heads": Path("x")}, [np.zeros(1)], {"words": {"labels": np.zeros(1)}}):
        skops.io.dump(content, path)
        with pytest.raises(ValueError, match="unknown types"):
            load_labeller(path)
    skops.io.dump({"words": np.array([{}, None])}, path)
    with pytest.raises(ValueError, match=r"unknown types|not a labeller's file"):
        load_labeller(path)
    persistence.save_parts({}, {"labels": ["甲", "乙"]}, path)
    with pytest.raises(ValueError, match=r"model.skops: no '.*' in it, so it is not a whole labeller"):
        load_labeller(path)
    path.write_bytes(b"not a zip")
    with pytest.raises(ValueError, match="not a labeller's file"):
        load_labeller(path)
    with pytest.raises(ValueError, match="no such model file"):
        load_labeller(tmp_path / "none.skops")


def test_suggestions_differ_and_leave_out_what_is_known(labeller: Labeller) -> None:
    pool = [*NEW, *NEW, "", "今天多云转晴，最高气温二十度。", *TEXTS[:6]]
    found = suggest(pool, 4, labeller)
    assert len(found) == 4 and found["row"].is_unique and found["text"].is_unique
    assert [pool[row] for row in found["row"]] == found["text"].tolist()
    assert found["unsure"].is_monotonic_decreasing and "今天多云转晴，最高气温二十度。" in set(found["text"])
    assert len(suggest(NEW, 10, labeller)) == 3
    with pytest.raises(ValueError, match="n is 0"):
        suggest(NEW, 0, labeller)
