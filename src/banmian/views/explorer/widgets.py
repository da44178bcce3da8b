"""The two parts of the explorer that a browser draws: a table in pages and the annotation desk.

Their scripts lie beside this file and are sent to the browser by the kernel: nothing is fetched from anywhere.
"""

from math import ceil
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from banmian.views.figures.style import KINDS, LABEL_LOOKS, SCRIPTS, display_name

BROWSER = Path(__file__).resolve().parent / "static"
STYLE = BROWSER / "explore.css"
ROWS_A_PAGE = 15


class SectionTable(anywidget.AnyWidget):
    """A table of any length that sends one page of rows to the browser; ``chosen`` is the section_id last clicked.

    ``columns`` are (column of the table, title, CSS width). The table's index is the reading order. Sorting is stable,
    so that sorting by a second column keeps the first order among equals; what is missing stands last.
    """

    _esm = BROWSER / "table.js"
    _css = STYLE

    columns: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    order: Any = traitlets.List(["", False]).tag(sync=True)
    page = traitlets.Int(0).tag(sync=True)
    n_pages = traitlets.Int(1).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    def __init__(self, columns: list[tuple[str, str, str]], rows_a_page: int = ROWS_A_PAGE) -> None:
        super().__init__(columns=[list(column) for column in columns])
        self._rows_a_page = rows_a_page
        self._table = pd.DataFrame()
        self.observe(lambda _: self._arrange(), "order")
        self.observe(lambda _: self._fill(), "page")

    def show(self, table: pd.DataFrame) -> None:
        """Show these rows, sorted as before, from the first page on; needs section_id and the columns."""
        self._table = table
        self._arrange()

    def _arrange(self) -> None:
        column, down = self.order
        if column == "section_id":  # reading order, in which s2 comes before s10
            self._table = self._table.sort_index(ascending=not down)
        elif column in self._table:
            self._table = self._table.sort_values(column, ascending=not down, kind="stable", na_position="last")
        self.n_pages = max(1, ceil(len(self._table) / self._rows_a_page))
        self.page = 0
        self._fill()

    def _fill(self) -> None:
        start = self.page * self._rows_a_page
        part = self._table.iloc[start : start + self._rows_a_page]
        cells = [[_shown(name, row[name]) for name, _, _ in self.columns] for row in part.to_dict("records")]
        self.rows = [[section_id, *row] for section_id, row in zip(part["section_id"], cells, strict=True)]


class AnnotationWidget(anywidget.AnyWidget):
    """What the browser shows of a desk; set the traits, then ``turn``, which draws them all at once.

    Messages come as {"act": "answer" | "skip" | "undo", "label": id, "section": the section_id they were meant for}.
    """

    _esm = BROWSER / "desk.js"
    _css = STYLE

    labels: Any = traitlets.List().tag(sync=True)
    section = traitlets.Unicode("").tag(sync=True)
    html = traitlets.Unicode("").tag(sync=True)
    proposed = traitlets.Unicode("").tag(sync=True)
    progress = traitlets.List([0, 0]).tag(sync=True)
    said = traitlets.Unicode("").tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)

    def __repr__(self) -> str:
        return f"Annotation of {self.progress[1]} sections"


def category_name(column: str, value: str) -> str:
    """Return a kind, script or label as people call it (繁体, not hant); other values and unknown ones as they are."""
    return display_name({"kind": KINDS, "script": SCRIPTS, "label": LABEL_LOOKS}.get(column, {}), value)


def _shown(column: str, value: Any) -> str:
    if column == "section_id":  # of a long name the number at its end tells most
        doc_id, _, number = str(value).rpartition("/")
        return f"{doc_id[:8]}…/{number}" if len(doc_id) > 9 else str(value)
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if column in ("kind", "script", "label"):
        return category_name(column, str(value))
    # 200 characters fill any cell; a section may be a whole page in one line.
    return f"{value:.2f}" if isinstance(value, float) else str(value)[:200]
