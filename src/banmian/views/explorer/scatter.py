"""The map of sections to zoom into: one point a section, coloured by label or topic, and what was clicked."""

from collections.abc import Callable
from html import escape

import pandas as pd
import plotly.graph_objects as go

from banmian.labels.scheme import LABELS

# plotly's names for the markers of matplotlib that the labels are drawn with on paper.
_SYMBOLS = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "X": "x"}
# Paul Tol's muted palette (2021, personal.sron.nl/~pault), none of it a label's colour; of more than eight topics some
# differ by shape only.
_COLOURS = ("#332288", "#88CCEE", "#44AA99", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499")
_SHAPES = ("circle", "square", "diamond", "triangle-up", "x")
# From here on points are drawn by WebGL, which keeps 20,000 of them fluid; below, by SVG, which every browser has.
_MANY = 3000


def section_map(table: pd.DataFrame, by: str, on_choose: Callable[[str], None]) -> go.FigureWidget:
    """Return a figure of all rows that have a place, one trace for each value of ``by`` (``label`` or ``topic``).

    ``on_choose`` is called with the section_id of a point that is clicked. Near points are alike; axes have no units.
    """
    placed = table[table["x"].notna() & table["y"].notna()]
    scatter = go.Scattergl if len(placed) > _MANY else go.Scatter
    figure = go.FigureWidget(layout=_layout())
    figure._config = {"responsive": True, "scrollZoom": True, "displaylogo": False}
    for position, value in enumerate(_values(placed, by)):
        part = placed[placed[by] == value]
        name, colour, symbol = _look(value, by, position)
        figure.add_trace(
            scatter(
                x=part["x"].round(4).tolist(),
                y=part["y"].round(4).tolist(),
                mode="markers",
                name=escape(name),
                marker={"color": colour, "symbol": symbol, "size": 8, "line": {"width": 0.5, "color": "white"}},
                unselected={"marker": {"opacity": 0.2}},
                customdata=part["section_id"].tolist(),
                # plotly reads a little HTML in its labels; a document's own must show as text.
                text=[escape(text[:40]) for text in part["text"]],
                hovertemplate="%{text}…<extra>%{customdata}</extra>",
            )
        )

    def choose(trace: go.Scatter, points: object, _: object) -> None:
        if numbers := points.point_inds:  # type: ignore[attr-defined]
            on_choose(trace.customdata[numbers[0]])

    for trace in figure.data:
        trace.on_click(choose)
    return figure


def highlight(figure: go.FigureWidget, kept: set[str]) -> None:
    """Fade the points of all sections but ``kept`` (section_ids); all of them are kept when none is left out."""
    with figure.batch_update():
        for trace in figure.data:
            numbers = [i for i, section_id in enumerate(trace.customdata) if section_id in kept]
            trace.selectedpoints = None if len(numbers) == len(trace.customdata) else numbers


def _values(placed: pd.DataFrame, by: str) -> list[str]:
    found = {str(value) for value in placed[by]}
    return [label for label in LABELS if label in found] + sorted(found - set(LABELS))


def _look(value: str, by: str, position: int) -> tuple[str, str, str]:
    if by == "label" and value in LABELS:
        label = LABELS[value]
        return f"{label.chinese} {label.english}", label.colour, _SYMBOLS[label.marker]
    n = len(_COLOURS)
    return value or "—", _COLOURS[position % n], _SHAPES[position // n % len(_SHAPES)]


def _layout() -> dict[str, object]:
    bare = {"visible": False, "showgrid": False, "zeroline": False}
    return {
        "height": 460,
        "autosize": True,
        "margin": {"l": 0, "r": 0, "t": 10, "b": 0},
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(128,128,128,0.06)",
        "xaxis": bare,
        "yaxis": bare,
        "hovermode": "closest",
        "dragmode": "zoom",
        "legend": {"orientation": "h", "y": -0.02},
        "uirevision": "kept",  # a filter or a new colour leaves the zoom where the reader put it
    }
