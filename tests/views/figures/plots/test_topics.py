import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from banmian.views.figures.checks import find_overlaps
from banmian.views.figures.plots.heat import BLUES
from banmian.views.figures.plots.map import plot_map
from banmian.views.figures.plots.topics import plot_prevalence, plot_topic_labels, plot_topic_pairs, plot_topic_words
from banmian.views.figures.style import LABEL_LOOKS
from plot_cases import DRAWN, frame


@pytest.mark.mpl_image_compare(style="default", savefig_kwargs={"dpi": 60}, tolerance=4)
def test_map_looks_as_it_did() -> Figure:
    return DRAWN["map"]()


def test_bars_are_the_weights_heaviest_on_top() -> None:
    data = frame("topic_words").head(8)
    ax = plot_topic_words(data)
    assert [bar.get_width() for bar in ax.patches] == data["weight"].tolist()
    assert [label.get_text() for label in ax.get_yticklabels()] == data["word"].tolist()
    assert ax.yaxis.get_inverted()


def test_cells_carry_count_and_share_where_there_are_sections() -> None:
    data = frame("topic_labels")
    ax = plot_topic_labels(data)
    assert len(ax.texts) == (data["sections"] > 0).sum()
    assert ax.texts[0].get_text() == "12\n60%"
    mesh = ax.collections[0]
    shares = mesh.get_array().reshape(6, 5)
    assert [0, 0.1, 0.8, 0.05, 0.05] in shares.tolist()
    assert mesh.get_clim() == (0, 1), "one scale for every figure, so that shades compare"


def test_words_on_the_heat_map_stand_out_from_their_cell() -> None:
    """WCAG 2.1, 1.4.3: contrast of at least 4.5 to 1 between text and ground, at every share there can be."""

    def luminance(rgb: np.ndarray) -> float:
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    shares = np.linspace(0.01, 1, 100)
    data = pd.DataFrame({"topic": "t", "label": [f"l{i:02d}" for i in range(100)], "sections": 1, "share": shares})
    ax = plot_topic_labels(data)
    for share, text in zip(shares, ax.texts, strict=True):
        ground = luminance(np.array(BLUES(share)[:3]))
        ink = {"white": 1.0, "black": 0.0}[text.get_color()]
        light, dark = max(ground, ink), min(ground, ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, f"share {share:.2f}"


def test_each_label_has_its_own_colour_and_all_points() -> None:
    data = frame("map")
    ax = plot_map(data)
    assert [len(c.get_offsets()) for c in ax.collections] == data.groupby("label").size()[list(LABEL_LOOKS)].tolist()
    assert len(ax.get_legend().get_texts()) == 5


def test_no_number_on_the_map_covers_a_point_and_the_key_names_them() -> None:
    names, data = frame("map_names"), frame("map")
    ax = plot_map(data, names)
    numbers = [text for text in ax.texts if text.get_text().isdigit()]
    assert [text.get_text() for text in numbers] == ["1", "2", "3", "4"]
    points = ax.transAxes.inverted().transform(
        ax.transData.transform(np.vstack([c.get_offsets() for c in ax.collections]))
    )
    places = np.array([text.get_position() for text in numbers])
    assert np.abs(points[None] - places[:, None]).max(axis=2).min() >= 0.034
    for i in range(4):
        assert all(np.abs(places[i] - places[j]).max() >= 0.034 for j in range(i))
    key = next(text.get_text() for text in ax.texts if "枫桥经验" in text.get_text())
    assert [line[0] for line in key.split("\n") if line[0].isdigit()] == ["1", "2", "3", "4"]


def test_points_at_one_place_are_drawn_side_by_side() -> None:
    ax = plot_map(pd.DataFrame({"x": [0.0, 0.0, 1.0], "y": [0.0, 0.0, 1.0], "label": "culture"}))
    places = ax.collections[0].get_offsets().tolist()
    assert len({tuple(place) for place in places}) == 3


def test_topics_stand_on_a_diagonal_with_their_size() -> None:
    rows = [("乙", "culture", 3, 1.0), ("甲", "party_building", 2, 1.0), ("乙", "party_building", 0, 0.0)]
    ax = plot_topic_labels(pd.DataFrame(rows, columns=["topic", "label", "sections", "share"]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["甲 (n = 2)", "乙 (n = 3)"]


def test_prevalence_says_how_many_topics_are_one_story() -> None:
    ax = plot_prevalence(frame("prevalence"))
    assert ax.get_title(loc="left").startswith("3个话题中有1个其实是同一篇报道")
    assert find_overlaps(ax.figure) == []


def test_bands_between_two_methods_are_as_wide_as_the_sections_they_share() -> None:
    data = frame("pairs")
    ax = plot_topic_pairs(data, names=("NMF", "BERTopic"))
    widths = [patch.get_path().vertices[7][1] - patch.get_path().vertices[0][1] for patch in ax.patches]
    assert widths == pytest.approx(data["sections"].tolist())
    assert "97%" in ax.get_title(loc="left"), "29 of 30 sections under the best match"


def test_a_crowd_is_drawn_small_and_what_is_none_of_these_below() -> None:
    few = pd.DataFrame({"x": range(20), "y": range(20), "label": ["culture", "other"] * 10})
    many = pd.concat([few] * 300, ignore_index=True)
    marks = {
        (name, scatter.get_label()): scatter
        for name, data in (("few", few), ("many", many))
        for scatter in plot_map(data).collections
    }
    sizes = {key: float(scatter.get_sizes()[0]) for key, scatter in marks.items()}
    assert len(marks) == 4 and len(set(sizes.values())) == 2 and max(sizes.values()) == 4 * min(sizes.values())
    order = {key: scatter.get_zorder() for key, scatter in marks.items()}
    assert len({order[key] for key in order if key[0] == "few"}) == 1
    below = min((key for key in order if key[0] == "many"), key=lambda key: order[key])
    assert "none of these" in below[1]
