"""What the labeller remembers: which section lies on the desk, what was answered, where the answers are kept."""

import codecs
import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from banmian.io.atomic import atomic_write
from banmian.labels.scheme import COLUMNS, LABELS

# How many sections `suggest` is asked for at a time, and among how many, spread evenly over those that are left: it may
# need a hundredth of a second for each, and a reader should not wait for more than a few seconds.
BATCH, POOL = 10, 300
# A spreadsheet takes a cell that begins like this for a formula and may run it.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LOCK_SECONDS = 30
_FIRST = 12  # characters of a section kept with its label, to notice when its pages have changed


class AnnotationSession:
    """Sections to label, one at a time; every answer is in the file before the next section comes up.

    Parameters
    ----------
    sections : rows of `split_sections`; those of kind body are labelled.
    answers : CSV to write and, if it is there, to go on from. Its rows are what `read_labels` reads: doc_id, start,
        end, first, label; columns and rows of others stay as they are.
    suggest : texts, n -> positions of the ``n`` texts to label next, the most useful first. None: as they stand.
    labels : ids to choose from.

    Raises ``ValueError`` when the file lacks a column.
    """

    def __init__(
        self,
        sections: pd.DataFrame,
        answers: Path,
        suggest: Callable[[Sequence[str], int], Sequence[int]] | None = None,
        labels: Sequence[str] = tuple(LABELS),
    ) -> None:
        self.sections = sections[sections["kind"] == "body"].reset_index(drop=True)
        self.answers = Path(answers)
        self.labels = list(labels)
        self._suggest = suggest or (lambda texts, n: range(min(n, len(texts))))
        rows = zip(self.sections["doc_id"], self.sections["spans"], strict=True)
        self._keys = [(doc_id, str(min(s for s, _ in spans)), str(max(e for _, e in spans))) for doc_id, spans in rows]
        done = {_key(row) for row in read_rows(self.answers)}
        self.done = [key in done for key in self._keys]
        self._skipped: set[int] = set()
        self._queue: list[int] = []
        # For undo: the section, whether it was answered or skipped, and the row that stood in the file before.
        self._steps: list[tuple[int, bool, dict[str, str] | None]] = []
        self.current: int | None = None
        self._advance()

    @property
    def progress(self) -> tuple[int, int]:
        """How many sections have a label, and how many there are."""
        return sum(self.done), len(self.done)

    def answer(self, label: str) -> None:
        """Label the current section, write it down, and take the next one. ``ValueError`` for an unknown label."""
        if label not in self.labels:
            raise ValueError(f"unknown label {label!r}; known: {', '.join(self.labels)}")
        if self.current is None:
            return
        i = self.current
        doc_id, start, end = self._keys[i]
        first = "".join(self.sections["text"].iloc[i].split())[:_FIRST]
        if first.startswith(_FORMULA) or not first.isprintable():
            first = ""  # as good as any beginning to `read_labels`
        row = {"doc_id": doc_id, "start": start, "end": end, "first": first, "label": label}
        self._steps.append((i, True, self._put(i, row)))
        self.done[i] = True
        self._advance()

    def skip(self) -> None:
        """Take the next section; this one comes back when all others have been seen."""
        if self.current is not None:
            self._steps.append((self.current, False, None))
            self._skipped.add(self.current)
            self._advance()

    def undo(self) -> bool:
        """Take back the last answer or skip and put its section on the desk again; False when there is none."""
        if not self._steps:
            return False
        i, answered, before = self._steps.pop()
        if answered:
            self._put(i, before)
            self.done[i] = before is not None
        self._skipped.discard(i)
        if self.current is not None:
            self._queue.insert(0, self.current)
        self.current = i
        return True

    def _put(self, i: int, row: dict[str, str] | None) -> dict[str, str] | None:
        """Write or (None) remove the row of one section; return the row that stood there, or None.

        The file is read again first, under a lock: another session may write there, or a person may have corrected it.
        """
        with _locked(self.answers):
            rows = read_rows(self.answers)
            at = next((n for n, old in enumerate(rows) if _key(old) == self._keys[i]), None)
            before = None if at is None else rows[at]
            if row is None:
                rows = [old for old in rows if _key(old) != self._keys[i]]
            elif at is None:
                rows.append(row)
            else:
                rows[at] = {**rows[at], **row}
            write_rows(self.answers, rows)
        return before

    def _advance(self) -> None:
        self._queue = [i for i in self._queue if not self.done[i] and i not in self._skipped]
        if not self._queue:
            left = [i for i, done in enumerate(self.done) if not done]
            if not (fresh := [i for i in left if i not in self._skipped]):
                self._skipped.clear()
                fresh = left
            fresh = fresh[:: ceil(len(fresh) / POOL) or 1]
            chosen = self._suggest(self.sections["text"].iloc[fresh].tolist(), min(BATCH, len(fresh))) if fresh else []
            # `suggest` may have no opinion on what is left (empty or odd texts): then as they stand.
            self._queue = [fresh[int(n)] for n in chosen] or fresh
        self.current = self._queue.pop(0) if self._queue else None


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file of labels, none where there is no file yet or an empty one.

    UTF-8, UTF-16 and GB 18030 (as Excel saves on a Chinese Windows) are read, separated by commas or tabs.

    Raises ``ValueError``, naming the file: another encoding, a missing column, two columns of one name, a row with more
    cells than there are columns. Nothing of such a file is changed.
    """
    text = _decode(path.read_bytes(), path) if path.is_file() else ""
    if not text.strip():
        return []
    header = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in header else ",")
    try:
        names = list(reader.fieldnames or [])
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{path}: two columns {twice}; rename one of them")
        if missing := [name for name in COLUMNS[:5] if name not in names]:
            raise ValueError(f"{path}: columns {missing} are missing; name another file for your answers")
        rows = []
        for row in reader:
            if None in row:
                raise ValueError(
                    f"{path}, line {reader.line_num}: more cells than columns; name them, or quote the commas"
                )
            rows.append({name: value or "" for name, value in row.items()})
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: no CSV ({error}); correct it there") from error
    return rows


def _decode(data: bytes, path: Path) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if utf16 else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(f"{path}: in no encoding known here; save it as CSV in UTF-8")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file of labels; ``ValueError`` if another holds it for half a minute."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise ValueError(f"{path}: another session has held it for {_LOCK_SECONDS} s; answer again") from error


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """Write the rows whole or not at all, and make sure that the disk has them: they are a person's work."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys([*(name for row in rows for name in row), *COLUMNS[:5]]))
    with atomic_write(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())


def _key(row: dict[str, str]) -> tuple[str, str, str]:
    return row["doc_id"], row["start"], row["end"]
