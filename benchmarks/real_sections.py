"""Write the index of the real sections that the shipped labeller learns from: where each is found, never its text.

    python benchmarks/real_sections.py

Needs the measuring data (see `data_folder`). Start and end count the characters of the document's title, a line feed
and its text; white space is ignored in finding a section, since a section's paragraphs are re-joined.
"""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.models.classify.pretrained import REAL_SECTIONS, text_hash
from banmian.text.script import detect_script
from terms import data_folder

COLUMNS = [
    "id",
    "corpus",
    "doc",
    "start",
    "end",
    "label",
    "second",
    "hard",
    "readers",
    "label_b",
    "script",
    "text_hash",
]


def read_real_sections(folder: Path) -> pd.DataFrame:
    """Return the real sections with their texts, in the order of the file; missing values are empty."""
    lines = (folder / "real_sections.jsonl").read_text(encoding="utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines if line]).fillna("")


def documents(path: Path) -> dict[str, str]:
    """Return the documents of a corpus: id → title, line feed, text."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: f"{row.get('title') or ''}\n{row['text']}" for row in rows}


def find(section: str, document: str) -> tuple[int, int]:
    """Return where a section stands in a document, white space ignored; (-1, -1) where it is not found whole."""
    kept = np.array([i for i, character in enumerate(document) if not character.isspace()])
    wanted = "".join(section.split())
    place = "".join(document.split()).find(wanted)
    return (-1, -1) if place < 0 else (int(kept[place]), int(kept[place + len(wanted) - 1]) + 1)


def main() -> None:
    folder = data_folder()
    if not (folder / "real_sections.jsonl").is_file():
        print(f"{folder}: no real_sections.jsonl, nothing to index; set BANMIAN_DATA")
        return
    table = read_real_sections(folder)
    places: dict[str, tuple[int, int]] = {}
    for corpus, rows in table.groupby("corpus"):
        texts = documents(folder / "corpora" / f"{corpus}.jsonl.gz")
        places |= {row.id: find(row.text, texts.get(row.doc, "")) for row in rows.itertuples()}
    table["start"], table["end"] = zip(*(places[name] for name in table["id"]), strict=True)
    table["script"] = table["text"].map(detect_script)
    table["text_hash"] = table["text"].map(text_hash)
    table["hard"] = table["hard"].map({True: "true", False: "false"})
    with atomic_write(REAL_SECTIONS) as temporary:
        table[COLUMNS].to_csv(temporary, index=False, lineterminator="\n")
    print(f"{len(table)} sections, {(table['start'] < 0).sum()} not found in their document; see {REAL_SECTIONS.name}")


if __name__ == "__main__":
    main()
