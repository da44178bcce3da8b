"""The shipped labeller's training texts as a reference for drift, made on first use and kept."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from banmian.config import CACHE
from banmian.io.atomic import atomic_write
from banmian.io.cache import cache_path, prune, word_files
from banmian.models.classify.features import clean
from banmian.models.classify.pretrained import training_texts
from banmian.models.drift.statistics import Reference, SampleStatistics, fit_reference

HERE = Path(__file__).resolve().parent


def load_reference(texts: pd.DataFrame | None = None) -> Reference:
    """Return the reference of the shipped labeller's training texts, made on first use and kept in the cache.

    ``texts`` (columns text and label) stand in for `banmian.models.classify.pretrained.training_texts`.
    """
    rows = training_texts() if texts is None else texts
    code = [*sorted(HERE.parent.rglob("*.py")), *word_files()]
    known = rows[["text", "label"]].to_json(orient="records").encode()
    kept = cache_path(CACHE / "drift", ".json", [known, *(path.read_bytes() for path in code)])
    try:
        return _from_json(json.loads(kept.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there, or not ours: make it again
    # Without a scanner's line breaks, which would cut words in two.
    reference = fit_reference([clean(text) for text in rows["text"]], rows["label"].tolist())
    kept.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(kept) as temporary:
        temporary.write_text(json.dumps(_to_json(reference), ensure_ascii=False), encoding="utf-8")
    prune(kept.parent, kept.suffix)
    return reference


def _to_json(reference: Reference) -> dict[str, Any]:
    tally = vars(reference.tally)
    words, runs = sorted(reference.words), sorted(reference.runs)
    return {"words": words, "runs": runs, "topics": reference.topics, "names": reference.names, "tally": tally}


def _from_json(kept: dict[str, Any]) -> Reference:
    words, runs, topics, names, tally = (kept[name] for name in ("words", "runs", "topics", "names", "tally"))
    counted = {int(number): count for number, count in tally["topics"].items()}  # JSON's keys are text
    sums = SampleStatistics(**{**tally, "labels": Counter(tally["labels"]), "topics": Counter(counted)})
    return Reference(frozenset(words), frozenset(runs), topics, names, sums)
