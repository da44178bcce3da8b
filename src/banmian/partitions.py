"""A path of input, listed once; cut into partitions without copying; one partition's rows read back."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from banmian.io.rows import (
    column_map,
    line_columns,
    line_spans,
    open_parquet,
    read_lines,
    read_parquet_rows,
    row_spans,
    rows_frame,
)
from banmian.reading.corpus import SUFFIXES as PAGES
from banmian.reading.corpus import check_ids, is_page, list_files
from banmian.reading.tables import SUFFIXES as TABLES
from banmian.reading.tables import choose_columns, read_counted, row_counts, table_columns

# In a folder the first of these kinds that occurs is read, and the rest left out.
KINDS = {"pages": PAGES, "table": (".parquet",), "lines": (".jsonl",), "rows": TABLES}
# What belongs beside pages without being one: hand labels, names and dates, a description.
_BESIDE_PAGES = ("labels.csv", "pages.csv", "README.md")
SUFFIXES = tuple(suffix for suffixes in KINDS.values() for suffix in suffixes)
# A partition is what is lost when a worker dies and what a resumed run repeats. It also bounds the number of files:
# 100 million sections are 25,000 of them.
PART_ROWS = 4_096
# Pages are read whole; this many bytes keep a partition's sections within some hundred megabytes.
PART_BYTES = 16_000_000
Stamp = tuple[int, int]  # bytes, time of change in ns


class ChangedInputError(OSError):
    """A file of the input changed during the run; the rows before and after do not belong together."""


@dataclass(frozen=True)
class Corpus:
    """What a path stands for. kind: ``pages`` (whole files), ``lines`` (.jsonl), ``table`` (.parquet) or ``rows``.

    ``skipped`` holds, for each entry of a folder that is not read, its name and why. ``stamps`` are those of the files
    when they were listed. Of tables, ``columns`` are theirs, and ``text_column`` and ``id_column`` those of text and id
    (``""``: rows are numbered).
    """

    path: Path
    kind: str
    files: tuple[Path, ...]
    stamps: tuple[Stamp, ...]
    skipped: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    text_column: str = "text"
    id_column: str = "section_id"

    @property
    def holds_sections(self) -> bool:
        """Whether its rows are sections already, not texts of some other table."""
        return {"section_id", "kind"} <= set(self.columns) and self.id_column == "section_id"


@dataclass(frozen=True)
class Partition:
    """One partition of a corpus of this kind.

    ``start`` and ``stop`` count bytes for lines and rows for tables; ``first_row`` is the partition's first row in its
    file, counted from 0; ``stamps`` are those of its files.
    """

    number: int
    kind: str
    paths: tuple[str, ...]
    start: int = 0
    stop: int = 0
    first_row: int = 0
    stamps: tuple[Stamp, ...] = ()
    columns: tuple[str, ...] = ()
    text_column: str = "text"
    id_column: str = "section_id"


def open_corpus(
    path: Path, any_ending: bool = False, text_column: str | None = None, id_column: str | None = None
) -> Corpus:
    """List a page, a table, or a folder of them, in the order of the names.

    A folder that holds several kinds is read as pages, or else as Parquet. With ``any_ending`` a file of an ending
    that is not known is a page of text. The columns of text and id of a table are those named, else those of the usual
    names (`choose_columns`).

    Raises ``ValueError``: nothing there, a link that leaves the folder, two pages of one name, the results of an
    unfinished run, or a table without a column of text.
    """
    if path.is_file():
        known = [kind for kind, suffixes in KINDS.items() if path.suffix.lower() in suffixes]
        if not known and not any_ending:
            raise ValueError(f"{path}: needs the ending {', '.join(SUFFIXES)}")
        kind, files, skipped = known[0] if known else "pages", [path], list[str]()
    elif path.is_dir():
        kind, files, skipped = _list_folder(path)
    else:
        raise ValueError(f"{path}: no such file or folder; check the name")
    if kind == "pages":
        check_ids(files)
    columns, text, name = _columns(kind, files, text_column, id_column)
    return Corpus(path, kind, tuple(files), tuple(map(file_stamp, files)), tuple(skipped), columns, text, name)


def _columns(
    kind: str, files: list[Path], text_column: str | None, id_column: str | None
) -> tuple[tuple[str, ...], str, str]:
    """Return the columns of tables, and which of them hold text and id (``""``: none does)."""
    if kind == "pages":
        if text_column or id_column:
            raise ValueError(f"{files[0]}: no table, so no column of it can be chosen; leave the option out")
        return (), "text", "section_id"
    if kind == "lines":
        columns = tuple(dict.fromkeys(name for file in files for name in line_columns(file)))
    elif kind == "table":
        columns = tuple(open_parquet(files[0]).schema_arrow.names)
    else:
        columns = tuple(dict.fromkeys(name for file in files for name in table_columns(file)))
    if not columns or ("section_id" in columns and text_column is None and id_column is None):
        return columns, "text", "section_id"
    text, name = choose_columns(files[0], columns, text_column, id_column)
    return columns, text, name or ""


def find_partitions(corpus: Corpus, part_rows: int = PART_ROWS) -> list[Partition]:
    """Return the partitions of a corpus in the order of its files; errors of the files as in `banmian.io.rows`."""
    chosen = (corpus.columns, corpus.text_column, corpus.id_column)
    stamp_of = dict(zip(corpus.files, corpus.stamps, strict=True))
    if corpus.kind == "pages":
        cut = [(group, 0, 0, 0) for group in _page_groups(corpus, part_rows)]
    else:
        spans = {"lines": line_spans, "table": row_spans, "rows": row_counts}[corpus.kind]
        cut = [((file,), *span) for file in corpus.files for span in spans(file, part_rows)]
    return [
        Partition(number, corpus.kind, tuple(map(str, group)), start, stop, first, stamps, *chosen)
        for number, (group, start, stop, first) in enumerate(cut)
        for stamps in [tuple(stamp_of[file] for file in group)]
    ]


def fingerprint(parts: list[Partition]) -> str:
    """Return one hash of what the partitions are cut from: names, sizes and times of change when they were listed.

    Contents are not read. A file changed within its size and its time of change would pass unseen.
    """
    digest = hashlib.sha256()
    stamps = {path: stamp for part in parts for path, stamp in zip(part.paths, part.stamps, strict=True)}
    for path, stamp in stamps.items():
        digest.update(json.dumps([Path(path).name, *stamp]).encode())
    for part in parts:
        digest.update(f"{part.start}:{part.stop}:{len(part.paths)};".encode())
    if parts and (parts[0].text_column, parts[0].id_column) != ("text", "section_id"):
        digest.update(f"{parts[0].text_column}:{parts[0].id_column}".encode())
    return digest.hexdigest()[:32]


def read_partition(part: Partition) -> Iterator[pd.DataFrame]:
    """Yield the partition's rows in order, in batches, as `banmian.io.rows` has them; pages as a column ``path``.

    Raises `ChangedInputError` if a file is not, before or after, as it was when it was listed.
    """
    _check_unchanged(part)
    if part.kind == "pages":
        for path in part.paths:
            yield pd.DataFrame({"path": [path]})
    else:
        yield from _table_frames(part, Path(part.paths[0]))
    _check_unchanged(part)


def _table_frames(part: Partition, path: Path) -> Iterator[pd.DataFrame]:
    columns = part.columns if part.kind != "table" else open_parquet(path).schema_arrow.names
    names = column_map(columns, part.text_column, part.id_column)
    if part.kind == "table":
        yield from read_parquet_rows(path, part.start, part.stop, names)
        return
    lines = part.kind == "lines"
    batches = (
        read_lines(path, part.start, part.stop, part.first_row) if lines else read_counted(path, part.start, part.stop)
    )
    for rows in batches:
        yield rows_frame(rows, names)


def _list_folder(path: Path) -> tuple[str, list[Path], list[str]]:
    """Return the kind, the files of that kind, and what of the folder is not read."""
    if (path / "_run.json").is_file() and not (path / "_manifest.json").is_file():
        raise ValueError(f"{path}: its run has not finished; start the same command again, it does what is missing")
    found = list_files(path)
    for kind, suffixes in KINDS.items():
        # Parquet writers, ours too, keep their notes in files that begin with an underscore.
        notes = () if kind == "pages" else (".", "_")
        files = [
            item for item in found if item.suffix.lower() in suffixes and not (notes and item.name.startswith(notes))
        ]
        files = [item for item in files if kind != "pages" or is_page(item)]
        if files:
            return kind, files, _skipped(path, {file.name for file in files}, ", ".join(suffixes))
    raise ValueError(f"{path}: no {', '.join(SUFFIXES)} file in this folder; name a file or a folder that holds some")


def _skipped(path: Path, taken: set[str], endings: str) -> list[str]:
    skipped = []
    for item in sorted(path.iterdir(), key=str):
        if item.name not in {*taken, *_BESIDE_PAGES} and not item.name.startswith((".", "_")):
            loop = item.is_symlink() and not item.exists()
            why = "broken link" if loop else "folder" if item.is_dir() else f"not {endings}"
            skipped.append(f"{item.name!r} ({why})")
    return skipped


def _page_groups(corpus: Corpus, most: int) -> Iterator[tuple[Path, ...]]:
    group: list[Path] = []
    size = 0
    for file, (n_bytes, _) in zip(corpus.files, corpus.stamps, strict=True):
        if group and (size + n_bytes > PART_BYTES or len(group) == most):
            yield tuple(group)
            group, size = [], 0
        group.append(file)
        size += n_bytes
    yield tuple(group)


def file_stamp(path: Path) -> Stamp:
    """Return a file's size and time of change."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _check_unchanged(part: Partition) -> None:
    for path, stamp in zip(part.paths, part.stamps, strict=False):
        try:
            changed = file_stamp(Path(path)) != stamp
        except OSError:
            changed = True
        if changed:
            raise ChangedInputError(f"{path}: changed since the run began; start again when nothing writes to it")
