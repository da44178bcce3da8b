"""The labeller of the four labels and ``other``: what it is trained on, and where the trained one is kept."""

import json
from pathlib import Path

import pandas as pd

from banmian.config import CACHE, PROJECT_CORPUS
from banmian.io.cache import cache_path, prune
from banmian.labels.scheme import LABELS
from banmian.models.classify.features import clean
from banmian.models.classify.labeller import Labeller, load_labeller, train_labeller
from banmian.models.classify.persistence import environment_fingerprint

HERE = Path(__file__).resolve().parent
COLUMNS = ["text", "label", "group", "real"]
EXEMPLARS = HERE / "data" / "exemplars.jsonl"
# A section that runs over a column's foot has other sections' words between its first and its last character. Its
# pieces stand here, in reading order, under "{doc_id} {start}-{end}" as its row of seeds/labels.csv has them.
SPANS = HERE / "data" / "seed_spans.json"
_CODE = (
    "calibration.py",
    "conformal.py",
    "ensemble.py",
    "features.py",
    "labeller.py",
    "pretrained.py",
    "../embed.py",
    "../evaluation/metrics.py",
    "../../text/script.py",
    "data/fields.txt",
)


def load_pretrained(*, progress: bool = True) -> Labeller:
    """Return the labeller trained on ``training_texts``.

    Built on first use (about a minute) and kept in ``paths.CACHE`` under a hash of its texts, its code and what a
    model file rests on, so that a change of any of them builds it anew.
    """
    texts = training_texts()
    known = [repr(sorted(environment_fingerprint().items())).encode(), texts.to_json(orient="records").encode()]
    path = cache_path(CACHE / "labeller", ".skops", [*known, *((HERE / name).read_bytes() for name in _CODE)])
    if path.is_file():
        return load_labeller(path)
    real = texts["real"].tolist()
    model = train_labeller(
        texts["text"].tolist(),
        texts["label"].tolist(),
        groups=texts["group"].tolist(),
        calibrate_on=real if any(real) else None,
        progress=progress,
    )
    model.save(path)
    prune(path.parent, path.suffix)
    return model


def training_texts(path: Path = EXEMPLARS, seeds: Path = PROJECT_CORPUS) -> pd.DataFrame:
    """Return text, label, group and real (bool): the written exemplars, then the hand-labelled sections of the seeds.

    A group must not be split between training and testing: an exemplar is one by itself, seeds that tell one story are
    one together.
    ``ValueError`` naming file and line for a row without text or with an unknown label.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        if row["label"] not in LABELS or not row["text"].strip():
            raise ValueError(f"{path}, line {number}: needs text and one of {', '.join(LABELS)}, got {row['label']!r}")
        rows.append((row["text"], row["label"], row["id"], False))
    return pd.concat([pd.DataFrame(rows, columns=COLUMNS), _seed_texts(seeds)], ignore_index=True)


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


def same_stories(documents: dict[str, str], share: float = 0.25, run: int = 16) -> dict[str, str]:
    """Map each document to the first one that tells its story: they share a quarter of the shorter's runs.

    A run is 16 characters. Punctuation, white space and script are ignored, so a wire item and its twin in the other
    script meet. Quoting the same slogans is not enough: two reports of one meeting share about a tenth.
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
