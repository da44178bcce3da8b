"""The explorer without a browser: what its parts tell each other. `tests/browser` tries it with a person's hands."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from banmian.labels.scheme import read_labels
from banmian.views.explorer.annotation import AnnotationSession
from banmian.views.explorer.app import Explorer, annotate, explore
from banmian.views.explorer.search import join_results
from banmian.views.explorer.widgets import ROWS_A_PAGE, AnnotationWidget

N = 40  # sections of body; a headline comes before them
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def documents() -> pd.DataFrame:
    lines = [f"{EVIL}加強基層治理第{n}條。" if n % 2 else f"博物馆夜场第{n}场。" for n in range(N)]
    return pd.DataFrame({"doc_id": ["d"], "text": ["\n".join(["标题", *lines])]})


@pytest.fixture(scope="module")
def table(documents: pd.DataFrame) -> pd.DataFrame:
    rows, start = [], 0
    for n, text in enumerate(documents["text"].iloc[0].split("\n")):
        spans = [[start, start + len(text)]]
        plain = text.replace("強", "强").replace("層", "层").replace("條", "条")
        rows.append(("d", f"d/s{n}", "body" if n else "headline", "", text, plain, "hans", spans, None))
        start += len(text) + 1
    columns = ["doc_id", "section_id", "kind", "heading", "text", "simplified", "script", "spans", "duplicate_of"]
    sections = pd.DataFrame(rows, columns=columns)
    body = sections.loc[1:, ["section_id"]].reset_index(drop=True)
    confidence = np.linspace(0.2, 0.99, N)
    labels = ["culture" if n % 2 == 0 else "grassroots_governance" for n in range(N)]
    said = body.assign(label=labels, confidence=confidence, abstained=confidence < 0.3, p_culture=confidence)
    places = body.assign(x=np.arange(N, dtype=float), y=0.0)
    return join_results(sections, said, body.assign(topic="话题"), places)


@pytest.fixture
def explorer(documents: pd.DataFrame, table: pd.DataFrame) -> Explorer:
    vectors = np.eye(N + 1)
    terms = pd.DataFrame({"term": ["基层", "治理"], "effect": [0.3, 0.001]})
    nearest = pd.DataFrame({"similarity": [0.9], "label": [EVIL], "opening": [EVIL]})
    return explore(documents, table, vectors, lambda text: SimpleNamespace(terms=terms, nearest=nearest))


def shown(explorer: Explorer) -> list[str]:
    return [row[0] for row in explorer._table.rows]


def test_one_page_of_rows_is_sent_and_pages_turn(explorer: Explorer) -> None:
    assert shown(explorer) == [f"d/s{n}" for n in range(ROWS_A_PAGE)]
    assert explorer._table.n_pages == -(-(N + 1) // ROWS_A_PAGE)
    explorer._table.page = explorer._table.n_pages - 1
    assert shown(explorer)[-1] == f"d/s{N}"


def test_sorting_keeps_reading_order_among_equals_and_goes_back_to_the_first_page(explorer: Explorer) -> None:
    explorer._table.page = 1
    explorer._table.order = ["confidence", True]
    assert explorer._table.page == 0
    assert shown(explorer)[0] == f"d/s{N}"
    explorer._table.order = ["label", False]
    numbers = [int(name.removeprefix("d/s")) for name in explorer._table._table["section_id"]]
    assert numbers == [0, *range(N - 1, 0, -2), *range(N, 0, -2)]  # within a label as it was: the surest first
    explorer._table.order = ["section_id", False]
    assert shown(explorer) == [f"d/s{n}" for n in range(ROWS_A_PAGE)]  # s2 before s10


def test_search_and_filters_reach_the_table_and_the_map(explorer: Explorer) -> None:
    explorer._search.value = "基层治理"
    assert len(explorer.found) == N // 2
    explorer._wanted["label"].value = "culture"
    assert explorer.found.empty and shown(explorer) == []
    explorer._wanted["label"].value = ""
    explorer._sure.value = (0.5, 1.0)
    assert 0 < len(explorer.found) < N // 2
    explorer._tabs.selected_index = 1
    figure = explorer._maps["label"]
    lit = [name for trace in figure.data for name in np.array(trace.customdata)[list(trace.selectedpoints or [])]]
    assert set(lit) == set(explorer.found["section_id"])


def test_the_map_is_made_when_first_looked_at_and_its_points_open_sections(explorer: Explorer) -> None:
    assert not explorer._maps
    explorer._tabs.selected_index = 1
    trace = explorer._maps["label"].data[0]
    trace._dispatch_on_click(SimpleNamespace(point_inds=[0]), None)
    assert explorer.chosen == trace.customdata[0]
    assert explorer._table.chosen == explorer.chosen


def test_hovering_shows_text_not_tags(explorer: Explorer) -> None:
    explorer._tabs.selected_index = 1
    assert not [text for trace in explorer._maps["label"].data for text in trace.text if "<" in text]


def test_a_row_that_is_clicked_is_opened_with_page_reasons_and_likes(explorer: Explorer) -> None:
    explorer._table.chosen = "d/s2"
    assert explorer.chosen == "d/s2"
    html = explorer._page.value
    assert EVIL not in html and "&lt;script&gt;" in html
    assert "基层 (+0.3)" in html and "治理 (" not in html  # idle terms are left out
    assert len(explorer._like.rows) == 8 and "d/s2" not in [row[0] for row in explorer._like.rows]
    explorer._like.chosen = "d/s4"
    assert explorer.chosen == explorer._table.chosen == "d/s4"


def test_a_section_without_a_label_is_given_no_reasons(explorer: Explorer) -> None:
    explorer.choose("d/s0")
    assert "Reasons" not in explorer._page.value
    with pytest.raises(ValueError, match="no section is called"):
        explorer.choose("d/s99")


def send(view: AnnotationWidget, act: str, label: str = "", section: str | None = None) -> None:
    message = {"act": act, "label": label, "section": view.section if section is None else section}
    view._handle_custom_msg(message, [])


@pytest.fixture
def desk(table: pd.DataFrame, tmp_path: Path) -> AnnotationSession:
    return AnnotationSession(table, tmp_path / "labels.csv")


def test_the_desk_proposes_labels_and_moves_on(
    documents: pd.DataFrame, table: pd.DataFrame, desk: AnnotationSession
) -> None:
    view = annotate(documents, table, desk)
    assert (view.section, view.proposed, view.progress) == ("d/s1", "culture", [0, N])
    send(view, "answer", "commerce")
    send(view, "skip")
    assert (view.section, view.progress) == ("d/s3", [1, N])
    send(view, "undo")
    assert view.section == "d/s2"
    assert EVIL not in view.html and "&lt;script&gt;" in view.html
    assert read_labels(desk.answers, table.drop(columns="label"))["label"].tolist() == ["commerce"]


def test_a_key_meant_for_a_section_that_has_left_is_not_an_answer(
    documents: pd.DataFrame, table: pd.DataFrame, desk: AnnotationSession
) -> None:
    view = annotate(documents, table, desk)
    for _ in range(2):
        send(view, "answer", "culture", section="d/s1")
    assert view.progress == [1, N]


def test_a_failure_to_write_is_said_and_loses_nothing(
    documents: pd.DataFrame, table: pd.DataFrame, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    view = annotate(documents, table, AnnotationSession(table, tmp_path / "file" / "labels.csv"))
    send(view, "answer", "culture")
    assert view.said.startswith("未写入") and view.section == "d/s1" and view.progress == [0, N]
    send(view, "answer", "no such label")
    assert "unknown label" in view.said


def test_labels_of_ones_own(documents: pd.DataFrame, table: pd.DataFrame, tmp_path: Path) -> None:
    view = annotate(documents, table, AnnotationSession(table, tmp_path / "labels.csv", labels=["好", "culture"]))
    assert view.labels == [("好", "好"), ("culture", "文化 culture")]  # in the order given: so are the keys


def test_when_all_is_labelled_the_desk_says_so(
    documents: pd.DataFrame, table: pd.DataFrame, desk: AnnotationSession
) -> None:
    view = annotate(documents, table, desk)
    for _ in range(N):
        send(view, "answer", "other")
    assert (view.section, view.proposed, view.progress) == ("", "", [N, N])
    assert "All sections are labelled" in view.html
    send(view, "undo")
    assert view.section == f"d/s{N}"


def test_what_is_shown_can_be_saved_for_a_spreadsheet(explorer: Explorer, tmp_path: Path) -> None:
    explorer._search.value = "博物馆"
    assert explorer.export(tmp_path / "shown.csv") == len(explorer.found) > 1
    saved = pd.read_csv(tmp_path / "shown.csv")
    assert saved["text"].str.contains("博物馆").all() and {"label", "confidence", "topic"} <= set(saved)


def test_a_saved_notebook_shows_sections_by_name(explorer: Explorer) -> None:
    assert "简体 Simplified" in repr(explorer) and f"{N + 1} sections" in repr(explorer)
