import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from banmian.views.figures.checks import find_overlaps
from banmian.views.figures.plots.corpus import (
    plot_composition,
    plot_duplicates,
    plot_page_strip,
    plot_repair,
    plot_scripts,
)
from plot_cases import DRAWN, frame


@pytest.mark.mpl_image_compare(style="default", savefig_kwargs={"dpi": 60}, tolerance=4)
def test_composition_looks_as_it_did() -> Figure:
    return DRAWN["composition"]()


def test_bars_add_up_to_the_characters_of_each_document() -> None:
    data = frame("composition")
    ax = plot_composition(data)
    ends: dict[int, float] = {}
    for bar in ax.patches:
        row = round(bar.get_y() + bar.get_height() / 2)
        ends[row] = max(ends.get(row, 0), bar.get_x() + bar.get_width())
    totals = data.groupby("doc_id", sort=False)["characters"].sum()
    assert [ends[row] for row in range(len(totals))] == totals.tolist()
    assert [label.get_text() for label in ax.get_yticklabels()] == list(totals.index)


def test_kinds_come_in_one_order_whatever_the_order_of_rows() -> None:
    data = frame("repair")
    one, other = plot_repair(data), plot_repair(data.sort_values("runs"))
    keys = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in (one, other)]
    assert (
        keys[0]
        == keys[1]
        == ["接回断行 joined", "删去空格 space removed", "保留词距 kept between words", "段落 paragraph"]
    )


def test_unknown_kind_keeps_its_name() -> None:
    ax = plot_composition(pd.DataFrame({"doc_id": ["a"], "kind": ["广告"], "characters": [3]}))
    assert ax.get_legend().get_texts()[0].get_text() == "广告"


def test_every_cell_of_scripts_is_marked_in_its_row() -> None:
    data = frame("scripts")
    ax = plot_scripts(data)
    marks = np.vstack([c.get_offsets() for c in ax.collections if len(c.get_offsets())])
    documents = list(dict.fromkeys(data["doc_id"]))
    assert len(marks) == len(data)
    assert sorted(marks[:, 1]) == sorted(documents.index(doc) for doc in data["doc_id"])
    largest = max((c for c in ax.collections if len(c.get_offsets())), key=lambda c: c.get_sizes()[0])
    assert round(largest.get_offsets()[0][0]) == 0, "the most characters are in body text"


def test_one_arc_for_each_pair_between_the_sections() -> None:
    sections, pairs = frame("duplicate_sections"), frame("duplicate_pairs")
    ax = plot_duplicates(sections, pairs)
    arcs = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    assert len(arcs) == len(pairs)
    # 003 is Traditional, the others Simplified: five arcs cross the scripts, one does not.
    assert [arc.get_linestyle() for arc in arcs].count("solid") + [a.get_linestyle() for a in arcs].count("-") == 5
    wanted = pairs.iloc[:1].assign(duplicate_of="009/s1")
    with pytest.raises(ValueError, match="009/s1 is not among the sections"):
        plot_duplicates(sections, wanted)


def test_no_pairs_is_a_figure_too() -> None:
    ax = plot_duplicates(frame("duplicate_sections"), frame("duplicate_pairs").head(0))
    assert not ax.patches


def test_the_names_of_a_dozen_runs_of_pages_do_not_touch() -> None:
    runs = [f"rmrb-2023-0{month}-{day:02d}–{day + 4:02d}" for month in (7, 8, 9) for day in (1, 8, 15, 22)]
    rows = [(run, f"{run}/s{i}", "hans", 400 + 90 * i) for run in runs for i in range(1, 4)]
    sections = pd.DataFrame(rows, columns=["doc_id", "section_id", "script", "characters"])
    ax = plot_duplicates(sections, pd.DataFrame(columns=["section_id", "duplicate_of", "similarity"]))
    assert find_overlaps(ax.figure) == []
    assert [text.get_text() for text in ax.texts] == runs


def test_bands_lead_from_every_run_of_lines_to_its_paragraph() -> None:
    ax = plot_page_strip(frame("strip_lines"), frame("strip_paragraphs"))
    # TextBlock 2 stands in two places of the page (its second half after paragraph 3), so four bands for three.
    assert len(ax.patches) == 4
    right = [(patch.get_path().vertices[3][1], patch.get_path().vertices[4][1]) for patch in ax.patches]
    assert right[1][1] == right[2][0], "the two halves of paragraph 2 meet"
    left = sorted((patch.get_path().vertices[0][1], patch.get_path().vertices[7][1]) for patch in ax.patches)
    assert left == [(0, 3), (5, 6), (6, 7), (7, 8)]
