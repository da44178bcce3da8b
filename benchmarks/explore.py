"""How long does the explorer take on 20,000 sections? Each thing a person does, in seconds of the kernel.

    python benchmarks/explore.py [--sections 20000]

Texts are items of `cctv_2022_2026` in BANMIAN_DATA (default ../shared/data), repeated until there are enough; labels,
topics, vectors and places are drawn, since only their number matters here. What the browser itself needs is not in it.
"""

import argparse
import gzip
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.config import ROOT
from banmian.labels.scheme import LABELS
from banmian.text.script import simplify
from banmian.views.explorer.app import Explorer, explore
from banmian.views.explorer.search import join_results

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))


def made_up(n_sections: int) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Return (documents, table, vectors) with real texts and drawn labels; every document is one section of itself."""
    with gzip.open(DATA / "corpora" / "cctv_2022_2026.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"][:400] for line in lines]
    texts = (texts * (n_sections // len(texts) + 1))[:n_sections]
    rng = np.random.default_rng(0)
    names = [f"d{n}" for n in range(n_sections)]
    sections = pd.DataFrame(
        {
            "doc_id": names,
            "article_id": [f"{name}/a1" for name in names], "section_id": [f"{name}/s1" for name in names],
            "kind": "body", "heading": "", "text": texts, "simplified": [simplify(text) for text in texts],
            "script": "hans", "spans": [[[0, len(text)]] for text in texts], "duplicate_of": None,
        }
    )  # fmt: skip
    ids = sections[["section_id"]]
    labels = list(LABELS)
    predictions = ids.assign(label=rng.choice(labels, n_sections), confidence=rng.random(n_sections), abstained=False)
    topics = ids.assign(topic=rng.choice([f"话题{n}" for n in range(12)], n_sections))
    places = ids.assign(x=rng.random(n_sections), y=rng.random(n_sections))
    vectors = rng.standard_normal((n_sections, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    table = join_results(sections, predictions=predictions, topics=topics, places=places)
    return pd.DataFrame({"doc_id": names, "text": texts}), table, vectors


def timed(name: str, act: Callable[[], object]) -> None:
    """Run, and print the seconds."""
    started = time.perf_counter()
    act()
    print(f"{name:44}  {time.perf_counter() - started:6.2f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Seconds of the explorer's steps on many sections.")
    parser.add_argument("--sections", type=int, default=20_000)
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: no corpora in {DATA}; name their folder with BANMIAN_DATA")
        return 0
    documents, table, vectors = made_up(options.sections)
    started = time.perf_counter()
    view: Explorer = explore(documents, table, vectors)
    print(f"open the explorer on {len(table):,} sections: {time.perf_counter() - started:.2f} s")
    filters, _, tabs, *_ = view.children
    search, document = filters.children[:2]
    timed("type 基层治理 into the search", lambda: setattr(search, "value", "基层治理"))
    timed("empty the search", lambda: setattr(search, "value", ""))
    timed("choose one document", lambda: setattr(document, "value", "d7"))
    timed("choose all again", lambda: setattr(document, "value", ""))
    timed("open a section, with the sections like it", lambda: view.choose("d5/s1"))
    timed("look at the map", lambda: setattr(tabs, "selected_index", 1))
    timed("search while the map is shown", lambda: setattr(search, "value", "基层治理"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
