"""Drift: the same field raises no alarm, another one does, and the intervals are those of the textbooks."""

from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from banmian.models import drift
from banmian.models.drift import Reference, Tally, drift_table, measure, plain_words, summary_lines
from banmian.models.shipped import training_texts
from banmian.words.segment import Segmenter


@cache
def halves() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Two halves of the written training texts."""
    texts = training_texts()
    rows = texts[~texts["real"]].to_dict("records")
    return rows[0::2], rows[1::2]


@cache
def reference() -> Reference:
    one, _ = halves()
    return drift.make_reference([row["text"] for row in one], [row["label"] for row in one])


def tally_of(texts: list[str], label: str | None = None, abstained: bool = False) -> Tally:
    words = Segmenter().words_of(texts)
    labels = [label or "other"] * len(texts)
    return measure(reference(), words, pd.DataFrame({"label": labels, "abstained": abstained}))


def test_texts_of_the_same_kind_raise_no_alarm() -> None:
    texts = [row["text"] for row in halves()[1]]
    assert plain_words(drift_table(reference(), tally_of(texts)), len(texts)) == []


def test_poems_and_english_do() -> None:
    poems = [
        "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
        "白日依山尽，黄河入海流。欲穷千里目，更上一层楼。",
    ] * 30
    said = " ".join(plain_words(drift_table(reference(), tally_of(poems)), len(poems)))
    assert "stand in no training text" in said
    english = ["the quick brown fox jumps over the lazy dog"] * 60
    assert len(plain_words(drift_table(reference(), tally_of(english)), len(english))) == 2


def test_much_abstention_is_told_and_few_sections_say_nothing() -> None:
    texts = [row["text"] for row in halves()[1][:60]]
    said = plain_words(drift_table(reference(), tally_of(texts, abstained=True)), 60)
    assert len(said) == 1
    assert "abstained on 100 %" in said[0]
    few = plain_words(drift_table(reference(), tally_of(texts[:5])), 5)
    assert few == ["5 sections are too few to say whether the labeller suits them; read the labels yourself"]
    assert "too few" in plain_words(drift_table(reference(), Tally()), 0)[0]


def test_a_shift_of_labels_is_seen_and_its_interval_holds_it() -> None:
    texts = [row["text"] for row in halves()[1]]
    table = drift_table(reference(), tally_of(texts, label="culture"))
    row = table[(table["what"] == "label") & (table["name"] == "culture")].iloc[0]
    assert row["here"] == 1
    assert row["differs"]
    assert row["low"] < row["here"] - row["training"] < row["high"] + 1e-4
    assert any(line.startswith("labels") and "culture" in line for line in summary_lines(table))


def test_tallies_of_batches_add_up_to_that_of_the_whole() -> None:
    texts = [row["text"] for row in halves()[1][:90]]
    whole, parts = tally_of(texts), Tally()
    for start in range(0, 90, 40):
        parts.add(tally_of(texts[start : start + 40]))
    assert (parts.n, parts.topics, parts.labels) == (whole.n, whole.topics, whole.labels)
    assert parts.unknown == pytest.approx(whole.unknown)


def test_intervals_are_those_of_newcombe_1998() -> None:
    # Table II of that paper, contrast (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    low, high = drift._shares(48, 80, 56, 70)[2:]
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_a_training_text_is_not_measured_against_itself() -> None:
    texts = ["茶叶市场繁荣。"] * 2 + ["独一无二的词汇蓝鲸。"]
    made = drift.make_reference(texts, ["commerce"] * 3)
    # The first two know each other's words, the third stands alone: (0 + 0 + 1) / 3.
    assert made.tally.unknown / made.tally.n == pytest.approx(1 / 3)


def test_the_reference_is_kept_and_comes_back_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "CACHE", tmp_path)
    texts = pd.DataFrame({"text": ["茶叶市场", "市场茶叶消费", "消费市场"], "label": "commerce"})
    made = drift.shipped_reference(texts)
    monkeypatch.setattr(drift, "make_reference", None)  # a second call must not make it again
    again = drift.shipped_reference(texts)
    assert again == made
    assert isinstance(again.tally.topics, Counter)
