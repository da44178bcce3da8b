"""Write a labeller to one file, read it back only when nothing in it is unknown and nothing it rests on has changed."""

import hashlib
import io
import json
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from banmian.io.atomic import atomic_write
from banmian.models.embed import MODEL_SHA256

# Raised by hand whenever the same inputs would give other features or another model file.
FORMAT = 2
HERE = Path(__file__).resolve().parent


def save_parts(arrays: dict[str, np.ndarray], words: dict[str, Any], path: Path) -> None:
    """Write arrays, and words that JSON can hold, with skops: a zip of JSON and .npy, no pickle."""
    import skops.io  # with scikit-learn two seconds to import, and reading needs neither

    path.parent.mkdir(parents=True, exist_ok=True)
    # As one array of bytes: skops would write each of a hundred thousand runs of characters as an object of its own.
    said = json.dumps({"environment_fingerprint": environment_fingerprint(), **words}, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    with atomic_write(path) as temporary:
        skops.io.dump({**arrays, "words": np.frombuffer(said, np.uint8)}, temporary)


def load_parts(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return what ``save_parts`` wrote; ``ValueError`` naming the file when it cannot be trusted or does not fit.

    A file is opened only if all it holds are numbers in plain arrays: whatever else skops could write is unknown here.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such model file; train one and save it there")
    try:
        arrays, unknown = _read(path)
        said = json.loads(arrays.pop("words").tobytes().decode("utf-8", "surrogatepass")) if not unknown else {}
        found = said.pop("environment_fingerprint", {})
    except Exception as error:  # a damaged zip or JSON fails in a dozen ways, and all mean the same to the reader
        raise ValueError(f"{path}: not a labeller's file ({type(error).__name__}: {error}); train it again") from error
    if unknown:
        raise ValueError(f"{path}: holds unknown types {unknown[:3]} and was not opened; train it again yourself")
    for name, wanted in environment_fingerprint().items():
        if found.get(name) != wanted:
            raise ValueError(
                f"{path}: made with {name} {found.get(name)}, here is {wanted}; its numbers would mean something else: "
                "train it again"
            )
    return arrays, said


def _read(path: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return the arrays of a skops file that is a flat dict of them, or no arrays and what else is in it."""
    with zipfile.ZipFile(path) as file:
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


def environment_fingerprint() -> dict[str, str]:
    """Return what a model file rests on: format, package, learning library, embedding model."""
    return {
        "format": str(FORMAT),
        "banmian": version("banmian"),
        "scikit-learn": version("scikit-learn"),
        "embedding model": MODEL_SHA256[:16],
        "lexicon": _hash_of(HERE.parents[1] / "words" / "data" / "lexicon.txt"),
    }


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else "none"
