"""Edges: the language of a cut, the form of lines, and the cuts that are known to be read wrongly."""

import json

import pytest

from banmian.reading import boundary_model
from banmian.reading.paragraphs.join import join_lines
from locations import CASES as CASES_DIR

CASES = json.loads((CASES_DIR / "reading_known_failures.json").read_text(encoding="utf-8"))
STORY = "江城大桥今天上午十点正式通车，两岸居民等了整整六年。第一班公交车坐得满满当当，许多人带着孩子来看江。"


def texts(raw: str) -> list[str]:
    return [paragraph.text(raw) for paragraph in join_lines(raw)[0]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["before"])
@pytest.mark.xfail(strict=True, reason="see `why` in the case")
def test_known_failures(case: dict[str, str]) -> None:
    joined = texts(f"{STORY}\n\n{case['before']}\n\n{case['after']}\n\n{STORY}")[1] == case["before"] + case["after"]
    assert joined == case["joins"]


def test_a_clause_cut_inside_carries_on_better_than_one_that_ended() -> None:
    place = STORY.index("整整六年")
    cut = boundary_model.continuation_log_odds(STORY[:place], STORY[place:])
    ended = boundary_model.continuation_log_odds(STORY[: STORY.index("。")], STORY[:20])
    assert cut > 0 > ended


def test_a_word_across_the_edge_speaks_for_a_join() -> None:
    assert boundary_model.word_cut_log_odds("人才培", "养计划") > 4
    assert boundary_model.word_cut_log_odds("三年的建设", "以数字赋能") == pytest.approx(0, abs=0.01)


def test_a_phrase_of_the_page_joins_what_was_cut_through_it() -> None:
    before, after = "江城今年修改的无障碍环境", "提升办法将于下月起施行，标志着这项工作进入新的阶段。"
    story = "记者了解到，无障碍环境提升办法是一件要常抓的事情，江城已经改造了三百个路口和一百座天桥。"
    assert before + after in texts(f"{story}\n\n{before}\n\n{after}\n\n{STORY}")
    assert before in texts(f"{STORY}\n\n{before}\n\n{after}\n\n{STORY}")


def test_verse_lines_stay_apart_and_an_opening_clause_does_not() -> None:
    assert texts("开源节流并举，\n\n提高用水效率。") == ["开源节流并举，", "提高用水效率。"]
    assert texts(f"今年以来，\n\n{STORY}") == [f"今年以来，{STORY}"]


def test_a_line_that_announces_a_list_ends_its_paragraph() -> None:
    announced = "江城大桥通车以后，为了方便两岸居民，有关部门推出了三项措施，具体如下——"
    assert texts(f"{announced}\n\n{STORY}") == [announced, STORY]


@pytest.mark.parametrize("columns", [14, 20])
def test_a_headline_keeps_its_parts_where_every_line_is_counted(columns: int) -> None:
    title = "江城新桥通车 两岸半小时到达 沿线居民盼望多年终于等到"
    pieces = [title[start : start + columns].strip() for start in range(0, len(title), columns)]
    prose = STORY * 2
    lines = [prose[start : start + columns] for start in range(0, len(prose), columns)]
    found = texts("\n\n".join([" ".join(pieces), *[" ".join(lines)] * 4]))
    assert found == ["".join(pieces), *[prose] * 4]
