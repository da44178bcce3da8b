"""Read and doubt in JupyterLab: find sections, see each beside the page it came from, and label them.

`explore` and `annotate` give widgets for the last line of a cell. Everything they show is passed in; they read no
file, fit no model and fetch nothing from a network.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from banmian.io.atomic import atomic_write
from banmian.io.tables import write_csv
from banmian.labels.scheme import LABELS
from banmian.views.explorer.annotation import AnnotationSession
from banmian.views.explorer.explanation_html import probability_bars, reasons_html, telling_terms
from banmian.views.explorer.scatter import highlight, section_map
from banmian.views.explorer.search import find_sections, sections_like
from banmian.views.explorer.section_html import section_html, text_html
from banmian.views.explorer.widgets import AnnotationWidget, SectionTable, category_name

# text -> what carried its label: `.terms` with columns term and effect and, if it has them, `.nearest` labelled texts
# with similarity, label and opening. `Labeller.explain` is one.
Explain = Callable[[str], Any]

_COLUMNS = [
    ("section_id", "篇段 section", "14%"), ("kind", "类别 kind", "9%"), ("script", "简繁 script", "8%"),
    ("label", "标签 label", "15%"), ("confidence", "置信度 conf.", "8%"), ("topic", "话题 topic", "14%"),
    ("text", "文字 text", "32%"),
]  # fmt: skip
_LIKE = [
    ("likeness", "相似度 cosine", "10%"),
    ("section_id", "篇段 section", "20%"),
    ("label", "标签 label", "16%"),
    ("text", "文字 text", "54%"),
]
_FILTERS = (
    ("doc_id", "文件 document"), ("kind", "类别 kind"), ("script", "简繁 script"), ("label", "标签 label"),
    ("topic", "话题 topic"),
)  # fmt: skip
_WIDE = {"description_width": "8.5em"}
_MAP = 1  # the place of the map among the tabs
_PREVIEW = 5  # rows that a saved notebook shows


def explore(
    documents: pd.DataFrame, table: pd.DataFrame, vectors: np.ndarray | None = None, explain: Explain | None = None
) -> "Explorer":
    """Return the explorer of a table of sections: filters, table and map, and below them the section that was chosen.

    Parameters
    ----------
    documents : doc_id and text, as `read_documents` gives them.
    table : as `banmian.views.explorer.search.join_results` gives it.
    vectors : (n_sections, d), rows of length 1, in the order of the table; for "sections like this one".
    explain : asked for reasons when a section that has a label is opened, such as ``labeller.explain``.
    """
    return Explorer(documents, table, vectors, explain)


def annotate(
    documents: pd.DataFrame, table: pd.DataFrame, desk: AnnotationSession, explain: Explain | None = None
) -> AnnotationWidget:
    """Return the annotation tool: one section at a time, with the table's label as the proposal where it has one.

    Keys work while the desk has the focus (click into it): 1 to 9 label, Enter accepts, u takes back, n skips. Every
    answer is in ``desk.answers`` before the next section appears.
    """
    raw = dict(zip(documents["doc_id"], documents["text"], strict=True))
    rows = {section_id: i for i, section_id in enumerate(table["section_id"])}
    view = AnnotationWidget(labels=[(label, _label_name(label)) for label in desk.labels])

    def draw(said: str) -> None:
        view.said = said
        view.progress = list(desk.progress)
        if desk.current is None:
            view.section, view.proposed, view.html = "", "", "<p>全部标完。 All sections are labelled.</p>"
        else:
            section = _section(desk.sections, desk.current)
            row = table.iloc[rows[section.section_id]]
            view.section = section.section_id
            view.proposed = row["label"] if row["label"] in desk.labels else ""
            view.html = _desk_html(raw[section.doc_id], section, table, row, explain)
        view.turn += 1

    def receive(_: object, message: dict[str, str], __: object) -> None:
        act = message.get("act", "")
        # A message meant for a section that has left the desk already is a key pressed twice.
        if act == "undo" or message.get("section") == view.section:
            try:
                draw(_act(desk, act, message.get("label", "")))
            except (OSError, ValueError) as error:
                draw(f"未写入 not written: {error}")

    view.on_msg(receive)
    draw("点击此框后可用键盘 click into this frame to use the keys")
    return view


class Explorer(widgets.VBox):
    """The widgets of `explore`; ``chosen`` is the section_id that is open, ``found`` the rows that are shown."""

    def __init__(
        self, documents: pd.DataFrame, table: pd.DataFrame, vectors: np.ndarray | None, explain: Explain | None
    ) -> None:
        self.sections, self.found, self.chosen = table, table, ""
        self._raw = dict(zip(documents["doc_id"], documents["text"], strict=True))
        self._rows = {section_id: i for i, section_id in enumerate(table["section_id"])}
        self._vectors, self._explain = vectors, explain
        self._maps: dict[str, go.FigureWidget] = {}
        self._search = widgets.Text(placeholder="简繁皆可 in either script", description="检索 search", style=_WIDE)
        self._wanted = {name: _dropdown(table, name, title) for name, title in _FILTERS}
        self._sure = widgets.FloatRangeSlider(
            value=(0, 1), min=0, max=1, step=0.05, description="置信度 confidence", style=_WIDE
        )
        self._count = widgets.HTML()
        self._table = SectionTable(_COLUMNS)
        self._by = widgets.ToggleButtons(
            options=[("标签 label", "label"), ("话题 topic", "topic")], layout={"width": "auto"}
        )
        self._map = widgets.VBox([self._by])
        self._tabs = widgets.Tab([self._table, self._map], titles=["列表 Table", "地图 Map"])
        self._page = widgets.HTML("<p>在列表或地图上选一段。 Choose a section in the table or on the map.</p>")
        self._like = SectionTable(_LIKE)
        self._like_box = widgets.VBox([widgets.HTML("<b>相近的段落 Sections like this one</b>"), self._like])
        self._like_box.layout.display = "none"
        filters = widgets.Box([self._search, *self._wanted.values(), self._sure], layout={"flex_flow": "row wrap"})
        super().__init__([filters, self._count, self._tabs, self._page, self._like_box])
        self._listen()
        self._filter()

    def __repr__(self) -> str:
        """Return what a saved notebook shows before it is run: how many sections there are, and the first of them."""
        names = ["kind", "script", "label"]
        shown = self.sections.head(_PREVIEW)
        rows = [[row["section_id"], *(category_name(n, row[n]) for n in names), row["text"][:24]]
                for row in shown.to_dict("records")]  # fmt: skip
        table = pd.DataFrame(rows, columns=["section", *names, "text"]).to_string(index=False)
        return f"Explorer of {len(self.sections)} sections\n{table}"

    def export(self, path: Path | str) -> int:
        """Write the sections that are shown to a CSV file that a spreadsheet opens, and return how many they are."""
        target = Path(path)
        with atomic_write(target) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(self.found.drop(columns=["searched", "simplified", "spans"], errors="ignore"), file)
        return len(self.found)

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
        terms, said = _said(self._explain, section.text, row)
        self._page.value = section_html(self._raw[section.doc_id], section, others, terms, said)
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
        self._count.value = f"{len(self.found)} / {len(self.sections)} 段 sections"
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


def _said(explain: Explain | None, text: str, row: pd.Series) -> tuple[list[tuple[str, float]], str]:
    """Return the terms to mark and the HTML of what the classifier says of a section; nothing where it has no label."""
    if explain is None or not row["label"]:
        return [], probability_bars(row)
    explanation = explain(text)
    terms = telling_terms(explanation)
    return terms, probability_bars(row) + reasons_html(terms, getattr(explanation, "nearest", None))


def _dropdown(table: pd.DataFrame, name: str, title: str) -> widgets.Dropdown:
    values = sorted({str(value) for value in table[name]} - {""})
    choices = [("全部 any", ""), *((category_name(name, value)[:60], value) for value in values)]
    return widgets.Dropdown(options=choices, value="", description=title, style=_WIDE)


def _label_name(label: str) -> str:
    return f"{LABELS[label].chinese} {LABELS[label].english}" if label in LABELS else label


def _act(desk: AnnotationSession, act: str, label: str) -> str:
    """Do one thing at the desk and return what to say of it."""
    if act == "answer":
        number = desk.current
        desk.answer(label)
        return "" if number is None else f"{desk.sections['section_id'].iloc[number]}: {label} → {desk.answers.name}"
    if act == "skip":
        desk.skip()
        return "已跳过，最后再来 skipped; it comes back after the others"
    return "已撤销 undone" if desk.undo() else "没有可撤销的 nothing to undo"


def _desk_html(raw: str, section: Any, table: pd.DataFrame, row: pd.Series, explain: Explain | None) -> str:
    """Return what lies on the desk: the heading, the repaired text with its reasons marked, the classifier's shares."""
    others = table[table["doc_id"] == section.doc_id]
    terms, said = _said(explain, section.text, row)
    head = f"<h3>{escape(section.heading)}</h3><p>{escape(section.section_id)} · {escape(section.script)}</p>"
    return f'<div class="bm-section">{head}{text_html(raw, section, others, terms)}{said}</div>'
