"""Measure the reading room: seeds against the gold, broken pages against clean ones, speed.

Run `python benchmarks/reading.py`; it prints the tables. Pages come from BANMIAN_DATA (default ../shared/data) and are
left out with a message where absent. Even pages were looked at while the rules were written, odd ones were not.
"""

import gzip
import json
import os
import re
import time
from pathlib import Path

import pandas as pd

from banmian.paths import ROOT, SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from gold import Gold
from page_breaker import WAYS, Broken, b_cubed, break_page, edges_kept, f_score, text_tiling

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))
CASES = ROOT / "tests" / "cases"
VARIANTS = [(True, True, False), (True, False, False), (True, False, True), (False, True, False), (False, False, False)]


def sections_of(text: str) -> pd.DataFrame:
    """Return the sections of one text, spans cut down to printed characters so that they can be walked along."""
    sections = split_sections(pd.DataFrame({"doc_id": ["page"], "text": [text]}), find_twins=False)
    printed = [
        [[i, i + 1] for start, end in spans for i in range(start, end) if not text[i].isspace()]
        for spans in sections["spans"]
    ]
    return sections.assign(spans=pd.Series(printed, index=sections.index, dtype=object))


def count_page(broken: Broken) -> dict[str, float]:
    """Return the counts of one broken page: joins, spurious spaces, article starts, B-cubed, characters lost."""
    sections = sections_of(broken.text)
    kept = edges_kept(sections)
    counts = dict.fromkeys(("hits", "found", "wanted", "spurious"), 0.0)
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


def row(label: str, scores: dict[str, float]) -> None:
    """Print one row of a table."""
    print(f"{label:34}" + "  ".join(f"{key} {value:.3f}" for key, value in scores.items()), flush=True)


def bench_seeds() -> None:
    """Print the seeds as received against the gold, and the seeds mended by the gold and broken again."""
    documents = read_documents(SEEDS)
    pages, totals = [], []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        gold = Gold(json.loads((CASES / f"reading_gold_{doc_id}.json").read_text(encoding="utf-8")), text)
        totals.append(gold.count(sections_of(text)))
        pages.append(gold.page())
    total = pd.DataFrame(totals).sum()
    starts = f_score(total["start_hits"], total["start_found"], total["start_wanted"])
    scores = {"joins": f_score(total["hits"], total["found"], total["wanted"]), "starts": starts}
    scores |= {"kinds": total["kind_right"] / total["kind_all"], "columns": total["columns"], "of": total["jumps"]}
    row("seeds as received", scores | {"spurious": total["spurious"], "lost": total["lost"]})
    for way in WAYS:
        row(f"seeds mended, broken {way}", summed([count_page(break_page(page, way, 0)) for page in pages]))


def bench_pages() -> None:
    """Print joins, article starts and B-cubed for every way and variant, looked-at and other pages apart."""
    pages = read_pages()
    for name, some in (("even", pages[::2]), ("odd", pages[1::2])):
        for titles, blank, indent in VARIANTS if some else ():
            for way in WAYS:
                counts = [count_page(break_page(page, way, 0, titles, blank, indent)) for page in some]
                label = f"{name} {way} {'titles' if titles else 'no titles'} {'blank' if blank else 'newline'}"
                row(label + (" indent" if indent else ""), summed(counts))
    if pages:
        bench_peers(pages[1::2])


def bench_peers(pages: list[dict]) -> None:
    """Print blank-line splitting and TextTiling on the same pages, with titles and blank lines."""
    for way in WAYS:
        blank: list[dict[str, float]] = []
        tiles: list[dict[str, float]] = []
        for page in pages:
            broken = break_page(page, way, 0)
            places = [
                m.start()
                for m in re.finditer(r"(?<!\S)\S", broken.text)
                if broken.text[: m.start()][-2:] in ("", "\n\n")
            ]
            joined = {start for start, end, _ in broken.runs if "\n\n" not in broken.text[start:end]}
            wanted = {start for start, _, gold in broken.runs if gold == "join"}
            joins = {
                "hits": len(joined & wanted),
                "found": len(joined),
                "wanted": len(wanted),
                "spurious": 0,
                "lost": 0,
            }
            pieces = [broken.text[a:b] for a, b in zip(places, [*places[1:], len(broken.text)], strict=True)]
            tile_starts = [places[n] for n in text_tiling(pieces)]
            for counts, found in ((blank, places), (tiles, tile_starts)):
                article = [sum(start <= place for start in found) for place, _ in broken.paragraphs]
                score = b_cubed([a for _, a in broken.paragraphs], article)
                counts.append(joins | start_counts(broken, found) | {"b_cubed": score})
        row(f"odd {way} blank lines", summed(blank))
        row(f"odd {way} TextTiling", summed(tiles))


def bench_speed() -> None:
    """Print characters a second for 1, 10 and 50 MB of broken pages, and for one line of ten million characters."""
    pages = read_pages()
    texts = [break_page(page, "ABC"[n % 3], 0).text for n, page in enumerate(pages)]
    split_sections(pd.DataFrame({"doc_id": ["warm"], "text": texts[:1] or ["字"]}), find_twins=False)
    for megabytes in (1, 10, 50) if texts else ():
        some: list[str] = []
        size = 0
        while size < megabytes * 1_000_000:
            some.append(texts[len(some) % len(texts)])
            size += len(some[-1].encode())
        time_reading(f"{megabytes} MB", some)
    time_reading("one line, 10,000,000 characters", ["新桥今天上午通车，两岸居民等了六年。" * 555_556])


def time_reading(label: str, texts: list[str]) -> None:
    """Read `texts` as documents of their own and print the speed."""
    documents = pd.DataFrame({"doc_id": [str(n) for n in range(len(texts))], "text": texts})
    start = time.perf_counter()
    sections = split_sections(documents, find_twins=False)
    seconds, size = time.perf_counter() - start, sum(map(len, texts))
    print(f"{label:34}{size / seconds:12,.0f} characters/s  {seconds:6.1f} s  {len(sections):,} sections", flush=True)


if __name__ == "__main__":
    bench_seeds()
    bench_pages()
    bench_speed()
