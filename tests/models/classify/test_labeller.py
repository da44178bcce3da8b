"""The labeller: any label set, calibrated, abstaining; the same answer in either script and from disk."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io

from banmian.models.classify import Labeller, load_labeller, train_labeller
from banmian.models.classify.active_learning import suggest
from banmian.models.statistics import wilson_interval
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
    nothing = labeller.predict([], reasons="short")
    assert nothing.empty and "reasons" in nothing.columns


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
    assert model.predict(TEXTS[:1], reasons="full")["reasons"][0]["nearest"]


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


def test_an_unknown_rule_is_refused_and_a_known_one_is_kept_in_the_file(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        careful = train_labeller(TEXTS, TRUTH, abstention="conformal", error_rate=0.2)
    careful.save(tmp_path / "model.skops")
    loaded = load_labeller(tmp_path / "model.skops")
    assert (loaded.rule.name, loaded.rule.error_rate) == ("conformal", 0.2)
    table = loaded.predict(NEW)
    alone = (table.filter(like="p_").to_numpy() > loaded.rule.thresholds).sum(axis=1) == 1
    assert (table["abstained"].to_numpy() == ~alone).all()
    with pytest.raises(ValueError, match="abstention 'all' is unknown"):
        train_labeller(TEXTS, TRUTH, abstention="all")  # type: ignore[arg-type]


def test_saved_and_loaded_it_answers_the_same(labeller: Labeller, tmp_path: Path) -> None:
    labeller.save(tmp_path / "model.skops")
    pd.testing.assert_frame_equal(
        load_labeller(tmp_path / "model.skops").predict(NEW, reasons="full"), labeller.predict(NEW, reasons="full")
    )
    assert [path.name for path in tmp_path.iterdir()] == ["model.skops"]
    # Written by skops and holding nothing that it would not open by itself.
    assert skops.io.get_untrusted_types(file=tmp_path / "model.skops") == []


def test_bad_arguments_are_named(labeller: Labeller) -> None:
    with pytest.raises(ValueError, match="texts is one string"):
        labeller.predict("一段文字")
    with pytest.raises(ValueError, match="reasons 'long' is unknown; known: none, short, full"):
        labeller.predict(NEW, reasons="long")  # type: ignore[arg-type]


def test_fast_leaves_the_network_out(labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> None:
    from banmian.models.classify import ensemble

    monkeypatch.setattr(ensemble, "embedding_view", lambda *_, **__: pytest.fail("the network was run"))
    table = labeller.predict(NEW, fast=True, reasons="short")
    assert table["label"].tolist() == list(NEW_TRUTH)
    np.testing.assert_allclose(table.filter(like="p_").sum(axis=1), 1)


def test_suggestions_differ_and_leave_out_what_is_known(labeller: Labeller) -> None:
    pool = [*NEW, *NEW, "", "今天多云转晴，最高气温二十度。", *TEXTS[:6]]
    found = suggest(pool, 4, labeller)
    assert len(found) == 4 and found["row"].is_unique and found["text"].is_unique
    assert [pool[row] for row in found["row"]] == found["text"].tolist()
    assert found["uncertainty"].is_monotonic_decreasing and "今天多云转晴，最高气温二十度。" in set(found["text"])
    assert len(suggest(NEW, 10, labeller)) == 3
    with pytest.raises(ValueError, match="n is 0"):
        suggest(NEW, 0, labeller)
