"""Writes files whole or not at all, and leaves one alone when the new one shows the same."""

import io
import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from PIL import Image

from banmian.io.atomic import atomic_write

# Matrix products differ in their last digits between processors. A thousandth of a point is a hundredth of a pixel at
# 300 dpi; two levels of grey in 255 cannot be seen; the data carry six digits, of which the last may turn.
_POINTS = 0.002
_LEVELS = 2
_RELATIVE = 1e-5
_NUMBER = re.compile(r"(-?(?:\d+\.\d+|\d+|\.\d+))")
_DECIMAL = re.compile(r"(-?\d+\.\d+)")
# The lengths of streams in a PDF follow from how many digits the numbers in them have.
_PDF_LENGTHS = re.compile(r"\n\d+ 0 obj\n\d+\nendobj")


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write ``content`` to ``path`` through a temporary name, unless the file there shows the same; return if written.

    "The same" is judged by the ending: PNG by its pixels (zlib builds pack them differently), SVG and PDF by their
    words and by numbers to a thousandth of a point, CSV by its words, whole numbers, and decimals to five digits, DOCX
    by the files in it; anything else by its bytes.
    """
    if path.exists() and _same(path.suffix, path.read_bytes(), content):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)
    return True


def _same(suffix: str, old: bytes, new: bytes) -> bool:
    if old == new:
        return True
    if suffix == ".png":
        return _same_pixels(old, new)
    if suffix == ".docx":
        return _same_files(old, new)
    if suffix == ".csv":
        return _same_but_for_numbers(old.decode(), new.decode(), _DECIMAL, absolute=0.0, relative=_RELATIVE)
    if suffix == ".svg":
        return _same_but_for_numbers(old.decode(), new.decode(), _NUMBER, absolute=_POINTS, relative=0.0)
    if suffix == ".pdf":
        first, second = (_pdf_words(content) for content in (old, new))
        return _same_but_for_numbers(first, second, _NUMBER, absolute=_POINTS, relative=0.0)
    return False


def _same_pixels(old: bytes, new: bytes) -> bool:
    try:
        first, second = (np.asarray(Image.open(io.BytesIO(content)), dtype=np.int16) for content in (old, new))
    except OSError:  # what stands there is no picture: write it anew
        return False
    return first.shape == second.shape and bool(np.abs(first - second).max() <= _LEVELS)


def _same_files(old: bytes, new: bytes) -> bool:
    """Compare what two archives hold, in order: zlib builds pack the same files into different bytes."""
    try:
        with ZipFile(io.BytesIO(old)) as first, ZipFile(io.BytesIO(new)) as second:
            names = first.namelist()
            return names == second.namelist() and all(first.read(name) == second.read(name) for name in names)
    except BadZipFile:  # what stands there is no archive: write it anew
        return False


def _pdf_words(content: bytes) -> str:
    text = content.decode("latin-1")
    return _PDF_LENGTHS.sub("", text[: text.rfind("\nxref\n")])


def _same_but_for_numbers(old: str, new: str, number: re.Pattern[str], absolute: float, relative: float) -> bool:
    """Compare texts part by part: words must be equal, numbers close."""
    first, second = number.split(old), number.split(new)
    if len(first) != len(second) or first[::2] != second[::2]:
        return False
    if len(first) == 1:
        return True
    numbers = np.array(first[1::2], dtype=float), np.array(second[1::2], dtype=float)
    return bool(np.allclose(*numbers, atol=absolute, rtol=relative))
