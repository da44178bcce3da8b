"""The three views see the same text whatever its script and wherever the scanner broke its lines."""

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from banmian.labels.scheme import LABELS
from banmian.models.classify.features import (
    FIELDS,
    clean,
    embedding_view,
    field_labels,
    field_lexicon_view,
    field_terms,
    learn_ngrams,
    ngram_view,
    sentences,
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


def test_characters_are_weighed_to_the_bit_as_scikit_learn_does() -> None:
    """The heads are fitted by scikit-learn and used without it."""
    texts = [clean(text) for text, _ in CASES["train"]]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32).fit(texts)
    learnt = learn_ngrams(texts)
    new = [*texts, "Ünbekannt İ 社区社区社区", "a", ""]
    assert learnt.vocabulary == vectorizer.vocabulary_
    assert np.array_equal(ngram_view(learnt, new).toarray(), vectorizer.transform(new).toarray())
    assert ngram_view(learnt, []).shape == (0, len(learnt.idf))


def test_terms_are_counted_wherever_they_stand() -> None:
    found = field_terms("社区食堂和社区医院")
    assert found["社区"] == 2 and found["社区食堂"] == 1 and found["医院"] == 1


def test_every_field_names_a_label_and_every_term_is_a_word() -> None:
    assert set(field_labels()) == set(LABELS)
    lines = [line for line in FIELDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    terms = [term for line in lines for term in line.split("\t")[1].split()]
    assert len(terms) > 5000 and min(map(len, terms)) == 2
    assert [term for term in terms if simplify(term) != term] == []
