"""Captions are said of the data that a figure shows, and name ties, gaps and what was left out."""

import pandas as pd

from banmian.views.figures import (
    caption_composition,
    caption_confusion,
    caption_keyness,
    caption_labels_over_time,
    caption_map,
    caption_page_strip,
    caption_prevalence,
    caption_repair,
    corpus_source,
)
from banmian.views.figures.caption import label_names, largest, listing, percent
from plot_cases import frame


def test_shares_and_lists_are_written_for_people() -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.006, 1.0)] == ["0%", "<1%", "1%", "100%"]
    assert listing([]) == "" and listing(["a"]) == "a" and listing(["a", "b", "c"]) == "a, b and c"
    assert label_names(["culture", "体育"]) == ("文化、体育", "culture and 体育")


def test_every_greatest_row_is_named() -> None:
    assert largest(pd.Series({"a": 4, "b": 4, "c": 1})) == ["a", "b"]


def test_ties_among_mistakes_are_all_named_and_errors_with_other_counted() -> None:
    rows = [
        ("grassroots_governance", "party_building", 4),
        ("grassroots_governance", "other", 4),
        ("other", "culture", 1),
    ]
    table = pd.DataFrame(rows, columns=["truth", "predicted", "sections"]).assign(share=0.1)
    caption = caption_confusion(table)
    assert "基层治理判为党建、基层治理判为其他（各4段）" in caption.zh
    assert "4 each" in caption.en and "5 concern none of these: 1 in its row, 4 in its column" in caption.en


def test_composition_counts_what_it_is_given() -> None:
    rows = pd.DataFrame({"doc_id": ["a", "a", "b"], "kind": ["body", "notice", "body"], "characters": [60, 20, 20]})
    caption = caption_composition(rows)
    assert "共100字" in caption.zh and "正文占80%" in caption.zh and "启事20%" in caption.zh


def test_repair_says_where_the_spaces_stood_and_what_is_not_drawn() -> None:
    rows = [("甲", "join", 4), ("甲", "space", 9), ("乙", "space", 1), ("乙", "word", 266), ("乙", "paragraph", 3)]
    caption = caption_repair(pd.DataFrame(rows, columns=["doc_id", "decision", "runs"]))
    assert "接回断行4处，删去多余空格10个，其中9个在甲；另有266处词间空格与3处分段" in caption.zh
    assert "(9 of them in 甲)" in caption.en


def test_a_page_says_what_breaks_off_and_what_is_joined() -> None:
    long = "推动党建引领超大城市基层治理共同体的建设需要立足市情聚焦构建抓好党建引领和基层政权建设助力示范区建"
    paragraphs = pd.DataFrame({"paragraph": [1, 2], "text": ["短句一句。", long], "kind": ["body", "body"]})
    lines = pd.DataFrame({"text": ["短句", "", "一句。", long], "paragraph": [1, None, 1, 2]})
    caption = caption_page_strip(lines, paragraphs, "理论版")
    assert caption.zh.startswith("理论版的开头") and "有1段收到时就在句中断掉" in caption.zh
    assert "re-wrapped" in caption.en and "1 paragraph broke off" in caption.en


def test_labels_without_key_words_are_named() -> None:
    keys = pd.DataFrame({"group": ["culture"]})
    caption = caption_keyness(keys, {"culture": 15, "commerce": 9}, 3, 6.63)
    assert caption.zh.endswith("没有这样的词：商业。") and "in 3 sections or more" in caption.en


def test_dates_that_are_missing_are_counted() -> None:
    assert "另有22段没有日期" in caption_labels_over_time(frame("over_time"), 22).zh
    assert caption_labels_over_time(frame("over_time").head(0), 5).en == "No dates: 5 sections have none."


def test_topics_that_are_one_story_are_named() -> None:
    assert caption_prevalence(frame("prevalence")).zh.endswith("话题：与会名单 attendees。")


def test_the_map_says_how_little_two_directions_keep() -> None:
    data = pd.DataFrame({"x": [0.0, 0.0, 1.0], "y": [0.0, 0.0, 1.0], "label": "culture"})
    caption = caption_map(data, frame("map_names"), 0.21)
    assert "占方差的21%" in caption.zh and "位置相同的1个点" in caption.zh


def test_a_source_names_papers_and_the_span_of_dates() -> None:
    pages = pd.DataFrame({"paper": ["渝中报", "", "渝中报"], "date": ["2025-02", "2024-11-06", ""]})
    source = corpus_source(pages, ("人工标签", "hand labels"))
    assert source.zh == "来源：3份文件（渝中报），2024-11-06–2025-02（1份日期不详），人工标签"
    assert source.en == "Source: 3 documents (渝中报), 2024-11-06–2025-02 (1 undated), hand labels"
    assert corpus_source(pages.assign(paper="", date="")).en == "Source: 3 documents, dates unknown"
