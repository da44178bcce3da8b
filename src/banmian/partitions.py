"""Cut pages, JSON lines and Parquet into partitions without copying them, and read one partition's rows back."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from banmian.reading.corpus import SUFFIXES as PAGES
from banmian.reading.corpus import check_ids, refuse_links_out

# In a folder the first of these kinds that occurs is read, and the rest left out.
KINDS = (PAGES, (".parquet",), (".jsonl",))
SUFFIXES = tuple(suffix for kind in KINDS for suffix in kind)
# A partition is what is lost when a worker dies and what a resumed run repeats: at 60 sections a second and worker
# that is about a minute. It also bounds the number of files: 100 million sections are 25,000 of them.
PART_ROWS = 4_096
# Pages are read whole; this many characters keep a partition's sections within some hundred megabytes.
PART_BYTES = 16_000_000
# A row of a .jsonl longer than this is a file without line breaks, and would be held in memory several times over.
LINE_BYTES = 100_000_000
# Rows that go through a step together. The labeller's sparse features of 512 sections take about 10 MB.
BATCH_ROWS = 512
# What a table of pages' sections brings along and a result keeps; from any other table only id and text are taken.
SECTION_COLUMNS = (
    "doc_id",
    "article_id",
    "section_id",
    "kind",
    "heading",
    "text",
    "simplified",
    "script",
    "spans",
    "duplicate_of",
)


@dataclass(frozen=True)
class Partition:
    """One partition. kind: ``pages`` (whole files), ``lines`` (a byte range of a .jsonl), ``table`` (a row range).

    ``start`` and ``stop`` count bytes for lines and rows for tables; ``first_row`` is the partition's first row in its
    file, counted from 0.
    """

    number: int
    kind: str
    paths: tuple[str, ...]
    start: int = 0
    stop: int = 0
    first_row: int = 0


def find_partitions(path: Path, part_rows: int = PART_ROWS) -> list[Partition]:
    """Return the partitions of a page, a .jsonl or .parquet file, or of a folder of them, in the order of the names.

    A folder that holds several kinds is read as pages, or else as Parquet; `skipped_entries` says what was not taken.

    Raises ``ValueError``: nothing there, a link that leaves the folder, or the results of an unfinished run.
    """
    files = input_files(path)
    kind = files[0].suffix.lower()
    if kind in PAGES:
        check_ids(files)
        cut = [("pages", group, 0, 0, 0) for group in _page_groups(files, part_rows)]
    elif kind == ".jsonl":
        cut = [("lines", (file,), *span) for file in files for span in _line_spans(file, part_rows)]
    else:
        cut = [("table", (file,), *span) for file in files for span in _row_spans(file, part_rows)]
    return [
        Partition(number, name, tuple(str(file) for file in group), start, stop, first_row)
        for number, (name, group, start, stop, first_row) in enumerate(cut)
    ]


def fingerprint(parts: list[Partition]) -> str:
    """Return one hash of what the partitions are cut from: names, sizes and times of change.

    Contents are not read. A file changed within its size and its time of change would pass unseen.
    """
    digest = hashlib.sha256()
    for path in dict.fromkeys(path for part in parts for path in part.paths):
        stat = Path(path).stat()
        digest.update(json.dumps([Path(path).name, stat.st_size, stat.st_mtime_ns]).encode())
    for part in parts:
        digest.update(f"{part.start}:{part.stop}:{len(part.paths)};".encode())
    return digest.hexdigest()[:32]


def read_partition(part: Partition) -> Iterator[pd.DataFrame]:
    """Yield the partition's rows in order, at most ``BATCH_ROWS`` at a time; the index is the row in the file from 0.

    Pages come as one row a file with the column ``path`` alone. A line that is no JSON object comes as a row with the
    columns of an empty object and ``broken`` saying why, for the step to refuse.
    """
    if part.kind == "pages":
        yield pd.DataFrame({"path": list(part.paths)})
    elif part.kind == "lines":
        yield from _read_lines(part)
    else:
        yield from _read_table(part)


def skipped_entries(path: Path) -> list[str]:
    """Return, for each entry of a folder that `find_partitions` does not take, its name and why; none for a file."""
    files = input_files(path)
    if not path.is_dir():
        return []
    taken = {file.name for file in files}
    kind = next(kind for kind in KINDS if files[0].suffix.lower() in kind)
    told = []
    for item in sorted(path.iterdir(), key=str):
        if item.name in taken or item.name.startswith((".", "_")):
            continue
        loop = item.is_symlink() and not item.exists()
        why = "broken link" if loop else "folder" if item.is_dir() else f"not {', '.join(kind)}"
        told.append(f"{item.name!r} ({why})")
    return told


def input_files(path: Path) -> list[Path]:
    """Return the files that a path stands for, in the order of their names; errors as in `find_partitions`."""
    if path.is_file():
        if path.suffix.lower() not in SUFFIXES:
            raise ValueError(f"{path}: needs the ending {', '.join(SUFFIXES)}")
        return [path]
    if not path.is_dir():
        raise ValueError(f"{path}: no such file or folder; check the name")
    _check_finished(path)
    refuse_links_out(path)
    found = sorted((item for item in path.iterdir() if item.is_file()), key=str)
    for kind in KINDS:
        # Parquet writers, ours too, keep their notes in files that begin with an underscore.
        notes = () if kind == PAGES else (".", "_")
        files = [item for item in found if item.suffix.lower() in kind and not (notes and item.name.startswith(notes))]
        if files:
            return files
    raise ValueError(f"{path}: no {', '.join(SUFFIXES)} file in this folder; name a file or a folder that holds some")


def _check_finished(path: Path) -> None:
    if (path / "_run.json").is_file() and not (path / "_manifest.json").is_file():
        raise ValueError(f"{path}: its run has not finished; start the same command again, it does what is missing")


def _page_groups(files: list[Path], most: int) -> Iterator[tuple[Path, ...]]:
    group: list[Path] = []
    size = 0
    for file in files:
        bytes_ = file.stat().st_size
        if group and (size + bytes_ > PART_BYTES or len(group) == most):
            yield tuple(group)
            group, size = [], 0
        group.append(file)
        size += bytes_
    yield tuple(group)


def _line_spans(path: Path, rows: int) -> Iterator[tuple[int, int, int]]:
    start = position = number = first = 0
    with path.open("rb") as lines:
        while line := lines.readline(LINE_BYTES + 1):
            position += len(line)
            number += 1
            if len(line) > LINE_BYTES:
                raise ValueError(f"{path}, row {number}: over {LINE_BYTES} bytes; is it one object a line?")
            if number - first == rows or position - start >= PART_BYTES:
                yield start, position, first
                start, first = position, number
    if position > start:
        yield start, position, first


def _row_spans(path: Path, rows: int) -> Iterator[tuple[int, int, int]]:
    total = _open(path).metadata.num_rows
    for start in range(0, total, rows):
        yield start, min(start + rows, total), start


def _open(path: Path) -> Any:
    import pyarrow.parquet as parquet

    try:
        return parquet.ParquetFile(path)
    except (OSError, ValueError) as error:  # pyarrow's own errors are one or the other
        raise ValueError(f"{path}: not a Parquet file ({error})") from error


def _read_lines(part: Partition) -> Iterator[pd.DataFrame]:
    with Path(part.paths[0]).open("rb") as file:
        file.seek(part.start)
        lines = file.read(part.stop - part.start).split(b"\n")
    if not lines[-1]:
        lines.pop()
    for start in range(0, len(lines), BATCH_ROWS):
        rows = {part.first_row + start + i: _parsed(line) for i, line in enumerate(lines[start : start + BATCH_ROWS])}
        filled = {number: row for number, row in rows.items() if row is not None}
        if filled:
            # As objects: numbers as ids must not become 1.0 because one is missing.
            yield pd.DataFrame(list(filled.values()), index=list(filled), dtype=object)


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Return the line's id and text as they are (of a section's row all that is known of it), or {broken: why}.

    None for an empty line.
    """
    if not line.strip():
        return None
    try:
        row = json.loads(line.decode("utf-8-sig"))  # Windows puts a byte-order mark before the first row
    except (ValueError, RecursionError) as error:
        return {"id": None, "text": None, "broken": f"not JSON in UTF-8 ({error})"}
    if not isinstance(row, dict):
        return {"id": None, "text": None, "broken": "not a JSON object"}
    names = SECTION_COLUMNS if "section_id" in row else ("id", "text")
    return {name: row.get(name) for name in names if name in row or name == "text"}


def _read_table(part: Partition) -> Iterator[pd.DataFrame]:
    """Read only the row groups that the range touches.

    A row group is decoded up to the range's end, so cutting one group of R rows into parts of P costs R * R / 2P rows
    of decoding: for a million rows, under a hundredth of what labelling them takes.
    """
    file = _open(Path(part.paths[0]))
    position, groups = 0, []
    for group in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if position < part.stop and position + size > part.start:
            groups.append((group, position))
        position += size
    row = groups[0][1] if groups else 0
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group for group, _ in groups]):
            low, high = max(part.start - row, 0), min(part.stop - row, batch.num_rows)
            if low < high:
                frame = batch.slice(low, high - low).to_pandas()
                yield frame.set_axis(range(row + low, row + high), axis=0)
            row += batch.num_rows
            if row >= part.stop:
                break
    except (OSError, ValueError) as error:  # pyarrow's own errors are one or the other
        raise ValueError(f"{part.paths[0]}: a damaged Parquet file ({error}); write it again") from error
