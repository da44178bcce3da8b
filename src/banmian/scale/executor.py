"""All partitions of a folder, in this process or on a Dask cluster; what is done stays done."""

import fcntl
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from banmian.io.atomic import atomic_write
from banmian.partitions import Partition, fingerprint
from banmian.scale.cluster import as_completed
from banmian.scale.worker import RECEIPTS, SET_ASIDE, run_part

RUN, MANIFEST, LOCK = "_run.json", "_manifest.json", "_lock"
# Folders inside the output where earlier stages of a command keep what they made.
STAGES = SECTIONS, ALONE, TWINS = ("_sections", "_alone", "_twins")
_OURS = re.compile(r"\.((pages-)*(part|keys|pairs)-\d{5,}\.(parquet|json|jsonl)|_run\.json|_manifest\.json)\.banmian-")


@contextmanager
def open_folder(out: Path) -> Iterator[None]:
    """Make the output folder and hold its lock; at the end sweep up what killed workers left half written.

    Raises ``ValueError`` if it cannot be made or another run holds it.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / LOCK).open("a")
    except OSError as error:
        raise ValueError(
            f"{out}: cannot be written ({error.strerror}); choose a folder that you may write to"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ValueError(f"{out}: another run is writing there; wait for it or choose another folder") from error
        try:
            yield
        finally:
            _sweep(out)


def _sweep(out: Path) -> None:
    """Delete half written parts and notes, in folders alone that a note of a run says are ours.

    We hold the folder's lock, so no other process writes such a file there; workers of ours elsewhere have been
    stopped, and write a part anew if they have not.
    """
    for folder in (out, *(out / name for name in STAGES), *(out / a / b for a in STAGES for b in STAGES)):
        if (folder / RUN).is_file() or (folder.name == TWINS and (folder.parent / ALONE / RUN).is_file()):
            for inner in (folder, folder / RECEIPTS, folder / SET_ASIDE):
                for leftover in inner.glob(".*.banmian-*.part"):
                    if _OURS.match(leftover.name):
                        leftover.unlink(missing_ok=True)


def run_parts(
    parts: list[Partition], out: Path, step: Any, settings: dict[str, Any], client: Any = None, progress: bool = False
) -> dict[str, Any]:
    """Do every partition that is not done yet; return the manifest, which is also written to ``out``.

    Parameters
    ----------
    parts : what `find_partitions` gave.
    step : a `Step`: function of a module, or ``functools.partial`` of one; with a client also a Dask future of one.
    settings : what the results rest on besides the input; results made with others are not mixed with these.
    client : Dask client; None does the same work in this process, one partition after the other.

    The manifest: settings, input (fingerprint), rows_in, rows, set_aside, bytes (sums), parts (receipts in order) and
    lost (partitions that took down their workers, among others and by themselves). The rows are the same, in the same
    order of files and rows, with and without a client.

    Raises ``ValueError``: ``out`` holds another run's results or cannot be written, or the cluster went away. What is
    done stays done, and the same call does the rest.
    """
    run = _claim(out, parts, settings)
    for folder in (out / RECEIPTS, out / SET_ASIDE):
        folder.mkdir(exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    receipts: dict[int, dict[str, Any]] = {}
    lost: list[dict[str, Any]] = []
    title = str(settings.get("step", "partitions"))
    with tqdm(total=len(parts), desc=title, unit=" parts", disable=None if progress else True) as bar:
        try:
            for part, result in _results(parts, out, step, run, client):
                if isinstance(result, str):
                    lost.append({"part": part.number, "paths": part.paths, "start": part.start, "error": result})
                else:
                    receipts[part.number] = result
                bar.update()
        except (OSError, ValueError, MemoryError) as error:
            raise ValueError(
                f"{out}: stopped after {len(receipts)} of {len(parts)} partitions: {error or type(error).__name__}; "
                "put that right and start the same command again, it does what is missing"
            ) from error
    ordered = [receipts[number] for number in sorted(receipts)]
    sums = {name: sum(receipt[name] for receipt in ordered) for name in ("rows_in", "rows", "set_aside", "bytes")}
    manifest = {"settings": settings, "input": fingerprint(parts), **sums, "parts": ordered, "lost": lost}
    if not lost:  # with a partition missing the folder stays unfinished, and a second start tries it again
        write_manifest(out, manifest)
    return manifest


def write_manifest(out: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a finished run."""
    with atomic_write(out / MANIFEST) as temporary:
        temporary.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


def read_results(out: Path, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """Yield the rows of a finished run, one partition at a time, in order."""
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    for receipt in manifest["parts"]:
        if receipt["file"]:
            yield pd.read_parquet(out / receipt["file"], columns=columns)


def _results(
    parts: list[Partition], out: Path, step: Any, run: str, client: Any
) -> Iterator[tuple[Partition, dict[str, Any] | str]]:
    """Yield (partition, receipt, or why it was lost) as they come; nothing is left running at the end."""
    if client is None:
        for part in parts:
            yield part, run_part(part, out, step, run)
        return
    from distributed import CancelledError, KilledWorker

    def tried(group: list[Partition]) -> Iterator[tuple[Partition, dict[str, Any] | None]]:
        futures = client.map(run_part, group, out=out, step=step, run=run, pure=False)
        part_of = {future.key: part for future, part in zip(futures, group, strict=True)}
        for future in as_completed(client, futures):
            try:
                yield part_of[future.key], future.result()
            except KilledWorker:
                yield part_of[future.key], None
            except CancelledError as error:
                raise ValueError("the cluster went away") from error

    # A worker's death is blamed on all that stood in its queue, so those blamed are tried once more, each by itself.
    blamed: list[Partition] = []
    for part, receipt in tried(parts):
        if receipt is None:
            blamed.append(part)
        else:
            yield part, receipt
    for suspect in blamed:
        for part, receipt in tried([suspect]):
            yield part, "took down its workers, by itself too" if receipt is None else receipt


def _claim(out: Path, parts: list[Partition], settings: dict[str, Any]) -> str:
    """Make sure that ``out`` is this run's; return the run's key, which every receipt carries."""
    run = {"settings": settings, "input": fingerprint(parts), "partitions": len(parts)}
    text = json.dumps(run, ensure_ascii=False, sort_keys=True, indent=1)
    path = out / RUN
    if path.is_file():
        if path.read_text(encoding="utf-8") != text:
            raise ValueError(
                f"{out}: holds results of other input or other settings (see {RUN} there); choose another folder"
            )
    elif foreign := [name for name in (MANIFEST, RECEIPTS, SET_ASIDE) if (out / name).exists()] + [
        file.name for file in out.glob("part-*.parquet")
    ]:
        raise ValueError(f"{out}: holds {foreign[0]}, which this command did not write; choose an empty folder")
    else:
        with atomic_write(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:32]
