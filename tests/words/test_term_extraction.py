"""New terms come out of made-up texts in which they were put; keyness agrees with figures from the literature."""

import math
import random
from pathlib import Path

import pytest

from banmian.words.segment import Segmenter
from banmian.words.term_extraction import find_terms, keyness

SEGMENTER = Segmenter()
FILLERS = ["社区", "居民", "干部", "老人", "孩子", "商户", "学校", "医院", "花园", "小巷", "邻里", "街坊"]


def _texts() -> list[str]:
    """Sixty sentences with 慢行小镇 in changing company, and 幸福来敲门 always after the same mark."""
    draw = random.Random(0)
    texts = []
    for _ in range(60):
        one, two, three, four = draw.sample(FILLERS, 4)
        texts.append(f"{one}慢行小镇{two}，{three}说：幸福来敲门{four}。")
    return texts


def test_a_planted_term_comes_first_and_its_pieces_do_not() -> None:
    found = find_terms(_texts(), SEGMENTER, n=20)
    assert found["term"][0] == "慢行小镇"
    first = found.iloc[0]
    assert first["count"] == 60
    assert first["split_by_segmenter"] == 1
    # Twelve neighbours about equally often: a little under log2 12.
    assert 3.2 < first["left_entropy"] <= math.log2(12)
    assert "慢行小镇" in first["example"]
    scores = dict(zip(found["term"], found["score"], strict=True))
    assert scores.get("幸福来敲门", 0) == 0


def test_known_terms_stop_words_and_persons_are_not_new(tmp_path: Path) -> None:
    texts = [text + "工作人员介绍袁家军强调不断推进" for text in _texts()]
    found = find_terms(texts, SEGMENTER, n=100)
    assert not {"袁家军", "不断推进", "工作人员"} & set(found["term"])
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("慢行小镇", encoding="utf-8")
    assert "慢行小镇" not in set(find_terms(texts, Segmenter(lexicon), n=100)["term"])


def test_quotation_marks_are_looked_through() -> None:
    plain = find_terms(_texts(), SEGMENTER).set_index("term").loc["慢行小镇"]
    quoted = find_terms([text.replace("慢行小镇", "“慢行小镇”") for text in _texts()], SEGMENTER).set_index("term")
    assert quoted.loc["慢行小镇", "left_entropy"] == pytest.approx(plain["left_entropy"])


def test_order_of_texts_and_script_change_nothing() -> None:
    texts = _texts()
    found = find_terms(texts, SEGMENTER)
    assert find_terms(texts[::-1], SEGMENTER).drop(columns="example").equals(found.drop(columns="example"))
    traditional = [text.replace("慢行小镇", "慢行小鎮").replace("邻里", "鄰里") for text in texts]
    assert find_terms(traditional, SEGMENTER)["term"].equals(found["term"])


@pytest.mark.parametrize("texts", [[], [""], ["改革"], ["，。"] * 20])
def test_too_little_text_gives_no_rows(texts: list[str]) -> None:
    assert find_terms(texts, SEGMENTER).empty


def _of(word: str, count: int, size: int) -> list[list[str]]:
    return [[word] * count + ["other"] * (size - count)]


def test_log_likelihood_of_a_table_worked_by_hand() -> None:
    """10 of 100 against 2 of 200: E = 4 and 8 for the word, 96 and 192 for the rest."""
    cells = [(10, 4), (2, 8), (90, 96), (198, 192)]
    expected = 2 * sum(observed * math.log(observed / e) for observed, e in cells)
    rows = keyness({"a": _of("w", 10, 100), "b": _of("w", 2, 200)}).set_index(["group", "word"])
    assert rows.loc[("a", "w"), "log_likelihood"] == pytest.approx(expected, abs=1e-4)
    assert rows.loc[("a", "w"), "log_ratio"] == pytest.approx(math.log2(10), abs=1e-4)


def test_keyness_lists_overuse_only_with_counts_and_texts() -> None:
    tokens = {
        "culture": [["非遗", "博物馆", "工作"], ["非遗", "非遗", "工作"]],
        "commerce": [["商圈", "工作", "商圈"], ["商圈", "首店", "工作"]],
    }
    rows = keyness(tokens)
    assert rows[["group", "word", "count", "count_elsewhere", "texts"]].values.tolist() == [
        ["culture", "非遗", 3, 0, 2],
        ["commerce", "商圈", 3, 0, 2],
    ]
    # An absent word counts half a time: (3 / 6) / (0.5 / 6) = 6 times as frequent.
    assert rows["log_ratio"][0] == pytest.approx(math.log2(6), abs=1e-4)


def test_a_word_rarer_than_elsewhere_is_no_key_word() -> None:
    rows = keyness({"a": _of("w", 10, 100), "b": _of("w", 20, 100)})
    assert rows[["group", "word"]].values.tolist() == [["a", "other"], ["b", "w"]]


def test_keyness_does_not_depend_on_the_order_of_texts_and_survives_an_empty_group() -> None:
    tokens = {"a": [["x"] * 3, ["y"] * 3], "b": [["z"] * 3], "c": []}
    turned = {group: texts[::-1] for group, texts in tokens.items()}
    assert keyness(tokens).equals(keyness(turned))
    assert keyness(tokens)["word"].tolist() == ["x", "y", "z"]


def test_keyness_needs_two_groups() -> None:
    with pytest.raises(ValueError, match="got 1; pass at least two"):
        keyness({"a": [["x"]]})
