"""Measure the reading room: seeds against the gold, broken pages against clean ones, speed.

Run `python benchmarks/reading.py`; it prints the tables, and with `--write` puts that of broken pages into
docs/benchmarks.md. `--sample 20` takes that many pages a year, in steps over all. Pages come from BANMIAN_DATA (default
../shared/data) and are left out with a message where absent. Weights were fitted to the even pages; `--half odd` are
the others.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.config import ROOT, SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from gold import Gold
from ocr_pairs import compare_pair
from page_breaker import WAYS, Broken, Setting, b_cubed, break_page, edges_kept, f_score, text_tiling

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))
PAGES = {"2023": "pages_dev.jsonl.gz", "1998": "pages_1998_dev.jsonl.gz"}
PLAIN = Setting()
ARTICLE = Setting(widths="article")
SETTINGS = {
    "one width a page": PLAIN,
    "a width an article": ARTICLE,
    "a width a paragraph": Setting(widths="paragraph"),
    "article, indents": replace(ARTICLE, indent=True),
    "paragraph, indents": Setting(widths="paragraph", indent=True),
    "article, no hanging marks": replace(ARTICLE, hanging=False),
    "page, no blank lines": Setting(blank="neither"),
    "article, no blank lines": replace(ARTICLE, blank="neither"),
    "paragraph, no blank lines": Setting(widths="paragraph", blank="neither"),
    "article, indents, no blank lines": replace(ARTICLE, indent=True, blank="neither"),
    "article, blank lines between articles": replace(ARTICLE, blank="articles"),
    "article, blank lines between paragraphs": replace(ARTICLE, blank="paragraphs"),
    "article, half-width marks": replace(ARTICLE, half=True),
    "article, marks lost": replace(ARTICLE, lost=True),
    "article, page marks": replace(ARTICLE, marks=True),
    "article, misread": replace(ARTICLE, misread=True),
    "article, briefs without titles": replace(ARTICLE, titles="long"),
    "page, no titles": Setting(titles="none"),
    "article, no titles": replace(ARTICLE, titles="none"),
    "page, no titles, indents, no blank lines": Setting(titles="none", indent=True, blank="neither"),
}
SENTENCE = re.compile("[^。！？\n]{19,}。")
CASES = ROOT / "tests" / "cases"


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


def bench_pages(sample: int, half: str) -> list[str]:
    """Print joins and article starts of every setting and way; return the rows as a Markdown table."""
    rows = [
        f"| pages ({half} half) | joins A | B | C | starts A | B | C | spaces left | lost |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for year in PAGES:
        pages = read_pages(year)[half == "odd" :: 2]
        pages = pages[:: max(1, len(pages) // sample)][:sample]
        worst = dict.fromkeys(("joins", "starts", "untitled starts"), 1.0)
        for name, setting in SETTINGS.items() if pages else ():
            scores = {way: summed([count_page(break_page(page, way, 0, setting)) for page in pages]) for way in WAYS}
            joins, starts = ([scores[way][key] for way in WAYS] for key in ("joins", "starts"))
            spurious, lost = (int(sum(scores[way][key] for way in WAYS)) for key in ("spurious", "lost"))
            cells = [f"{value:.3f}" for value in (*joins, *starts)]
            rows.append(f"| {year}, {name} | {' | '.join(cells)} | {spurious} | {lost} |")
            print(rows[-1], flush=True)
            kind = "starts" if setting.titles == "all" else "untitled starts"
            worst |= {"joins": min(worst["joins"], *joins), kind: min(worst[kind], *starts)}
        joins, titled, bare = (f"{worst[key]:.3f}" for key in ("joins", "starts", "untitled starts"))
        rows.append(
            f"| **{year}, worst of {len(pages)} pages** | **{joins}** | | | **{titled}** | | | {bare} untitled | |"
        )
        print(rows[-1], flush=True)
        if pages and year == "2023":
            bench_peers(pages)
    return rows


def bench_alarm(sample: int) -> list[str]:
    """Print, for every corpus set as pages, the share of sentences that ended outside a body; return Markdown rows."""
    rows = ["| corpus | sentences | outside a body | in 1,000 |", "| --- | ---: | ---: | ---: |"]
    for path in sorted((DATA / "corpora").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            records = [json.loads(line) for line in islice(file, 40 * sample)][::2]
        texts = [f"{r.get('title') or ''}\n\n{r['text']}".strip()[:20_000] for r in records if r.get("text")]
        pages = ["\n\n".join(texts[n : n + 8]) for n in range(0, len(texts), 8)]
        outside: list[str] = []
        n_sentences = 0
        for page in pages[:sample]:
            sections = sections_of(page)
            found = SENTENCE.findall("\n".join(sections["text"]))
            n_sentences += len(found)
            other = sections.loc[sections["kind"] != "body", "text"]
            outside += SENTENCE.findall("\n".join(other))
        name = path.name.partition(".")[0]
        rows.append(f"| {name} | {n_sentences:,} | {len(outside)} | {1000 * len(outside) / max(1, n_sentences):.2f} |")
        print(rows[-1], flush=True)
        for sentence in outside[:8]:
            print(f"    {sentence[:60]}")
    return rows


def write(rows: list[str], half: str, sample: int) -> None:
    """Put the table into docs/benchmarks.md between its markers, with the date and the commit."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout
    day = datetime.now(UTC).date().isoformat()
    head = f"`python benchmarks/reading.py --half {half} --sample {sample} --write`, {day}, at {commit.strip()}. F1."
    with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8", delete=False) as file:
        file.write("\n".join([head, "", *rows]))
    tool = [sys.executable, str(ROOT / "tools" / "record_benchmark.py"), "reading", file.name]
    subprocess.run(tool, check=True)
    Path(file.name).unlink()


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
        row(f"{way} blank lines", summed(blank))
        row(f"{way} TextTiling", summed(tiles))


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


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=1000, help="pages a year, and pages a corpus")
    parser.add_argument("--half", choices=("even", "odd"), default="even")
    parser.add_argument("--only", choices=("pages", "alarm", "speed"), default="")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    args = parser.parse_args()
    rows: list[str] = []
    if not args.only:
        bench_seeds()
        bench_ocr()
    if args.only in ("", "pages"):
        rows += bench_pages(args.sample, args.half)
    if args.only in ("", "alarm"):
        rows += ["", *bench_alarm(min(args.sample, 40))]
    if args.only in ("", "speed"):
        bench_speed()
    if args.write:
        write(rows, args.half, args.sample)


if __name__ == "__main__":
    main()
