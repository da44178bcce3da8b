"""The shipped labeller of the four labels and ``other``: a file of the package, and what it was made of."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from banmian.config import PROJECT_CORPUS
from banmian.labels.scheme import LABELS
from banmian.models.classify.features import clean
from banmian.models.classify.labeller import Labeller, load_labeller

DATA = Path(__file__).resolve().parent / "data"
COLUMNS = ["text", "label", "group", "is_real"]
EXEMPLARS, REAL_SECTIONS, PRETRAINED = DATA / "exemplars.jsonl", DATA / "real_sections.csv", DATA / "pretrained.skops"
# A section that runs over a column's foot has other sections' words between its first and its last character. Its
# pieces stand here, in reading order, under "{doc_id} {start}-{end}" as its row of seeds/labels.csv has them.
SPANS = DATA / "seed_spans.json"


@cache
def load_pretrained() -> Labeller:
    """Return the shipped labeller, read once a process.

    It was trained by ``benchmarks/train_pretrained.py`` on the written exemplars, the seeds and 4,698 real sections;
    ``info["trained_on"]`` holds their hashes.
    """
    return load_labeller(PRETRAINED)


def training_texts(path: Path = EXEMPLARS, seeds: Path = PROJECT_CORPUS) -> pd.DataFrame:
    """Return text, label, group and is_real: the written exemplars, then the hand-labelled sections of the seeds.

    Without the seeds, which an installed package lacks, the exemplars alone. The real sections' texts are not here:
    they belong to their publishers. A group must not be split between training and testing: an exemplar is one by
    itself, seeds with the same report are one together. ``ValueError`` naming file and line for a row without text or
    with an unknown label.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        if row["label"] not in LABELS or not row["text"].strip():
            raise ValueError(f"{path}, line {number}: needs text and one of {', '.join(LABELS)}, got {row['label']!r}")
        rows.append((row["text"], row["label"], row["id"], False))
    return pd.concat([pd.DataFrame(rows, columns=COLUMNS), _seed_texts(seeds)], ignore_index=True)


def real_sections() -> pd.DataFrame:
    """Return the real sections that the shipped labeller learned from, without their texts, which are not ours.

    Returns
    -------
    DataFrame[id, corpus, doc, start, end, label, second, hard, readers, label_b, script, text_hash]; start and end
    count the characters of the document's title, a line feed and its text.
    """
    table = pd.read_csv(REAL_SECTIONS, dtype=str, keep_default_na=False, encoding="utf-8")
    return table.assign(hard=table["hard"] == "true", **{name: table[name].astype(int) for name in ("start", "end")})


def fingerprint(texts: Iterable[str], labels: Iterable[str]) -> str:
    """Return 16 hexadecimal digits for labelled texts in their order."""
    content = "\n".join(f"{label}\t{text_hash(text)}" for text, label in zip(texts, labels, strict=True))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def text_hash(text: str) -> str:
    """Return 16 hexadecimal digits by which a text can be recognised where it may not be shown."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def same_stories(documents: dict[str, str], share: float = 0.25, run: int = 16) -> dict[str, str]:
    """Map each document to the first one that carries the same report: they share a quarter of the shorter's n-grams.

    An n-gram is 16 characters. Punctuation, white space and script are ignored, so a wire item and its twin in the
    other script meet. Quoting the same slogans is not enough: two reports of one meeting share about a tenth.
    """
    runs = {}
    for name, text in sorted(documents.items()):
        bare = "".join(filter(str.isalnum, clean(text)))
        runs[name] = {bare[i : i + run] for i in range(len(bare) - run + 1)}
    story: dict[str, str] = {}
    for name, mine in runs.items():
        like = (other for other in story if len(mine & runs[other]) > share * max(1, min(len(mine), len(runs[other]))))
        first = next(like, None)
        story[name] = name if first is None else story[first]
    return story


def _seed_texts(seeds: Path) -> pd.DataFrame:
    """Return the hand-labelled sections as their labels' offsets cut them from the raw files; none without labels."""
    if not (seeds / "labels.csv").is_file():
        return pd.DataFrame([], columns=COLUMNS)
    table = pd.read_csv(seeds / "labels.csv", dtype=str, keep_default_na=False, encoding="utf-8")
    pieces = json.loads(SPANS.read_text(encoding="utf-8"))
    rows = []
    for row in table.to_dict("records"):
        with (seeds / f"{row['doc_id']}.txt").open(encoding="utf-8", newline="") as file:
            page = file.read()
        whole = [[int(row["start"]), int(row["end"])]]
        spans = pieces.get(f"{row['doc_id']} {row['start']}-{row['end']}", whole)
        rows.append(("\n".join(page[start:end] for start, end in spans), row["label"], row["doc_id"], True))
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.assign(group=found["group"].map(same_stories(dict(found.groupby("group")["text"].agg("".join)))))
