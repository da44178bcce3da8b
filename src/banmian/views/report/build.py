"""The report for a reader who will not open a notebook: a page for the browser and a Word file that say the same.

Words come from the text that is passed in, numbers from results, pictures and captions from the figures' manifest. Both
files are built as trees of elements, by ElementTree and by python-docx, rather than from a template: there every text
is text, and no place is left at which somebody could forget to escape what a document holds.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pandas as pd
from PIL import Image

from banmian.config import FIGURES
from banmian.views.bilingual import bilingual, languages
from banmian.views.figures.manifest import MANIFEST, content_hash, read_manifest, record
from banmian.views.figures.write_if_changed import write_if_changed
from banmian.views.report import docx
from banmian.views.report.html_style import page_style
from banmian.views.report.template import Part, check_filled, parse_story

STORY = Path(__file__).parent / "data" / "report.md"


class Picture(NamedTuple):
    """What the manifest says of a figure, ready to print.

    captions: (Chinese, English), with the figure's number. width: as a share of the text's, so that the type in all
    figures comes out at one size.
    """

    name: str
    alt: str
    captions: tuple[str, str]
    source: str
    width: float


# What XML 1.0 cannot hold; a page as a scanner leaves it may.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}
# Nothing may be loaded from anywhere: a browser that knows the rule enforces it.
_POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"


def read_story(path: Path = STORY) -> list[Part]:
    """Return the parts of a report's text; default: the one that ships, in Chinese and English."""
    return parse_story(path.read_text(encoding="utf-8"))


def read_table(name: str, folder: Path = FIGURES) -> pd.DataFrame:
    """Return the data behind a figure as they were saved beside it: ``03_map_topics`` for 03_map_topics.csv.

    Raises ``ValueError`` when the file is not there.
    """
    path = folder / f"{name}.csv"
    if not path.exists():
        raise ValueError(f"{path.name}: not in {folder.name}/; draw its figure first (`banmian figures` draws all)")
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def build_html(
    parts: Sequence[Part], folder: Path = FIGURES, tables: Mapping[str, pd.DataFrame] | None = None, date: str = "",
    links: str = "",
) -> str:  # fmt: skip
    """Return the report as one HTML page that needs nothing else: pictures, style and letters are in it, no script.

    Parameters
    ----------
    parts : filled; the first is the title page.
    folder : of the figures that the parts name, with their manifest.
    tables : that the parts name; columns are headings as they stand.
    date : of the report, printed below the title; the version of banmian stands beside it.
    links : what stands before the name of a figure's PNG in the links to it: "" in the same folder, or "figures/".

    Pictures are the SVG files of the figures, so they are sharp on paper; each links to its PNG, for small screens. The
    languages are those of ``BANMIAN_LANG``. Raises ``ValueError`` for no parts, a placeholder left over, or a figure or
    table that is not there.
    """
    pictures = _pictures(parts, folder)
    root = ElementTree.Element("html", lang=_LANGUAGES[languages()[0]])
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "meta", charset="utf-8")
    ElementTree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    ElementTree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ElementTree.SubElement(head, "title").text = _clean(bilingual(*parts[0][:2], " · "))
    style = ElementTree.SubElement(head, "style")
    body = ElementTree.SubElement(root, "body")
    for number, part in enumerate(parts):
        section = ElementTree.SubElement(body, "section" if number else "header", id=f"part-{number}")
        _add(ElementTree.SubElement(section, "h2" if number else "h1"), "span", part[:2])
        if number == 0:
            ElementTree.SubElement(section, "p", {"class": "source"}).text = edition(date)
        _add_paragraphs(section, part)
        if part.table:
            _add_table(section, _table_of(part, tables))
        if part.figure:
            _add_figure(section, pictures[part.figure], folder, links)
    style.text = page_style("".join(root.itertext()))
    ElementTree.indent(root)
    return "<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"


def build_docx(
    parts: Sequence[Part], folder: Path = FIGURES, tables: Mapping[str, pd.DataFrame] | None = None, date: str = ""
) -> bytes:
    """Return the same report as a Word file of A4 pages with page numbers, pictures as PNG.

    Nothing in it says when it was made but ``date``, so the same input gives the same bytes. Parameters and errors as
    for `build_html`.
    """
    pictures = _pictures(parts, folder)
    document = docx.new_document(_clean(bilingual(*parts[0][:2], " · ")))
    for number, part in enumerate(parts):
        heading = document.add_paragraph(_clean(bilingual(*part[:2], "\n")), style="Heading 1" if number else "Title")
        heading.paragraph_format.keep_with_next = True
        if number == 0:
            document.add_paragraph(edition(date), style="Caption")
        for pair in part.paragraphs:
            for place, (_, text) in enumerate(_shown(pair)):
                style = "List Number" if part.numbered and place == 0 else "List Continue" if part.numbered else None
                document.add_paragraph(text, style=style)
        if part.table:
            docx.add_table(document, _table_of(part, tables).map(_clean))
        if part.figure:
            picture = pictures[part.figure]
            docx.add_picture(document, folder / f"{picture.name}.png", picture.width, picture.alt)
            document.paragraphs[-1].paragraph_format.keep_with_next = True
            lines = [text for _, text in _shown(picture.captions)]
            document.add_paragraph("\n".join([*lines, picture.source]), style="Caption")
    return docx.file_bytes(document)


def edition(date: str = "") -> str:
    """Return the line that says what made the report, and when if it is given."""
    return " · ".join([f"banmian {version('banmian')}", *([date] if date else [])])


def save_report(
    parts: Sequence[Part], name: str = "report", folder: Path = FIGURES,
    tables: Mapping[str, pd.DataFrame] | None = None, *, made_by: str = "", date: str = "",
) -> None:  # fmt: skip
    """Write ``name``.html and ``name``.docx and list them in the manifest, last of all.

    Files that would show the same are left alone. Parameters and errors as for `build_html`; ``made_by`` as for
    `save_figure`.
    """
    write_if_changed(folder / f"{name}.html", build_html(parts, folder, tables, date).encode())
    write_if_changed(folder / f"{name}.docx", build_docx(parts, folder, tables, date))
    used = [read_manifest(folder)[part.figure]["data"] for part in parts if part.figure]
    title, lead = parts[0], parts[0].paragraphs
    texts = [" ".join([heading, *paragraphs]) for heading, *paragraphs in zip(title[:2], *lead, strict=True)]
    entry = {
        "files": [f"{name}.docx", f"{name}.html"],
        "made_by": made_by,
        "data": content_hash(repr([tuple(part) for part in parts]).encode(), *(data.encode() for data in used)),
    }
    record(folder, name, entry | {"caption_zh": texts[0], "caption_en": texts[1], "alt": ""})


def _pictures(parts: Sequence[Part], folder: Path) -> dict[str, Picture]:
    """Return the figures by name, numbered as they come, after a look at every part's text."""
    if not parts:
        raise ValueError("a report needs at least the part with its title")
    check_filled(parts)
    manifest, pictures = read_manifest(folder), {}
    for number, name in enumerate((part.figure for part in parts if part.figure), start=1):
        if name not in manifest:
            raise ValueError(f"{name}: not in {folder.name}/{MANIFEST}; draw it first (`banmian figures` draws all)")
        entry = manifest[name]
        captions = (f"图 {number}　{entry['caption_zh']}", f"Figure {number}. {entry['caption_en']}")
        files = [file for file in entry["files"] if file.endswith(".csv")]
        source = " · ".join([bilingual(entry.get("source_zh", ""), entry.get("source_en", ""), " · "), *files]).strip(
            " ·"
        )
        pictures[name] = Picture(name, _clean(entry["alt"]), captions, source, _width(folder / f"{name}.png"))
    return pictures


def _width(png: Path) -> float:
    """Return how much of the text's width a figure takes at its own size."""
    with Image.open(png) as image:
        return min(1.0, image.width / image.info["dpi"][0] / docx.TEXT_INCHES)


def _table_of(part: Part, tables: Mapping[str, pd.DataFrame] | None) -> pd.DataFrame:
    if part.table not in (tables or {}):
        raise ValueError(f"report, part {part.heading_en!r}: no table is called {part.table!r}; pass it in tables")
    return (tables or {})[part.table].astype(str)


def _shown(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return (language, text) of a (Chinese, English) pair for the languages that are shown."""
    return [(lang, _clean(text)) for lang, text in zip(("zh", "en"), texts, strict=True) if lang in languages()]


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("□", text)


def _add(parent: ElementTree.Element, tag: str, texts: Sequence[str]) -> None:
    """Add one element for each language that is shown, marked with it for readers-aloud and for fonts."""
    for language, text in _shown(texts):
        ElementTree.SubElement(parent, tag, lang=_LANGUAGES[language]).text = text


def _add_paragraphs(section: ElementTree.Element, part: Part) -> None:
    items = ElementTree.SubElement(section, "ol") if part.numbered else None
    for paragraph in part.paragraphs:
        _add(section if items is None else ElementTree.SubElement(items, "li"), "p", paragraph)


def _add_table(section: ElementTree.Element, table: pd.DataFrame) -> None:
    """Add the table in a box of its own, which scrolls where the screen is narrower."""
    box = ElementTree.SubElement(ElementTree.SubElement(section, "div", {"class": "wide"}), "table")
    row = ElementTree.SubElement(box, "tr")
    for name in table.columns:
        ElementTree.SubElement(row, "th").text = _clean(str(name))
    for values in table.itertuples(index=False):
        row = ElementTree.SubElement(box, "tr")
        for value in values:
            ElementTree.SubElement(row, "td").text = _clean(value)


def _add_figure(parent: ElementTree.Element, picture: Picture, folder: Path, links: str) -> None:
    data = base64.b64encode((folder / f"{picture.name}.svg").read_bytes()).decode("ascii")
    figure = ElementTree.SubElement(parent, "figure")
    link = ElementTree.SubElement(figure, "a", {"class": "wide", "href": f"{links}{picture.name}.png"})
    ElementTree.SubElement(
        link, "img", src=f"data:image/svg+xml;base64,{data}", alt=picture.alt, style=f"width:{picture.width:.0%}"
    )
    caption = ElementTree.SubElement(figure, "figcaption")
    _add(caption, "p", picture.captions)
    ElementTree.SubElement(caption, "p", {"class": "source"}).text = picture.source
