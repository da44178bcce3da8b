"""The shipped labeller's training texts as a reference for drift: a file of the package, written beside the model."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

from banmian.io.atomic import atomic_write
from banmian.models.drift.statistics import Reference, SampleStatistics

REFERENCE = Path(__file__).resolve().parent / "data" / "reference.npz"


@cache
def load_reference(path: Path = REFERENCE) -> Reference:
    """Return the reference of the shipped labeller's training texts, read once a process.

    Raises ``ValueError`` naming the file when it is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            words = arrays["words"].tobytes().decode("utf-8").split("\n")
            rest = json.loads(arrays["rest"].tobytes().decode("utf-8"))
            runs = frozenset(arrays["runs"].tolist())
        tally = rest["tally"]
        counted = {int(number): count for number, count in tally["topics"].items()}  # JSON's keys are text
        sums = SampleStatistics(**{**tally, "labels": Counter(tally["labels"]), "topics": Counter(counted)})
        return Reference(frozenset(words), runs, rest["topics"], rest["names"], sums, rest["corpora"])
    except Exception as error:  # a damaged file fails in a dozen ways, and all mean the same to the reader
        raise ValueError(
            f"{path}: not a reference for drift ({type(error).__name__}); install banmian again"
        ) from error


def save_reference(reference: Reference, path: Path = REFERENCE) -> None:
    """Write a reference: words and n-gram hashes sorted, so that equal training texts give an equal file."""
    rest = {
        "topics": reference.topics,
        "names": reference.names,
        "corpora": reference.corpora,
        "tally": vars(reference.tally),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary, temporary.open("wb") as out:
        np.savez_compressed(
            out,
            words=np.frombuffer("\n".join(sorted(reference.words)).encode("utf-8"), np.uint8),
            runs=np.array(sorted(reference.runs), np.uint32),
            rest=np.frombuffer(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode("utf-8"), np.uint8),
        )
