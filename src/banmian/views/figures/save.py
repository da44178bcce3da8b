"""The only writer into figures/: pictures, the data behind them, the manifest that says what made them, the gallery."""

import io
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from banmian.config import FIGURES
from banmian.io.tables import spreadsheet_safe
from banmian.views.bilingual import bilingual, wrap
from banmian.views.figures import style
from banmian.views.figures.caption import Caption, Source
from banmian.views.figures.checks import check_glyphs, find_overlaps, freeze_layout
from banmian.views.figures.manifest import content_hash, record
from banmian.views.figures.write_if_changed import write_if_changed

_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
# Half-width columns of the smallest type that the text block of a page holds.
_SOURCE_CELLS = 118


def save_figure(
    figure: Figure | Axes,
    name: str,
    *,
    data: pd.DataFrame | Mapping[str, pd.DataFrame],
    caption: Caption,
    source: Source | None = None,
    made_by: str = "",
    folder: Path = FIGURES,
) -> None:
    """Write a figure as PNG (300 dpi), SVG (text as paths), PDF (text as text) and CSV, and list it in the gallery.

    Parameters
    ----------
    figure : Figure or Axes
        What a ``plot_*`` or ``plot_panels`` returned.
    name : str
        Of its files: lower-case words and digits, such as ``03_topic_words``.
    data : DataFrame or mapping of DataFrames
        What was drawn. One frame becomes ``name.csv``, a mapping ``name_key.csv`` for each key; the index is left out.
    caption : Caption
        What the ``caption_*`` beside the plot says of the same data.
    source : Source, optional
        Where the data come from; drawn in small type below the figure and kept in the manifest.
    made_by : str
        What drew the figure, for the manifest: a path below the project's root, such as that of a notebook.
    folder : Path

    Raises
    ------
    ValueError
        A name of another form, an empty caption, or characters that the font lacks.

    Warns when text is cut off or overlaps: a figure of somebody else's long words is worth having all the same, while
    the project's own notebooks and tests let no warning pass. Files that would show the same are left alone. The
    figure stays open, so that a notebook shows it below the cell.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"figure name {name!r}: write lower-case words and digits, such as 03_topic_words")
    if not all(text.strip() for text in caption):
        raise ValueError(f"{name}: a caption or the alternative text is empty; say what the figure shows")
    tables = {"": data} if isinstance(data, pd.DataFrame) else data
    canvas = figure if isinstance(figure, Figure) else figure.get_figure(root=True)
    assert canvas is not None  # axes removed from their figure cannot be saved
    if source:
        _add_source(canvas, source)
    freeze_layout(canvas)
    check_glyphs(canvas)
    for problem in find_overlaps(canvas):
        warnings.warn(f"{name}: {problem}", stacklevel=2)
    files = {f"{name}_{key}".rstrip("_") + ".csv": _csv(frame) for key, frame in tables.items()}
    files |= {f"{name}.{ending}": _picture(canvas, ending, caption.en, caption.alt) for ending in ("png", "svg", "pdf")}
    for file, content in files.items():
        write_if_changed(folder / file, content)
    # The data as they stand in the folder: decimals that turned in the last place have left the file alone.
    data_hash = content_hash(*((folder / file).read_bytes() for file in sorted(files) if file.endswith(".csv")))
    zh, en = source or ("", "")
    texts = {"caption_zh": caption.zh, "caption_en": caption.en, "alt": caption.alt, "source_zh": zh, "source_en": en}
    record(folder, name, {"files": sorted(files), "made_by": made_by, "data": data_hash, **texts})


def _add_source(figure: Figure, source: Source) -> None:
    """Write the source line below the axes, left-aligned; the layout makes room for it."""
    text = wrap(bilingual(*source, "\n"), _SOURCE_CELLS)
    figure.supxlabel(text, x=0.005, ha="left", fontsize=0.72 * mpl.rcParams["font.size"], color="#666666")


def _picture(figure: Figure, ending: str, title: str, description: str) -> bytes:
    """Return the figure's file without a date, a version, or names that depend on memory or on a processor."""
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None, "Title": title, "Description": description},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Title": title, "Subject": description},
    }
    buffer = io.BytesIO()
    with mpl.rc_context(style.SAVING):
        figure.savefig(buffer, format=ending, dpi=300, metadata=metadata[ending])
    if ending != "svg":
        return buffer.getvalue()
    # matplotlib names clip paths after a hash of unrounded coordinates; number them as they come instead.
    text = buffer.getvalue().decode("utf-8")
    names = {old: f"i{i}" for i, old in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', text)))}
    text = re.sub(r'\bid="([^"]+)"', lambda match: f'id="{names[match[1]]}"', text)
    text = re.sub(r'(url\(#|href="#)([^)"]+)', lambda match: match[1] + names.get(match[2], match[2]), text)
    return text.encode("utf-8")


def _csv(frame: pd.DataFrame) -> bytes:
    """Return the data as CSV; the mark at its start tells Excel that it is UTF-8, so that Chinese stays readable."""
    return spreadsheet_safe(frame).to_csv(index=False, float_format="%.6g", lineterminator="\n").encode("utf-8-sig")
