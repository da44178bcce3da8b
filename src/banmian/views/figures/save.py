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
from banmian.views.figures import style
from banmian.views.figures.captions import Caption, caption_for
from banmian.views.figures.checks import check_glyphs, find_overlaps, freeze_layout
from banmian.views.figures.manifest import content_hash, provenance, record
from banmian.views.figures.plots import corpus, labels, scores, topics, words
from banmian.views.figures.write_if_changed import write_if_changed

_NAME = re.compile(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*")
_PLOTS = (corpus, words, topics, labels, scores)


def save_figure(
    figure: Figure | Axes,
    name: str,
    *,
    data: pd.DataFrame | Mapping[str, pd.DataFrame],
    caption_zh: str,
    caption_en: str,
    alt: str,
    pages: Path | None = None,
    folder: Path = FIGURES,
) -> None:
    """Write a figure as PNG (300 dpi), SVG (text as paths), PDF (text as text) and CSV, and list it in the gallery.

    Parameters
    ----------
    figure : Figure or Axes
        What a ``plot_*`` or ``plot_panels`` returned.
    name : str
        ``03_topic_words``: the number of the notebook that draws it, then lower-case words. From the number, the
        manifest finds the notebook, and in it the cell that holds this name, so neither can be given wrongly.
    data : DataFrame or mapping of DataFrames
        What was drawn. One frame becomes ``name.csv``, a mapping ``name_key.csv`` for each key; the index is left out.
    caption_zh, caption_en, alt : str
        Captions in both languages; ``alt`` says what is to be seen, for those who cannot see it.
    pages : Path, optional
        The folder that the figure shows. Over other pages than the project's own, captions that speak of these give
        way to what the data say (`banmian.views.figures.captions`).
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
        raise ValueError(f"figure name {name!r}: write two digits and lower-case words, such as 03_topic_words")
    if not (caption_zh.strip() and caption_en.strip() and alt.strip()):
        raise ValueError(f"{name}: a caption or the alternative text is empty; say what the figure shows")
    tables = {"": data} if isinstance(data, pd.DataFrame) else data
    caption_zh, caption_en, alt = caption_for(pages, name, tables, Caption(caption_zh, caption_en, alt))
    canvas = figure if isinstance(figure, Figure) else figure.get_figure(root=True)
    assert canvas is not None  # axes removed from their figure cannot be saved
    freeze_layout(canvas)
    check_glyphs(canvas)
    for problem in find_overlaps(canvas):
        warnings.warn(f"{name}: {problem}", stacklevel=2)
    files = {f"{name}_{key}".rstrip("_") + ".csv": _csv(frame) for key, frame in tables.items()}
    files |= {f"{name}.{ending}": _picture(canvas, ending, caption_en, alt) for ending in ("png", "svg", "pdf")}
    for file, content in files.items():
        write_if_changed(folder / file, content)
    # The data as they stand in the folder: decimals that turned in the last place have left the file alone.
    data_hash = content_hash(*((folder / file).read_bytes() for file in sorted(files) if file.endswith(".csv")))
    entry = {"files": sorted(files), **provenance(name, [style], _PLOTS), "data": data_hash}
    record(folder, name, entry | {"caption_zh": caption_zh, "caption_en": caption_en, "alt": alt})


def _picture(figure: Figure, ending: str, title: str, description: str) -> bytes:
    """Return the figure's file without a date, a version, or names that hang on memory or on a processor."""
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
    return frame.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode("utf-8-sig")
