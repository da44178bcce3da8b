"""Tables that people keep: the rows of .csv, .tsv, .xlsx and .json, and which columns hold text and id.

The formats that are read in parts, .jsonl and .parquet, are those of `banmian.io.rows`.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from banmian.io.rows import BATCH_ROWS
from banmian.reading.encodings import decode

SUFFIXES = (".csv", ".tsv", ".xlsx", ".json")
# fmt: off
TEXT_NAMES = (
    "text", "content", "full_text", "fulltext", "body", "article",
    "正文", "内容", "內容", "全文", "文本", "内文", "內文",
)
# fmt: on
ID_NAMES = ("id", "section_id", "doc_id", "编号", "編號", "序号", "序號")
# A page has some ten thousand characters and a report a hundred thousand; a cell beyond this is a file read wrongly.
MAX_CELL = 50_000_000
_MAX_FILE = 2_000_000_000  # bytes of a .csv, .tsv or .json, which are read whole
_LISTS = ("spans", "boxes", "reasons")  # columns of sections that hold lists
_LISTED = 20  # columns that an error lists
_SEEN = 1_000  # rows of JSON whose keys are the table's columns


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table file in order, a dictionary of its columns each.

    Cells of .csv, .tsv and .xlsx are text as it stands (a whole number of a spreadsheet without ".0"), so that ids keep
    their zeros; empty ones are None. JSON keeps its types.

    Raises ``ValueError`` naming file and row: no header, rows of another length, a cell over `MAX_CELL` characters, no
    list of objects, a damaged file, or openpyxl is not installed.
    """
    reader = {".csv": _delimited, ".tsv": _delimited, ".xlsx": _workbook, ".json": _objects}
    try:
        for row in reader[path.suffix.lower()](path):
            yield {name: _listed(value) if name in _LISTS else value for name, value in row.items()}
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror or error}); check its name and rights") from error


def _listed(value: Any) -> Any:
    """Return the list that a cell holds as JSON, as `banmian.io.tables` writes it; any other value as it is."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def choose_columns(
    path: Path, names: Sequence[str], text_column: str | None = None, id_column: str | None = None
) -> tuple[str, str | None]:
    """Return the columns of text and id: those asked for, else the first of the usual names that the table has.

    The id is None where the table has none; rows are then numbered from 1. Raises ``ValueError`` listing the columns.
    """
    lower = {str(name).strip().lower(): name for name in reversed(names)}
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    listed = ", ".join(map(str, names[:_LISTED])) + more
    for asked in (text_column, id_column):
        if asked is not None and asked not in names:
            raise ValueError(f"{path}: no column {asked}; its columns: {listed}")
    text = text_column or next((lower[name] for name in TEXT_NAMES if name in lower), None)
    if text is None:
        raise ValueError(
            f"{path}: no column is called {', '.join(TEXT_NAMES[:5])} …; name one with --text-column: {listed}"
        )
    return text, id_column or next((lower[name] for name in ID_NAMES if name in lower and lower[name] != text), None)


def cell_text(value: Any) -> str:
    """Return an id as text: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _delimited(path: Path) -> Iterator[dict[str, Any]]:
    if path.stat().st_size > _MAX_FILE:
        raise ValueError(
            f"{path}: over {_MAX_FILE // 10**9} GB; write it as .parquet or .jsonl, which are read in parts"
        )
    text, _ = decode(path.read_bytes(), str(path))
    limit = csv.field_size_limit(MAX_CELL)
    try:
        yield from _csv_rows(path, text)
    except csv.Error as error:
        raise ValueError(f"{path}: not a table that can be read ({error}); is a quotation mark left open?") from error
    finally:
        csv.field_size_limit(limit)


def _csv_rows(path: Path, text: str) -> Iterator[dict[str, Any]]:
    head = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t，", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names = [name.strip() for name in next(lines, [])]
    _check_names(path, names)
    for row in lines:
        if not row:
            continue
        if len(row) > len(names):
            counted = f"{len(row)} cells under {len(names)} columns"
            raise ValueError(f"{path}, line {lines.line_num}: {counted}; put a text with commas in quotation marks")
        yield {name: value or None for name, value in zip(names, [*row, *[""] * (len(names) - len(row))], strict=True)}


def _check_names(path: Path, names: Sequence[str]) -> None:
    if not any(names):
        raise ValueError(f"{path}: no row of column names; write one above the rows")
    if len({*names}) < len(names):
        twice = next(name for name in names if list(names).count(name) > 1)
        raise ValueError(f"{path}: two columns are called {twice!r}; rename one")


def _workbook(path: Path) -> Iterator[dict[str, Any]]:
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise ValueError(f"{path}: Excel files need openpyxl; run: pip install 'banmian[formats]'") from None
    import zipfile

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise ValueError(f"{path}: not an Excel file that can be read ({error}); save it again as .xlsx") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        names = [cell_text(name).strip() for name in next(rows, ()) if name is not None]
        _check_names(path, names)
        for row in rows:
            values = [None if value is None or value == "" else _excel(value) for value in row[: len(names)]]
            if any(value is not None for value in values):
                yield dict(zip(names, [*values, *[None] * (len(names) - len(values))], strict=True))
    finally:
        book.close()


def _excel(value: Any) -> str:
    """Return a cell as it is seen: dates without a midnight, whole numbers without a point."""
    return cell_text(value).removesuffix("T00:00:00")


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    if path.stat().st_size > _MAX_FILE:
        raise ValueError(f"{path}: over {_MAX_FILE // 10**9} GB; write it as .jsonl, which is read in parts")
    text, _ = decode(path.read_bytes(), str(path))
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not JSON ({error}); is it one object a line? then call it .jsonl") from error
    if isinstance(rows, dict):
        lists = [value for value in rows.values() if isinstance(value, list)]
        rows = lists[0] if len(lists) == 1 else [rows]
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        if not isinstance(row, dict):
            raise ValueError(f"{path}, row {number}: {type(row).__name__}, not an object; give a list of objects")
        yield row


def table_columns(path: Path) -> list[str]:
    """Return the columns of a .csv, .tsv or .xlsx, of a .json the keys of its first `_SEEN` rows, in order."""
    rows = islice(read_rows(path), _SEEN if path.suffix.lower() == ".json" else 1)
    return list(dict.fromkeys(chain.from_iterable(rows)))


def row_counts(path: Path, rows: int) -> Iterator[tuple[int, int, int]]:
    """Yield (first row, row after the last, first row) of every ``rows`` rows of a file."""
    total = sum(1 for _ in read_rows(path))
    for start in range(0, total, rows):
        yield start, min(start + rows, total), start


def read_counted(path: Path, start: int, stop: int) -> Iterator[dict[int, dict[str, Any]]]:
    """Yield a range of rows, `BATCH_ROWS` at a time, by their number from 0; the file is read from its beginning."""
    rows = enumerate(islice(read_rows(path), start, stop), start=start)
    while batch := dict(islice(rows, BATCH_ROWS)):
        yield batch
