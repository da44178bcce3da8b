"""Files to documents: the text of every file as it was received, its encoding told, one clear error per bad file."""

import codecs
import warnings
from collections.abc import Callable
from pathlib import Path

import charset_normalizer
import pandas as pd

from banmian.reading.extractors import DamagedFileWarning, read_html, read_pdf
from banmian.text.mojibake import find_mojibake

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
_EXTRACTORS: dict[str, Callable[[bytes], str]] = {".html": read_html, ".htm": read_html, ".pdf": read_pdf}
SUFFIXES = (".txt", *_EXTRACTORS)  # the endings, in lower case, of the files that a folder is searched for
_SAMPLE = 1_000_000  # bytes shown to the detector: enough to tell, and its time does not grow with the file
_FEW_BAD, _MOST_BAD = 4, 0.005  # wrong bytes, and their share; beyond both the encoding is not that one
_MAX_BYTES = 2_000_000_000  # Python keeps up to four bytes a character; beyond this a page of text is a mistake


class UnreadableFileWarning(UserWarning):
    """A file of a folder that was left out because it cannot be read."""


def read_documents(path: Path | str, *, strict: bool = True) -> pd.DataFrame:
    """Read one file, or every `.txt`, `.html`, `.htm` and `.pdf` file of a folder, sorted by name.

    A folder that holds a link to a file outside of it is refused.

    With `strict` false a file of a folder that cannot be read is left out with an `UnreadableFileWarning` that says
    why, unless none can be read.

    Returns
    -------
    DataFrame with columns doc_id (the file's name without its ending), path, text, encoding (Python's name for it;
    `utf-8-sig` where a byte-order mark stood; `html` or `pdf` where the text was taken out of such a file).

    The text of a text file is exactly what the bytes say, `\\r\\n` included, so an offset into `text` is an offset into
    the decoded file. Only a byte-order mark is taken off: it is not a character of the page. Encodings without a mark
    are told apart by decoding strictly as UTF-8, then by charset-normalizer among GB 18030, Big5 and UTF-16; a page
    under about twenty characters in one of those may be told wrongly. Where single bytes are wrong, U+FFFD stands for
    each, a `DamagedFileWarning` names the first, and the encoding says how many were replaced ("utf-8, 1 replaced").

    Of a web page or a PDF the text is its text layer, as `formats` takes it out (`pip install 'banmian[formats]'`); the
    "raw file" that spans point into is then this column, which is not in the file as such: `read_text(path)[0]` gives
    it again.

    Raises ValueError, naming the file and the way out: nothing there, a folder without such files, two names that
    give the same doc_id, an empty file, a binary file, a file over 2 GB, text decoded wrongly before it was saved
    (mojibake), bytes in no known encoding, a PDF without a text layer (a scan), a web page without text, or the extra
    not installed. Warns (`DamagedFileWarning`), naming the file, of one that could be read only in part.
    """
    path = Path(path)
    if path.is_dir():
        files = [file for file in list_files(path) if file.suffix.lower() in SUFFIXES]
        if not files:
            raise ValueError(f"{path}: no {', '.join(SUFFIXES)} file in this folder; name a file or a folder with some")
    elif path.is_file():
        files = [path]
    else:
        raise ValueError(f"{path}: no such file or folder; check the name")
    check_ids(files)
    rows, errors = [], []
    for file in files:
        try:
            text, encoding = read_text(file)
        except ValueError as error:
            if strict:
                raise
            errors.append(error)
        else:
            rows.append({"doc_id": file.stem, "path": str(file), "text": text, "encoding": encoding})
    if errors and not rows:
        raise errors[0]
    for told in errors:
        warnings.warn(f"left out {told}", UnreadableFileWarning, stacklevel=2)
    return pd.DataFrame(rows, columns=["doc_id", "path", "text", "encoding"])


def read_text(path: Path) -> tuple[str, str]:
    """Return one file's text and the name of its encoding or format; errors as in `read_documents`."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError(f"{path}: over 2 GB; split the file")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror}); check its name and rights") from error
    extract = _EXTRACTORS.get(path.suffix.lower())
    if extract:
        try:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always", DamagedFileWarning)
                text = extract(data)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        for warning in told:
            warnings.warn(f"{path}: {warning.message}", warning.category, stacklevel=2)
        return text, "pdf" if extract is read_pdf else "html"
    text, encoding = _decode(data, str(path))
    if not text.strip() or not any(char.isprintable() and not char.isspace() for char in text):
        raise ValueError(f"{path}: nothing to read in it, only white space; remove the file or fill it")
    spoilt = find_mojibake(text)
    if spoilt:
        raise ValueError(f"{path}: no readable text, {spoilt}; get the file again, or undo that with a tool like ftfy")
    return text, encoding


def check_ids(files: list[Path]) -> None:
    """Raise ``ValueError`` where two files would get one doc_id, or a name is in another encoding than UTF-8."""
    seen: dict[str, Path] = {}
    for file in files:
        try:
            file.stem.encode("utf-8")
        except UnicodeEncodeError:  # such a name can be in no table
            raise ValueError(f"{file}: its name is not in UTF-8; rename it (convmv can)") from None
        if file.stem in seen:
            raise ValueError(f"{file}: same name but for the ending as {seen[file.stem].name}; rename one of the two")
        seen[file.stem] = file


def list_files(folder: Path) -> list[Path]:
    """Return the files of a folder in the order of their names; the one place where a folder of input is listed.

    Raises ``ValueError`` for a link to a file outside of the folder: a folder from elsewhere must not be able to
    publish what lies beside it on this machine.
    """
    root = folder.resolve()
    try:
        files = sorted((item for item in folder.iterdir() if item.is_file()), key=str)
    except OSError as error:
        raise ValueError(f"{folder}: cannot be listed ({error.strerror}); check its rights") from error
    for file in files:
        if file.is_symlink() and not file.resolve().is_relative_to(root):
            raise ValueError(f"{file}: a link that leaves the folder; copy the file into it, or remove the link")
    return files


def _decode(data: bytes, name: str) -> tuple[str, str]:
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
