"""Measure the reading room: seeds against the gold, broken pages against clean ones, speed.

Run `python benchmarks/reading.py`; it prints the tables. Pages come from BANMIAN_DATA (default ../shared/data) and are
left out with a message where absent. Even pages were looked at while the rules were written, odd ones were not.
"""

import gzip
import json
import os
import sys
import time
from pathlib import Path

import pandas as pd
from page_breaker import WAYS, Broken, b_cubed, break_page, edges_kept, f_score, text_tiling

from banmian.paths import ROOT, SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))
CASES = ROOT / "tests" / "cases"


def sections_of(text: str) -> pd.DataFrame:
    """Return the sections of one text, spans cut down to printed characters so that they can be walked along."""
    sections = split_sections(pd.DataFrame({"doc_id": ["page"], "text": [text]}), find_twins=False)
    printed = [
        [[i, i + 1] for start, end in spans for i in range(start, end) if not text[i].isspace()]
        for spans in sections["spans"]
    ]
    return sections.assign(spans=printed)


def count_page(broken: Broken) -> dict[str, float]:
    """Return the counts of one broken page: joins, spurious spaces, article starts, B-cubed, characters lost."""
    sections = sections_of(broken.text)
    kept = edges_kept(sections)
    counts = {key: 0.0 for key in ("hits", "found", "wanted", "spurious")}
    for start, end, gold in broken.runs:
        between = kept.get((start - 1, end))
        ascii_edge = broken.text[start - 1].isascii() and broken.text[end].isascii()
        joined = between == "" or (between == " " and ascii_edge and gold != "word")
        counts["wanted"] += gold == "join"
        counts["found"] += joined
        counts["hits"] += joined and gold == "join"
        counts["spurious"] += gold == "join" and between == " " and not ascii_edge
    first = sections.drop_duplicates("article_id")
    found_starts = sorted(spans[0][0] for spans in first["spans"])
    counts |= start_counts(broken, found_starts)
    article_at = {p[0]: a for spans, a in zip(sections["spans"], sections["article_id"], strict=True) for p in spans}
    codes = pd.factorize(pd.Series([article_at[place] for place, _ in broken.paragraphs]))[0]
    counts["b_cubed"] = b_cubed([article for _, article in broken.paragraphs], list(codes))
    printed = sum(len(spans) for spans in sections["spans"])
    counts["lost"] = abs(printed - sum(not char.isspace() for char in broken.text))
    return counts


def start_counts(broken: Broken, found: list[int]) -> dict[str, float]:
    """Count article starts but the first of a page, which every reader finds."""
    gold = set(broken.starts[1:])
    return {
        "start_hits": len(gold & set(found)),
        "start_found": len(set(found) - {broken.starts[0]}),
        "start_wanted": len(gold),
    }


def summed(counts: list[dict[str, float]]) -> dict[str, float]:
    """Turn the counts of many pages into scores."""
    total = pd.DataFrame(counts).sum()
    return {
        "joins": f_score(total["hits"], total["found"], total["wanted"]),
        "starts": f_score(total["start_hits"], total["start_found"], total["start_wanted"]),
        "b_cubed": float(pd.DataFrame(counts)["b_cubed"].mean()),
        "spurious": total["spurious"],
        "lost": total["lost"],
    }


def read_pages() -> list[dict]:
    """Return the development pages, or nothing with a message."""
    path = DATA / "pages_dev.jsonl.gz"
    if not path.exists():
        print(f"{path.name}: not there, broken pages left out (set BANMIAN_DATA)")
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def bench_pages() -> None:
    """Print joins, article starts and B-cubed for every way and variant, looked-at and other pages apart."""
    pages = read_pages()
    for name, some in (("even", pages[::2]), ("odd", pages[1::2])):
        for titles, blank, indent in (
            (True, True, False),
            (True, False, False),
            (True, False, True),
            (False, True, False),
        ):
            for way in WAYS:
                scores = summed([count_page(break_page(p, way, 0, titles, blank, indent)) for p in some])
                label = f"{name} {way} {'titles' if titles else 'no titles'} {'blank' if blank else 'newline'}"
                row = "  ".join(f"{key} {value:.3f}" for key, value in scores.items())
                print(f"{label + (' indent' if indent else ''):38}{row}", flush=True)


if __name__ == "__main__":
    start = time.time()
    bench_pages()
    print(f"{time.time() - start:.0f} s", file=sys.stderr)
