"""People of a corpus: named beside a title in some places, dropped in all; things stay."""

from banmian.words.segment import Segmenter
from banmian.words.speakers import find_speakers

TEXTS = [
    "委员长赵乐际主持会议。会议听取了报告。",
    "赵乐际指出，要加强监督。",
    "陪同考察的有赵乐际等。",
    "精神文明建设取得成就，文明城市越来越多。",
    "趙樂際等出席了儀式，文明新风吹遍全城。",
]


def test_a_person_goes_in_every_place_once_some_places_tell() -> None:
    segmenter = Segmenter()
    left = [word for row in segmenter.content_words(TEXTS) for word in row if word == "赵乐际"]
    assert left, "beside no title the segmenter keeps the name"
    people = find_speakers(TEXTS, segmenter)
    assert people == {"赵乐际"}
    words = [word for row in segmenter.content_words(TEXTS, names=people) for word in row]
    assert "赵乐际" not in words and "文明" in words


def test_a_thing_that_looks_like_a_speaker_now_and_then_stays() -> None:
    segmenter = Segmenter()
    spoken = ["高峰指出，要努力。"] * 2
    assert find_speakers(spoken, segmenter) == {"高峰"}
    assert find_speakers([*spoken, *["客流高峰到来。"] * 12], segmenter) == frozenset()


def test_one_place_is_not_enough_and_no_text_has_no_people() -> None:
    assert find_speakers(["汪洋指出，这里一片汪洋。"], Segmenter()) == frozenset()
    assert find_speakers([], Segmenter()) == frozenset()
