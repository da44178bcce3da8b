"""Pages drawn from real stories, read back: by geometry alone, through the recogniser, and from a PDF's text layer.

    python benchmarks/scans.py [--pages 60] [--recognised 4] [--seed 1000] [--labels]

Stories come from `pages_dev` (see README.md), pages from `scan_pages`; seeds under 1000 were used while the cuts were
written. Scored are, over all pages: characters in the right article and order (longest common subsequence of a story
and the article that shares most with it); stories whole (9 in 10 of its characters, and 19 in 20 of the article's are
its own); paragraphs in one section (9 in 10 of their characters); character error of recognition alone.
"""

import argparse
import gzip
import json
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import pandas as pd

from banmian.config import ROOT
from banmian.reading.layout import split_sections
from banmian.reading.scan.marks import skew_of
from banmian.reading.scan.pages import assemble, read_scan
from banmian.reading.scan.recognise import Recognised, recognise
from banmian.reading.scan.rules import find_rules
from scan_pages import Sheet, draw_page, draw_pdf, mover, scan_page

DATA = Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))
Score = dict[str, float]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    for name, value in (("--pages", 60), ("--recognised", 4), ("--seed", 1000)):
        parser.add_argument(name, type=int, default=value)
    parser.add_argument("--labels", action="store_true")
    asked = parser.parse_args()
    if not (DATA / "pages_dev.jsonl.gz").is_file():
        print(f"{DATA}/pages_dev.jsonl.gz is not there: nothing to draw (set BANMIAN_DATA)")
        return
    sheets = [(seed, sheet) for seed in range(asked.seed, asked.seed + asked.pages) if (sheet := drawn(seed))]
    show("geometry alone, boxes as drawn", [score(sheet, geometry(sheet, seed)) for seed, sheet in sheets])
    show("PDF, text layer by geometry", [score(sheet, from_pdf(sheet, seed)) for seed, sheet in sheets[:20]])
    show("PDF, pypdf's order, then as plain text", [score(sheet, by_pypdf(sheet, seed)) for seed, sheet in sheets[:20]])
    recognised: list[Score] = []
    default: list[Score] = []
    pairs: list[tuple[str, str]] = []
    for seed, sheet in sheets[: asked.recognised]:
        found, sections, told = through_recogniser(sheet, seed)
        recognised.append(score(sheet, sections) | told)
        default.append(score(sheet, split("\n".join(found.texts), None)))
        pairs += paragraph_pairs(sheet, sections)
    show("recognised, by geometry", recognised)
    show("recognised, the recogniser's order, then as plain text", default)
    if asked.labels:
        print(f"labels equal to those of the clean text: {labels_kept(pairs):.3f} of {len(pairs)}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def show(name: str, scores: Sequence[Score]) -> None:
    """Print the sums of counts as shares, and the means of what is measured a page."""
    if not scores:
        return
    table = pd.DataFrame(scores)
    sums = table.sum()
    shares = {key: sums[key] / sums[f"n_{key}"] for key in ("characters", "stories", "paragraphs")}
    more = {key: table[key].mean() for key in ("error", "seconds", "cpu_seconds") if key in table}
    print(f"{name} ({len(table)} pages):", ", ".join(f"{key} {value:.3f}" for key, value in (shares | more).items()))


def drawn(seed: int) -> Sheet | None:
    """Draw the page of a seed: two to five stories of one real page, every third one in Traditional script."""
    rng = np.random.default_rng(seed)
    page = pages_dev()[seed * 7 % len(pages_dev())]
    bounds = [*page["starts"], len(page["paragraphs"])]
    n_stories = int(rng.integers(2, 6))
    stories = []
    for n in rng.permutation(len(bounds) - 1)[:n_stories]:
        paragraphs: list[str] = []
        for text in page["paragraphs"][bounds[n] : bounds[n + 1]]:
            if paragraphs and sum(map(len, paragraphs)) + len(text) > 1.3 * 3200 / n_stories:
                break
            paragraphs.append(text)
        if page["titles"][n] and sum(map(len, paragraphs)) >= 60:
            stories.append({"title": page["titles"][n], "paragraphs": paragraphs})
    if seed % 3 == 0:
        turn = opencc.OpenCC("s2t").convert
        stories = [{"title": turn(s["title"]), "paragraphs": [turn(p) for p in s["paragraphs"]]} for s in stories]
    return draw_page(stories, seed) if stories else None


def pages_dev(kept: list[dict[str, Any]] = []) -> list[dict[str, Any]]:  # noqa: B006  (read once)
    """Return the development pages."""
    if not kept:
        with gzip.open(DATA / "pages_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
            kept += [json.loads(line) for line in lines]
    return kept


def split(text: str, lines: pd.DataFrame | None) -> pd.DataFrame:
    """Return the sections of one document."""
    return split_sections(pd.DataFrame({"doc_id": ["page"], "text": [text], "lines": [lines]}), find_twins=False)


def geometry(sheet: Sheet, seed: int) -> pd.DataFrame:
    """Read the drawn boxes, padded and shaken as a recogniser's are, turned by the page's skew."""
    rng, move = np.random.default_rng(seed), mover(sheet.picture.size, seed)
    boxes = np.array([line.box for line in sheet.lines])
    pad = 0.22 * np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])[:, None]
    boxes = boxes + pad * [-0.6, -0.7, 0.6, 0.7] + rng.normal(0, 1.5, boxes.shape)
    quads = move(boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]])
    found = Recognised(quads, [line.text for line in sheet.lines], [1.0] * len(sheet.lines))
    return split(*assemble([(found, moved(sheet.rules, move), moved(sheet.frames, move))]))


def moved(boxes: Sequence[tuple[float, ...]], move: Any) -> np.ndarray:
    """Return boxes moved by their middles."""
    given = np.array(boxes, dtype=float).reshape(-1, 4)
    half = (given[:, 2:] - given[:, :2]) / 2
    middles = move(given[:, :2] + half) if len(given) else given[:, :2]
    return np.hstack([middles - half, middles + half])


def from_pdf(sheet: Sheet, seed: int) -> pd.DataFrame:
    """Read the page as a PDF whose content stream goes across the columns."""
    return split(*read_scan(draw_pdf(sheet, seed), ".pdf"))


def by_pypdf(sheet: Sheet, seed: int) -> pd.DataFrame:
    """Read the same PDF in the order in which pypdf gives it, as plain text."""
    from io import BytesIO

    from pypdf import PdfReader

    return split(PdfReader(BytesIO(draw_pdf(sheet, seed))).pages[0].extract_text(), None)


def through_recogniser(sheet: Sheet, seed: int) -> tuple[Recognised, pd.DataFrame, Score]:
    """Scan the page, recognise and read it; also the lines as recognised, their error, and the time it took."""
    picture = np.asarray(scan_page(sheet.picture, seed)[0].convert("RGB"))
    began, worked = time.perf_counter(), time.process_time()
    found = recognise(picture)
    sections = split(*assemble([(found, *find_rules(picture, skew_of(found.quads)))]))
    told = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - worked}
    true, read = (sorted(texts, key=len) for texts in ([line.text for line in sheet.lines], found.texts))
    kept = sum(max((common(line, other) for other in read), default=0) for line in true)
    return found, sections, told | {"error": 1 - kept / sum(map(len, true))}


def score(sheet: Sheet, sections: pd.DataFrame) -> Score:
    """Count characters, stories and paragraphs that came out right, and all there are."""
    stories: dict[int, str] = {}
    paragraphs: dict[int, str] = {}
    for line in sheet.lines:
        if line.story >= 0:
            stories[line.story] = stories.get(line.story, "") + bare(line.text)
        if line.paragraph >= 0:
            paragraphs[line.paragraph] = paragraphs.get(line.paragraph, "") + bare(line.text)
    own = sections[sections["kind"] != "notice"]
    articles = [bare("".join(texts)) for _, texts in own.groupby("article_id", sort=False)["text"]]
    pairs = [(common(story, article), -n, key) for key, story in stories.items() for n, article in enumerate(articles)]
    right, whole, done, used = 0, 0, set(), set()
    for shared, n, key in sorted(pairs, reverse=True):
        if key not in done and n not in used:
            done.add(key)
            used.add(n)
            right += shared
            whole += shared >= 0.9 * len(stories[key]) and shared >= 0.95 * len(articles[-n])
    texts = [bare(text) for text in sections["text"]]
    kept = sum(any(common(p, t) >= 0.9 * len(p) for t in texts if len(t) >= 0.8 * len(p)) for p in paragraphs.values())
    return {
        "characters": right, "n_characters": sum(map(len, stories.values())), "stories": whole,
        "n_stories": len(stories), "paragraphs": kept, "n_paragraphs": len(paragraphs),
    }  # fmt: skip


def bare(text: str) -> str:
    """Return the text without white space, full-width marks that a recogniser writes half width made alike."""
    return "".join(text.split()).translate(str.maketrans("，：；！？（）", ",:;!?()"))


def common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence, in bits (Hyyrö 2004, Proc. AWOCA, 16-27)."""
    places: dict[str, int] = {}
    for n, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << n
    full = row = (1 << len(one)) - 1
    for char in other:
        hit = row & places.get(char, 0)
        row = ((row + hit) | (row - hit)) & full
    return (full & ~row).bit_count()


def paragraph_pairs(sheet: Sheet, sections: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each true paragraph of 40 characters or more with the section that shares most with it."""
    true: dict[int, str] = {}
    for line in sheet.lines:
        if line.paragraph >= 0:
            true[line.paragraph] = true.get(line.paragraph, "") + line.text
    texts = sections.loc[sections["kind"] == "body", "text"].tolist()
    return [(p, max(texts, key=lambda t: common(bare(p), bare(t)))) for p in true.values() if len(p) >= 40 and texts]


def labels_kept(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the share of paragraphs whose section gets the label that the clean paragraph gets."""
    from banmian.models.classify.pretrained import load_pretrained

    labeller = load_pretrained()
    clean, read = (labeller.label(list(texts))["label"] for texts in zip(*pairs, strict=True))
    return float((clean.to_numpy() == read.to_numpy()).mean())


if __name__ == "__main__":
    main()
