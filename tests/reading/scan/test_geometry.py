"""Reading order, paragraphs and articles from boxes alone: pages set by hand on a grid of squares."""

import numpy as np
import pytest

from banmian.reading.scan.cuts import read_columns
from banmian.reading.scan.flow import Piece, read_pieces
from banmian.reading.scan.marks import find_marks, skew_of, turn

EM = 24.0
Line = tuple[str, float, float, float]  # text, left, top (in squares), size of type


def column(texts: list[str], left: float, top: float) -> list[Line]:
    """Lines of body type under each other; a leading blank is an indent of two squares."""
    return [(text.strip(), left + 2 * text.startswith("　"), top + 1.5 * n, 1.0) for n, text in enumerate(texts)]


def quads_of(lines: list[Line]) -> np.ndarray:
    boxes = [(left, top, left + size * len(text), top + size) for text, left, top, size in lines]
    return EM * np.array([[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in boxes])


def read(lines: list[Line], angle: float = 0.0, frames: list[tuple[float, ...]] | None = None) -> list[Piece]:
    quads = turn(quads_of(lines), angle)
    marks = find_marks(quads, [line[0] for line in lines], None, EM * np.array(frames) if frames else None)
    return read_pieces(marks, read_columns(marks))


def texts_of(lines: list[Line], pieces: list[Piece]) -> list[str]:
    return ["".join(lines[item][0] for item in piece.lines) for piece in pieces]


LEFT = ["　江城新桥今天上午正式", "通车两岸居民等了整整六", "年。", "　通车仪式上工程师说桥"]
RIGHT = ["面宽三十米可以走十辆车", "并排。", "　桥的两头各修了一座小", "公园周末就能去走一走。"]
PARAGRAPHS = [
    "江城新桥今天上午正式通车两岸居民等了整整六年。",
    "通车仪式上工程师说桥面宽三十米可以走十辆车并排。",
    "桥的两头各修了一座小公园周末就能去走一走。",
]


@pytest.mark.parametrize("angle", [0.0, 0.02, -0.03])
def test_two_columns_under_one_headline(angle: float) -> None:
    page = [("江城新桥通车了", 6.0, 0.0, 1.8), *column(LEFT, 0, 3), *column(RIGHT, 13, 3)]
    shuffled = [page[n] for n in np.random.default_rng(1).permutation(len(page))]
    pieces = read(shuffled, angle)
    assert texts_of(shuffled, pieces) == ["江城新桥通车了", *PARAGRAPHS]
    assert [piece.kind for piece in pieces] == ["headline", "body", "body", "body"]
    assert [piece.starts for piece in pieces] == [True, False, False, False]


def test_stories_side_by_side_are_read_one_after_the_other() -> None:
    other = ["　社区食堂昨天开饭了首", "日有老人三百多位来吃。"]
    page = [("江城新桥通车", 0.0, 0.0, 1.8), *column(LEFT, 0, 3)]
    page += [("食堂开饭", 16.0, 0.0, 1.8), *column(other, 16, 3)]
    pieces = read(page)
    assert [texts_of(page, pieces)[n] for n, piece in enumerate(pieces) if piece.starts] == ["江城新桥通车", "食堂开饭"]
    assert texts_of(page, pieces)[-1] == "社区食堂昨天开饭了首日有老人三百多位来吃。"


def test_stories_above_each_other_whose_columns_stand_under_each_other() -> None:
    other = ["　社区食堂昨天开饭了首", "日有老人三百多位来吃。"]
    page = [("江城新桥", 0.0, 0.0, 1.8), *column(LEFT, 0, 3), *column(RIGHT, 13, 1)]
    page += [
        ("食堂开饭", 0.0, 11.0, 1.8),
        *column(other, 0, 14),
        *column(["　菜有十样汤有三种天天", "换着花样做给大家吃的。"], 13, 14),
    ]
    assert [piece.starts for piece in read(page)].count(True) == 2
    assert texts_of(page, read(page))[:4] == ["江城新桥", *PARAGRAPHS]


def test_the_headline_left_of_its_text() -> None:
    page = [("新桥", 0.0, 1.0, 1.8), ("通车", 0.0, 3.4, 1.8), *column(LEFT, 8, 0), *column(RIGHT, 21, 0)]
    assert texts_of(page, read(page)) == ["新桥通车", *PARAGRAPHS]


def test_a_frame_does_not_cut_the_story_that_flows_round_it() -> None:
    box = [("小知识", 26.5, 4.0, 1.5), *column(["　斜拉桥的桥面由许多根", "钢索斜着拉住跨度很大。"], 26.5, 6.5)]
    page = [("江城新桥通车了", 6.0, 0.0, 1.8), *column(LEFT, 0, 3), *box, *column(RIGHT, 13, 3)]
    pieces = read(page, frames=[(25.5, 3.5, 39.0, 10.0)])
    assert texts_of(page, pieces)[:4] == ["江城新桥通车了", *PARAGRAPHS]
    assert texts_of(page, pieces)[4:] == ["小知识", "斜拉桥的桥面由许多根钢索斜着拉住跨度很大。"]


def test_a_framed_advertisement_is_a_notice() -> None:
    ad = [("茶庄开业", 2.0, 12.0, 2.5), ("订货热线：8888", 2.0, 15.0, 1.0)]
    page = [("江城新桥通车了", 6.0, 0.0, 1.8), *column(LEFT, 0, 3), *column(RIGHT, 13, 3), *ad]
    pieces = read(page, frames=[(0.0, 11.0, 24.0, 17.0)])
    assert {
        piece.kind
        for piece, text in zip(pieces, texts_of(page, pieces), strict=True)
        if "茶庄" in text or "热线" in text
    } == {"notice"}


def test_running_heads_and_page_numbers_stand_apart() -> None:
    head = [("2023年5月4日", 0.0, 0.0, 1.0), ("要闻", 12.0, 0.0, 1.0), ("3", 24.0, 0.0, 1.0)]
    page = [
        *head,
        ("江城新桥通车了", 6.0, 3.0, 1.8),
        *column(LEFT, 0, 6),
        *column(RIGHT, 13, 6),
        ("— 3 —", 11.0, 14.0, 1.0),
    ]
    pieces = read(page)
    assert [piece.kind for piece in pieces] == ["notice"] * 3 + ["headline", "body", "body", "body", "notice"]


def test_an_upright_page_is_read_from_right_to_left() -> None:
    """Lines run from top to bottom, the next line stands left of it."""
    upright = [
        (text.strip(), n, 2 * text.startswith("　"))
        for n, text in enumerate(["　江城新桥今天上午正式", "通车兩岸居民等了整整六", "年。", "　通车仪式上工程師說桥"])
    ]
    boxes = [(60 - 1.5 * n, down, 61 - 1.5 * n, down + len(text)) for text, n, down in upright]
    quads = EM * np.array([[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in boxes])
    marks = find_marks(quads[::-1], [text for text, _, _ in upright][::-1])
    pieces = read_pieces(marks, read_columns(marks))
    assert ["".join(marks.texts[item] for item in piece.lines)[:6] for piece in pieces] == [
        "江城新桥今天",
        "通车仪式上工",
    ]


def test_skew_is_measured_in_radians() -> None:
    quads = quads_of(column(LEFT, 0, 0))
    assert skew_of(turn(quads, 0.05)) == pytest.approx(0.05, abs=1e-6)
    assert skew_of(np.zeros((0, 4, 2))) == 0.0


def test_every_line_comes_out_once_whatever_the_boxes() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        count = int(rng.integers(1, 40))
        lines = [
            ("字" * int(rng.integers(1, 20)), *rng.uniform(0, 60, 2), float(rng.uniform(0.5, 3))) for _ in range(count)
        ]
        found = sorted(item for piece in read(lines) for item in piece.lines)
        assert found == list(range(count))
    assert read_columns(find_marks(np.zeros((0, 4, 2)), [])) == []
