"""Rows of .jsonl and .parquet files, a range at a time; ids are text from the first read.

A frame holds ``section_id`` (the row's ``section_id``, or else its ``id``), ``text`` and the file's other columns. Its
index is the row in the file, from 0. What cannot be taken for a row has `BROKEN` saying why, for the reader to refuse.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as parquet

# A row of a .jsonl longer than this is a file without line breaks, and would be held in memory several times over.
LINE_BYTES = 100_000_000
# Rows that are handed on together. The classifier's sparse features of 512 sections take about 10 MB.
BATCH_ROWS = 512
# A partition of lines ends here, however few they are.
_SPAN_BYTES = 16_000_000
# The rows of a .jsonl that decide which columns it has.
_PEEKED_ROWS = 1_000
# Columns that name things: text whatever their type in the file, since a number loses digits on the way.
_ID_COLUMNS = ("section_id", "id", "doc_id", "article_id", "duplicate_of")
# Columns that stay as JSON has them; in any other column a value that is no text is stored as JSON.
_TYPED_COLUMNS = (*_ID_COLUMNS, "kind", "heading", "text", "simplified", "script", "spans", "boxes")
BROKEN = "__broken__"


def line_columns(path: Path) -> tuple[str, ...]:
    """Return the columns of a .jsonl in the order of their first mention in its first 1,000 rows."""
    names: dict[str, None] = {}
    with path.open("rb") as file:
        for line in islice(iter(lambda: file.readline(LINE_BYTES), b""), _PEEKED_ROWS):
            names |= dict.fromkeys(name for name in _parse(line) or {} if name != BROKEN)
    return tuple(names)


def column_map(columns: Sequence[str], text: str, name: str) -> dict[str, str]:
    """Return how the columns of a table are called in a frame: section_id and text first, the others behind them.

    Parameters
    ----------
    columns : those of the table.
    text, name : which of them hold text and id; without a `name` rows are numbered, and the map lacks section_id.

    What is called text, section_id or id without being the chosen column becomes ``input_text`` and so on.
    """
    chosen = {name: "section_id", text: "text"} if name else {text: "text"}
    taken = {"section_id", "text", "id"}
    return chosen | {c: f"input_{c}" if c in taken else c for c in columns if c not in chosen}


def rows_frame(rows: dict[int, dict[str, Any]], columns: dict[str, str]) -> pd.DataFrame:
    """Return rows by their number from 0 as a frame of objects with the columns of a `column_map`; ids are text.

    Keys of a row that the map lacks are left out. As objects: what is missing must not turn the others into floats.
    """
    table = [_fit(row, columns, number) for number, row in rows.items()]
    names = [
        *({"section_id": None} | dict.fromkeys(columns.values())),
        *([BROKEN] if any(BROKEN in r for r in table) else []),
    ]
    return pd.DataFrame(table, index=list(rows), columns=names, dtype=object)


def line_spans(path: Path, rows: int) -> Iterator[tuple[int, int, int]]:
    """Yield (first byte, byte after the last, first row) of every ``rows`` lines of a file.

    Raises ``ValueError`` for a line over `LINE_BYTES`.
    """
    start = position = number = first = 0
    with path.open("rb") as lines:
        while line := lines.readline(LINE_BYTES + 1):
            position += len(line)
            number += 1
            if len(line) > LINE_BYTES:
                raise ValueError(f"{path}, row {number}: over {LINE_BYTES} bytes; is it one object a line?")
            if number - first == rows or position - start >= _SPAN_BYTES:
                yield start, position, first
                start, first = position, number
    if position > start:
        yield start, position, first


def read_lines(path: Path, start: int, stop: int, first_row: int) -> Iterator[dict[int, dict[str, Any]]]:
    """Yield the rows of a byte range of a .jsonl, `BATCH_ROWS` at a time, by their number; empty lines are none."""
    with path.open("rb") as file:
        file.seek(start)
        lines = file.read(stop - start).split(b"\n")
    if not lines[-1]:
        lines.pop()
    for begin in range(0, len(lines), BATCH_ROWS):
        parsed = {first_row + begin + i: _parse(line) for i, line in enumerate(lines[begin : begin + BATCH_ROWS])}
        rows = {number: row for number, row in parsed.items() if row is not None}
        if rows:
            yield rows


def open_parquet(path: Path) -> "parquet.ParquetFile":
    """Open a Parquet file; ``ValueError`` where it is none, or has two columns of one name."""
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
    except (OSError, ValueError) as error:  # pyarrow's own errors are one or the other
        raise ValueError(f"{path}: not a Parquet file ({error})") from error
    names = file.schema_arrow.names
    if len(set(names)) < len(names):
        raise ValueError(f"{path}, two columns of one name; rename one of them")
    return file


def row_spans(path: Path, rows: int) -> Iterator[tuple[int, int, int]]:
    """Yield (first row, row after the last, first row) of every ``rows`` rows of a Parquet file."""
    total = open_parquet(path).metadata.num_rows
    for start in range(0, total, rows):
        yield start, min(start + rows, total), start


def read_parquet_rows(path: Path, start: int, stop: int, columns: dict[str, str]) -> Iterator[pd.DataFrame]:
    """Yield a range of rows of a Parquet file with the columns of a `column_map`, at most `BATCH_ROWS` at a time.

    Only the row groups that the range touches are read. A row group is decoded up to the range's end, so cutting one
    group of R rows into parts of P costs R * R / 2P rows of decoding.

    Raises ``ValueError`` for a damaged file.
    """
    file = open_parquet(path)
    position, groups = 0, []
    for group in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if position < stop and position + size > start:
            groups.append((group, position))
        position += size
    row = groups[0][1] if groups else 0
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group for group, _ in groups]):
            low, high = max(start - row, 0), min(stop - row, batch.num_rows)
            if low < high:
                frame = _to_frame(batch.slice(low, high - low), columns).set_axis(range(row + low, row + high), axis=0)
                if "section_id" not in frame.columns:
                    frame.insert(0, "section_id", [str(number + 1) for number in frame.index])
                yield frame
            row += batch.num_rows
            if row >= stop:
                break
    except (OSError, ValueError) as error:  # pyarrow's own errors are one or the other
        raise ValueError(f"{path}: a damaged Parquet file ({error}); write it again") from error


def _to_frame(batch: "pa.RecordBatch", columns: dict[str, str]) -> pd.DataFrame:
    """Return a batch as a frame: ids as text, other columns with Arrow's types, so that nothing turns into floats."""
    import pyarrow as pa

    table = pa.Table.from_batches([batch]).rename_columns([columns[name] for name in batch.schema.names])
    for name in set(_ID_COLUMNS) & set(table.column_names):
        table = table.set_column(table.column_names.index(name), name, _as_text(table[name]))
    typed = [name for name in table.column_names if name in _TYPED_COLUMNS]
    others = [name for name in table.column_names if name not in typed]
    frames = [table.select(typed).to_pandas(), table.select(others).to_pandas(types_mapper=pd.ArrowDtype)]
    return pd.concat(frames, axis=1)[table.column_names]


def _as_text(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Return a column of ids as text; one that has no text (a list) as it is."""
    import pyarrow as pa
    import pyarrow.compute as compute

    if pa.types.is_floating(column.type):
        column = compute.if_else(compute.is_nan(column), None, column)
    try:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return column


def _parse(line: bytes) -> dict[str, Any] | None:
    """Return a line's object, or {BROKEN: why}; None for an empty line."""
    if not line.strip():
        return None
    try:
        row = json.loads(line.decode("utf-8-sig"))  # Windows puts a byte-order mark before the first row
    except (ValueError, RecursionError) as error:
        return {BROKEN: f"not JSON in UTF-8 ({error})"}
    return row if isinstance(row, dict) else {BROKEN: "not a JSON object"}


def _fit(row: dict[str, Any], columns: dict[str, str], number: int) -> dict[str, Any]:
    """Return a row with the names of a `column_map`; ids as text, what is no text as JSON where no type is known."""
    fitted: dict[str, Any] = {"section_id": str(number + 1)}
    for given, name in columns.items():
        value = row.get(given)
        if name in _ID_COLUMNS and isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        elif name not in _TYPED_COLUMNS and value is not None and not isinstance(value, str):
            value = json.dumps(value, ensure_ascii=False)
        fitted[name] = value
    if fitted["section_id"] is None and columns.get("section_id") == "section_id":
        fitted["section_id"] = fitted.get("input_id")  # rows of two kinds in one file
    return fitted | ({BROKEN: row[BROKEN]} if BROKEN in row else {})
