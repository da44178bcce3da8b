"""Text layers of PDF files as printed lines with boxes: by where characters stand, not by the order of the file."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from banmian.reading.scan.fonts import use_packaged_font
from banmian.text.script import simplify

DPI = 150  # of the page pictures that boxes are counted in
MAX_PAGES, MAX_CHARACTERS = 5_000, 50_000_000
_SAME = 0.35  # of its own size: two equal characters closer than this are one, printed twice for bold
_SPACE = 0.6  # of a character's size: white that ends a line; columns stand further apart
_BLANKS = 2.2  # of a character's size: white that is no more than a blank or two
_WORD = 0.22  # white that parts words
_UNMAPPED = 0.2  # share of characters without a meaning from which a page's text layer is rubbish
_COMMON = 0.75  # share of common characters under which a text layer is taken for glyph numbers
_MISSING = "PDF needs pypdfium2; run: pip install 'banmian[scan]'"


@dataclass(frozen=True)
class PdfPage:
    """One page: boxes, ndarray (n, 4) in pixels at `DPI`; texts; `readable`: its characters have meanings."""

    boxes: np.ndarray
    texts: list[str]
    readable: bool


def open_pdf(data: bytes) -> Any:
    """Return the opened file (pypdfium2's PdfDocument), to be closed by the caller.

    Raises ``ValueError``: no PDF, protected by a password, over `MAX_PAGES`, or pypdfium2 is not installed.
    """
    try:
        import pypdfium2
    except ImportError:
        raise ValueError(_MISSING) from None
    use_packaged_font()
    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ValueError("protected by a password; save it without one") from None
        raise ValueError("not a PDF that can be read; save or print it again") from error
    if len(file) > MAX_PAGES:
        n_pages = len(file)
        file.close()
        raise ValueError(f"{n_pages} pages, at most {MAX_PAGES}; split the file")
    return file


def draw_page(file: Any, number: int) -> np.ndarray:
    """Return page `number` (from 0) as a picture of `DPI`, ndarray of shape (height, width, 3), red first."""
    page = file[number]
    scale = min(DPI / 72, 6_000 / max(page.get_size()))
    picture = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    page.close()
    return picture


def page_lines(file: Any, number: int) -> PdfPage | None:
    """Return the printed lines of one page's text layer, in no order; None for a damaged page."""
    import pypdfium2

    try:
        page = file[number]
    except pypdfium2.PdfiumError:
        return None
    page.set_rotation(0)
    left, _bottom, _, top = page.get_cropbox()
    text = page.get_textpage()
    chars = list(_characters(text))
    text.close()
    page.close()
    printed = [char for char in chars if not char[0].isspace()]
    blanks = [char for char in chars if char[0].isspace() and char[3] > char[1]]
    broken = sum(char[5] for char in printed)
    readable = broken <= _UNMAPPED * len(printed) and is_text("".join(char[0] for char in printed))
    lines = list(_as_lines(_once(printed) + blanks))
    scale = DPI / 72
    boxes = np.array([box for _, box in lines], dtype=float).reshape(-1, 4)
    if len(boxes):
        boxes = np.column_stack(
            [boxes[:, 0] - left, top - boxes[:, 3], boxes[:, 2] - left, top - boxes[:, 1]]
        ) * scale  # fmt: skip
    return PdfPage(boxes, [line for line, _ in lines], readable)


Character = tuple[str, float, float, float, float, bool]


def _characters(text: Any) -> Iterator[Character]:
    """Yield every character: itself, left, bottom, right, top in points, and whether its meaning is unknown."""
    import pypdfium2.raw as pdfium

    right, bottom, top = 0.0, 0.0, 10.0
    for place in range(min(text.count_chars(), MAX_CHARACTERS)):
        if pdfium.FPDFText_IsGenerated(text, place) == 1:
            continue  # white space that the library adds
        code = pdfium.FPDFText_GetUnicode(text, place)
        lost = code == 0 or code == 0xFFFD or 0xE000 <= code < 0xF900 or 0xD800 <= code < 0xE000
        char = "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 else chr(code)
        box = text.get_charbox(place, loose=True)
        if box[2] - box[0] < 0.1 and not char.isspace():
            # A character that the font at hand cannot draw has no box; it stands where the one before it ends.
            box = (right, bottom, right + (top - bottom) * (0.5 if char.isascii() else 1.0), top)
        left, bottom, right, top = box
        yield char, left, bottom, right, top, lost


def is_text(text: str) -> bool:
    """Tell whether characters are a text's and not the numbers of glyphs: most are common ones.

    Of news 97 in 100 Chinese characters are among the 3,755 of GB 2312's first level; of glyph numbers about half.
    """
    plain = simplify(text)
    visible = [char for char in plain if not char.isspace()]
    common = sum(_is_common(char) for char in visible)
    return len(visible) < 20 or common >= _COMMON * len(visible)


def _is_common(char: str) -> bool:
    if char.isascii() or unicodedata.category(char)[0] in "PSN":
        return True
    try:
        return "\xb0" <= char.encode("gb2312").decode("latin-1")[0] <= "\xd7"
    except UnicodeEncodeError:
        return False


def _once(chars: list[Character]) -> list[Character]:
    """Drop a character that is printed a second time where it stands already, a little beside itself, to look bold."""
    kept: list[Character] = []
    near: dict[tuple[str, int, int], list[Character]] = {}
    for char in chars:
        size = char[4] - char[2]
        x, y = char[1], char[2]
        cell = max(size, 1.0)
        column, row = int(x // cell), int(y // cell)
        around = (near.get((char[0], column + dx, row + dy), []) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if any(abs(o[1] - x) < _SAME * size and abs(o[2] - y) < _SAME * size for group in around for o in group):
            continue
        near.setdefault((char[0], column, row), []).append(char)
        kept.append(char)
    return kept


def _as_lines(chars: list[Character]) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield the characters put together to printed lines: those of one height that stand side by side."""
    rows: list[list[Character]] = []
    for char in sorted(chars, key=lambda c: (-(c[2] + c[4]), c[1])):
        middle, size = (char[2] + char[4]) / 2, char[4] - char[2]
        for row in reversed(rows[-40:]):
            last = row[0]
            if (
                abs((last[2] + last[4]) / 2 - middle) < 0.4 * min(size, last[4] - last[2])
                and 0.6 < size / (last[4] - last[2]) < 1.67
            ):
                row.append(char)
                break
        else:
            rows.append([char])
    for row in rows:
        yield from _parts(sorted(row, key=lambda char: char[1]))


def _parts(row: list[Character]) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield a row cut where wide white is; a blank or two that are printed as such stay, three are a column's end."""
    line: list[Character] = []
    blanks = 0
    text = ""
    for char in row:
        if char[0].isspace():
            blanks += 1
            continue
        if line:
            before = line[-1]
            white, size = char[1] - before[3], min(char[4] - char[2], before[4] - before[2])
            if white > (_BLANKS if 0 < blanks < 3 else _SPACE) * size:
                yield text, _around(line)
                line, text = [], ""
            elif blanks or (white > _WORD * size and before[0].isascii() and char[0].isascii()):
                text += " "
        line.append(char)
        text += char[0]
        blanks = 0
    if line:
        yield text, _around(line)


def _around(line: list[Character]) -> tuple[float, float, float, float]:
    return min(c[1] for c in line), min(c[2] for c in line), max(c[3] for c in line), max(c[4] for c in line)
