"""Fast on one machine: each step beside what people use, in one run.

    python benchmarks/speed.py [--label-sections 600]

Segmentation beside `jieba.cut` (the same tokens: `segmentation.py`); embedding beside sentence-transformers, if that is
installed and BANMIAN_PEER names a model in a folder; labelling from Parquet to Parquet at two sizes, so that the fixed
cost is apart and flat memory shows; starting up. Labelling and starting are measured from outside, as processes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from banmian.models.embed import embed
from banmian.models.shipped import shipped_labeller
from banmian.paths import ROOT
from banmian.words.segment import Segmenter
from scale import sections, write_table
from segmentation import best_seconds, plain_jieba
from terms import data_folder

BANMIAN = str(Path(sys.executable).parent / "banmian")


def run(*arguments: str) -> tuple[float, int]:
    """Run a command; return its seconds and its peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen([BANMIAN, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"banmian {' '.join(arguments)} failed; run it by hand to see why")
    return time.perf_counter() - began, round(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)


def line(step: str, ours: str, peer: str, goal: str) -> None:
    """Print one row of the table."""
    print(f"| {step} | {ours} | {peer} | {goal} |", flush=True)


def bench_words() -> None:
    """Segmentation with the lexicon, against jieba.cut with the same lexicon."""
    texts = list(sections(2_000))
    ours, peer = best_seconds(Segmenter().tokens, texts), best_seconds(plain_jieba(), texts)
    size = sum(map(len, texts))
    told = f"{size / ours / 1e6:.2f} M characters/s"
    line("segmentation", f"{told}, {peer / ours:.1f} times", f"jieba.cut {size / peer / 1e6:.2f} M/s", "10 times")


def bench_embedding() -> None:
    """Embedding of sections of 400 characters, and of the same ones each given ten times."""
    texts = list(sections(300))
    embed(texts[:8])
    began = time.perf_counter()
    embed(texts)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    embed(texts[:60] * 10)
    repeated = time.perf_counter() - began
    line("embedding", f"{300 / seconds:.0f} sections/s", embedding_peer(texts), "100/s on two idle cores")
    line("embedding, each text ten times", f"{600 / repeated:.0f} sections/s", "", "each distinct text once")


def embedding_peer(texts: list[str]) -> str:
    """The same texts through a sentence-transformers model, or why not."""
    name = os.environ.get("BANMIAN_PEER")
    if not name:
        return "sentence-transformers: not run (BANMIAN_PEER is not set)"
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(name)
    began = time.perf_counter()
    encoder.encode(texts[:100])
    return f"{name}: {100 / (time.perf_counter() - began):.0f} sections/s"


def bench_label(n: int, folder: Path) -> None:
    """Label Parquet to Parquet at n and 3n sections."""
    shipped_labeller(progress=False)  # kept from here on
    taken = []
    for size in (n, 3 * n):
        write_table(size, folder / f"{size}.parquet")
        taken.append(run("label", str(folder / f"{size}.parquet"), "-o", str(folder / "out.parquet")))
    (small, small_peak), (large, large_peak) = taken
    line("label, Parquet to Parquet", f"{2 * n / (large - small):.0f} sections/s", "", "60/s")
    line("its peak memory", f"{small_peak} MB at {n:,}, {large_peak} MB at {3 * n:,}", "", "flat, at most 1,500 MB")


def bench_start(folder: Path) -> None:
    """Starting up: help, and label on the smallest seed with the labeller kept."""
    line("banmian --help", f"{min(run('--help')[0] for _ in range(5)):.2f} s", "", "0.3 s")
    page = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    seconds = min(run("label", str(page), "-o", str(folder / "one.jsonl"))[0] for _ in range(3))
    line("banmian label, one page", f"{seconds:.1f} s", "", "4 s")


def main() -> None:
    """Print the table; what needs the corpora is skipped without them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--label-sections", type=int, default=600)
    options = parser.parse_args()
    print("| step | banmian | peer | goal |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        bench_start(Path(folder))
        if not (data_folder() / "corpora").is_dir():
            print(f"\n{data_folder()}: no corpora there; set BANMIAN_DATA. The rest is not measured.")
            return
        bench_words()
        bench_embedding()
        bench_label(options.label_sections, Path(folder))


if __name__ == "__main__":
    main()
