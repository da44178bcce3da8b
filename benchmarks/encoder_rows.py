"""Texts for `train_encoder.py`: read, cut into windows, and passed through the encoder's frozen layers once."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from banmian.models.classify.encoder import ENCODER_LABELS, PREFIX, windows
from banmian.models.classify.features import clean
from banmian.models.classify.pretrained import training_texts
from encoder_network import Encoder

N_FROZEN, N_LAYERS = 4, 8  # frozen, layer 8's mean vectors tell the labels apart as well as layer 12's


class Rows(NamedTuple):
    """The texts: ids, corpora, labels as numbers, which are hard; windows by row, and each window's frozen states."""

    ids: np.ndarray
    corpora: np.ndarray
    labels: np.ndarray
    hard: np.ndarray
    of_row: list[np.ndarray]
    row_of: np.ndarray
    starts: np.ndarray
    states: np.ndarray


def read_rows(sections: Path) -> tuple[list[tuple[str, str, str, bool]], list[str]]:
    """Return (id, corpus, label, hard) and the cleaned text of the real sections, the exemplars and the seeds."""
    lines = [json.loads(line) for line in sections.read_text(encoding="utf-8").splitlines()]
    rows = [(line["id"], line["corpus"], line["label"], bool(line["hard"])) for line in lines]
    written = training_texts()
    for number, (label, real) in enumerate(zip(written["label"], written["is_real"], strict=True)):
        rows.append((f"w{number}", "seeds" if real else "exemplars", label, False))
    return rows, [clean(text) for text in [*(line["text"] for line in lines), *written["text"]]]


def prepare(sections: Path, tokenizer: Path, work: Path, encoder: Encoder) -> tuple[Rows, set[int]]:
    """Return the rows, their windows read by the frozen layers, and the tokens that they use."""
    from tokenizers import Tokenizer

    table, texts = read_rows(sections)
    cutter = Tokenizer.from_file(str(tokenizer))
    cutter.no_truncation()
    cutter.no_padding()
    start = cutter.encode(PREFIX).ids[:4]
    found = [windows(np.array(line.ids[4:-1])) for line in cutter.encode_batch([PREFIX + text for text in texts])]
    ids = [np.array([*start, *window, 2]) for part in found for window in part]
    row_of = np.repeat(np.arange(len(found)), [len(part) for part in found])
    starts = np.concatenate([[0], np.cumsum([len(window) for window in ids])])
    path = work / f"states-{fingerprint(np.concatenate(ids).tobytes())}.npy"
    if not path.is_file():
        np.save(path, _frozen_states(encoder, ids))
    names, corpora, labels, hard = (np.array(column) for column in zip(*table, strict=True))
    of_row = [np.flatnonzero(row_of == row) for row in range(len(found))]
    numbers = np.array([ENCODER_LABELS.index(label) for label in labels])
    states = np.load(path, mmap_mode="r")
    return Rows(names, corpora, numbers, hard, of_row, row_of, starts, states), set(np.concatenate(ids).tolist())


@torch.no_grad()
def _frozen_states(encoder: Encoder, ids: list[np.ndarray]) -> np.ndarray:
    """Return the vectors after the frozen layers of all windows' tokens, one below the other, half precision."""
    encoder.eval()
    found: list[np.ndarray] = [np.empty(0)] * len(ids)
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    for at in range(0, len(order), 32):
        batch = order[at : at + 32]
        lines = nn.utils.rnn.pad_sequence([torch.from_numpy(ids[i]) for i in batch], True, 1)
        x, mask = encoder.embed(lines), lines != 1
        for layer in encoder.layers[:N_FROZEN]:
            x = layer(x, mask)
        for row, i in enumerate(batch):
            found[i] = x[row, : len(ids[i])].half().numpy()
    return np.concatenate(found)


def batch_of(rows: Rows, windows_: np.ndarray) -> tuple[Tensor, Tensor]:
    """Return the frozen states of some windows, padded, and which are no padding."""
    parts = [torch.from_numpy(rows.states[rows.starts[w] : rows.starts[w + 1]].astype(np.float32)) for w in windows_]
    lengths = torch.tensor([len(part) for part in parts])
    return nn.utils.rnn.pad_sequence(parts, True), torch.arange(int(lengths.max())) < lengths[:, None]


def fingerprint(data: bytes) -> str:
    """Return the first 16 digits of the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()[:16]
