"""Sections: nothing lost, nothing doubled, and the seeds as a person reads them (`cases/reading_gold_*.json`)."""

import json

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from banmian.config import SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import COLUMNS, split_sections
from locations import CASES

KINDS = {"headline", "body", "byline", "caption", "notice"}


def sections_of(text: str) -> pd.DataFrame:
    return split_sections(pd.DataFrame({"doc_id": ["page"], "text": [text]}))


def check_nothing_lost(raw: str, sections: pd.DataFrame) -> None:
    places = [place for spans in sections["spans"] for start, end in spans for place in range(start, end)]
    printed = [place for place in places if not raw[place].isspace()]
    assert sorted(printed) == [place for place, char in enumerate(raw) if not char.isspace()]
    for text, spans in zip(sections["text"], sections["spans"], strict=True):
        assert "".join(text.split()) == "".join("".join(raw[start:end].split()) for start, end in spans)


SCRAPS = ["江城", "大桥", "，", "。", "(上接1版)", "“", "”", "A", "3月5日", "本报讯", "图为", "热线：1234", "的"]
SCRAPS += ["\u200b", "\x01", "新桥通车\u3000两岸相连", "記者\u3000林山"]
SCRAPS += [
    "\n— 1 —\n",
    "\u3000\u3000",
    "\t",
    "<p>",
    "&nbsp;",
    "（完）",
    "【本报讯】",
    "\nPM\n2.5\n",
    "\n,\n",
    ".",
    "(",
    "⽂",
    "著",
]
SCRAPS += [
    "\n---\n",
    "\n| a | b |\n",
    "石板路上\n雨把月光擦亮\n卖糖人的老伯\n一盏灯\n照着铺子\n我从远方回来\n",
    "govern-\nment",
]
WORDS = st.sampled_from(
    [*SCRAPS, " ", "\n", "\n\n", "\r\n", "# ", "**", "责任编辑:王一一江城大桥今天通车", "新桥通车 两岸相连"]
)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=60).map("".join))
@example("**")  # nothing is left of the line without a recogniser's marks
def test_every_character_is_in_exactly_one_section(raw: str) -> None:
    sections = sections_of(raw)
    check_nothing_lost(raw, sections)
    assert set(sections["kind"]) <= KINDS
    assert sections.columns.tolist() == COLUMNS


@pytest.fixture(scope="module")
def seeds() -> tuple[pd.DataFrame, pd.DataFrame]:
    documents = read_documents(SEEDS)
    return documents, split_sections(documents)


def line_of(raw: str, place: int) -> int:
    return raw.count("\n", 0, place) + 1


def test_nothing_of_the_seeds_is_lost(seeds: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    for doc_id, raw in zip(seeds[0]["doc_id"], seeds[0]["text"], strict=True):
        check_nothing_lost(raw, seeds[1][seeds[1]["doc_id"] == doc_id])


def test_kinds_and_articles_of_the_seeds_are_the_reader_s(seeds: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    documents, sections = seeds
    for doc_id, raw in zip(documents["doc_id"], documents["text"], strict=True):
        gold = json.loads((CASES / f"reading_gold_{doc_id}.json").read_text(encoding="utf-8"))
        own = sections[sections["doc_id"] == doc_id]
        kind_at = {
            p: kind
            for kind, spans in zip(own["kind"], own["spans"], strict=True)
            for s, e in spans
            for p in range(s, e)
        }
        starts = [0]
        for line in raw.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        for line in gold["lines"]:
            if "doubt" not in line:
                last = (
                    len(raw[: starts[line["line"]]].rstrip()) - 1
                )  # where two kinds share a line, the longer comes last
                expected = "byline" if raw[starts[line["line"] - 1] :].startswith("發佈時間") else line["kind"]
                at = starts[line["line"] - 1] if expected != line["kind"] or "發佈" in line["first"] else last
                assert kind_at[at] == expected, (doc_id, line)
        found = [line_of(raw, spans[0][0]) for spans in own.drop_duplicates("article_id")["spans"]]
        assert found == [article["first_line"] for article in gold["articles"]]


def test_the_paragraph_that_begins_mid_line_is_found(seeds: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    assert seeds[1]["text"].str.startswith("提升融通化数字孪生底座创新治理。").sum() == 1


def test_columns_of_the_seeds_are_in_order(seeds: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    joined = "".join(seeds[1]["text"])
    for edge in (
        "高化多倍积分引流",
        "以融合教育为改革创新方向",
        "科教资源的需求",
        "先进教育模式的互学互鉴",
        "千行百业、一头连着党委政府",
    ):
        assert edge in joined


def test_a_sub_heading_belongs_to_the_body_under_it(seeds: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    section = seeds[1][seeds[1]["heading"].str.startswith("团区委 承接志愿热情")]
    assert section["kind"].tolist() == ["body"]
    assert section["text"].iloc[0].startswith("团区委\n承接志愿热情 打造服务产品")
    assert len(section["text"].iloc[0]) < 700


def test_columns_of_the_contract(seeds: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    sections = seeds[1]
    assert sections.columns.tolist() == COLUMNS
    assert sections["section_id"].is_unique
    assert sections["script"].isin(["hans", "hant", "en", "mixed"]).all()
    assert [len(text) for text in sections["text"]] == [len(text) for text in sections["simplified"]]
    assert (sections.loc[sections["doc_id"].str.startswith("000"), "script"] == "hant").all()


def test_no_documents_and_bad_ones() -> None:
    assert split_sections(pd.DataFrame({"doc_id": [], "text": []})).columns.tolist() == COLUMNS
    with pytest.raises(ValueError, match="rename"):
        split_sections(pd.DataFrame({"doc_id": ["a", "a"], "text": ["字", "字"]}))
    with pytest.raises(ValueError, match="not str"):
        split_sections(pd.DataFrame({"doc_id": ["a"], "text": [None]}))


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\x00", " \u200e \u200b "])
@pytest.mark.parametrize(
    "page",
    [
        "{title}\n\n{one}\n\n{z}\n\n{two}",  # between two paragraphs
        "{z}\n{title}\n\n{one}\n{z}\n{two}\n{z}",  # before, in place of a blank line, and at the end
        "{title}\n{z}\n{one:.20}\n\n{z}\n{rest}\n\n{two}",  # in the hole that a page's end left in a sentence
    ],
)
def test_a_line_of_unseen_characters_is_no_paragraph_and_not_lost(page: str, unseen: str) -> None:
    one = "江城大桥今天上午十点正式通车，两岸居民等了整整六年。第一班公交车坐得满满当当，许多人带着孩子来看江。"
    two = "家住北岸的周大妈说，以前过江要坐四十分钟轮渡，遇到大雾天还得等，如今从家门口上车，一刻钟就能到南岸的医院。"
    raw = page.format(title="江城新桥通车", one=one, two=two, rest=one[20:], z=unseen)
    sections = split_sections(pd.DataFrame({"doc_id": ["a"], "text": [raw]}), find_twins=False)
    shown = ["".join(filter(str.isprintable, text)).replace(" ", "") for text in sections["text"]]
    assert shown == ["江城新桥通车", one, two]
    assert set(sections["heading"]) == {"江城新桥通车"}
    for text, spans in zip(sections["text"], sections["spans"], strict=True):
        assert "".join("".join(raw[start:end] for start, end in spans).split()) == "".join(text.split())
    every = "".join(raw[start:end] for spans in sections["spans"] for start, end in spans)
    assert sorted("".join(every.split())) == sorted("".join(raw.split()))
