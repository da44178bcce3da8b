"""What a worker does with one partition: rows through a step, a whole file, and a receipt that says it is done."""

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.io.tables import write_jsonl, write_parquet
from banmian.partitions import Partition, read_partition

# Takes rows, gives rows; must not depend on which rows stand together, and must raise on rows that it cannot take.
Step = Callable[[pd.DataFrame], pd.DataFrame]
RECEIPTS, SET_ASIDE = "_receipts", "_set_aside"
# The machine's troubles, not a row's: another row would meet them too.
_OF_THE_MACHINE = (OSError, MemoryError)


def run_part(part: Partition, out: Path, step: Step, run: str) -> dict[str, Any]:
    """Do one partition, unless its receipt and its file show that it has been done; return the receipt.

    Writes ``part-00007.parquet`` (none if no row came out), ``_set_aside/part-00007.jsonl`` (rows on which the step
    failed, each with its error; none if there were none) and last ``_receipts/part-00007.json``. All three are renamed
    into place, and a receipt is believed only with the file that it hashes, so a worker may die at any moment and the
    partition be done again, here or elsewhere.

    The receipt: part, run, rows_in, rows, set_aside, file (name or null), sha256, bytes, seconds, cpu_seconds,
    peak_mb (of the process until then).

    Raises OSError and MemoryError as they come, ``ValueError`` where ``out`` cannot be written, and whatever the step
    raises on a frame without rows, which is the step's fault and not a row's.
    """
    name = f"part-{part.number:05d}"
    file, aside, receipt_file = out / f"{name}.parquet", out / SET_ASIDE / f"{name}.jsonl", receipt_path(part, out)
    if (done := read_receipt(part, out, run)) is not None:
        return done
    began, cpu_began = time.perf_counter(), time.process_time()
    failures: list[dict[str, Any]] = []
    count = {"rows_in": 0, "rows": 0}

    def results() -> Iterator[pd.DataFrame]:
        for batch in read_partition(part):
            count["rows_in"] += len(batch)
            for frame in apply_step(step, batch, failures, part.paths):
                if len(frame):
                    count["rows"] += len(frame)
                    yield frame.reset_index(drop=True)

    frames = results()
    first = next(frames, None)
    file.unlink(missing_ok=True)
    if first is not None:
        with atomic_write(file) as temporary:
            write_parquet(chain([first], frames), temporary)
    aside.unlink(missing_ok=True)
    if failures:
        with atomic_write(aside) as temporary, temporary.open("w", encoding="utf-8") as lines:
            write_jsonl([pd.DataFrame(failures)], lines)
    receipt = {
        "part": part.number,
        "run": run,
        **count,
        "set_aside": len(failures),
        "file": file.name if count["rows"] else None,
        "sha256": hash_file(file) if count["rows"] else None,
        "bytes": file.stat().st_size if count["rows"] else 0,
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": round(time.process_time() - cpu_began, 3),
        "peak_mb": peak_megabytes(),
    }
    with atomic_write(receipt_file) as temporary:
        temporary.write_text(json.dumps(receipt), encoding="utf-8")
    return receipt


def apply_step(
    step: Step, frame: pd.DataFrame, failures: list[dict[str, Any]], paths: tuple[str, ...] = ()
) -> Iterator[pd.DataFrame]:
    """Yield the step's results in the order of the rows; rows on which it fails are added to ``failures``.

    A failing frame is halved until the rows at fault stand alone: one bad row among 512 costs ten more calls.
    """
    try:
        result = step(frame)
    except _OF_THE_MACHINE:
        raise
    except Exception as error:
        if len(frame) > 1:
            middle = len(frame) // 2
            for half in (frame.iloc[:middle], frame.iloc[middle:]):
                yield from apply_step(step, half, failures, paths)
            return
        step(frame.iloc[:0])  # raises if the step itself is broken, or its model is missing
        failures.append(_failure(frame, error, paths))
        return
    yield result


def read_receipt(part: Partition, out: Path, run: str) -> dict[str, Any] | None:
    """Return a partition's receipt if it is of this run and its file is whole, else None."""
    try:
        receipt: dict[str, Any] = json.loads(receipt_path(part, out).read_text(encoding="utf-8"))
        if receipt["run"] == run and (receipt["file"] is None or hash_file(out / receipt["file"]) == receipt["sha256"]):
            return receipt
    except (OSError, ValueError, KeyError):
        pass  # no receipt, no file, or not ours: all mean that the work is still to be done
    return None


def receipt_path(part: Partition, out: Path) -> Path:
    """Where the receipt of a partition is kept."""
    return out / RECEIPTS / f"part-{part.number:05d}.json"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def peak_megabytes() -> int:
    """Return the most memory that this process has held at any time, in MB (10**6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6)


def _failure(row: pd.DataFrame, error: Exception, paths: tuple[str, ...]) -> dict[str, Any]:
    # Without the columns that another row brought into the frame: their nan is no JSON.
    content = {
        name: value
        for name, value in row.iloc[0].to_dict().items()
        if not (isinstance(value, float) and value != value)
    }
    return {
        "source": str(content.get("path", paths[0] if paths else "")),
        "row": int(row.index[0]) + 1,
        "error": f"{type(error).__name__}: {error}"[:1000],
        "content": json.dumps(content, ensure_ascii=False, default=str),
    }
