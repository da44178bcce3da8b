"""Segmenting: nothing is lost, the lexicon wins, both engines agree, and what words() keeps and drops."""

import json
import logging
import pickle
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banmian.config import ROOT
from banmian.words.engines import ENGINES
from banmian.words.lexicon import Term
from banmian.words.segment import Segmenter, check_lexicon, check_terms
from locations import CASES as CASES_DIR

CASES = json.loads(CASES_DIR.joinpath("segmentation.json").read_text(encoding="utf-8"))
SEEDS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]


@cache
def segmenter(engine: str = "rjieba") -> Segmenter:
    return Segmenter(engine=engine)


def _case(case: dict) -> object:
    marks = [pytest.mark.xfail(strict=True)] if case.get("xfail") else []
    return pytest.param(case, marks=marks, id=case["text"])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_cases_read_by_a_person(case: dict, engine: str) -> None:
    tokens = segmenter(engine).tokens(case["text"])
    assert [term for term in case["one_token"] if term not in tokens] == []
    assert [term for term in case["never"] if term in tokens] == []


@pytest.mark.parametrize("text", SEEDS)
def test_seeds_lose_no_character_and_both_engines_agree(text: str) -> None:
    tokens = segmenter().tokens(text)
    assert "".join(tokens) == text
    assert tokens == segmenter("jieba").tokens(text)


@given(st.text() | st.text(alphabet="党建88５5.,-＋+%15分钟高品质生活服务圈社會\r\n\u3000 \ud800a𠮷", max_size=40))
def test_any_text_loses_no_character(text: str) -> None:
    tokens = segmenter().tokens(text)
    assert "".join(tokens) == text
    assert "" not in tokens


def test_every_term_of_the_lexicon_is_one_token() -> None:
    assert len(segmenter().lexicon) >= 350
    assert check_lexicon(segmenter()).empty
    assert check_lexicon(segmenter("jieba")).empty


def test_traditional_and_simplified_give_the_same_words() -> None:
    traditional = segmenter().words("完善新興領域黨建統領，全面融入“885”工作體系")
    assert traditional == segmenter().words("完善新兴领域党建统领，全面融入“885”工作体系")
    assert traditional == ["新兴领域", "党建统领", "885", "工作体系"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12月5日上午，会议在重庆召开", ["重庆"]),
        ("２０２５年第三次全体会议", ["全体会议"]),
        ("全市有885人，其中141名党员", ["党员"]),
        ("喝的茶，过的桥，住的村，一座、两首", ["茶", "桥", "村"]),
        ("我们要加强和推进", []),
        ("增长3.5%，达到1,900元", []),
        ("App下载和AI赋能 the City Walk", ["app", "下载", "ai", "city", "walk"]),
        ("建成“1+2+8+N”网络", ["1+2+8+N", "网络"]),
        ("𠮷\ud800\x00，。！", []),
        ("", []),
    ],
)
def test_words_keep_what_a_section_is_about(text: str, words: list[str]) -> None:
    assert segmenter().words(text) == words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("袁家军强调，要着力构建体系", "袁家军"),
        ("蔡奇在讲话中指出", "蔡奇"),
        ("李书磊、陈文清、穆虹出席会议", "穆虹"),
        ("习近平总书记指出", "习近平"),
        ("本报讯 (记者 黄清娟)2月10日", "黄清娟"),
        ("新重庆—重慶日報記者 王天翊", "王天翊"),
        ("居民陈倩云对重庆广播电视发射塔的印象很深刻", "陈倩云"),
        ("谢东强调，重点项目建设是稳增长的支撑", "谢东"),
    ],
)
def test_persons_are_no_words(text: str, name: str) -> None:
    assert name in segmenter().tokens(text)
    assert name not in segmenter().words(text)


def test_names_given_are_dropped_and_terms_with_a_name_are_kept() -> None:
    assert "少城" in segmenter().words("走进少城")
    assert "少城" not in segmenter().words("走进少城", names=["少城"])
    assert segmenter().words("学习习近平文化思想")[-1] == "习近平文化思想"


def test_words_of_is_words_of_each() -> None:
    assert segmenter().content_words(SEEDS, progress=True) == [segmenter().words(text) for text in SEEDS]


def test_instances_do_not_disturb_each_other_or_jieba(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("慢行小镇计划 5 test # a term of nobody\n", encoding="utf-8")
    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    for engine in ENGINES:
        own = Segmenter(lexicon, engine=engine)
        assert own.lexicon == {"慢行小镇计划": Term("慢行小镇计划", 5, "test")}
        assert own.tokens("慢行小镇计划") == ["慢行小镇计划"]
        assert segmenter(engine).tokens("慢行小镇计划") == ["慢行", "小镇", "计划"]
    assert jieba.lcut("慢行小镇计划") == ["慢行", "小镇", "计划"]
    assert capfd.readouterr() == ("", "")


def test_a_pickled_segmenter_cuts_the_same(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("慢行小镇计划", encoding="utf-8")
    copy = pickle.loads(pickle.dumps(Segmenter(lexicon)))
    assert copy.tokens("慢行小镇计划") == ["慢行小镇计划"]


def test_check_terms_tells_split_swallowed_and_absent() -> None:
    found = check_terms(
        segmenter(), ["印度", "基层治理", "文昌阁", "愁眉苦", "枫桥经验"], ["访问印度尼西亚", "基层治理"]
    )
    assert dict(zip(found["term"], found["problem"], strict=True)) == {
        "印度": "swallowed",
        "文昌阁": "absent",
        "愁眉苦": "split",
        "枫桥经验": "absent",
    }
    assert found.set_index("term")["tokens"]["印度"] == "印度尼西亚"


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="known: rjieba, jieba"):
        Segmenter(engine="thulac")
