"""Tables in and out: batches of rows from JSON lines and Parquet, and files that are written whole or not at all."""

import csv
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

# Rows held in memory at a time: enough to sort by length and embed well, small enough for flat memory.
BATCH_ROWS = 2_048
TABLE_SUFFIXES = (".jsonl", ".parquet")
# A spreadsheet takes a cell that begins like this for a formula and may run a program named in it
# (OWASP, "CSV Injection"); white space before it is skipped by some.
_FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠\t\r\n]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path`` and move it there at the end; on any error the old file stays.

    The temporary name is unique, so two processes that write the same file do not mix: the later one wins. A full disk
    or a folder that cannot be written to is a ``ValueError`` that names ``path``.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise ValueError(
            f"{path}: cannot be written ({error.strerror}); choose a folder that you may write to"
        ) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files for the owner only; a result should be as readable as any other file.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except OSError as error:
        # Reading fails with the input's name; without a name, or with the temporary one, it was the writing.
        if error.filename not in (None, name):
            raise
        raise ValueError(f"{path}: cannot be written ({error.strerror or error}); free some space there") from error
    finally:
        temporary.unlink(missing_ok=True)


def read_rows(path: Path) -> Iterator[pd.DataFrame]:
    """Yield DataFrames with columns ``id`` and ``text`` (strings), at most ``BATCH_ROWS`` rows each, in file order.

    Raises
    ------
    ValueError
        A line is not JSON, or a row lacks ``id`` or ``text`` or has another type there; names file and row.
    """
    rows = _jsonl_rows(path) if path.suffix == ".jsonl" else _parquet_rows(path)
    batch: list[dict[str, str]] = []
    for number, row in enumerate(rows, 1):
        batch.append(checked_row(row, f"{path}, row {number}"))
        if len(batch) == BATCH_ROWS:
            yield pd.DataFrame(batch)
            batch = []
    if batch:
        yield pd.DataFrame(batch)


def _jsonl_rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        number = 0
        try:
            for number, line in enumerate(lines, 1):  # noqa: B007 (named in the error below)
                if line.strip():
                    yield json.loads(line)
        except (ValueError, RecursionError) as error:  # JSONDecodeError and UnicodeDecodeError are both ValueErrors
            raise ValueError(f"{path}, row {number}: not JSON in UTF-8 ({error}); write one object a line") from error


def _parquet_rows(path: Path) -> Iterator[Any]:
    import pyarrow.parquet as parquet
    from pyarrow import ArrowException

    try:
        file = parquet.ParquetFile(path)
        missing = {"id", "text"} - set(file.schema_arrow.names)
    except (ArrowException, OSError) as error:
        raise ValueError(f"{path}: not a Parquet file ({error})") from error
    if missing:
        raise ValueError(f"{path}: no column {', '.join(sorted(missing))}; rename columns to id and text")
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=["id", "text"]):
            yield from batch.to_pylist()
    except (ArrowException, OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: a damaged Parquet file ({error}); write it again") from error


def checked_row(row: Any, where: str) -> dict[str, str]:
    """Return {id, text} as strings, or raise ``ValueError`` that begins with ``where``."""
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise ValueError(f"{where}: needs an object with id and text (a string)")
    return {"id": str(row["id"]), "text": row["text"]}


def write_jsonl(frames: Iterable[pd.DataFrame], out: IO[str]) -> int:
    """Write each row of each frame as one JSON object a line; return the number of rows. Missing values become null.

    Half of a broken character (a lone surrogate) cannot be written as UTF-8 and stays an escape, ``\\ud83d``.
    """
    count = 0
    for frame in frames:
        for row in frame.to_dict(orient="records"):
            clean = {str(k): None if _is_missing(v) else v for k, v in row.items()}
            line = json.dumps(clean, ensure_ascii=False)
            out.write(_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", line) + "\n")
            count += 1
    return count


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value) or value is pd.NA


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

    try:
        table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    except UnicodeEncodeError:
        clean = frame.map(lambda value: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value)
        table = pa.Table.from_pandas(clean, schema=schema, preserve_index=False)
    if schema is None:
        spans = pa.list_(pa.list_(pa.int64()))
        kinds = {"spans": spans}
        fields = [f.with_type(kinds.get(f.name, pa.string())) if _untyped(f.type) else f for f in table.schema]
        table = table.cast(pa.schema(fields))
    return table


def _untyped(kind: "pa.DataType") -> bool:
    """Tell whether a column held nothing that shows its type: all null, or lists without an element."""
    import pyarrow as pa

    while pa.types.is_list(kind):
        kind = kind.value_type
    return bool(pa.types.is_null(kind))


def write_csv(frame: pd.DataFrame, out: IO[str]) -> None:
    """Write a table for spreadsheets: UTF-8, quoted where needed, formulas made plain text.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, the sign for "this is text".
    """
    safe = frame.map(lambda value: f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value)
    safe = safe.map(lambda value: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(safe.columns)
    writer.writerows(safe.itertuples(index=False, name=None))
