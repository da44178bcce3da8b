"""The lexicon's effect: terms that it alone keeps whole, in either script, and none that need no help."""

from banmian.words.lexicon_effect import lexicon_effect
from banmian.words.segment import Segmenter


def test_only_terms_that_would_be_cut_are_told() -> None:
    found = lexicon_effect(["新就業群體的“小馬拉大車”問題，新就业群体的社区。", "社区服务"], Segmenter())
    assert found["word"].tolist()[0] == "新就业群体"
    assert found["count"].tolist()[0] == 2
    assert "社区" not in found["word"].tolist()  # a word of jieba's dictionary, whole without the lexicon
    assert all(before.replace("｜", "") == word for word, before in zip(found["word"], found["before"], strict=True))


def test_nothing_to_tell() -> None:
    assert lexicon_effect([], Segmenter()).empty
