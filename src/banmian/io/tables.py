"""Tables out: rows to JSON lines, Parquet, CSV, TSV and Excel."""

import csv
import json
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pandas as pd

from banmian.io.atomic import atomic_write, remove_leftovers

if TYPE_CHECKING:
    import pyarrow as pa

# A spreadsheet takes a cell that begins like this for a formula and may run a program named in it
# (OWASP, "CSV Injection"); white space before it is skipped by some.
_FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠\t\r\n]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0
_CELL, _SHEET = 32_767, 1_048_575  # characters of a cell and rows of a sheet under its header, as Excel limits them


def write_rows(frames: Iterable[pd.DataFrame], output: Path) -> int:
    """Write the frames to a file, in the format of its ending, else as JSON lines; return the number of rows."""
    suffix = output.suffix.lower()
    remove_leftovers(output)
    with atomic_write(output) as temporary:
        frames = iter(frames)
        if suffix in (".parquet", ".xlsx", ".csv", ".tsv"):
            first = next(frames, None)
            if first is None:
                raise ValueError(f"{output}: no rows to write; is the input empty?")
            frames = chain([first], frames)
        if suffix == ".parquet":
            return write_parquet(frames, temporary)
        if suffix == ".xlsx":
            return write_workbook(frames, temporary)
        with temporary.open("w", encoding="utf-8-sig" if suffix == ".csv" else "utf-8", newline="") as out:
            if suffix in (".csv", ".tsv"):
                return write_delimited(frames, out, "," if suffix == ".csv" else "\t")
            return write_jsonl(frames, out)


def write_delimited(frames: Iterable[pd.DataFrame], out: IO[str], delimiter: str = ",") -> int:
    """Write the frames as one table of text, as `write_csv` does; lists as JSON, missing values as empty cells."""
    count = 0
    for frame in frames:
        write_csv(flat_cells(frame), out, header=not count, delimiter=delimiter)
        count += len(frame)
    return count


def write_workbook(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Write the frames as the one sheet of an Excel file; a text is written as text, never as a formula.

    Raises ``ValueError`` naming the row: a text longer than a cell holds, or more rows than a sheet does.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise ValueError(f"{path.name}: Excel files need openpyxl; run: pip install 'banmian[formats]'") from None
    book = Workbook(write_only=True)
    sheet = book.create_sheet("banmian")
    count = 0

    def cell(value: Any, name: str) -> Any:
        if not isinstance(value, str):
            return WriteOnlyCell(sheet, value)
        if len(value) > _CELL:
            raise ValueError(f"row {count}, {name}: {len(value)} characters, an Excel cell holds {_CELL}; write .csv")
        made = WriteOnlyCell(sheet, _UNWRITABLE.sub("\ufffd", value))
        made.data_type = "s"
        return made

    try:
        for frame in frames:
            names = [str(name) for name in frame.columns]
            if not count:
                sheet.append(names)
            for row in flat_cells(frame).itertuples(index=False, name=None):
                count += 1
                if count > _SHEET:
                    raise ValueError(f"over {_SHEET} rows, an Excel sheet holds no more; write .csv or .parquet")
                sheet.append([cell(value, name) for value, name in zip(row, names, strict=True)])
    except BaseException:
        sheet.close()  # else its half-written stream complains when it is collected
        raise
    book.save(path)
    return count


def flat_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with values that a cell can hold: lists as JSON, times as ISO 8601, missing ones as None."""
    return frame.astype(object).map(_flat)


def _flat(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, (list, tuple, dict)) or hasattr(value, "tolist"):
        plain = value.tolist() if hasattr(value, "tolist") else value
        return (
            plain
            if not isinstance(plain, (list, tuple, dict))
            else json.dumps(plain, ensure_ascii=False, default=_plain)
        )
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_jsonl(frames: Iterable[pd.DataFrame], out: IO[str]) -> int:
    """Write each row of each frame as one JSON object a line; return the number of rows. Missing values become null.

    Half of a broken character (a lone surrogate) cannot be written as UTF-8 and stays an escape, ``\\ud83d``.
    """
    count = 0
    for frame in frames:
        for row in frame.to_dict(orient="records"):
            clean = {str(k): None if is_missing(v) else v for k, v in row.items()}
            line = json.dumps(clean, ensure_ascii=False, default=_plain)
            out.write(_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", line) + "\n")
            count += 1
    return count


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: arrays, of arrays too, become lists; what JSON lacks (dates) becomes text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def is_missing(value: Any) -> bool:
    """Tell whether a cell holds nothing: None, nan, pandas' NA or NaT."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def write_parquet(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Write the frames as row groups of one Parquet file; return the number of rows. Memory: one frame at a time.

    A column that is empty in the first frame is taken for text. A lone surrogate, which Parquet cannot hold, becomes
    U+FFFD.
    """
    import pyarrow.parquet as parquet

    writer, count = None, 0
    try:
        for frame in frames:
            table = _table(frame, None if writer is None else writer.schema)
            if writer is None:
                # Twice as small as the default for Chinese text, and as fast to read.
                writer = parquet.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
            count += len(frame)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise ValueError(f"{path.name}: no rows to write; is the input empty?")
    return count


def _table(frame: pd.DataFrame, schema: "pa.Schema | None") -> "pa.Table":
    import pyarrow as pa

    if schema is not None and set(frame.columns) != set(schema.names):
        other = ", ".join(sorted(set(map(str, frame.columns)) ^ set(schema.names)))
        raise ValueError(f"rows with and without the columns {other}; give files of one kind at a time")
    try:
        table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    except UnicodeEncodeError:
        clean = frame.map(lambda value: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value)
        table = pa.Table.from_pandas(clean, schema=schema, preserve_index=False)
    if schema is None:
        spans = pa.list_(pa.list_(pa.int64()))
        kinds = {"spans": spans, "boxes": spans, "reasons": _reasons_type()}
        fields = [f.with_type(kinds.get(f.name, pa.string())) if _untyped(f.type) else f for f in table.schema]
        if any(f.name == "reasons" and pa.types.is_struct(f.type) for f in fields):
            return pa.Table.from_pandas(table.to_pandas(), schema=pa.schema(fields), preserve_index=False)
        table = table.cast(pa.schema(fields))
    return table


def _reasons_type() -> "pa.DataType":
    """Return the type of the column that `Labeller.predict` gives: its lists may all be empty in the first frame."""
    import pyarrow as pa

    term = pa.struct([("term", pa.string()), ("effect", pa.float64())])
    near = pa.struct([("similarity", pa.float64()), ("label", pa.string()), ("text", pa.string())])
    return pa.struct([("terms", pa.list_(term)), ("nearest", pa.list_(near))])


def _untyped(kind: "pa.DataType") -> bool:
    """Tell whether a column held nothing that shows its type: all null, or lists without an element."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return any(_untyped(field.type) for field in kind)
    while pa.types.is_list(kind):
        kind = kind.value_type
    return bool(pa.types.is_null(kind))


def write_csv(frame: pd.DataFrame, out: IO[str], header: bool = True, delimiter: str = ",") -> None:
    """Write a table for spreadsheets: UTF-8, quoted where needed, formulas made plain text.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, the sign for "this is text".
    """
    safe = spreadsheet_safe(frame)
    # Python quotes a carriage return only if it ends its own lines, and readers take a bare one for the end of a row.
    bare = any("\r" in value for row in safe.itertuples(index=False) for value in row if isinstance(value, str))
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if bare else csv.QUOTE_MINIMAL
    )
    if header:
        writer.writerow(safe.columns)
    writer.writerows(safe.itertuples(index=False, name=None))


def spreadsheet_safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with formulas made plain text by an apostrophe, and half characters replaced."""
    safe = frame.map(lambda value: f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value)
    return safe.map(lambda value: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value)
