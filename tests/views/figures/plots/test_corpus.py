import pandas as pd
import pytest
from matplotlib.figure import Figure

from banmian.views.figures import count_repeats
from banmian.views.figures.checks import find_overlaps
from banmian.views.figures.plots.corpus import plot_composition, plot_duplicates, plot_repair, plot_scripts
from banmian.views.figures.plots.page_strip import plot_page_strip
from banmian.views.figures.style import INK, KINDS
from plot_cases import DRAWN, frame


@pytest.mark.mpl_image_compare(style="default", savefig_kwargs={"dpi": 60}, tolerance=4)
def test_composition_looks_as_it_did() -> Figure:
    return DRAWN["composition"]()


def test_bars_add_up_to_the_characters_that_are_not_body() -> None:
    data = frame("composition")
    ax = plot_composition(data)
    ends: dict[int, float] = {}
    for bar in ax.patches:
        row = round(bar.get_y() + bar.get_height() / 2)
        ends[row] = max(ends.get(row, 0), bar.get_x() + bar.get_width())
    rest = data[data["kind"] != "body"].groupby("doc_id", sort=False)["characters"].sum()
    assert [ends[row] for row in range(len(rest))] == rest.tolist()
    total = data.groupby("doc_id", sort=False)["characters"].sum().iloc[0]
    assert f"{total:,}" in ax.get_yticklabels()[0].get_text()


def test_repair_draws_what_was_repaired_and_nothing_else() -> None:
    data = frame("repair")
    one, other = plot_repair(data), plot_repair(data.sort_values("runs", kind="stable"))
    keys = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in (one, other)]
    assert keys[0] == keys[1] == ["接回断行 line breaks joined", "删去空格 stray spaces removed"]


def test_unknown_kind_keeps_its_name() -> None:
    ax = plot_composition(pd.DataFrame({"doc_id": ["a"], "kind": ["广告"], "characters": [3]}))
    assert ax.get_legend().get_texts()[0].get_text() == "广告"


def test_scripts_add_up_to_the_document() -> None:
    data = frame("scripts")
    ax = plot_scripts(data)
    totals = data.groupby("doc_id", sort=False)["characters"].sum()
    assert max(bar.get_x() + bar.get_width() for bar in ax.patches) == totals.max()


def test_repeats_are_counted_once_for_each_section_in_the_order_of_reading() -> None:
    sections = pd.DataFrame(
        {"section_id": ["a1", "a2", "b1", "b2"], "document": ["甲", "甲", "乙", "乙"], "characters": [10, 10, 30, 10]}
    )
    pairs = pd.DataFrame({"section_a": ["a1", "a2", "a1"], "section_b": ["b1", "b1", "a2"]})
    found = count_repeats(pairs, sections)
    assert found.to_numpy().tolist() == [["甲", "甲", 1, 0.5], ["乙", "甲", 1, 0.75]]


def test_duplicates_name_the_pair_that_shares_most() -> None:
    ax = plot_duplicates(frame("repeats"))
    assert "新华网 2024-11有49%的字" in ax.get_title(loc="left")
    assert find_overlaps(ax.figure) == []


def test_no_pairs_is_a_figure_too() -> None:
    assert "None in these pages" in plot_duplicates(frame("repeats").head(0)).texts[0].get_text()


def test_bands_lead_from_every_run_of_lines_to_its_paragraph() -> None:
    ax = plot_page_strip(frame("strip_lines"), frame("strip_paragraphs"))
    # Paragraph 2 stands in two places of the page (its second half after paragraph 3), so four bands for three.
    assert len(ax.patches) == 4
    right = [(patch.get_path().vertices[3][1], patch.get_path().vertices[4][1]) for patch in ax.patches]
    assert right[1][1] == right[2][0], "the two halves of paragraph 2 meet"
    left = sorted((patch.get_path().vertices[0][1], patch.get_path().vertices[7][1]) for patch in ax.patches)
    assert left == [(0, 3), (5, 6), (6, 7), (7, 8)]


def test_notices_have_a_colour_of_their_own_and_broken_paragraphs_a_mark() -> None:
    long = "推动党建引领超大城市基层治理共同体的建设需要立足市情聚焦构建抓好党建引领和基层政权建设助力示范区建"
    paragraphs = pd.DataFrame(
        {"paragraph": [1, 2, 3], "text": ["正文。", "思想", long], "kind": ["body", "notice", "body"]}
    )
    lines = pd.DataFrame({"text": ["正文。", "思想", long], "paragraph": [1, 2, 3]})
    ax = plot_page_strip(lines, paragraphs)
    colours = [patch.get_facecolor()[:3] for patch in ax.patches]
    assert colours[0] == colours[2] != colours[1]
    assert {INK, KINDS["notice"].colour} and sum("〔…〕" in text.get_text() for text in ax.texts) == 1
