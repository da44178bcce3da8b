"""The account of a page tells what the eye sees: lines joined, spaces removed, paragraphs kept."""

import re

import pandas as pd
import pytest

from banmian.reading.audit import line_paragraphs, whitespace_decisions
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections

# A narrow column: a space at each printed line's end, a blank line inside a word.
PAGE = """社区食堂开张

记者 徐 潇

中午十一点半，食堂里坐满 了来吃饭的老人，大家都说 饭菜可口、价钱公道。社区 还把饭菜送到行动不便的老

人家里，志愿者轮流值班， 每天往返三趟，风雨无阻。
"""


@pytest.fixture(scope="module")
def page() -> tuple[pd.DataFrame, pd.DataFrame]:
    documents = pd.DataFrame({"doc_id": ["d"], "text": [PAGE]})
    return documents, split_sections(documents)


def test_each_run_of_white_space_is_told(page: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = whitespace_decisions(*page)
    told = {(PAGE[s - 1], PAGE[e]): d for s, e, d in zip(found["start"], found["end"], found["decision"], strict=True)}
    assert told == {
        ("张", "记"): "paragraph",
        ("者", "徐"): "word",
        ("徐", "潇"): "word",
        ("潇", "中"): "paragraph",
        ("满", "了"): "space",
        ("说", "饭"): "space",
        ("区", "还"): "space",
        ("老", "人"): "join",
        ("，", "每"): "space",
    }


def test_lines_go_to_their_paragraphs(page: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    documents, sections = page
    lines, paragraphs = line_paragraphs(documents["text"][0], sections)
    assert "\n".join(lines["text"]) == PAGE
    told = dict(zip(lines["line"], lines["paragraph"], strict=True))
    assert told[5] == told[7] and told[1] < told[3] < told[5]
    assert lines["paragraph"].isna().sum() == 4  # three blank lines, and nothing after the last newline
    assert paragraphs["text"][told[1]] == "社区食堂开张"


def test_no_run_of_the_seeds_is_left_out() -> None:
    from banmian.config import ROOT

    documents = read_documents(ROOT / "seeds")
    found = whitespace_decisions(documents, split_sections(documents))
    runs = {
        doc: len(re.findall(r"(?<=\S)\s+(?=\S)", text))
        for doc, text in zip(documents["doc_id"], documents["text"], strict=True)
    }
    assert found.groupby("doc_id").size().to_dict() == runs


def test_sections_of_another_text_are_refused(page: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    documents, sections = page
    with pytest.raises(ValueError, match="read the file again"):
        whitespace_decisions(documents, sections.assign(text=sections["text"] + "多"))
