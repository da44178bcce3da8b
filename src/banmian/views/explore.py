"""Read and doubt in JupyterLab: find sections, see each beside the page it came from, and label them.

`explore` and `label_sections` give widgets for the last line of a cell. Everything they show is passed in; they read no
file, fit no model and fetch nothing from a network.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from banmian.models.labels import LABELS
from banmian.views.find import find_sections, sections_like
from banmian.views.label_desk import Desk
from banmian.views.page import section_html, shares_html, text_html
from banmian.views.section_map import highlight, section_map
from banmian.views.widgets import DeskView, SectionTable

Reasons = Callable[[str], Sequence[tuple[str, float]]]

_COLUMNS = [
    ("section_id", "section", "15%"), ("kind", "kind", "7%"), ("script", "script", "6%"), ("label", "label", "14%"),
    ("confidence", "conf.", "6%"), ("topic", "topic", "14%"), ("text", "text", "38%"),
]  # fmt: skip
_LIKE = [
    ("likeness", "cosine", "8%"),
    ("section_id", "section", "20%"),
    ("label", "label", "16%"),
    ("text", "text", "56%"),
]
_FILTERS = (("doc_id", "document"), ("kind", "kind"), ("script", "script"), ("label", "label"), ("topic", "topic"))
_MAP = 1  # the place of the map among the tabs


def explore(
    documents: pd.DataFrame, table: pd.DataFrame, vectors: np.ndarray | None = None, reasons: Reasons | None = None
) -> "Explorer":
    """Return the explorer of a table of sections: filters, table and map, and below them the section that was chosen.

    Parameters
    ----------
    documents : doc_id and text, as `read_documents` gives them.
    table : as `banmian.views.find.join_results` gives it.
    vectors : (n_sections, d), rows of length 1, in the order of the table; for "sections like this one".
    reasons : text -> words and weights that carried its label; asked when a labelled section is opened.
    """
    return Explorer(documents, table, vectors, reasons)


def label_sections(
    documents: pd.DataFrame, table: pd.DataFrame, desk: Desk, reasons: Reasons | None = None
) -> DeskView:
    """Return the labeller: one section at a time, with the table's label as the proposal where it has one.

    Keys work while the desk has the focus (click into it): 1 to 9 label, Enter accepts, u takes back, n skips. Every
    answer is in ``desk.answers`` before the next section appears.
    """
    raw = dict(zip(documents["doc_id"], documents["text"], strict=True))
    proposals = dict(zip(table["section_id"], table["label"], strict=True))
    rows = {section_id: i for i, section_id in enumerate(table["section_id"])}
    names = [(label, f"{LABELS[label].chinese} {LABELS[label].english}") for label in desk.labels if label in LABELS]
    names += [(label, label) for label in desk.labels if label not in LABELS]
    view = DeskView(labels=names)

    def draw(said: str) -> None:
        view.said = said
        view.progress = list(desk.progress)
        if desk.current is None:
            view.section, view.proposed, view.html = "", "", "<p>All sections are labelled.</p>"
        else:
            section = _section(desk.sections, desk.current)
            view.section = str(section.section_id)
            label = str(proposals.get(section.section_id, ""))
            view.proposed = label if label in desk.labels else ""
            view.html = _desk_html(raw[section.doc_id], section, table, rows.get(section.section_id), reasons)
        view.turn += 1

    def receive(_: object, message: dict[str, Any], __: object) -> None:
        act, label = message.get("act"), message.get("label", "")
        if act != "undo" and message.get("section") != view.section:
            return  # meant for a section that has left the desk already
        try:
            if act == "answer":
                seen = view.section
                desk.answer(label)
                draw(f"{seen}: {label}, written to {desk.answers.name}")
            elif act == "skip":
                desk.skip()
                draw("skipped; it comes back after the others")
            elif act == "undo":
                draw("taken back" if desk.undo() else "nothing to take back")
        except (OSError, ValueError) as error:
            draw(f"not written: {error}")

    view.on_msg(receive)
    draw("click here, then use the keys")
    return view


class Explorer(widgets.VBox):
    """The widgets of `explore`; ``chosen`` is the section_id that is open, ``found`` the rows that are shown."""

    def __init__(
        self, documents: pd.DataFrame, table: pd.DataFrame, vectors: np.ndarray | None, reasons: Reasons | None
    ) -> None:
        self.sections, self.found, self.chosen = table, table, ""
        self._raw = dict(zip(documents["doc_id"], documents["text"], strict=True))
        self._rows = {section_id: i for i, section_id in enumerate(table["section_id"])}
        self._vectors, self._reasons = vectors, reasons
        self._maps: dict[str, go.FigureWidget] = {}
        self._search = widgets.Text(placeholder="words, in either script", description="search")
        self._wanted = {name: _dropdown(table, name, title) for name, title in _FILTERS}
        self._sure = widgets.FloatRangeSlider(value=(0, 1), min=0, max=1, step=0.05, description="confidence")
        self._count = widgets.HTML()
        self._table = SectionTable(_COLUMNS)
        self._by = widgets.ToggleButtons(options=["label", "topic"], layout={"width": "auto"})
        self._map = widgets.VBox([self._by])
        self._tabs = widgets.Tab([self._table, self._map], titles=["Table", "Map"])
        self._page = widgets.HTML("<p>Choose a section in the table or on the map.</p>")
        self._like = SectionTable(_LIKE)
        self._like_box = widgets.VBox([widgets.HTML("<b>Sections like this one</b>"), self._like])
        self._like_box.layout.display = "none"
        filters = widgets.Box([self._search, *self._wanted.values(), self._sure], layout={"flex_flow": "row wrap"})
        super().__init__([filters, self._count, self._tabs, self._page, self._like_box])
        self._listen()
        self._filter()

    def __repr__(self) -> str:
        return f"Explorer of {len(self.sections)} sections"

    def choose(self, section_id: str) -> None:
        """Show one section beside its page, and the sections like it; ``ValueError`` for an unknown section_id."""
        if section_id not in self._rows:
            raise ValueError(f"no section is called {section_id!r}")
        if section_id == self.chosen:
            return
        self.chosen = self._table.chosen = self._like.chosen = section_id
        i = self._rows[section_id]
        row = self.sections.iloc[i]
        section = _section(self.sections, i)
        others = self.sections[self.sections["doc_id"] == section.doc_id]
        why = self._reasons(section.text) if self._reasons and section.label else ()
        self._page.value = section_html(self._raw[section.doc_id], section, others, list(why), shares_html(row))
        if self._vectors is not None:
            self._like.show(sections_like(self.sections, self._vectors, section_id))
            self._like_box.layout.display = ""

    def _listen(self) -> None:
        for part in (self._search, *self._wanted.values(), self._sure):
            part.observe(lambda _: self._filter(), "value")
        for shown in (self._table, self._like):
            shown.observe(lambda change: self.choose(change.new), "chosen")
        self._tabs.observe(lambda _: self._draw_map(), "selected_index")
        self._by.observe(lambda _: self._draw_map(), "value")

    def _filter(self) -> None:
        low, high = self._sure.value
        wanted = {name: part.value for name, part in self._wanted.items()}
        self.found = find_sections(self.sections, self._search.value, low, high, **wanted)
        self._count.value = f"{len(self.found)} of {len(self.sections)} sections"
        self._table.show(self.found)
        self._draw_map()

    def _draw_map(self) -> None:
        """Bring the map up to date, if it is looked at: it is drawn when first asked for, and then only faded."""
        if self._tabs.selected_index != _MAP:
            return
        by = self._by.value
        if by not in self._maps:
            self._maps[by] = section_map(self.sections, by, self.choose)
        highlight(self._maps[by], set(self.found["section_id"]))
        self._map.children = [self._by, self._maps[by]]


def _section(table: pd.DataFrame, i: int) -> Any:
    """Return one row with its columns as attributes."""
    return next(iter(table.iloc[[i]].itertuples()))


def _dropdown(table: pd.DataFrame, name: str, title: str) -> widgets.Dropdown:
    values = sorted({str(value) for value in table[name]} - {""})
    choices = [("any", ""), *((f"{value[:60]}", value) for value in values)]
    return widgets.Dropdown(options=choices, value="", description=title)


def _desk_html(raw: str, section: Any, table: pd.DataFrame, row: int | None, reasons: Reasons | None) -> str:
    """Return what lies on the desk: the heading, the repaired text with its reasons marked, the labeller's shares."""
    others = table[table["doc_id"] == section.doc_id]
    prediction = None if row is None else table.iloc[row]
    why = reasons(section.text) if reasons and prediction is not None and prediction["label"] else ()
    shares = "" if prediction is None else shares_html(prediction)
    head = f"<h3>{escape(section.heading)}</h3><p>{escape(section.section_id)} · {escape(section.script)}</p>"
    return f'<div class="bm-section">{head}{text_html(raw, section, others, why)}{shares}</div>'
