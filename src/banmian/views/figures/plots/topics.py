"""Topics: their words, the labels they meet, the map of sections."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures.style import INK, LABEL_LOOKS, check_columns, display_name, legend_above, new_axes, style_of

# White to the darkest blue of the palette: reads the same in grey and by any eye.
BLUES = LinearSegmentedColormap.from_list("banmian_blues", ["#FFFFFF", "#56B4E9", "#0072B2", "#00334F"])
# From this share on, white words stand out from the cell more than black ones (4.6 to 1 either way).
_DARK = 0.62
# From so many points on, marks of full size would cover each other.
_CROWDED = 1_500


def plot_topic_words(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the words of one topic by weight, heaviest on top as they come.

    Columns: word, weight. Optional: topic (its name becomes the title). For all topics: ``plot_panels(data, "topic",
    plot_topic_words, columns=3)``. Returns the axes.
    """
    rows = check_columns(data, ["word", "weight"], "plot_topic_words")
    ax = new_axes(ax, 0.6 + 0.18 * len(rows))
    places = range(len(rows))
    ax.hlines(places, 0, rows["weight"], color=INK, linewidth=1)
    ax.plot(rows["weight"], places, "o", color=INK, markersize=0.4 * mpl.rcParams["font.size"])
    ax.set_yticks(places, [wrap(word, 28, keep_words=True) for word in rows["word"]])
    ax.set_xlim(0, 1.08 * rows["weight"].max())
    ax.locator_params(axis="x", nbins=3)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    if "topic" in rows:
        ax.set_title(wrap(str(rows["topic"].iloc[0]), 36, keep_words=True), fontsize="medium")
    return ax


def heat(ax: Axes, rows: pd.DataFrame, y: str, x: str, y_names: list[str], x_names: list[str]) -> None:
    """Draw a matrix: colour by ``share`` (0..1), the count of ``sections`` and the share in each cell."""
    ys, xs = list(dict.fromkeys(rows[y])), list(dict.fromkeys(rows[x]))
    shares = np.zeros((len(ys), len(xs)))
    for row in rows.to_dict("records"):
        shares[ys.index(row[y]), xs.index(row[x])] = row["share"]
    # pcolormesh, not imshow: rectangles stay sharp in PDF and SVG and no picture is packed into them.
    ax.pcolormesh(shares, cmap=BLUES, vmin=0, vmax=1, edgecolor="white", linewidth=0.6)
    for row in rows[rows["sections"] > 0].to_dict("records"):
        ink = "white" if row["share"] > _DARK else "black"
        ax.text(
            xs.index(row[x]) + 0.5, ys.index(row[y]) + 0.5, f"{row['sections']:,.0f}\n{100 * row['share']:.0f}%",
            ha="center", va="center", fontsize="small", color=ink, clip_on=True,
        )  # fmt: skip
    ax.set_yticks(np.arange(len(ys)) + 0.5, y_names)
    ax.set_xticks(np.arange(len(xs)) + 0.5, x_names)
    ax.invert_yaxis()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def plot_topic_labels(data: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how the sections of each topic fall on the labels: a heat map of row shares with the counts written in.

    Columns: topic (name), label (id), sections (count), share (of the topic's sections, 0..1). Topics from top to
    bottom and labels from left to right in order of appearance. Returns the axes.
    """
    rows = check_columns(data, ["topic", "label", "sections", "share"], "plot_topic_labels")
    topics, labels = list(dict.fromkeys(rows["topic"])), list(dict.fromkeys(rows["label"]))
    ax = new_axes(ax, 0.9 + 0.36 * len(topics))
    heat(
        ax,
        rows,
        "topic",
        "label",
        [wrap(str(t), 34, keep_words=True) for t in topics],
        [_column_name(label) for label in labels],
    )
    ax.set_title(bilingual("话题与标签（行内占比）", "Topics and labels (share of row)"))
    return ax


def _column_name(label: str) -> str:
    return wrap(display_name(LABEL_LOOKS, label, "\n"), 12, keep_words=True)


def plot_map(data: pd.DataFrame, names: pd.DataFrame | None = None, ax: Axes | None = None) -> Axes:
    """Draw sections as points, near ones alike, in the colours and markers of their labels.

    data: x, y, label (id). names: x, y, name of each topic; a number stands at its place and its name in the key on
    the right, because names on the map would cover points and each other. Distances on such a map are a sketch; axes
    have no units and are left out. Returns the axes.
    """
    rows = check_columns(data, ["x", "y", "label"], "plot_map")
    ax = new_axes(ax, 3.9)
    known = [label for label in LABEL_LOOKS if label in set(rows["label"])]
    others = sorted(set(rows["label"]) - set(known))
    crowded = max(1.0, len(rows) / _CROWDED)
    for position, label in enumerate([*known, *others]):
        part, shape = rows[rows["label"] == label], style_of(LABEL_LOOKS, label, position)
        # In a crowd marks shrink, lose their edges, and those that are none of these lie below the rest.
        ax.scatter(
            part["x"], part["y"], s=2.6 * mpl.rcParams["font.size"] / crowded, color=shape.colour, marker=shape.marker,
            edgecolor="white", linewidth=0.3 if crowded == 1 else 0, alpha=0.85, label=display_name(LABEL_LOOKS, label),
            zorder=0.9 if crowded > 1 and label == "other" else 1,
        )  # fmt: skip
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color("#BBBBBB")
    ax.margins(0.06)
    ax.set_title(bilingual("版面段落的地图", "Map of sections"))
    legend_above(ax, 3)
    if names is not None:
        _name_topics(ax, check_columns(names, ["x", "y", "name"], "plot_map"))
    return ax


def _name_topics(ax: Axes, names: pd.DataFrame) -> None:
    """Write numbers on the map, moved apart where they would touch, and the key beside it."""
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    points = (names[["x", "y"]].to_numpy() - low) / (high - low)
    for i in range(1, len(points)):  # each number steps up until it is clear of those before it
        while np.any(np.abs(points[:i] - points[i]).max(axis=1) < 0.055):
            points[i, 1] = np.round(points[i, 1] + 0.01, 6)
    box = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": "black", "linewidth": 0.7}
    for number, (x, y) in enumerate(points, start=1):
        ax.text(x, y, str(number), transform=ax.transAxes, ha="center", va="center", fontsize="small", bbox=box)
    key = "\n".join(
        wrap(f"{number} {name}", 30, keep_words=True).replace("\n", "\n    ")
        for number, name in enumerate(names["name"], start=1)
    )
    ax.annotate(key, (1, 1), xycoords="axes fraction", xytext=(8, 0), textcoords="offset points", va="top",
                fontsize="small", linespacing=1.5, clip_on=False)  # fmt: skip
