"""Markdown and Word files as text for the readers of this room."""

import io
import re
from collections.abc import Iterator
from typing import Any

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n){0,80}?---[ \t]*(?:\r?\n|\Z)")
_KEY = re.compile(r"^[A-Za-z_][\w -]*:", re.MULTILINE)
# What a layout model or a writer of Markdown adds to the words. Each is blanked, not cut, so that places stay.
_BLANKED = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>"  # what no reader sees
    r"|<table\b.*?</table\s*>"  # figures in cells are no sentences
    r"|!\[[^\]\n]*\]\([^)\n]*\)"  # pictures
    r"|</?[A-Za-z][^<>\n]{0,2000}>"  # tags; what stands between stays
    r"|^[ \t]*(?:[-*_][ \t]*){3,}$"  # rules
    r"|^[ \t]*\|.*\|[ \t]*$"  # rows of a table
    r"|^[ \t]*(?:>[ \t]?)+|^[ \t]*[-*+][ \t]+(?=\S)|^[ \t]*```.*$",
    re.DOTALL | re.MULTILINE,
)
_LINK = re.compile(r"\[([^\]\n]*)\](\([^)\n]*\))")
_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|`")
_FORMULA = re.compile(r"\$([^$\n]{1,80})\$")
_TEX = re.compile(r"\\(?:mathbf|mathrm|text|mathit)|[{}\\~]")
_HOLE = re.compile(r"\r?\n(?:[ \t]*\r?\n){2,}[ \t]*")
_HEADING = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)
MAX_PARAGRAPHS = 200_000
_MISSING = "Word files need python-docx; run: pip install 'banmian[formats]'"


def is_markdown(text: str) -> bool:
    """Tell whether a text is Markdown by what no printed page has: front matter, pictures, or headings with tables."""
    head = text[:20_000]
    found = _FRONT.match(head)
    if found and _KEY.search(found[0]):
        return True
    return bool(_HEADING.search(head) and re.search(r"!\[[^\]\n]*\]\(|<table\b|<img\b", head))


def read_markdown(text: str) -> str:
    """Return the text with its markup blanked: every mark becomes spaces, so that places and lines stay the same.

    Blanked are front matter, pictures, tables, HTML tags and comments, rules, bullets, emphasis, targets of links and
    the dollar signs of formulas. The ``#`` of a heading stays: it tells the readers that a heading stands there.
    """
    found = _FRONT.match(text)
    if found and _KEY.search(found[0]):
        text = _blank(found) + text[found.end() :]
    text = _BLANKED.sub(_blank, text)
    text = _LINK.sub(lambda link: f" {link[1]} {' ' * len(link[2])}", text)
    text = _FORMULA.sub(_formula, text)
    # What was blanked leaves no hole: that would look as if a picture had stood in the text.
    return _HOLE.sub(lambda hole: "\n\n" + " " * (len(hole[0]) - 2), _EMPHASIS.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", " ", found[0])


def _formula(found: re.Match[str]) -> str:
    """Blank what TeX adds to a number, and close up the spaces it stands with (``$1 . 2$`` is 1.2)."""
    inner = _TEX.sub("", found[1])
    bare = inner.replace(" ", "")
    return bare.ljust(len(found[0]))


def read_docx(data: bytes) -> str:
    """Return the text of a Word file: a paragraph a line, a table's row as one; headings stand free.

    Headers and footers are left out, as are comments and what tracked changes took out. Nothing that the file links to
    is fetched, and no macro is run. Raises ``ValueError``: no Word file, no text in it, over `MAX_PARAGRAPHS`, or
    python-docx is not installed.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise ValueError(_MISSING) from None
    _check_zip(data)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = list(_docx_lines(document))
    except (OpcError, KeyError, ValueError, AttributeError, OSError, SyntaxError) as error:
        raise ValueError(f"not a Word file that can be read ({type(error).__name__}); save it again") from error
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise ValueError("a Word file without text; are its pages pictures? save them as PDF or PNG")
    return text


def _check_zip(data: bytes) -> None:
    """Raise ``ValueError`` for what is no zip archive, or one that unpacks to more than a document can hold."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist() if item.filename.endswith((".xml", ".rels")))
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError(f"not an Office file that can be read ({error}); save it again") from error
    if size > 500_000_000:
        raise ValueError("unpacks to over 500 MB of text; split the file")


def _docx_lines(document: Any) -> Iterator[str]:
    from docx.table import Table

    for number, item in enumerate(document.iter_inner_content()):
        if number > MAX_PARAGRAPHS:
            raise ValueError(f"over {MAX_PARAGRAPHS} paragraphs; split the file")
        if isinstance(item, Table):
            for row in item.rows:
                # A merged cell is in its row once for each column that it spans.
                cells = list(dict.fromkeys(cell._tc for cell in row.cells))
                texts = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
                yield " ".join(texts[cell] for cell in cells if texts[cell])
            yield ""
            continue
        text = item.text.replace("\n", "\n\n").strip()
        heading = (item.style.name or "").lower().startswith(("heading", "title", "标题")) if item.style else False
        yield f"\n{text}\n" if heading else text
