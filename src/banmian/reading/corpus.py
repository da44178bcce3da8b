"""Files to documents: the text of each file as received, its encoding reported, one clear error per bad file."""

import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from banmian.reading.encodings import decode
from banmian.reading.extractors import read_html
from banmian.reading.markup import is_markdown, read_docx, read_markdown
from banmian.reading.scan.pages import ScanWarning, read_scan
from banmian.reading.scan.pictures import SUFFIXES as PICTURES
from banmian.text.mojibake import find_mojibake

_EXTRACTORS: dict[str, Callable[[bytes], str]] = {".html": read_html, ".htm": read_html, ".docx": read_docx}
SCANS = (".pdf", *PICTURES)  # read by where their lines stand
# The endings, in lower case, of the files that a folder is searched for.
SUFFIXES = (".txt", ".md", *_EXTRACTORS, *SCANS)
_FOREIGN = {
    b"{\\rtf": "a Rich Text file (.rtf)",
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or PowerPoint file",
    b"PK\x03\x04": "a zip archive or an Office file under another ending",
    b"%PDF": "a PDF under another ending",
    b"\xff\xd8\xff": "a JPEG picture under another ending",
    b"\x89PNG": "a PNG picture under another ending",
    b"GIF8": "a GIF picture",
}
_MAX_BYTES = 2_000_000_000  # Python keeps up to four bytes a character; beyond this a page of text is a mistake


class UnreadableFileWarning(UserWarning):
    """A file of a folder that was left out because it cannot be read."""


def read_documents(path: Path | str, *, strict: bool = True) -> pd.DataFrame:
    """Read one file, or every file of a folder whose ending is one of `SUFFIXES`, sorted by name.

    A folder that holds a link to a file outside of it is refused.

    With `strict` false a file of a folder that cannot be read is left out with an `UnreadableFileWarning` that says
    why, unless none can be read.

    Returns
    -------
    DataFrame with columns doc_id (the file's name without its ending), path, text, encoding (Python's name for it;
    `utf-8-sig` where a byte-order mark stood; else the format: `html`, `docx`, `pdf` or `picture`); if any came as
    a picture or PDF also lines, its printed lines as `scan.pages.read_scan` gives them (None for the others).

    The text of a text file is exactly what the bytes say, `\\r\\n` included, so an offset into `text` is an offset into
    the decoded file. Only a byte-order mark is taken off: it is not a character of the page. Encodings without a mark
    are distinguished by decoding strictly as UTF-8, then by charset-normalizer among GB 18030, Big5 and UTF-16; a page
    under about twenty characters in one of those may be mistaken. Where single bytes are wrong, U+FFFD stands for
    each, a `DamagedFileWarning` names the first, and the encoding says how many were replaced ("utf-8, 1 replaced").
    In Markdown the marks are replaced by spaces of the same length, so places stay (`markup.read_markdown`).

    Of all other formats the "raw file" that spans point into is this column, which is not in the file as such: of a web
    page or a Word file its text (`pip install 'banmian[formats]'`), of a picture or PDF the printed lines in reading
    order (`pip install 'banmian[scan]'`). `read_text(path)[0]` gives it again.

    Raises ValueError, naming the file and what to do: nothing there, a folder without such files, two names that
    give the same doc_id, an empty file, a binary file, a file over 2 GB, text decoded wrongly before it was saved
    (mojibake), bytes in no known encoding, a page without text, or the extra not installed. Warns, naming the file, of
    one that could be read only in part (`DamagedFileWarning`) and of doubtful lines and pages (`ScanWarning`).
    """
    path = Path(path)
    if path.is_dir():
        files = [file for file in list_files(path) if is_page(file)]
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
            text, encoding, printed = _read_file(file)
        except ValueError as error:
            if strict:
                raise
            errors.append(error)
        else:
            row = {"doc_id": file.stem, "path": str(file), "text": text, "encoding": encoding, "lines": printed}
            rows.append(row)
    if errors and not rows:
        raise errors[0]
    for problem in errors:
        warnings.warn(f"left out {problem}", UnreadableFileWarning, stacklevel=2)
    scanned = ["lines"] if any(row["lines"] is not None for row in rows) else []
    return pd.DataFrame(rows, columns=["doc_id", "path", "text", "encoding", *scanned])


def is_page(path: Path) -> bool:
    """Tell by its name whether a file of a folder is a page; a README.md tells of the pages."""
    return path.suffix.lower() in SUFFIXES and path.name.lower() not in ("readme.md", "license.md", "readme.txt")


def read_text(path: Path) -> tuple[str, str]:
    """Return one file's text and the name of its encoding or format; errors as in `read_documents`."""
    return _read_file(path)[:2]


def _read_file(path: Path) -> tuple[str, str, pd.DataFrame | None]:
    """Return text, encoding or format, and the printed lines of a picture or PDF."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError(f"{path}: over 2 GB; split the file")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror}); check its name and rights") from error
    suffix = path.suffix.lower()
    if suffix in _EXTRACTORS or suffix in SCANS:
        return _extract(path, data, suffix)
    _refuse_foreign(path, data)
    text, encoding = decode(data, str(path))
    if suffix == ".md" or is_markdown(text):
        text = read_markdown(text)
    if not text.strip() or not any(char.isprintable() and not char.isspace() for char in text):
        raise ValueError(f"{path}: nothing to read in it, only white space; remove the file or fill it")
    spoilt = find_mojibake(text)
    if spoilt:
        raise ValueError(f"{path}: no readable text, {spoilt}; get the file again, or undo that with a tool like ftfy")
    return text, encoding, None


def _extract(path: Path, data: bytes, suffix: str) -> tuple[str, str, pd.DataFrame | None]:
    if not data:
        raise ValueError(f"{path}: empty file; remove it or fill it")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ScanWarning)
            if suffix in _EXTRACTORS:
                text, lines = _EXTRACTORS[suffix](data), None
            else:
                text, lines = read_scan(data, suffix)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    for warning in caught:
        if issubclass(warning.category, ScanWarning):
            warnings.warn(f"{path}: {warning.message}", warning.category, stacklevel=2)
    name = "picture" if suffix in PICTURES else "html" if suffix == ".htm" else suffix[1:]
    return text, name, lines


def _refuse_foreign(path: Path, data: bytes) -> None:
    """Raise ``ValueError`` for files of other programs, by how they begin, so that no markup is read as a page."""
    for start, name in _FOREIGN.items():
        if data.startswith(start):
            raise ValueError(f"{path}: {name}, which is not read; save it as one of {', '.join(SUFFIXES)}")


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
