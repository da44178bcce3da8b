"""The report for a reader who will not open a notebook: a page for the browser and a Word file that say the same.

Words come from the notebook, numbers from results, pictures and captions from figures/. Both files are built as trees
of elements, by ElementTree and by python-docx, rather than from a template: there every text is text, and no place is
left at which somebody could forget to escape what a document holds.
"""

import base64
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pandas as pd
from PIL import Image

from banmian.config import FIGURES
from banmian.views.bilingual import bilingual, languages
from banmian.views.figures.manifest import MANIFEST, content_hash, notebook_of, provenance, read_manifest, record
from banmian.views.figures.write_if_changed import write_if_changed
from banmian.views.report import docx, html_style
from banmian.views.report.html_style import page_style
from banmian.views.report.template import Part, check_filled


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


def read_table(name: str, folder: Path = FIGURES) -> pd.DataFrame:
    """Return the data behind a figure, as an earlier notebook saved them: ``03_map_topics`` for 03_map_topics.csv.

    Raises ``ValueError`` naming the notebook to run when the file is not there.
    """
    path = folder / f"{name}.csv"
    if not path.exists():
        raise ValueError(f"{path.name}: not in {folder.name}/; {_way_out(name)}")
    return pd.read_csv(path)


def build_html(parts: Sequence[Part], folder: Path = FIGURES) -> str:
    """Return the report as one HTML page that needs nothing else: pictures, style and letters are in it, no script.

    Pictures are the SVG files of the figures, so they are sharp on paper. The languages are those of ``BANMIAN_LANG``.
    Raises ``ValueError`` for no parts, a placeholder left over, or a figure that is not in the folder's manifest.
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
        for paragraph in part.paragraphs:
            _add(section, "p", paragraph)
        if number == 0:
            _add_questions(body, parts)
        if part.figure:
            _add_figure(section, pictures[part.figure], folder)
    style.text = page_style("".join(root.itertext()))
    ElementTree.indent(root)
    return "<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"


def build_docx(parts: Sequence[Part], folder: Path = FIGURES) -> bytes:
    """Return the same report as a Word file of A4 pages, pictures as PNG; no dates, so the same bytes every time.

    Raises ``ValueError`` as `build_html` does.
    """
    pictures = _pictures(parts, folder)
    document = docx.new_document(_clean(bilingual(*parts[0][:2], " · ")))
    for number, part in enumerate(parts):
        first, heading = len(document.paragraphs), _clean(bilingual(*part[:2], "\n"))
        document.add_paragraph(heading, style="Heading 1" if number else "Title")
        for paragraph in part.paragraphs:
            for _, text in _shown(paragraph):
                document.add_paragraph(text)
        if number == 0:
            for question in (part for part in parts if part.figure):
                document.add_paragraph(_clean(bilingual(*question[:2])), style="List Number")
        if part.figure:
            picture = pictures[part.figure]
            docx.add_picture(document, folder / f"{picture.name}.png", picture.width, picture.alt)
            lines = [text for _, text in _shown(picture.captions)]
            document.add_paragraph("\n".join([*lines, picture.source]), style="Caption")
            docx.keep_together(document, first)
    return docx.file_bytes(document)


def save_report(parts: Sequence[Part], name: str = "05_report", folder: Path = FIGURES) -> None:
    """Write report.html and report.docx (the name without its notebook's number) and list them in the manifest.

    Files that would show the same are left alone. Raises ``ValueError`` as `build_html` does.
    """
    stem = name[3:]
    write_if_changed(folder / f"{stem}.html", build_html(parts, folder).encode())
    write_if_changed(folder / f"{stem}.docx", build_docx(parts, folder))
    used = [read_manifest(folder)[part.figure]["data"] for part in parts if part.figure]
    entry = {"files": [f"{stem}.docx", f"{stem}.html"], **provenance(name, [sys.modules[__name__], html_style, docx])}
    entry["data"] = content_hash(repr([tuple(part) for part in parts]).encode(), *(data.encode() for data in used))
    title, lead = parts[0], parts[0].paragraphs
    texts = [" ".join([heading, *paragraphs]) for heading, *paragraphs in zip(title[:2], *lead, strict=True)]
    record(folder, name, entry | {"caption_zh": texts[0], "caption_en": texts[1], "alt": ""})


def _pictures(parts: Sequence[Part], folder: Path) -> dict[str, Picture]:
    """Return the figures by name, numbered as they come, after a look at every part's text."""
    if not parts:
        raise ValueError("a report needs at least the part with its title")
    check_filled(parts)
    manifest, pictures = read_manifest(folder), {}
    for number, name in enumerate((part.figure for part in parts if part.figure), start=1):
        if name not in manifest:
            raise ValueError(f"{name}: not in {folder.name}/{MANIFEST}; {_way_out(name)}")
        entry = manifest[name]
        captions = (f"图 {number}　{entry['caption_zh']}", f"Figure {number}. {entry['caption_en']}")
        tables = [file for file in entry["files"] if file.endswith(".csv")]
        source = " · ".join([*([Path(entry["notebook"]).name] if entry["notebook"] else []), *tables])
        pictures[name] = Picture(name, _clean(entry["alt"]), captions, source, _width(folder / f"{name}.png"))
    return pictures


def _width(png: Path) -> float:
    """Return how much of the text's width a figure takes at its own size."""
    with Image.open(png) as image:
        return min(1.0, image.width / image.info["dpi"][0] / docx.TEXT_INCHES)


def _way_out(name: str) -> str:
    notebook = notebook_of(name)
    return f"run {notebook.name if notebook else f'the notebook {name[:2]}_*'} first (make figures runs all in order)"


def _shown(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return (language, text) of a (Chinese, English) pair for the languages that are shown."""
    return [(lang, _clean(text)) for lang, text in zip(("zh", "en"), texts, strict=True) if lang in languages()]


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("□", text)


def _add(parent: ElementTree.Element, tag: str, texts: Sequence[str]) -> None:
    """Add one element for each language that is shown, marked with it for readers-aloud and for fonts."""
    for language, text in _shown(texts):
        ElementTree.SubElement(parent, tag, lang=_LANGUAGES[language]).text = text


def _add_questions(body: ElementTree.Element, parts: Sequence[Part]) -> None:
    items = ElementTree.SubElement(ElementTree.SubElement(body, "nav"), "ol")
    for number, part in enumerate(parts):
        if part.figure:
            item = ElementTree.SubElement(items, "li")
            _add(ElementTree.SubElement(item, "a", href=f"#part-{number}"), "span", part[:2])


def _add_figure(parent: ElementTree.Element, picture: Picture, folder: Path) -> None:
    data = base64.b64encode((folder / f"{picture.name}.svg").read_bytes()).decode("ascii")
    figure = ElementTree.SubElement(parent, "figure")
    ElementTree.SubElement(
        figure, "img", src=f"data:image/svg+xml;base64,{data}", alt=picture.alt, style=f"width:{picture.width:.0%}"
    )
    caption = ElementTree.SubElement(figure, "figcaption")
    _add(caption, "p", picture.captions)
    ElementTree.SubElement(caption, "p", {"class": "source"}).text = picture.source
