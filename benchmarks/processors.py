"""Does the same code give the same result on another processor? Run natively and as on a Haswell of 2013, compared.

    python benchmarks/processors.py                  the topics of the seeds (the number of NMF chosen)
    python benchmarks/processors.py --module NAME    python -m NAME
    python benchmarks/processors.py --code CODE      python -c CODE

Compared is the SHA-256 of what is printed, so the code must print all that matters, with all its digits. The other
processor is `qemu-x86_64 -cpu Haswell-v4` (Debian and Ubuntu: package qemu-user): AVX2 and FMA, no AVX-512, so
OpenBLAS and onnxruntime take other paths than on a newer machine; numpy does without AVX2 as well. It emulates one
process; children it starts run natively. A native machine without AVX-512 shows less: see the first line.

Topics of the seeds, 22 November 2026: the same words, weights, assignments and scores for NMF (chosen number, and
guided), LDA and BERTopic; the same doc_topic for NMF and LDA. The embeddings of 1 of the 100 sections differ, by 0.006
at most (8-bit steps inside the network), and with them BERTopic's doc_topic, by 0.0003. Rounding the embeddings does
not help: two decimals leave 5 of the section's 512 numbers different, and each of them by more than before.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from itertools import zip_longest
from pathlib import Path

EMULATOR = ("qemu-x86_64", "-cpu", "Haswell-v4")
# numpy's AVX2 sorting (np.argpartition, called by BERTopic) crashes qemu 7.2, so numpy runs without AVX2 there.
WITHOUT_AVX2 = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
# One thread each: sums then come out in one order, and the emulator has crashed on threads.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "LOKY_MAX_CPU_COUNT": "1"}

TOPICS_OF_THE_SEEDS = """
import hashlib
from banmian.models.embed import embed
from banmian.models.topics.guidance import load_seed_words
from banmian.models.topics import fit_topics
from banmian.config import SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.words.segment import Segmenter

sections = split_sections(read_documents(SEEDS))
sections = sections[sections["kind"] == "body"]
tokens = Segmenter().content_words(sections["text"].tolist())
vectors = embed(sections["simplified"].tolist())
print("embeddings", hashlib.sha256(vectors.tobytes()).hexdigest()[:16])
fits = [("nmf", None, None), ("nmf", 6, load_seed_words()), ("bertopic", 6, None), ("lda", 6, None)]
for method, n_topics, guide in fits:
    result = fit_topics(tokens, vectors, method, n_topics, guide)
    for part in ("topic_word", "assignment", "doc_topic"):
        print(method, len(result.names), part, hashlib.sha256(getattr(result, part).tobytes()).hexdigest()[:16])
    print(result.scores)
    print(result.words.to_csv())
"""


def processor_flags() -> str:
    """Return the vector extensions of this machine that the other one lacks."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text(encoding="utf-8").split() if info.is_file() else []
    return " ".join(sorted({flag for flag in flags if flag.startswith(("avx512", "amx", "avx_vnni"))})) or "none"


def printed(command: list[str], environment: dict[str, str]) -> tuple[str, float]:
    """Run a command; return what it printed and its seconds. RuntimeError with its last words if it fails."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} … failed:\n{done.stderr[-2000:]}")
    return done.stdout, time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare what code prints here and on an emulated Haswell.")
    parser.add_argument("--module")
    parser.add_argument("--code")
    options = parser.parse_args()
    if shutil.which(EMULATOR[0]) is None:
        print("skipped: no qemu-x86_64; on Debian or Ubuntu: apt-get install qemu-user")
        return 0
    code = ["-m", options.module] if options.module else ["-c", options.code or TOPICS_OF_THE_SEEDS]
    print(f"extensions here that the other lacks: {processor_flags()}")
    here, seconds = printed([sys.executable, *code], ONE_THREAD)
    print(f"here   {hashlib.sha256(here.encode()).hexdigest()}  {seconds:.0f} s", flush=True)
    there, seconds = printed([*EMULATOR, sys.executable, *code], ONE_THREAD | WITHOUT_AVX2)
    print(f"there  {hashlib.sha256(there.encode()).hexdigest()}  {seconds:.0f} s")
    pairs = list(zip_longest(here.splitlines(), there.splitlines()))
    different = [pair for pair in pairs if pair[0] != pair[1]]
    for one, other in different:
        print(f"different\n  here:  {one}\n  there: {other}")
    print(f"{len(pairs) - len(different)} of {len(pairs)} lines the same")
    return int(here != there)


if __name__ == "__main__":
    sys.exit(main())
