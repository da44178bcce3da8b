"""Measure the reading room: seeds against the gold, broken pages against clean ones, speed.

Run `python benchmarks/reading.py`; it prints the tables. Pages come from BANMIAN_DATA (default ../shared/data) and are
left out with a message where absent. Even pages were looked at while the rules were written, odd ones were not.
"""

import gzip
import json
import os
import re
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.config import ROOT, SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from gold import Gold
from ocr_pairs import compare_pair
from page_breaker import WAYS, Broken, b_cubed, break_page, edges_kept, f_score, text_tiling

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))
PAGES = {"2023": "pages_dev.jsonl.gz", "1998": "pages_1998_dev.jsonl.gz"}
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


def read_pages(year: str = "2023") -> list[dict]:
    """Return the development pages of one year, or nothing with a message."""
    path = DATA / PAGES[year]
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
    print("even pages: some 25 weights of form in judge.py and 26 of headings.py were set with them; odd: only scored")
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
    """Print characters a CPU second: many files, one file, one line of ten million characters, ten thousand files."""
    pages = read_pages()
    texts = [break_page(page, "ABC"[n % 3], 0).text for n, page in enumerate(pages)]
    time_reading("warm-up: lexicon and tables", texts[:1] or ["字"])
    for megabytes in (1, 10, 50) if texts else ():
        time_reading(f"{megabytes} MB, a page a file", fill(texts, megabytes))
    for megabytes in (1, 10) if texts else ():
        time_reading(f"{megabytes} MB, one file", ["\n\n".join(fill(texts, megabytes))])
    time_reading("one line, 10,000,000 characters", ["新桥今天上午通车，两岸居民等了六年。" * 555_556])
    with tempfile.TemporaryDirectory() as folder:
        for n in range(10_000):
            text = texts[n % len(texts)][:600] if texts else "新桥今天上午通车。"
            (Path(folder) / f"{n:05d} 版.txt").write_text(text, encoding="utf-8")
        start = time.process_time()
        documents = read_documents(folder)
        print(f"a folder of 10,000 files: decoding them {time.process_time() - start:.1f} CPU s")
    time_reading("the same, sections", documents["text"].tolist())


def fill(texts: list[str], megabytes: int) -> list[str]:
    """Return texts, over again where they run out, of so many million bytes in UTF-8."""
    some: list[str] = []
    size = 0
    while size < megabytes * 1_000_000:
        some.append(texts[len(some) % len(texts)])
        size += len(some[-1].encode())
    return some


def time_reading(label: str, texts: list[str]) -> None:
    """Read `texts` as documents of their own, without the duplicates step, and print the speed of one core."""
    documents = pd.DataFrame({"doc_id": [str(n) for n in range(len(texts))], "text": texts})
    start = time.process_time()
    sections = split_sections(documents, find_twins=False)
    seconds, size = time.process_time() - start, sum(map(len, texts))
    speed = f"{size / seconds:12,.0f} characters/CPU s"
    print(f"{label:34}{speed}  {seconds:6.1f} s  {len(sections):,} sections", flush=True)


def bench_ocr() -> None:
    """Print how far recognised text moves the sections of clean text: characters, number and places of boundaries."""
    path = DATA / "ocr_pairs_dev.jsonl"
    if not path.exists():
        print(f"{path.name}: not there, recognised text left out (set BANMIAN_DATA)")
        return
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    print(f"recognised text against clean, {len(pairs)} pairs; 95% intervals by 2,000 bootstrap samples of the pairs")
    both = [(sections_of(pair["clean"])["text"].tolist(), sections_of(pair["ocr"])["text"].tolist()) for pair in pairs]
    table = pd.DataFrame([compare_pair(p["clean"], p["ocr"], found) for p, found in zip(pairs, both, strict=True)])
    draws = np.random.default_rng(0).integers(0, len(table), (2000, len(table)))
    for name in table:
        low, high = np.quantile(table[name].to_numpy(dtype=float)[draws].mean(axis=1), (0.025, 0.975))
        print(f"  {name:58}{table[name].mean():6.3f}  [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    bench_seeds()
    bench_pages()
    bench_ocr()
    bench_speed()
