"""How cost grows: each stage by itself on two workers, at several sizes, with the exponent that fits.

    python benchmarks/scale.py [--sizes 1000 10000 100000] [--label-sizes 300 1000 3000] [--workers 2]

Sections are drawn from the corpora (see `terms.data_folder`) in a fixed order and cut to about 400 characters; where
they run out they are repeated with every number in them changed, so that no text occurs twice. Stages:

    copy      Parquet in, the same rows out: the engine alone
    sections  pages of twenty sections to sections
    twins     the same story twice, `reading.duplicates`, one process (no partitions)
    topics    fit on a sample, place every section
    label     embed, label, give reasons

Seconds are wall time without the start of the cluster. CPU seconds are the workers' own, which other programs on the
machine disturb little, so the exponents are theirs; memory is the greatest of any worker's peak (for twins the
process's own). The exponent b of seconds ~ n**b is the slope of a line through the logarithms: 1 is linear, and a
fixed cost per run or process (loading models) makes it smaller. What the driver does alone (drawing the sample of
topics, fitting it) is in the seconds only.
"""

import argparse
import itertools
import json
import math
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.reading.duplicates import find_duplicates
from banmian.scale import runs
from banmian.scale.engine import open_cluster, open_folder, run_parts
from banmian.scale.parts import find_parts
from banmian.scale.steps import body_rows
from banmian.scale.work import peak_megabytes
from banmian.tables import write_rows
from terms import data_folder, read_corpus

LENGTH = 400
CORPORA = ("peoples_daily_2023", "cctv_2022_2026", "taiwan_2017")
Row = dict[str, Any]


def sections(n: int) -> Iterator[str]:
    """Yield ``n`` different texts of at most 400 characters, ends of articles of at least 100 among them."""
    pieces = []
    for name in CORPORA:
        for text in read_corpus(name):
            pieces += [text[i : i + LENGTH] for i in range(0, len(text), LENGTH) if len(text) - i >= 100]
    order = np.random.default_rng(0).permutation(len(pieces))
    for number, i in enumerate(itertools.islice(itertools.cycle(order), n)):
        turn = number // len(order)
        digits = str.maketrans("0123456789", "".join(str((digit + turn) % 10) for digit in range(10)))
        yield pieces[i].translate(digits) + (f"（{turn}）" if turn else "")


def write_table(n: int, path: Path) -> None:
    """Write n sections as Parquet of {id, text} in row groups of 10,000."""
    texts = sections(n)
    blocks = iter(lambda: list(itertools.islice(texts, 10_000)), [])
    write_rows(
        (pd.DataFrame({"id": range(k * 10_000, k * 10_000 + len(b)), "text": b}) for k, b in enumerate(blocks)), path
    )


def write_pages(n: int, folder: Path) -> None:
    """Write n sections as text files of twenty."""
    folder.mkdir()
    texts = sections(n)
    for number, block in enumerate(iter(lambda: list(itertools.islice(texts, 20)), [])):
        (folder / f"{number:07d}.txt").write_text("\n\n".join(block), encoding="utf-8")


def copied(path: Path, out: Path, client: Any) -> dict[str, Any]:
    """Run the engine with a step that does nothing but check the rows."""
    return run_parts(find_parts(path), out, body_rows, {"step": "copy"}, client)


def topics_of(path: Path, out: Path, client: Any) -> dict[str, Any]:
    """Fit twenty topics to the sample and place every section."""
    return runs.run_topics(path, out, client, n_topics=20)[0]


STAGES: dict[str, Callable[[Path, Path, Any], dict[str, Any]]] = {
    "copy": copied,
    "sections": runs.run_sections,
    "topics": topics_of,
    "label": runs.run_labels,
}


def measure(stage: str, n: int, workers: int, folder: Path) -> Row:
    """Run one stage on a fresh cluster; returns stage, rows, seconds, peak_mb, megabytes."""
    source, out = folder / "source", folder / "out"
    source.mkdir()
    path = source / ("pages" if stage == "sections" else "rows.parquet")
    (write_pages if stage == "sections" else write_table)(n, path)
    with open_folder(out), open_cluster(workers=workers) as client:
        began = time.perf_counter()
        STAGES[stage](path, out, client)
        seconds = time.perf_counter() - began
    # From the receipts, not the manifest: sections are made in two stages, each with receipts of its own.
    receipts = [json.loads(path.read_text(encoding="utf-8")) for path in out.rglob("_receipts/*.json")]
    peak, cpu = max(r["peak_mb"] for r in receipts), sum(r["cpu_seconds"] for r in receipts)
    shutil.rmtree(source)
    shutil.rmtree(out)
    return row(stage, n, seconds, cpu, peak, sum(r["bytes"] for r in receipts) / 1e6)


def row(stage: str, n: int, seconds: float, cpu: float, peak: int, megabytes: float) -> Row:
    """One line of the table."""
    return {"stage": stage, "sections": n, "seconds": seconds, "cpu": cpu, "peak_mb": peak, "written_mb": megabytes}


def _twins(n: int, answer: Any) -> None:
    frame = pd.DataFrame({"section_id": map(str, range(n)), "text": list(sections(n))})
    frame["simplified"] = frame["text"]
    began, cpu_began = time.perf_counter(), time.process_time()
    find_duplicates(frame)
    answer.put((time.perf_counter() - began, time.process_time() - cpu_began, peak_megabytes()))


def measure_twins(n: int) -> Row:
    """Find duplicates in a process of its own, whose peak memory is then this stage's."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_twins, args=(n, answer))
    process.start()
    seconds, cpu, peak = answer.get()
    process.join()
    return row("twins", n, seconds, cpu, peak, 0.0)


def exponent(rows: list[Row]) -> float:
    """Return b of CPU seconds ~ sections**b, by least squares on the logarithms."""
    x, y = ([math.log(r[name]) for r in rows] for name in ("sections", "cpu"))
    return float(np.polyfit(x, y, 1)[0]) if len(rows) > 1 else float("nan")


def main() -> None:
    """Print one line a stage and size, and the exponents."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--label-sizes", type=int, nargs="*", default=[300, 1_000, 3_000])
    parser.add_argument("--stages", nargs="+", default=["copy", "sections", "twins", "topics", "label"])
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not (data_folder() / "corpora").is_dir():
        print(f"{data_folder()}: no corpora there; set BANMIAN_DATA. Nothing measured.")
        return
    print("| stage | sections | seconds | CPU seconds | sections a CPU second | peak MB a worker | MB written |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    fitted = {}
    for stage in options.stages:
        rows = []
        for n in options.label_sizes if stage == "label" else options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                r = measure_twins(n) if stage == "twins" else measure(stage, n, options.workers, Path(folder))
            rows.append(r)
            cells = f"{r['seconds']:.1f} | {r['cpu']:.1f} | {n / r['cpu']:.0f} | {r['peak_mb']} | {r['written_mb']:.1f}"
            print(f"| {stage} | {n:,} | {cells} |", flush=True)
        fitted[stage] = exponent(rows)
    print("\nexponents: " + ", ".join(f"{stage} {value:.2f}" for stage, value in fitted.items()))


if __name__ == "__main__":
    main()
