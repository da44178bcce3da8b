"""A matrix of counts and shares, as several figures draw it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

# White to the darkest blue of the palette: reads the same in grey and by any eye.
BLUES = LinearSegmentedColormap.from_list("banmian_blues", ["#FFFFFF", "#56B4E9", "#0072B2", "#00334F"])
# From this share on, white words stand out from the cell more than black ones (4.6 to 1 either way).
_DARK = 0.62


def draw_heat(ax: Axes, rows: pd.DataFrame, y: str, x: str, y_names: list[str], x_names: list[str]) -> None:
    """Draw a matrix: colour by ``share`` (0..1), the count of ``sections`` and the share in each cell.

    Rows and columns in order of appearance, under the names given.
    """
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
