"""Write a labeller to one file, read it back only when nothing in it is unknown and nothing it rests on has changed."""

import hashlib
import os
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import skops.io

from banmian.models.embed import MODEL_SHA256

# Raised by hand whenever the same inputs would give other features or another model file.
FORMAT = 1
HERE = Path(__file__).resolve().parent


def save_parts(parts: Any, path: Path) -> None:
    """Write a dataclass of numbers, arrays and estimators with skops: a zip of JSON and .npy, no pickle."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    content = {field.name: getattr(parts, field.name) for field in fields(parts)}
    skops.io.dump({"made_with": made_with(), "parts": content}, temporary)
    temporary.replace(path)


def load_parts(path: Path) -> dict[str, Any]:
    """Return what ``save_parts`` wrote; ``ValueError`` naming the file when it cannot be trusted or does not fit."""
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path}: no such model file; train one and save it there")
    try:
        unknown = skops.io.get_untrusted_types(file=path)
        if unknown:
            raise ValueError(f"{path}: holds unknown types {unknown[:3]} and was not opened; train it again yourself")
        content = skops.io.load(path, trusted=[])
        found, parts = content["made_with"], content["parts"]
    except ValueError:
        raise
    except Exception as error:  # a damaged zip or JSON fails in a dozen ways, and all mean the same to the reader
        raise ValueError(f"{path}: not a labeller's file ({type(error).__name__}: {error}); train it again") from error
    for name, wanted in made_with().items():
        if found.get(name) != wanted:
            raise ValueError(
                f"{path}: made with {name} {found.get(name)}, here is {wanted}; its numbers would mean something else: "
                "train it again"
            )
    return parts


def made_with() -> dict[str, str]:
    """Return what a model file rests on: format, package, learning library, embedding model."""
    return {
        "format": str(FORMAT),
        "banmian": version("banmian"),
        "scikit-learn": version("scikit-learn"),
        "embedding model": MODEL_SHA256[:16],
        "lexicon": _hash_of(HERE.parent / "words" / "data" / "lexicon.txt"),
    }


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else "none"
