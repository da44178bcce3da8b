"""Bytes to text: the encodings that Chinese pages and tables come in, and how to distinguish them."""

import codecs
import warnings

import charset_normalizer

from banmian.reading.extractors import DamagedFileWarning

# What a byte-order mark says is certain. UTF-32 first: its mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The encodings that Chinese pages come in; a detector left free to choose finds Korean and Johab in short pages.
_GUESSES = ["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be"]
_SAMPLE = 1_000_000  # bytes shown to the detector: enough to tell, and its time does not grow with the file
_FEW_BAD, _MOST_BAD = 4, 0.005  # wrong bytes, and their share; beyond both the encoding is not that one


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file's bytes, without its byte-order mark, and Python's name for its encoding.

    Without a mark UTF-8 is tried strictly, then charset-normalizer chooses among GB 18030, Big5 and UTF-16; single
    wrong bytes become U+FFFD with a `DamagedFileWarning`. Raises ``ValueError`` that begins with `name`: empty, binary,
    or no known encoding.
    """
    if not data:
        raise ValueError(f"{name}: empty file; remove it or fill it")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, name), "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, name)
    # Chinese in UTF-16 seldom passes as UTF-8, English in UTF-16 always does: every other character is then NUL.
    if text.count("\0") > 0.1 * len(text):
        return _guess(data, name)
    return text, "utf-8"


def _mend(data: bytes, name: str) -> tuple[str, str] | None:
    """Read a file in which single bytes are wrong; U+FFFD stands for each, and a warning names the first.

    None where more than one byte in 200 is, or what is left is no Chinese or English text.
    """
    best: tuple[int, str, str] | None = None
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        text = data.decode(encoding, "replace")
        n_bad = text.count("\ufffd") - (data.count("\ufffd".encode()) if encoding == "utf-8" else 0)
        if best is None or n_bad < best[0]:
            best = (n_bad, encoding, text)
    assert best is not None
    n_bad, encoding, text = best
    likely = sum("\u4e00" <= char <= "\u9fff" or char in "，。、" or char.isascii() for char in text)
    if not 0 < n_bad <= max(_FEW_BAD, _MOST_BAD * len(data)) or likely < 0.9 * len(text) or text.count("\0"):
        return None
    first = _first_bad(data, encoding)
    rest = f" and {n_bad - 1} more" if n_bad > 1 else ""
    warnings.warn(
        f"{name}: byte {first}{rest} is not {encoding}, as the rest is; read as U+FFFD, save it as UTF-8",
        DamagedFileWarning,
        stacklevel=4,
    )
    return text, f"{encoding}, {n_bad} replaced"


def _first_bad(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _guess(data: bytes, name: str) -> tuple[str, str]:
    """Let charset-normalizer choose, then hold it to its choice for the whole file."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    best = charset_normalizer.from_bytes(sample, cp_isolation=_GUESSES, threshold=0.4).best()
    if best is None and len(sample) < len(data):
        # The sample may end inside a character; a byte more or less puts that right.
        best = charset_normalizer.from_bytes(sample[:-1], cp_isolation=_GUESSES, threshold=0.4).best()
    mended = _mend(data, name) if best is None or not _is_clean(data, best.encoding) else None
    if mended:
        return mended
    if best is None:
        raise ValueError(f"{name}: binary, or in no encoding known for Chinese text; save it as UTF-8 text")
    return _decode_as(data, best.encoding, name), best.encoding


def _is_clean(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"{name}: byte {error.start} is not {encoding}, as the rest is; save it as UTF-8") from error
    # Control characters stray into pages, but a file in which one character in twenty is one is no page.
    controls = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 11, 12, 13))
    if controls > 0.05 * len(text):
        raise ValueError(f"{name}: binary, {controls} control characters; save the page as UTF-8 text")
    return text
