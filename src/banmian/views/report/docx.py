"""A Word file of ours: A4, a Chinese typeface, pictures with alternative text, and no trace of when it was made."""

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt, RGBColor

# On every Windows and in Office for Mac; LibreOffice and phones take typefaces of their own in their place.
_FONTS = {"w:ascii": "Calibri", "w:hAnsi": "Calibri", "w:eastAsia": "Microsoft YaHei"}
TEXT_INCHES = 6.3  # the figures' own width, which is that of A4 with margins of 2.5 cm
_HIGHEST = Cm(11.5)  # two figures with their words find room on a page
_INK = RGBColor(0x2F, 0x4B, 0x6E)
# The earliest time that a ZIP archive can hold; python-docx would write the present one.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def new_document(title: str) -> WordDocument:
    """Return an empty document with the title in its properties and styles that set Chinese as Chinese.

    The template of python-docx is for American Letter pages and asks for a Japanese typeface.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for script, font in _FONTS.items():
            fonts.attrib.pop(qn(f"{script}Theme"), None)
            fonts.set(qn(script), font)
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name in ("Title", "Heading 1", "Caption"):
            style.font.color.rgb, style.font.bold = _INK, False
    document.styles["Normal"].font.size = Pt(10.5)  # 五号, the usual size of a Chinese page
    _number_pages(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.language = title, "banmian", "", "zh-CN"
    for date in list(properties._element):  # a false date would be worse than none
        if date.tag in (qn("dcterms:created"), qn("dcterms:modified")):
            properties._element.remove(date)
    return document


def add_picture(document: WordDocument, path: Path, width: float, alt: str) -> None:
    """Add a picture of this share of the text's width, or as high as leaves room for words on its page."""
    picture = document.add_picture(str(path), width=Inches(width * TEXT_INCHES))
    if picture.height > _HIGHEST:
        picture.width, picture.height = round(picture.width * _HIGHEST / picture.height), _HIGHEST
    picture._inline.docPr.set("descr", alt)


def add_table(document: WordDocument, table: pd.DataFrame) -> None:
    """Add a table of text with a heading row; its columns share the text's width."""
    grid = document.add_table(rows=1 + len(table), cols=table.shape[1], style="Light Grid Accent 1")
    for column, name in enumerate(table.columns):
        for row, text in enumerate([str(name), *table[name]]):
            grid.cell(row, column).text = text
    document.add_paragraph()


def _number_pages(document: WordDocument) -> None:
    """Put a field with the page's number into the middle of every footer."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), str(kind))
        run._r.append(element)


def file_bytes(document: WordDocument) -> bytes:
    """Return the document as a file: the parts in python-docx's order, none with a time."""
    dated, undated = io.BytesIO(), io.BytesIO()
    document.save(dated)
    with ZipFile(dated) as source, ZipFile(undated, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _NO_TIME)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 3
            target.writestr(entry, source.read(name))
    return undated.getvalue()
