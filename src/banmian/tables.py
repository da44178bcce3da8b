"""Tables in and out: batches of rows from JSON lines and Parquet, and files that are written whole or not at all."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd

# Rows held in memory at a time: enough to sort by length and embed well, small enough for flat memory.
BATCH_ROWS = 2_048
TABLE_SUFFIXES = (".jsonl", ".parquet")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path`` and move it there at the end; on any error the old file stays.

    The temporary name is unique, so two processes that write the same file do not mix: the later one wins.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
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
        batch.append(_checked(row, path, number))
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
        except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are both ValueErrors
            raise ValueError(f"{path}, row {number}: not JSON in UTF-8 ({error}); write one object a line") from error


def _parquet_rows(path: Path) -> Iterator[Any]:
    import pyarrow.parquet as parquet
    from pyarrow import ArrowInvalid

    try:
        file = parquet.ParquetFile(path)
    except ArrowInvalid as error:
        raise ValueError(f"{path}: not a Parquet file ({error})") from error
    missing = {"id", "text"} - set(file.schema_arrow.names)
    if missing:
        raise ValueError(f"{path}: no column {', '.join(sorted(missing))}; rename columns to id and text")
    for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=["id", "text"]):
        yield from batch.to_pylist()


def _checked(row: Any, path: Path, number: int) -> dict[str, str]:
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise ValueError(f"{path}, row {number}: needs an object with id and text (a string)")
    return {"id": str(row["id"]), "text": row["text"]}


def write_jsonl(frames: Iterable[pd.DataFrame], out: IO[str]) -> int:
    """Write each row of each frame as one JSON object a line; return the number of rows. Missing values become null."""
    count = 0
    for frame in frames:
        for row in frame.to_dict(orient="records"):
            clean = {str(k): None if _is_missing(v) else v for k, v in row.items()}
            out.write(json.dumps(clean, ensure_ascii=False) + "\n")
            count += 1
    return count


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value) or value is pd.NA


def write_parquet(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Write the frames as row groups of one Parquet file; return the number of rows. Memory: one frame at a time."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    writer, count = None, 0
    try:
        for frame in frames:
            if writer is None:
                table = pa.Table.from_pandas(frame, preserve_index=False)
                writer = parquet.ParquetWriter(path, table.schema)
            else:
                table = pa.Table.from_pandas(frame, schema=writer.schema, preserve_index=False)
            writer.write_table(table)
            count += len(frame)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise ValueError(f"{path.name}: no rows to write; is the input empty?")
    return count
