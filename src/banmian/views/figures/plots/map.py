"""The map of sections: near ones alike, coloured by label, topics by number beside their points."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from banmian.views.bilingual import wrap
from banmian.views.figures.caption import Caption, percent, plural
from banmian.views.figures.style import (
    LABEL_LOOKS,
    check_columns,
    display_name,
    legend_above,
    new_axes,
    set_finding,
    style_of,
)

# From so many points on, marks of full size would cover each other.
_CROWDED = 1_500
# Shares of the axes: the free space that a number needs around it, and how far apart two equal points are drawn.
_CLEAR, _APART = 0.035, 0.012


def plot_map(data: pd.DataFrame, names: pd.DataFrame | None = None, ax: Axes | None = None) -> Axes:
    """Draw sections as points, near ones alike, in the colours and markers of their labels.

    Parameters
    ----------
    data : DataFrame
        x, y, label (id). Points at the same place are drawn side by side.
    names : DataFrame, optional
        number, x, y, name of each topic. Its number stands in the free space nearest to its place, with a line to it,
        and its name in the key on the right, so that no number covers a point.

    Distances on such a map are a sketch; axes have no units and are left out. Returns the axes.
    """
    rows = check_columns(data, ["x", "y", "label"], "plot_map")
    ax = new_axes(ax, 4.2)
    known = [label for label in LABEL_LOOKS if label in set(rows["label"])]
    others = sorted(set(rows["label"]) - set(known))
    crowded = max(1.0, len(rows) / _CROWDED)
    places = _set_apart(rows[["x", "y"]].to_numpy(float))
    for position, label in enumerate([*known, *others]):
        own, shape = (rows["label"] == label).to_numpy(), style_of(LABEL_LOOKS, label, position)
        # In a crowd marks shrink, lose their edges, and those that are none of these lie below the rest.
        ax.scatter(
            places[own, 0], places[own, 1], s=2.6 * mpl.rcParams["font.size"] / crowded, color=shape.colour,
            marker=shape.marker, edgecolor="white", linewidth=0.3 if crowded == 1 else 0, alpha=0.85,
            label=display_name(LABEL_LOOKS, label), zorder=0.9 if crowded > 1 and label == "other" else 1,
        )  # fmt: skip
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color("#BBBBBB")
    ax.margins(0.06)
    set_finding(ax, "意思相近的段落彼此靠近", "Sections of like meaning lie close together")
    legend_above(ax, 3)
    if names is not None:
        _name_topics(ax, check_columns(names, ["number", "x", "y", "name"], "plot_map"), places)
    return ax


def caption_map(data: pd.DataFrame, names: pd.DataFrame, variance: float) -> Caption:
    """Say what the two directions keep (``variance``, 0..1) of the differences between sections."""
    same = int(data.duplicated(["x", "y"]).sum())
    zh, en = "", ""
    if same:
        zh, en = (
            f"位置相同的{same}个点并排画出。",
            f" {plural(same, 'point')} at the place of another {'is' if same == 1 else 'are'} drawn beside it.",
        )
    return Caption(
        f"{len(data):,}段的向量投影到前两个主成分（占方差的{percent(variance)}，所以只是略图）：颜色与形状为标签，"
        f"数字为{len(names)}个话题所在。{zh}",
        f"{plural(len(data), 'section')} by the first two principal components of their embeddings "
        f"({percent(variance)} of the "
        f"variance, so a sketch); colour and marker show the label, numbers the {plural(len(names), 'topic')}.{en}",
        f"A scatter of {plural(len(data), 'section')} in the colours and markers of their labels, topics numbered "
        "beside them.",
    )


def _set_apart(points: np.ndarray) -> np.ndarray:
    """Return the points (n, 2) with those at one place moved side by side, a marker's width apart."""
    moved = points.copy()
    span = np.ptp(points[:, 0]) or 1.0
    seen: dict[tuple[float, float], int] = {}
    for i, (x, y) in enumerate(points.tolist()):
        nth = seen.get((x, y), 0)
        seen[(x, y)] = nth + 1
        moved[i, 0] = x + nth * _APART * span
    return moved


def _name_topics(ax: Axes, names: pd.DataFrame, points: np.ndarray) -> None:
    """Write each topic's number in the free space nearest to its place, and the key beside the map."""
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    taken = [tuple(point) for point in (points - low) / (high - low)]
    box = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": "black", "linewidth": 0.7}
    for number, place in zip(names["number"], (names[["x", "y"]].to_numpy(float) - low) / (high - low), strict=True):
        spot = _free_spot(place, np.array(taken))
        taken.append(tuple(spot))
        ax.plot(*zip(place, spot, strict=True), "-", color="black", linewidth=0.6, transform=ax.transAxes, zorder=0.8)
        ax.text(
            spot[0], spot[1], str(number), transform=ax.transAxes, ha="center", va="center", fontsize="small", bbox=box
        )
    key = "\n".join(
        wrap(f"{number} {name}", 30, keep_words=True).replace("\n", "\n    ")
        for number, name in zip(names["number"], names["name"], strict=True)
    )
    ax.annotate(key, (1, 1), xycoords="axes fraction", xytext=(8, 0), textcoords="offset points", va="top",
                fontsize="small", linespacing=1.5, clip_on=False)  # fmt: skip


def _free_spot(place: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Return the spot nearest to ``place`` (shares of the axes) clear of points and numbers, or the clearest."""
    best, clearest = place, -1.0
    for radius in np.arange(0.0, 0.31, 0.02):
        for angle in np.arange(12) * np.pi / 6:
            spot = np.round(place + radius * np.array([np.cos(angle), np.sin(angle)]), 6)
            if not (spot.min() >= 0.03 and spot.max() <= 0.97):
                continue
            clear = float(np.abs(taken - spot).max(axis=1).min())
            if clear >= _CLEAR:
                return spot
            if clear > clearest:
                best, clearest = spot, clear
    return best
