"""Topics beside their peers, in one run, on the same tokens and embeddings, judged by the same scorer.

    python benchmarks/topics.py [--corpus NAME ...] [--sizes N ...] [--models NAME ...] [--out FILE]
    python benchmarks/topics.py --large 60000    banmian's mini-batch forms, on broadcast items repeated with changes

Corpora: seeds (the project's own pages), cctv_2022_2026 (broadcast items, Simplified; FULL=1: 8,000 and 19,350 of them
too) and taiwan_2017 (articles, Traditional); the last two are not part of the project, see `data_folder`. Rows:
`random.Random(0).sample`. Each peer runs in a venv of its own below ``paths.CACHE/benchmarks`` (made on the first run:
BERTopic and Turftopic bring torch, 1 GB each), in a fresh process, after a small fit that is not counted. Columns:

- topics: how many came out; NPMI, C_v, diversity: of the first ten words of the first fit, on the fitted items;
- seeds: mean adjusted Rand index over all pairs of fits with seeds 0 to 4. banmian's NMF draws nothing, so its 1 is by
  construction, and the next column is the fair one; BERTopic as documented has no seed: these are five runs;
- draws, words: mean adjusted Rand index, and matched top-word overlap, of three fits on 80 in 100 of the sections with
  the first fit. Outliers count as one group;
- seconds, CPU: median of the fits by the clock, and of the processor; MB: the process's greatest memory after the
  first; outliers: share of sections.

Large corpora get fewer seeds and draws, see `REPEATS`. The number of topics is chosen by banmian's rule on the corpus
and given to every peer that takes one. "choosing the number" is banmian with the choice in its seconds (and in its
draws: each chooses anew); another row has the number that BERTopic as documented found, which has no such setting.
"banmian umap" is the optional extra, in the peer's venv: banmian's own has no UMAP.
"""

import argparse
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import venv
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from banmian.config import CACHE, ROOT, SEEDS
from banmian.models.embed import embed
from banmian.models.topics import fit_topics
from banmian.models.topics.coherence import c_v, npmi
from banmian.models.topics.date_words import is_topic_word
from banmian.models.topics.matrices import vocabulary
from banmian.models.topics.stability import diversity, word_agreement
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.text.script import simplify
from banmian.words.segment import Segmenter

HOME = CACHE / "benchmarks"
RUNNER = Path(__file__).with_name("topic_peers.py")
# The CPU wheel of torch must be there before the others ask for any torch, or gigabytes of CUDA come along.
TORCH = "torch==2.13.0"
NEEDS: dict[str, list[list[str]]] = {
    "BERTopic documented": [[TORCH], ["bertopic==0.17.4"]],
    "banmian umap": [[TORCH], ["bertopic==0.17.4"]],
    "BERTopic tuned": [[TORCH], ["bertopic==0.17.4"]],
    "tomotopy LDA": [["tomotopy==0.14.0"]],
    "gensim LDA": [["gensim==4.4.0"]],
    "Turftopic KeyNMF": [[TORCH], ["turftopic==0.28.0"]],
}
# BERTopic as documented runs first: its number of topics is asked of banmian too.
OURS = ("banmian nmf", "banmian nmf, choosing the number", "banmian nmf, BERTopic's number", "banmian bertopic")
# Seeds and draws for corpora of fewer than so many items; UMAP above 10,000 only in BERTopic's own row.
REPEATS = {5_000: (5, 3), 10_000: (3, 1), 10**9: (2, 1)}
UMAP_BELOW, DRAWN_SHARE = 10_000, 0.8


def data_folder() -> Path:
    """Where the measuring corpora are: BANMIAN_DATA, or shared/data beside the project."""
    return Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))


def python_of(peer: str) -> Path:
    """Return the interpreter of the peer's venv, made if it is not there yet; peers with the same needs share one."""
    if peer in OURS:
        return Path(sys.executable)
    key = hashlib.sha256(json.dumps(NEEDS[peer]).encode()).hexdigest()[:12]
    folder = HOME / "venvs" / key
    python = folder / "bin" / "python"
    if not (folder / "complete").is_file():
        print(f"making a venv for {peer}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        for packages in NEEDS[peer]:
            subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], check=True)
        (folder / "complete").touch()
    return python


def prepare(corpus: str, n: int, folder: Path) -> tuple[list[list[str]], np.ndarray, list[list[int]]]:
    """Write what the peers read into the folder; return tokens, embeddings and the rows of the draws."""
    texts = read_texts(corpus)
    texts = [texts[i] for i in sorted(random.Random(0).sample(range(len(texts)), min(n, len(texts))))]
    tokens = Segmenter().content_words(texts)
    vectors = cached_vectors([simplify(text) for text in texts])
    words = [word for word in vocabulary(tokens, is_topic_word).tolist() if not any(map(str.isspace, word))]
    rng = random.Random(1)
    n_draws = repeats(len(texts))[1]
    draws = [sorted(rng.sample(range(len(texts)), round(len(texts) * DRAWN_SHARE))) for _ in range(n_draws)]
    for name, content in (("tokens", tokens), ("words", words), ("draws", draws)):
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    np.save(folder / "embeddings.npy", vectors)
    np.save(folder / "words.npy", cached_vectors(words))
    return tokens, vectors, draws


def repeats(n: int) -> tuple[int, int]:
    """Return how many seeds and draws a corpus of n items gets."""
    return next(count for below, count in REPEATS.items() if n < below)


def read_texts(corpus: str) -> list[str]:
    if corpus == "seeds":
        sections = split_sections(read_documents(SEEDS))
        return sections.loc[sections["kind"] == "body", "text"].tolist()
    with gzip.open(data_folder() / "corpora" / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def cached_vectors(texts: list[str]) -> np.ndarray:
    """Return the texts' embeddings, each kept on disk under its own hash in one array for all runs."""
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
    path = HOME / "vectors.npz"
    kept: dict[str, np.ndarray] = {}
    if path.is_file():
        with np.load(path) as stored:
            kept = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    if new:
        kept.update(zip(new, embed(list(new.values()), progress=True), strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new.npz")
        np.savez(temporary, keys=np.array(list(kept)), vectors=np.array(list(kept.values())))
        temporary.replace(path)
    return np.array([kept[key] for key in keys])


def run(peer: str, folder: Path, n_topics: int, n_seeds: int) -> dict:
    output = folder / "result.json"
    settings = {key: value for key, value in os.environ.items() if key not in ("OMP_NUM_THREADS", "PYTHONPATH")}
    if peer.startswith("banmian"):
        settings["PYTHONPATH"] = str(ROOT / "src")
    command = [str(python_of(peer)), str(RUNNER), peer, str(folder), str(n_topics), str(output), str(n_seeds)]
    done = subprocess.run(command, env=settings, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{peer} failed:\n{done.stderr[-2000:]}")
    return json.loads(output.read_text(encoding="utf-8"))


def measure(peer: str, result: dict, tokens: list[list[str]], draws: list[list[int]]) -> dict[str, object]:
    """Return one row of the table from what a peer wrote."""
    fits = result["fits"]
    seeded, drawn = fits[: len(fits) - len(draws)], fits[len(fits) - len(draws) :]
    known = {word for row in tokens for word in row}
    topics = [[word for word in topic if word in known] for topic in seeded[0]["topics"]]
    topics = [topic for topic in topics if len(topic) > 1]
    assignments = [np.array(fit["assignment"]) for fit in seeded]
    pairs = [adjusted_rand_score(one, other) for one, other in combinations(assignments, 2)]
    again = [
        (
            adjusted_rand_score(assignments[0][rows], fit["assignment"]),
            word_agreement(seeded[0]["topics"], fit["topics"]),
        )
        for rows, fit in zip(draws, drawn, strict=True)
    ]
    return {
        "model": peer,
        "topics": len(seeded[0]["topics"]),
        "NPMI": round(float(npmi(topics, tokens).mean()), 3),
        "C_v": round(float(c_v(topics, tokens).mean()), 3),
        "diversity": round(diversity(topics), 3),
        "seeds": round(float(np.mean(pairs)), 3),
        "draws": round(float(np.mean([ari for ari, _ in again])), 3),
        "words": round(float(np.mean([overlap for _, overlap in again])), 3),
        "seconds": round(float(np.median([fit["seconds"] for fit in seeded])), 2),
        "CPU": round(float(np.median([fit["cpu"] for fit in seeded])), 2),
        "MB": round(result["peak_mb"]) if result["peak_mb"] == result["peak_mb"] else None,
        "outliers": round(float((assignments[0] < 0).mean()), 3),
    }


def compare(corpus: str, n: int, models: list[str], out: Path | None) -> pd.DataFrame:
    """Run models on one corpus; print a row for each as it comes, and add it to `out` as a line of JSON."""
    rows: list[dict] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tokens, _, draws = prepare(corpus, n, folder)
        n_topics, n_seeds = fit_topics(tokens, method="nmf").n_topics, repeats(len(tokens))[0]
        print(f"\n{corpus}, {len(tokens)} items; {n_topics} topics; {n_seeds} seeds, {len(draws)} draws", flush=True)
        for peer in models:
            if peer == "banmian umap" and len(tokens) > UMAP_BELOW:
                continue
            wanted = rows[0]["topics"] if peer == "banmian nmf, BERTopic's number" else n_topics
            rows.append(measure(peer, run(peer, folder, wanted, n_seeds), tokens, draws))
            print(rows[-1], flush=True)
            if out:
                with out.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps({"corpus": corpus, "items": len(tokens), **rows[-1]}) + "\n")
    table = pd.DataFrame(rows)
    print(f"\n{corpus}, {len(tokens)} items\n{table.to_string(index=False)}", flush=True)
    return table


def large(n: int) -> None:
    """Fit n broadcast items, each one of 2,000 less three in ten of its words, its vector with noise: same topics?"""
    with tempfile.TemporaryDirectory() as name:
        tokens, vectors, _ = prepare("cctv_2022_2026", 2_000, Path(name))
    rng = np.random.default_rng(0)
    rows = rng.integers(0, len(tokens), n)
    many = [[word for word in tokens[i] if rng.random() < 0.7] for i in rows]
    noisy = vectors[rows] + rng.normal(0, 0.01, (n, vectors.shape[1])).astype(np.float32)
    noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
    for method in ("nmf", "bertopic"):
        few = fit_topics(tokens, vectors, method, 19)
        started, started_cpu = time.perf_counter(), time.process_time()
        result = fit_topics(many, noisy, method, 19)
        seconds, cpu = time.perf_counter() - started, time.process_time() - started_cpu
        shared = word_agreement(few.word_lists, result.word_lists)
        print(f"{result.why}: {seconds:.1f} s, CPU {cpu:.1f} s; words shared with the fit of 2,000: {shared:.2f}")
        print(result.scores, flush=True)


def main() -> None:
    full = os.environ.get("FULL") == "1"
    parser = argparse.ArgumentParser(description="Topic models beside their peers.")
    parser.add_argument("--corpus", nargs="+", default=["seeds", "cctv_2022_2026", "taiwan_2017"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[2_000, 8_000, 19_350] if full else [2_000])
    parser.add_argument("--models", nargs="+", default=["BERTopic documented", *OURS, *list(NEEDS)[1:]])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--large", type=int, default=0)
    options = parser.parse_args()
    if not (data_folder() / "corpora").is_dir():
        print(f"skipped: no corpora in {data_folder()}; set BANMIAN_DATA")
        return
    if options.large:
        return large(options.large)
    for corpus in options.corpus:
        # The seeds and taiwan_2017 have fewer than the second size: all of them, once.
        for n in options.sizes if corpus == "cctv_2022_2026" else [5_000]:
            compare(corpus, n, options.models, options.out)


if __name__ == "__main__":
    main()
