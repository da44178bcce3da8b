"""Tables out: rows to JSON lines, Parquet and CSV."""

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


def write_rows(frames: Iterable[pd.DataFrame], output: Path) -> int:
    """Write the frames to a file, Parquet if its name ends so and JSON lines otherwise; return the number of rows."""
    remove_leftovers(output)
    with atomic_write(output) as temporary:
        if output.suffix == ".parquet":
            frames = iter(frames)
            first = next(frames, None)
            if first is None:
                raise ValueError(f"{output}: no rows to write; is the input empty?")
            return write_parquet(chain([first], frames), temporary)
        with temporary.open("w", encoding="utf-8") as out:
            return write_jsonl(frames, out)


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


def write_csv(frame: pd.DataFrame, out: IO[str]) -> None:
    """Write a table for spreadsheets: UTF-8, quoted where needed, formulas made plain text.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, the sign for "this is text".
    """
    safe = spreadsheet_safe(frame)
    # Python quotes a carriage return only if it ends its own lines, and readers take a bare one for the end of a row.
    bare = any("\r" in value for row in safe.itertuples(index=False) for value in row if isinstance(value, str))
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if bare else csv.QUOTE_MINIMAL)
    writer.writerow(safe.columns)
    writer.writerows(safe.itertuples(index=False, name=None))


def spreadsheet_safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with formulas made plain text by an apostrophe, and half characters replaced."""
    safe = frame.map(lambda value: f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value)
    return safe.map(lambda value: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value)
