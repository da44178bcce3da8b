"""Topic words are never dates or speakers: words read in the vocabularies of broadcast items and of the seeds."""

import json

import pytest

from banmian.config import SEEDS
from banmian.models.topics import fit_topics
from banmian.models.topics.date_words import is_topic_word
from banmian.models.topics.matrices import vocabulary
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.words.segment import Segmenter
from locations import CASES as CASES_DIR

CASES = json.loads(CASES_DIR.joinpath("topic_words.json").read_text(encoding="utf-8"))
# no_dates hold the same characters and say what a text is about; speakers: all who speak or sign in the seeds.
DATES, NO_DATES, SPEAKERS = CASES["dates"], CASES["no_dates"], CASES["speakers"]


@pytest.mark.parametrize("word", DATES)
def test_a_date_is_no_topic_word(word: str) -> None:
    assert not is_topic_word(word)


@pytest.mark.parametrize("word", NO_DATES)
def test_what_only_looks_like_a_date_may_be_one(word: str) -> None:
    assert is_topic_word(word)


def test_no_speaker_and_no_date_among_the_topic_words_of_the_seeds() -> None:
    sections = split_sections(read_documents(SEEDS))
    texts = sections.loc[sections["kind"] == "body", "simplified"].tolist()
    assert sum(name in "".join(texts) for name in SPEAKERS) >= 10, "they are in the texts"
    segmenter = Segmenter()
    tokens = segmenter.content_words(texts)
    # The name of a doctrine, a term of the lexicon, is no speaker.
    allowed = [word for word in vocabulary(tokens, is_topic_word) if word not in segmenter.lexicon]
    assert not [word for word in allowed if any(name in word for name in SPEAKERS)]
    found = {word for words in fit_topics(tokens, n_topics=13).word_lists for word in words}
    assert len(found) > 100 and not found & set(DATES)
