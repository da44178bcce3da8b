from itertools import combinations, product

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.font_manager import findfont

from banmian.config import SEEDS
from banmian.views.figures.checks import check_glyphs
from banmian.views.figures.style import (
    KINDS,
    LABEL_LOOKS,
    SCRIPTS,
    check_columns,
    new_axes,
    panels,
    plot_panels,
    style_of,
    use_style,
)
from plot_cases import frame

# How the two commonest kinds of colour blindness see linear RGB: Machado, Oliveira and Fernandes 2009
# (doi:10.1109/TVCG.2009.113), severity 1.0.
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
# sRGB to XYZ under D65, divided by the white point (IEC 61966-2-1).
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
XYZ = XYZ / XYZ.sum(axis=1, keepdims=True)


def lab(colour: str, eye: list[list[float]]) -> np.ndarray:
    """A colour in CIELAB as an eye sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.clip(XYZ @ np.clip(np.array(eye) @ linear, 0, 1), 0.008856, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", [np.eye(3).tolist(), PROTAN, DEUTAN], ids=["usual", "protan", "deutan"])
@pytest.mark.parametrize("looks", [LABEL_LOOKS, KINDS, SCRIPTS], ids=["labels", "kinds", "scripts"])
def test_colours_stay_apart_for_colour_blind_readers(looks: dict, eye: list[list[float]]) -> None:
    """A difference of 2.3 in CIELAB is just seen side by side (Mahy 1994); small marks far apart need several."""
    for one, other in combinations(looks.values(), 2):
        distance = np.linalg.norm(lab(one.colour, eye) - lab(other.colour, eye))
        assert distance > 12, f"{one.english} and {other.english}: {distance:.1f}"


@pytest.mark.parametrize("looks", [LABEL_LOOKS, KINDS, SCRIPTS], ids=["labels", "kinds", "scripts"])
def test_colour_is_never_the_only_cue(looks: dict) -> None:
    assert len({shape.marker for shape in looks.values()}) == len(looks)
    assert len({shape.colour for shape in looks.values()}) == len(looks)


def test_a_label_colour_means_nothing_else() -> None:
    others = {shape.colour for looks in (KINDS, SCRIPTS) for shape in looks.values()}
    others |= {style_of({}, "new", position).colour for position in range(20)}
    assert not others & {shape.colour for shape in LABEL_LOOKS.values()}


def test_spare_colours_are_not_taken_for_a_label() -> None:
    """Categories without a look of their own stand on maps beside labels' colours; two greys would be one."""
    for position, label in product(range(6), LABEL_LOOKS.values()):
        spare = style_of({}, "new", position).colour
        distance = np.linalg.norm(lab(spare, np.eye(3).tolist()) - lab(label.colour, np.eye(3).tolist()))
        assert distance > 12, f"{spare} and {label.english}: {distance:.1f}"


def test_packaged_font_draws_every_character_of_the_seeds() -> None:
    use_style()
    assert findfont("banmian sans").endswith("NotoSansSC-Regular.otf")
    ax = new_axes(None, 1.0)
    characters = {c for path in SEEDS.glob("*.txt") for c in path.read_text(encoding="utf-8") if not c.isspace()}
    assert {"會", "会", "a"} <= characters
    ax.set_title("".join(sorted(characters)) + "−")
    check_glyphs(ax.figure)


def test_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="'poster' is unknown; known: page, slide"):
        use_style("poster")


@pytest.mark.parametrize(("size", "width", "points"), [("page", 6.3, 8), ("slide", 12, 15)])
def test_sizes(size: str, width: float, points: float) -> None:
    use_style(size)
    figure, _ = panels(8, 2, 3.0)
    assert (figure.get_figwidth(), mpl.rcParams["font.size"]) == (width, points)
    assert size == "page" or figure.get_figheight() < 7.5, "higher than a 16:9 slide"


@pytest.mark.parametrize(("n", "columns", "rows"), [(1, 3, 1), (3, 3, 1), (4, 3, 2), (8, 4, 2), (8, 3, 3)])
def test_panels_have_no_empty_row(n: int, columns: int, rows: int) -> None:
    figure, axes = panels(n, columns, 1.5)
    assert len(axes) == len(figure.axes) == n
    grid = axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == (rows, min(n, columns))
    assert figure.get_figheight() == pytest.approx(1.5 * rows)


def test_plot_panels_keeps_the_order_and_the_rows_of_each_group() -> None:
    seen = {}

    def draw(rows: pd.DataFrame, ax: Axes) -> Axes:
        seen[rows["group"].iloc[0]] = list(rows["word"])
        return ax

    data = frame("keyness")
    plot_panels(data, "group", draw)
    assert list(seen) == list(dict.fromkeys(data["group"]))
    assert [word for words in seen.values() for word in words] == list(data["word"])


def test_tidy_names_missing_columns_and_leaves_the_data_alone() -> None:
    data = pd.DataFrame({"word": ["党建"], "weight": [1 / 3]})
    with pytest.raises(ValueError, match=r"plot_x: columns \['count'\] are missing; given: word, weight"):
        check_columns(data, ["word", "count"], "plot_x")
    with pytest.raises(ValueError, match="plot_x: no rows to draw"):
        check_columns(data.head(0), ["word"], "plot_x")
    assert check_columns(data, ["word"], "plot_x")["weight"].iloc[0] == 0.333333
    assert data["weight"].iloc[0] == 1 / 3
