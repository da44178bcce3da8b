"""The fourth view: a small encoder fine-tuned on the five labels, offline, beside the three views of ``features``.

The network is the lower eight layers of multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), the upper four of
them fine-tuned by ``benchmarks/train_encoder.py``, its vocabulary cut to what Chinese text needs, its weights in 8
bits. It comes as two ONNX files beside this module: one cuts a text into tokens (SentencePiece), one reads them.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import onnxruntime_extensions
from joblib import cpu_count
from tqdm.auto import tqdm

from banmian.labels.scheme import LABELS

DATA = Path(__file__).resolve().parent / "data"
ENCODER_LABELS = sorted(LABELS)  # in the order of the columns
PREFIX = "query: "  # as multilingual-e5 was trained
WINDOW = 124  # tokens of text in a window, about 180 characters
BATCH = 16
DIMENSIONS = 768
_START, _PAD, _END, _N_PREFIX = 0, 1, 2, 3


class _Encoded(NamedTuple):
    """What the encoder says of texts or windows: ``log_probs`` (n, n_labels), ``view`` (n, 768)."""

    log_probs: np.ndarray
    view: np.ndarray


def encoder_log_probs(cleaned: Sequence[str], *, progress: bool = False) -> np.ndarray:
    """Return log-probabilities of ``ENCODER_LABELS``, float32 of shape (n_texts, 5), for cleaned texts.

    Natural logarithms of probabilities that sum to 1, not calibrated. A text longer than about 180 characters is read
    in windows of equal length; the mean of their log-probabilities is scaled to sum to 1 again. A text without a token
    gets equal probabilities. Equal texts are read once. A row depends on its text alone: neither order nor neighbours
    change it by more than rounding (1e-5). ``ValueError`` when the model's files are missing.
    """
    return _encode(cleaned, progress).log_probs


def encoder_view(cleaned: Sequence[str], *, progress: bool = False) -> np.ndarray:
    """Return vectors for a labeller of other labels, float32 of shape (n_texts, 768), read as in `encoder_log_probs`.

    The first half is the mean of the tokens' vectors after the fourth layer, which no label has touched; the second
    that after the eighth, which was trained on ``ENCODER_LABELS``. Means over windows; zeros for a text without a
    token.
    """
    return _encode(cleaned, progress).view


def _encode(cleaned: Sequence[str], progress: bool) -> _Encoded:
    """Read each distinct text once, window by window, and average."""
    distinct = list(dict.fromkeys(cleaned))
    parts = [windows(tokens) for tokens in _tokens(distinct)]
    found = _read([window for part in parts for window in part], progress)
    ends = np.cumsum([len(part) for part in parts])
    log_probs = np.full((len(distinct), len(ENCODER_LABELS)), -np.log(len(ENCODER_LABELS)))
    view = np.zeros((len(distinct), DIMENSIONS))
    for row, (end, part) in enumerate(zip(ends, parts, strict=True)):
        if part:
            mean = found.log_probs[end - len(part) : end].mean(axis=0, dtype=np.float64)
            log_probs[row] = mean - np.log(np.exp(mean).sum())
            view[row] = found.view[end - len(part) : end].mean(axis=0, dtype=np.float64)
    row_of = {text: row for row, text in enumerate(distinct)}
    rows = np.array([row_of[text] for text in cleaned], dtype=np.intp)
    return _Encoded(log_probs[rows].astype(np.float32), view[rows].astype(np.float32))


def windows(tokens: np.ndarray, size: int = WINDOW) -> list[np.ndarray]:
    """Cut tokens into the fewest windows of at most ``size``, lengths as equal as can be; none without tokens."""
    if not len(tokens):
        return []
    length = -(-len(tokens) // -(-len(tokens) // size))
    return [tokens[start : start + length] for start in range(0, len(tokens), length)]


def _tokens(texts: list[str]) -> list[np.ndarray]:
    """Return the token numbers of each text, without those of the prefix."""
    if not texts:
        return []
    # A lone surrogate (half of a broken character) or a null cannot be handed over.
    whole = [PREFIX + text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ") for text in texts]
    flat, starts = _session("encoder_tokens.onnx").run(None, {"texts": np.array(whole, dtype=object)})
    return [part[_N_PREFIX:] for part in np.split(flat, starts[1 : len(texts)])]


def _read(parts: list[np.ndarray], progress: bool) -> _Encoded:
    """Run windows through the network, those of like length together, on as many threads as there are cores."""
    session = _session("encoder.onnx")
    prefix = [_START, *_tokens_of_prefix()]
    found = _Encoded(
        np.zeros((len(parts), len(ENCODER_LABELS)), np.float32), np.zeros((len(parts), DIMENSIONS), np.float32)
    )
    order = sorted(range(len(parts)), key=lambda i: -len(parts[i]))
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

    def run(batch: list[int]) -> list[np.ndarray]:
        ids = np.full((len(batch), len(parts[batch[0]]) + len(prefix) + 1), _PAD, np.int64)
        for row, i in enumerate(batch):
            line = [*prefix, *parts[i], _END]
            ids[row, : len(line)] = line
        return session.run(["log_probs", "view"], {"ids": ids})

    with ThreadPoolExecutor(cpu_count()) as pool:
        bar = tqdm(total=len(parts), desc="reading", unit="window", disable=None if progress else True)
        for batch, (log_probs, view) in zip(batches, pool.map(run, batches), strict=True):
            found.log_probs[batch], found.view[batch] = log_probs, view
            bar.update(len(batch))
    return found


@cache
def _tokens_of_prefix() -> list[int]:
    """Return the tokens that stand before every window."""
    flat, _ = _session("encoder_tokens.onnx").run(None, {"texts": np.array([PREFIX], dtype=object)})
    return [int(token) for token in flat[:_N_PREFIX]]


@cache
def _session(name: str) -> onnxruntime.InferenceSession:
    """Load one of the model's files once a process; ``ValueError`` when it is missing."""
    path = DATA / name
    if not path.is_file():
        raise ValueError(f"{path}: the encoder is missing; install banmian again or run benchmarks/train_encoder.py")
    options = onnxruntime.SessionOptions()
    options.register_custom_ops_library(onnxruntime_extensions.get_library_path())
    options.intra_op_num_threads = 1  # batches run side by side instead, and sums keep one order
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
