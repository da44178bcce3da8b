"""Reasons name terms of the text that carried the label; marking never changes or unescapes the text."""

import json
import re
import warnings
from html import unescape

import pytest

from banmian.models.classify import Labeller, train_labeller
from banmian.models.classify.character_ngrams import ngram_view
from banmian.models.classify.explain import _directions, character_weights, mark
from locations import CASES as CASES_DIR

CASES = json.loads((CASES_DIR / "labelling.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def labeller() -> Labeller:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return train_labeller(*zip(*CASES["train"], strict=True))


def test_reasons_name_terms_of_the_text_and_the_nearest_training_text(labeller: Labeller) -> None:
    text, label = CASES["train"][6]
    found = labeller.predict([text], reasons="full")["reasons"][0]
    effects = [reason["effect"] for reason in found["terms"]]
    assert all(reason["term"] in text for reason in found["terms"])
    assert effects == sorted(effects, reverse=True) and effects[-1] > 0
    assert found["nearest"][0] == {"similarity": pytest.approx(1, abs=1e-3), "label": label, "text": text[:24]}
    assert labeller.predict([text], reasons="short")["reasons"][0] == {**found, "nearest": []}


def test_taking_the_named_terms_out_costs_more_than_taking_others(labeller: Labeller) -> None:
    for text, label in CASES["test"]:
        found = labeller.explain(text)
        assert found.label == label
        assert found.terms["effect"].is_monotonic_decreasing and found.terms["effect"][0] > 0
        named = text.replace(found.terms["term"][0], "")
        chance = labeller.predict([text])[f"p_{label}"][0] - labeller.predict([named])[f"p_{label}"][0]
        assert chance == pytest.approx(found.terms["effect"][0])


def test_the_characters_share_out_what_the_text_scores(labeller: Labeller) -> None:
    """Nothing is lost on the way from runs to places: the sum over the places is the view's score."""
    texts = [*(text for text, _ in CASES["test"]), "社", "Ab社区Ab"]
    directions = _directions(labeller, "homes")["ngrams"]
    vocabulary = labeller.ensemble.vocabulary
    counts = ngram_view(vocabulary, texts)
    for text, row in zip(texts, counts, strict=True):
        weights = character_weights(vocabulary, text, row, directions)
        assert len(weights) == len(text)
        assert weights.sum() == pytest.approx(float((row @ directions)[0]), abs=1e-6)
    # A letter that grows when made small has no place of its own any more.
    assert not character_weights(vocabulary, "İ社区", counts[0], directions).any()


def test_marks_are_found_in_either_script_and_across_line_breaks() -> None:
    text = "<b>社區\n食堂</b> & 社区"
    marked = mark(text, ["社区食堂", "社区"])
    assert marked == "&lt;b&gt;<mark>社區\n食堂</mark>&lt;/b&gt; &amp; <mark>社区</mark>"
    assert unescape(re.sub("</?mark>", "", marked)) == text
    assert mark("<script>", []) == "&lt;script&gt;"
