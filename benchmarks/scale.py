"""How cost grows: each stage by itself on two workers, at several sizes, with the exponent that fits.

    python benchmarks/scale.py [--sizes 1000 10000 100000] [--label-sizes 1000 10000] [--workers 2] [--rows FILE]

Sections are drawn from the corpora (see `terms.data_folder`) in a fixed order and cut to about 400 characters; where
they run out they are repeated with every number in them changed, so that no text occurs twice. Stages:

    copy      Parquet in, the same rows out: the engine alone
    sections  pages of twenty sections to sections, duplicates not looked for
    twins     the same story twice, over all partitions: sketches, meetings, comparisons
    topics    fit on a sample, place every section
    label     embed, label, give reasons

Every row is measured in a process of its own with a fresh cluster. Seconds are wall time without the start of the
cluster. CPU seconds are the workers' and the driver's own together, which other programs on the machine disturb little,
so the exponents are theirs; memory is the greatest of any worker's peak, and the driver's. The exponent b of
seconds ~ n**b is the slope of a line through the logarithms: 1 is linear, and a fixed cost per run or process (loading
models) makes it smaller. With --rows, rows are added to FILE as they come and those that it holds are not run again.
"""

import argparse
import itertools
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.io.tables import write_rows
from banmian.partitions import PART_ROWS, find_partitions, open_corpus
from banmian.pipeline.rows import body_rows
from banmian.scale import jobs
from banmian.scale.cluster import open_cluster
from banmian.scale.executor import open_folder, run_parts
from banmian.scale.near_duplicates import find_across_partitions
from banmian.scale.worker import peak_megabytes
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


def write_files(n: int, folder: Path) -> list[Path]:
    """Write n sections as the partition files of a run; return their paths."""
    folder.mkdir()
    texts = enumerate(sections(n))
    paths: list[Path] = []
    for block in iter(lambda: list(itertools.islice(texts, PART_ROWS)), []):
        paths.append(folder / f"part-{len(paths):05d}.parquet")
        told = [text for _, text in block]
        write_rows(
            [pd.DataFrame({"section_id": [str(i) for i, _ in block], "kind": "body", "simplified": told})], paths[-1]
        )
    return paths


def copied(n: int, source: Path, out: Path, client: Any) -> None:
    """Run the engine with a step that does nothing but check the rows."""
    run_parts(find_partitions(open_corpus(source)), out, body_rows, {"step": "copy"}, client)


def cut(n: int, source: Path, out: Path, client: Any) -> None:
    """Pages to sections."""
    run_parts(find_partitions(open_corpus(source)), out, jobs.page_sections, {"step": "sections"}, client)


def twins_of(n: int, source: Path, out: Path, client: Any) -> None:
    """The same story in any two partitions."""
    find_across_partitions(sorted(source.iterdir()), out, client)


def topics_of(n: int, source: Path, out: Path, client: Any) -> None:
    """Fit twenty topics to the sample and place every section."""
    jobs.run_topics(open_corpus(source), out, client, n_topics=20)


def labelled(n: int, source: Path, out: Path, client: Any) -> None:
    """Label every section."""
    jobs.run_labels(open_corpus(source), out, client)


Stage = tuple[str, Callable[[int, Path], Any], Callable[[int, Path, Path, Any], None]]
STAGES: dict[str, Stage] = {
    "copy": ("rows.parquet", write_table, copied),
    "sections": ("pages", write_pages, cut),
    "twins": ("parts", write_files, twins_of),
    "topics": ("rows.parquet", write_table, topics_of),
    "label": ("rows.parquet", write_table, labelled),
}


def measure(stage: str, n: int, workers: int) -> Row:
    """Run one stage on a fresh cluster; returns the row."""
    name, write, work = STAGES[stage]
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / name, Path(folder) / "out"
        write(n, source)
        began_driver = time.process_time()
        with open_folder(out), open_cluster(workers=workers) as client:
            before = sum(client.run(time.process_time).values())
            began = time.perf_counter()
            work(n, source, out, client)
            seconds = time.perf_counter() - began
            cpu = sum(client.run(time.process_time).values()) - before
            peak = max(client.run(peak_megabytes).values())
        driver = time.process_time() - began_driver
        written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    return {
        "stage": stage,
        "sections": n,
        "seconds": round(seconds, 1),
        "cpu": round(cpu + driver, 2),
        "driver_cpu": round(driver, 2),
        "peak_mb": peak,
        "driver_peak_mb": peak_megabytes(),
        "written_mb": round(written, 1),
    }


def measured_apart(stage: str, n: int, workers: int) -> Row:
    """The same in a process of its own, so that the driver's peak is this row's."""
    command = [sys.executable, __file__, "--one", stage, "--sizes", str(n), "--workers", str(workers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def exponent(rows: list[Row]) -> float:
    """Return b of CPU seconds ~ sections**b, by least squares on the logarithms."""
    x, y = ([math.log(max(r[name], 1e-3)) for r in rows] for name in ("sections", "cpu"))
    return float(np.polyfit(x, y, 1)[0]) if len(rows) > 1 else float("nan")


def table_line(r: Row) -> str:
    """One row of the printed table."""
    told = f"{r['seconds']:.0f} | {r['cpu']:.1f} | {r['sections'] / r['cpu']:.0f} | {r['peak_mb']} | "
    return f"| {r['stage']} | {r['sections']:,} | {told}{r['driver_peak_mb']} | {r['written_mb']:.1f} |"


def main() -> None:
    """Print one line a stage and size, and the exponents."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--label-sizes", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--stages", nargs="+", default=list(STAGES), choices=list(STAGES))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=Path, help="file of rows already measured, to which new ones are added")
    parser.add_argument("--one", choices=list(STAGES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not (data_folder() / "corpora").is_dir():
        print(f"{data_folder()}: no corpora there; set BANMIAN_DATA. Nothing measured.")
        return
    if options.one:
        print(json.dumps(measure(options.one, options.sizes[0], options.workers)))
        return
    kept = options.rows.read_text(encoding="utf-8").splitlines() if options.rows and options.rows.exists() else []
    known = {(r["stage"], r["sections"]): r for r in map(json.loads, kept)}
    print("| stage | sections | seconds | CPU s | sections a CPU s | peak MB a worker | of the driver | MB written |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    fitted = {}
    for stage in options.stages:
        rows = []
        for n in options.label_sizes if stage == "label" else options.sizes:
            r = known.get((stage, n)) or measured_apart(stage, n, options.workers)
            rows.append(r)
            print(table_line(r), flush=True)
            if options.rows and (stage, n) not in known:
                with options.rows.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(r) + "\n")
        fitted[stage] = exponent(rows)
    print("\nexponents: " + ", ".join(f"{stage} {value:.2f}" for stage, value in fitted.items()))


if __name__ == "__main__":
    main()
