"""Do terms come back? Thirty terms are taken out of the lexicon and looked for in a year of newspaper.

    python benchmarks/terms.py [--corpus peoples_daily_2023|cctv_2022_2026] [--seed 0]

The thirty: of the lexicon's Han terms that jieba's dictionary lacks and that come out as a token of their own at least
200 times in the corpus (with the whole lexicon), sorted, `random.Random(seed).sample(terms, 30)`. A term that nearly
always stands inside a longer one is thereby not asked for. Counted: how many are among the first 100 candidates of
`find_terms` with the remaining lexicon. Goal: at least 24. Time is told for a quarter of the texts and for all.

The corpus is not part of the project (see `data_folder`); part of the lexicon was accepted from candidates of People's
Daily, so `cctv_2022_2026` is the fairer judge of how well the score orders terms of a corpus not yet looked at.
"""

import argparse
import gzip
import json
import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import rjieba

from banmian.config import ROOT
from banmian.words.segment import Segmenter
from banmian.words.term_extraction import find_terms

N_REMOVED, N_LOOKED_AT, MIN_COUNT = 30, 100, 200


def data_folder() -> Path:
    """Where the measuring corpora are: BANMIAN_DATA, or shared/data beside the project."""
    return Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))


def read_corpus(name: str) -> list[str]:
    """Return the texts of a corpus in the order of the file."""
    with gzip.open(data_folder() / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def choose_removed(texts: list[str], seed: int) -> list[str]:
    """Return the terms to remove; the rule stands in the module's docstring."""
    segmenter = Segmenter()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(segmenter.tokens(text))
    known = rjieba.Jieba()
    frequent = [w for w in segmenter.lexicon if len(w) > 1 and counts[w] >= MIN_COUNT and not known.has_word(w)]
    return random.Random(seed).sample(sorted(w for w in frequent if not w.isdigit()), N_REMOVED)


def reduced_segmenter(removed: list[str], folder: Path) -> Segmenter:
    """Return a segmenter whose lexicon lacks `removed`; its file is written into `folder`."""
    lines = Segmenter().lexicon_path.read_text(encoding="utf-8").splitlines(keepends=True)
    path = folder / "lexicon.txt"
    path.write_text("".join(line for line in lines if line.split()[:1] not in [[w] for w in removed]), encoding="utf-8")
    return Segmenter(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default="peoples_daily_2023")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not (data_folder() / "corpora").is_dir():
        print(f"skipped: no corpora in {data_folder()}; set BANMIAN_DATA")
        return
    texts = read_corpus(options.corpus)
    removed = choose_removed(texts, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        segmenter = reduced_segmenter(removed, Path(folder))
        for part in (texts[: len(texts) // 4], texts):
            started = time.perf_counter()
            found = find_terms(part, segmenter, n=1000)
            seconds, size = time.perf_counter() - started, sum(map(len, part))
            rate = size / seconds / 1e6
            print(f"{len(part):6d} texts {size / 1e6:6.2f} M characters {seconds:6.1f} s {rate:.2f} M characters/s")
    rank = {term: i + 1 for i, term in enumerate(found["term"])}
    back = [term for term in removed if rank.get(term, N_LOOKED_AT + 1) <= N_LOOKED_AT]
    print(f"{options.corpus}, seed {options.seed}: {len(back)} of {N_REMOVED} came back among the first {N_LOOKED_AT}")
    print("removed, with rank:", ", ".join(f"{term} {rank.get(term, '>1000')}" for term in removed))
    others = [term for term in found["term"].head(N_LOOKED_AT) if term not in removed]
    print("others there:", " ".join(others))


if __name__ == "__main__":
    main()
