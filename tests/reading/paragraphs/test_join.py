"""White space is put right and columns in order, on lines written for the test."""

import json
import re

import pytest

from banmian.reading.articles.reading_order import restore_order
from banmian.reading.boundary_model import word_cut_log_odds
from banmian.reading.lines.line_types import classify_line, is_closing, is_dateline
from banmian.reading.lines.spans import TextBlock
from banmian.reading.paragraphs.join import join_lines
from banmian.text.script import simplify
from locations import CASES as CASES_DIR

CASES = json.loads((CASES_DIR / "reading_lines.json").read_text(encoding="utf-8"))
STORY = (
    "江城大桥今天上午十点正式通车，两岸居民等了整整六年。第一班公交车坐得满满当当，许多人带着孩子来看江。"
    "家住北岸的周大妈说，以前过江要坐四十分钟轮渡，遇到大雾天还得等，如今从家门口上车，一刻钟就能到南岸的医院。"
    "大桥全长三千二百米，双向六车道，两侧各有三米宽的人行道，桥头建有观景平台和公交枢纽。"
)


def texts(raw: str) -> list[str]:
    return [paragraph.text(raw) for paragraph in join_lines(simplify(raw))[0]]


@pytest.mark.parametrize(("line", "kind"), CASES["kinds"])
def test_a_line_tells_its_kind(line: str, kind: str) -> None:
    assert classify_line(simplify(line)) == kind


@pytest.mark.parametrize(("before", "after"), CASES["joins"])
def test_a_cut_sentence_is_joined(before: str, after: str) -> None:
    assert texts(f"{before}\n\n{after}\n\n{STORY}") == [before + after, STORY]


@pytest.mark.parametrize(("before", "after"), CASES["parts"])
def test_whole_sentences_and_headings_stay_apart(before: str, after: str) -> None:
    assert texts(f"{before}\n\n{after}") == [before, after]


def test_the_lexicon_sees_a_word_that_is_cut() -> None:
    assert all(word_cut_log_odds(*edge) >= 4 for edge in CASES["sure_word_cuts"])
    assert all(word_cut_log_odds(*edge) < 4 for edge in CASES["no_word_cuts"])


@pytest.mark.parametrize("columns", [11, 17, 24])
@pytest.mark.parametrize("mark", [" ", "\n"])
def test_printed_lines_become_their_paragraph(columns: int, mark: str) -> None:
    lines = [STORY[start : start + columns] for start in range(0, len(STORY), columns)]
    title = "江城新桥通车 两岸半小时到达"
    raw = f"{title}\n\n{mark.join(lines)}\n\n{mark.join(lines)}\n\n{mark.join(lines)}"
    assert texts(raw) == [title, STORY, STORY, STORY]


@pytest.mark.parametrize(
    ("usual", "instead"),
    [
        ("\n", "\r\n"),
        ("\n", "\r"),
        ("\n", "\u2028"),
        ("\n", " \n"),
        ("\n", "\u3000\n"),
        ("\n\n", "\n\n\f"),
        ("\n\n", "\n\n\u3000\u3000"),
        ("\n\n", "\n\n\u00a0\u00a0"),
        ("\n\n", "\n\n\ufeff"),
        ("大桥", "大\u200b桥"),
        ("大桥", "大\u00ad桥"),
        ("大桥", "大桥\0"),
    ],
)
def test_a_page_reads_the_same_whatever_its_white_space(usual: str, instead: str) -> None:
    """Windows, old Mac and Unicode newlines, indents and spaces of every width, zero-width and control characters."""
    lines = [STORY[start : start + 17] for start in range(0, len(STORY), 17)]
    raw = "\n".join(["江城新桥通车 两岸半小时到达", *["", *lines] * 3])
    found = [re.sub("[\u200b\ufeff\u00ad\0]", "", text) for text in texts(raw.replace(usual, instead))]
    assert found == ["江城新桥通车 两岸半小时到达", STORY, STORY, STORY]


def test_a_file_of_many_pages_is_measured_page_by_page() -> None:
    """One page of 13 characters a line, one of 31, and so on: no width of the whole file explains both."""
    pages, wanted = [], []
    for n in range(40):
        size = (13, 31)[n % 2]
        lines = [STORY[start : start + size] for start in range(0, len(STORY), size)]
        pages += ["\n".join(lines)] * 12
        wanted += [STORY] * 12
    raw = "\n\n".join(pages)
    assert raw.count("\n") > 2_000
    found = texts(raw)
    assert sum(text == STORY for text in found) > 0.85 * len(wanted)  # at a change of width a paragraph is lost
    assert "".join(found) == "".join(wanted)


def test_a_paragraph_of_any_length_is_one() -> None:
    """Ten thousand printed lines of one paragraph; time that grew with their square would be seen here."""
    long = STORY * 1_000
    lines = [long[start : start + 15] for start in range(0, len(long), 15)]
    assert texts("\n".join(lines)) == [long]
    assert texts(" ".join(lines)) == [long]


def test_the_count_of_a_line_finds_its_end_among_meant_spaces() -> None:
    """Lines of ten: where a meant space fell on a line's end it is lost, and the next line is shorter by it."""
    prose = STORY * 2
    wrapped = " ".join(prose[start : start + 10] for start in range(0, len(prose), 10))
    credits = "一版责编：杨  旭 刘  念  赵 政  二版责编：程聚 新  祁嘉润"
    found = texts("\n\n".join([credits, *[wrapped] * 4]))
    assert found == ["一版责编：杨  旭刘  念  赵政  二版责编：程聚新  祁嘉润".replace("  ", " "), *[prose] * 4]
    heading = "凝心聚力促发展一路向前 踔厉奋发"
    assert texts("\n\n".join([heading, *[wrapped] * 4]))[0] == heading


def test_meant_spaces_stay() -> None:
    lines = ["江城新桥通车 两岸半小时到达", "记者 徐 海", "用好市场力量 and 社会资源，凝聚合力。"]
    assert texts("\n\n".join(lines)) == lines


def test_a_running_head_inside_a_sentence_steps_aside() -> None:
    comma = STORY.index("以前过江")
    raw = f"{STORY[:comma]}\n\n副刊\n\n{STORY[comma:]}"
    assert texts(raw)[0] == STORY
    assert texts(raw)[1] == "副刊"


def test_columns_out_of_order_are_mended() -> None:
    tail = "各地要广泛征求群众意见，把社区食堂办好，关键在引进人才和科教资"
    orphans = "式的互学互鉴要坚持下去，贡献更多的本地方案，争当领跑者。\n\n源的需求。要积极与国外开展先进教育模"
    raw = f"{STORY}\n\n{tail}\n\n{orphans}"
    paragraphs, judge = join_lines(raw)
    mended = [paragraph.text(raw) for paragraph in restore_order(raw, paragraphs, judge.score)]
    assert mended[1].endswith(
        "科教资源的需求。要积极与国外开展先进教育模式的互学互鉴要坚持下去，贡献更多的本地方案，争当领跑者。"
    )
    assert len(mended) == 2


def test_story_ends_and_datelines_are_known() -> None:
    assert is_closing("（作者为江城大学教授）")
    assert not is_closing("（记者 林大山）今天上午，大桥通车。")
    assert is_dateline("本报江城3月5日电 （记者林大山）大桥通车。")
    assert not is_dateline("本报记者今天来到江城。")


def test_a_paragraph_is_cut_by_its_text_even_where_a_column_was_moved() -> None:
    """Pieces in reading order need not be in the file's order: the second half of this one stands before the first."""
    moved = TextBlock(((10, 14), (2, 6), (20, 22)), ("", " "), 1)
    assert [part.char_spans for part in moved.split_at(5)] == [((10, 14), (2, 3)), ((3, 6), (20, 22))]
    assert [part.char_spans for part in moved.split_at(2)] == [((10, 12),), ((12, 14), (2, 6), (20, 22))]
    assert [part.joiners for part in moved.split_at(4)] == [(), (" ",)]
    assert [part.char_spans for part in moved.split_at(8)] == [
        ((10, 14), (2, 6)),
        ((20, 22),),
    ]
