"""Drift: the same field raises no alarm, another one does, and the intervals are those of the textbooks."""

from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from banmian.models.classify.pretrained import training_texts
from banmian.models.drift import statistics
from banmian.models.drift.messages import summary_lines, warnings_for
from banmian.models.drift.reference import load_reference, save_reference
from banmian.models.drift.statistics import Reference, SampleStatistics, collect, drift_table
from banmian.models.statistics import newcombe_difference
from banmian.words.segment import Segmenter


@cache
def halves() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Two halves of the written training texts."""
    texts = training_texts()
    rows = texts[~texts["is_real"]].to_dict("records")
    return rows[0::2], rows[1::2]


@cache
def reference() -> Reference:
    one, _ = halves()
    return statistics.fit_reference([row["text"] for row in one], [row["label"] for row in one])


def tally_of(texts: list[str], label: str | None = None, abstained: bool = False) -> SampleStatistics:
    words = Segmenter().content_words(texts)
    labels = [label or "other"] * len(texts)
    return collect(reference(), texts, words, pd.DataFrame({"label": labels, "abstained": abstained}))


def test_texts_of_the_same_kind_raise_no_alarm() -> None:
    texts = [row["text"] for row in halves()[1]]
    tally = tally_of(texts)
    assert tally.seen == 0
    assert warnings_for(drift_table(reference(), tally), tally) == []


def test_poems_and_english_do() -> None:
    poems = [
        "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
        "白日依山尽，黄河入海流。欲穷千里目，更上一层楼。",
    ] * 30
    tally = tally_of(poems)
    said = " ".join(warnings_for(drift_table(reference(), tally), tally))
    assert "stand in no training text" in said
    english = ["the quick brown fox jumps over the lazy dog"] * 60
    tally = tally_of(english)
    assert len(warnings_for(drift_table(reference(), tally), tally)) == 2


def test_training_texts_are_told_and_not_measured_against_themselves() -> None:
    old, new = [row["text"] for row in halves()[0][:40]], [row["text"] for row in halves()[1][:35]]
    alone = tally_of(old)
    assert (alone.n, alone.seen) == (0, 40)
    table = drift_table(reference(), alone)
    assert summary_lines(table, alone) == ["40 of 40 sections are training texts, left out of what follows"]
    assert "most of these sections taught the labeller" in " ".join(warnings_for(table, alone))
    # As a scanner would give them, in broken lines, and with the new ones among them, whose numbers stay their own.
    mixed = tally_of([*("\n".join(text[i : i + 9] for i in range(0, len(text), 9)) for text in old), *new])
    apart = tally_of(new)
    assert (mixed.n, mixed.seen) == (35, 40)
    assert (mixed.unknown, mixed.topics, mixed.labels) == (apart.unknown, apart.topics, apart.labels)


def test_the_summary_says_what_is_compared_with_what() -> None:
    texts = [row["text"] for row in halves()[1]]
    tally = tally_of(texts)
    table = drift_table(reference(), tally)
    first = summary_lines(table, tally)[0]
    row = table[table["what"] == "unknown words"].iloc[0]
    assert first.startswith(f"of a section's different words {100 * row['here']:.0f} % stand in no training text; ")
    assert f"{100 * row['training']:.0f} % in no other" in first
    # Halves of one collection: each has about as many words that the other lacks as its own texts among themselves.
    assert abs(row["here"] - row["training"]) < 0.02


def test_much_abstention_is_told_and_few_sections_say_nothing() -> None:
    texts = [row["text"] for row in halves()[1][:60]]
    tally = tally_of(texts, abstained=True)
    said = warnings_for(drift_table(reference(), tally), tally)
    assert len(said) == 1
    assert "abstained on 100 %" in said[0]
    few = tally_of(texts[:5])
    assert warnings_for(drift_table(reference(), few), few) == [
        "5 sections are too few to say whether the labeller suits them; read the labels yourself"
    ]
    assert "too few" in warnings_for(drift_table(reference(), SampleStatistics()), SampleStatistics())[0]


def test_a_shift_of_labels_is_seen_and_its_interval_holds_it() -> None:
    texts = [row["text"] for row in halves()[1]]
    tally = tally_of(texts, label="culture")
    table = drift_table(reference(), tally)
    row = table[(table["what"] == "label") & (table["name"] == "culture")].iloc[0]
    assert row["here"] == 1
    assert row["differs"]
    assert row["low"] < row["here"] - row["training"] < row["high"] + 1e-4
    assert any(line.startswith("labels") and "culture" in line for line in summary_lines(table, tally))


def test_tallies_of_batches_add_up_to_that_of_the_whole() -> None:
    texts = [row["text"] for row in halves()[1][:90]]
    whole, parts = tally_of(texts), SampleStatistics()
    for start in range(0, 90, 40):
        parts.add(tally_of(texts[start : start + 40]))
    assert (parts.n, parts.topics, parts.labels) == (whole.n, whole.topics, whole.labels)
    assert parts.unknown == pytest.approx(whole.unknown)


def test_intervals_are_those_of_newcombe_1998() -> None:
    # Table II of that paper, contrast (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    low, high = newcombe_difference(48, 80, 56, 70)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_a_training_text_is_not_measured_against_itself() -> None:
    texts = ["茶叶市场繁荣。"] * 2 + ["独一无二的词汇蓝鲸。"]
    made = statistics.fit_reference(texts, ["commerce"] * 3)
    # The first two know each other's words, the third stands alone: (0 + 0 + 1) / 3.
    assert made.tally.unknown / made.tally.n == pytest.approx(1 / 3)


def test_a_reference_is_written_and_comes_back_the_same(tmp_path: Path) -> None:
    made = statistics.fit_reference(["茶叶市场", "市场茶叶消费", "消费市场"], ["commerce"] * 3, ["a", "b", ""])
    path = tmp_path / "reference.npz"
    save_reference(made, path)
    again = load_reference(path)
    assert again == made
    assert isinstance(again.tally.topics, Counter)
    first = path.read_bytes()
    save_reference(made, path)
    assert path.read_bytes() == first
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(first[:50])
    with pytest.raises(ValueError, match=r"damaged\.npz: not a reference for drift \(BadZipFile\)"):
        load_reference(damaged)


def test_a_corpus_unlike_every_other_is_reported() -> None:
    one, two = halves()
    corpora = ["a" if i % 2 else "b" for i in range(len(one))]
    made = statistics.fit_reference([row["text"] for row in one], [row["label"] for row in one], corpora)
    assert set(made.corpora) == {"a", "b"} and 0 < min(made.corpora.values()) < 0.5
    for texts, alarmed in (([row["text"] for row in two], False), (["白日依山尽，黄河入海流。独钓寒江雪"] * 60, True)):
        words = Segmenter().content_words(texts)
        tally = collect(made, texts, words, pd.DataFrame({"label": ["other"] * len(texts), "abstained": False}))
        found = " ".join(warnings_for(drift_table(made, tally), tally))
        assert ("more than in any of the corpora" in found) == alarmed


def test_the_shipped_reference_quotes_no_training_text() -> None:
    shipped = load_reference()
    assert max(map(len, shipped.words)) <= statistics.LONGEST_WORD and len(shipped.words) > 10_000
    assert len(shipped.corpora) == 8
