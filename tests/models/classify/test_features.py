"""The three views see the same text whatever its script and wherever the scanner broke its lines."""

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from banmian.labels.scheme import LABELS
from banmian.models.classify.character_ngrams import learn_ngrams, ngram_columns, ngram_text, ngram_view
from banmian.models.classify.features import clean, embedding_view, sentences
from banmian.models.classify.field_lexicon import (
    FIELDS,
    field_effects,
    field_labels,
    field_lexicon_view,
    find_terms,
    terms,
)
from banmian.text.script import simplify
from locations import CASES as CASES_DIR

CASES = json.loads((CASES_DIR / "labelling.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("hans", "hant"), CASES["twins"])
def test_twins_in_two_scripts_have_equal_views(hans: str, hant: str) -> None:
    texts = [clean(hans), clean(hant)]
    assert texts[0] == texts[1]
    assert np.array_equal(*embedding_view(texts)) and np.array_equal(*field_lexicon_view(texts))


@pytest.mark.parametrize(("scanned", "meant"), CASES["broken_lines"])
def test_line_breaks_inside_chinese_go_and_spaces_between_words_stay(scanned: str, meant: str) -> None:
    assert clean(scanned) == meant


def test_sentences_lose_nothing() -> None:
    text = "他说：“好。”大家都笑了；散会！还有？"
    assert "".join(sentences(text)) == text and len(sentences(text)) == 4
    assert sentences("") == [""]


def test_shapes_without_texts_and_without_terms() -> None:
    n = 3 * len(field_labels())
    assert embedding_view([]).shape == (0, 1024) and field_lexicon_view([]).shape == (0, n)
    assert not field_lexicon_view(["", "abc"]).any()


def test_ngrams_are_weighed_as_scikit_learn_does() -> None:
    texts = [clean(text) for text, _ in CASES["train"]]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32).fit(texts)
    learnt = learn_ngrams(texts)
    new = [*texts, "Ünbekannt İ 社区社区社区", "a", ""]
    assert [ngram_text(int(key)) for key in learnt.keys] == sorted(vectorizer.vocabulary_)
    np.testing.assert_allclose(ngram_view(learnt, new).toarray(), vectorizer.transform(new).toarray(), atol=1e-6)
    assert ngram_view(learnt, []).shape == (0, len(learnt.keys))
    assert learn_ngrams([], 1).keys.shape == (0,)


def test_ngrams_stay_inside_their_text_and_are_the_same_alone_and_in_company() -> None:
    learnt = learn_ngrams(["社区食堂", "食堂开张"], 1)
    assert "堂食" not in {ngram_text(int(key)) for key in learnt.keys}
    both, one = ngram_view(learnt, ["社区", "食堂"]), ngram_view(learnt, ["食堂"])
    assert np.array_equal(both[1].toarray(), one.toarray())
    columns = ngram_columns(learnt, "社x区")
    assert (columns >= 0).tolist() == [True, False, True, False, False, False]


def test_terms_are_counted_wherever_they_stand() -> None:
    found = find_terms(["社区食堂", "", "社区食堂和社区医院"])
    named = [(row, start, terms()[number]) for row, start, number in zip(*found, strict=True) if row == 2]
    assert {(2, 0, "社区"), (2, 5, "社区"), (2, 0, "社区食堂"), (2, 7, "医院")} <= set(named)
    assert not [row for row in found.rows if row == 1]
    # A fourth repetition counts no more than the third.
    three, four = field_lexicon_view(["社区" * 3, "社区" * 4])[:, : len(field_labels())]
    assert np.array_equal(three, four)


def test_the_effect_of_a_term_is_the_fall_of_the_score_without_it() -> None:
    direction = np.random.default_rng(0).normal(size=3 * len(field_labels()))
    text = "博物馆展出文物"
    effects = field_effects([text, ""], np.array([direction, direction]))
    assert "博物馆" in effects[0] and effects[1] == {}
    # Without 文物 nothing else of this text goes: the score is compared with that of a text that never had it.
    without = float((field_lexicon_view([text]) - field_lexicon_view(["博物馆展出"]))[0] @ direction)
    assert effects[0]["文物"] == pytest.approx(without)


def test_every_field_names_a_label_and_every_term_is_a_word() -> None:
    assert set(field_labels()) == set(LABELS)
    lines = [line for line in FIELDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    listed = [term for line in lines for term in line.split("\t")[1].split()]
    assert len(listed) > 5000 and min(map(len, listed)) == 2
    assert [term for term in listed if simplify(term) != term] == []
