"""Write a labeller to one file; read it back only when all in it is known, possible, and made with these features."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from banmian.io.atomic import atomic_write
from banmian.labels.scheme import LABELS
from banmian.models.classify.character_ngrams import NgramVocabulary
from banmian.models.classify.ensemble import Ensemble, Head, Stage
from banmian.models.classify.field_lexicon import FIELDS
from banmian.models.embed import MODEL_SHA256

# Raised when the same text gives other features (a test compares them with recorded ones) or the file another layout.
FEATURES_VERSION, FORMAT = 3, 3
MAX_BYTES = 500_000_000  # of a model file's content, unpacked


def save_parts(arrays: Mapping[str, np.ndarray], words: dict[str, Any], path: Path) -> None:
    """Write arrays, and words that JSON can hold, with skops: a zip of JSON and .npy, no pickle."""
    import skops.io  # with scikit-learn two seconds to import, and reading needs neither

    path.parent.mkdir(parents=True, exist_ok=True)
    # As one array of bytes: skops would write each text as an object of its own.
    content = json.dumps({"environment_fingerprint": environment_fingerprint(), **words}, ensure_ascii=False)
    packed = np.frombuffer(content.encode("utf-8", "surrogatepass"), np.uint8)
    with atomic_write(path) as temporary:
        skops.io.dump({**arrays, "words": packed}, temporary, compression=zipfile.ZIP_DEFLATED)


def load_parts(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return what `save_parts` wrote; ``ValueError`` naming the file when it cannot be trusted or does not fit.

    A file is opened only if all it holds are numbers in plain arrays: whatever else skops could write is unknown here.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such model file; train one and save it there")
    try:
        arrays, unknown = _read(path)
        words = json.loads(arrays.pop("words").tobytes().decode("utf-8", "surrogatepass")) if not unknown else {}
        found = words.pop("environment_fingerprint", {})
    except Exception as error:  # a damaged zip or JSON fails in a dozen ways, and all mean the same to the reader
        raise ValueError(f"{path}: not a labeller's file ({type(error).__name__}: {error}); train it again") from error
    if unknown:
        raise ValueError(f"{path}: holds unknown types {unknown[:3]} and was not opened; train it again yourself")
    for name, wanted in features_fingerprint().items():
        if found.get(name) != wanted:
            raise ValueError(
                f"{path}: made with {name} {found.get(name)}, here is {wanted}; its numbers would mean something else: "
                "train it again"
            )
    return arrays, words


def pack(ensemble: Ensemble) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return an ensemble as arrays and words. Coefficients are in half precision already, so nothing is lost."""
    arrays = {"keys": ensemble.vocabulary.keys, "idf": ensemble.vocabulary.idf}
    for name, head in ensemble.heads.items():
        arrays[f"{name} coefficients"] = head.coefficients.astype(np.float16)
        arrays[f"{name} intercepts"] = head.intercepts
    stages = [stage._asdict() for stage in ensemble.stages]
    return arrays, {"labels": ensemble.labels, "heads": list(ensemble.heads), "stages": stages}


def unpack(arrays: dict[str, np.ndarray], words: dict[str, Any]) -> Ensemble:
    """Return the ensemble that `pack` took apart; ``KeyError`` or ``TypeError`` when parts are missing."""
    heads = {
        name: Head(arrays[f"{name} coefficients"].astype(np.float32), arrays[f"{name} intercepts"])
        for name in words["heads"]
    }
    vocabulary = NgramVocabulary(arrays["keys"], arrays["idf"])
    return Ensemble(words["labels"], vocabulary, heads, [Stage(**stage) for stage in words["stages"]])


def check_model(
    path: Path, ensemble: Ensemble, thresholds: np.ndarray, vectors: np.ndarray, n_openings: int, n_labels: int
) -> None:
    """Raise ``ValueError`` naming the file and the first thing in it that no training could have written."""
    labels, vocabulary, stages = ensemble.labels, ensemble.vocabulary, ensemble.stages
    width = {"ngrams": len(vocabulary.keys), "embedding": 1024, "descriptions": 1024}
    numbers = [head.coefficients for head in ensemble.heads.values()]
    numbers += [head.intercepts for head in ensemble.heads.values()] + [thresholds, vocabulary.idf, vectors]
    is_text_or_int = all(isinstance(label, str | int) for label in labels)
    faults = {
        "labels that are not two or more different texts or whole numbers": not is_text_or_int
        or not 2 <= len(set(labels)) == len(labels),
        "numbers that are not finite": not all(np.isfinite(array).all() for array in numbers),
        "n-grams out of order": bool((vocabulary.keys[1:] <= vocabulary.keys[:-1]).any())
        or vocabulary.keys.dtype != np.uint64,
        "arrays of shapes that do not fit each other": thresholds.shape != (len(labels),)
        or vocabulary.keys.shape != vocabulary.idf.shape
        or not n_openings == n_labels == len(vectors)
        or any(
            head.coefficients.ndim != 2
            or head.intercepts.shape != (len(labels),)
            or head.coefficients.shape != (len(labels), width.get(name, head.coefficients.shape[1]))
            for name, head in ensemble.heads.items()
        ),
        "an encoder that has other labels": any("encoder" in stage.weights for stage in stages)
        and labels != sorted(LABELS),
        "no stage, or one of unknown views": not stages
        or any(not stage.weights or not set(stage.weights) <= {*ensemble.heads, "encoder"} for stage in stages),
        "a temperature that is not above 0": not all(0 < stage.temperature < np.inf for stage in stages),
        "weights that are not above 0": not all(
            0 < weight < np.inf for stage in stages for weight in stage.weights.values()
        ),
    }
    if found := [what for what, wrong in faults.items() if wrong]:
        raise ValueError(f"{path}: holds {found[0]}, so it is damaged or was changed; train it again")


def features_fingerprint() -> dict[str, str]:
    """Return what the numbers in a model file depend on: layout, features, field lexicon, embedding model."""
    return {
        "format": str(FORMAT),
        "features": str(FEATURES_VERSION),
        "field lexicon": hashlib.sha256(FIELDS.read_bytes()).hexdigest()[:16],
        "embedding model": MODEL_SHA256[:16],
    }


def environment_fingerprint() -> dict[str, str]:
    """Return `features_fingerprint` and the versions of this package and of scikit-learn, which fitted the numbers."""
    return features_fingerprint() | {name: version(name) for name in ("banmian", "scikit-learn")}


def _read(path: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return the arrays of a skops file that is a flat dict of them, or no arrays and what else is in it."""
    with zipfile.ZipFile(path) as file:
        if sum(member.file_size for member in file.infolist()) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES:,} bytes unpacked")
        nodes = json.loads(file.read("schema.json"))
        content = nodes["content"] if nodes["__loader__"] == "DictNode" else {"": nodes}
        plain = ("NdArrayNode", "numpy")
        unknown = {
            f"{node['__module__']}.{node['__class__']}"
            for node in content.values()
            if (node["__loader__"], node.get("type")) != plain
        }
        if unknown:
            return {}, sorted(unknown)
        read = {name: io.BytesIO(file.read(node["file"])) for name, node in content.items()}
        return {name: np.load(data, allow_pickle=False) for name, data in read.items()}, []
