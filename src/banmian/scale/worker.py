"""What a worker does with one partition: rows through a step, a whole file, and a receipt that says it is done."""

import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.io.tables import write_jsonl, write_parquet
from banmian.partitions import Partition, read_partition
from banmian.pipeline.rows import Rejected, Step, apply_step

RECEIPTS, SET_ASIDE = "_receipts", "_set_aside"


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
    rejected: list[Rejected] = []
    count = {"rows_in": 0, "rows": 0}

    def results() -> Iterator[pd.DataFrame]:
        for batch in read_partition(part):
            count["rows_in"] += len(batch)
            for frame in apply_step(step, batch, rejected, part.paths):
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
    if rejected:
        with atomic_write(aside) as temporary, temporary.open("w", encoding="utf-8") as lines:
            write_jsonl([pd.DataFrame(rejected)], lines)
    receipt = {
        "part": part.number,
        "run": run,
        **count,
        "set_aside": len(rejected),
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
