"""What more labels, chosen labels and noise do to the labeller; run by `labels.py`.

Texts are embedded once: the vectors are kept in the cache and every fit below takes its rows of them.
"""

import gzip
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from banmian.models.classify import Labeller
from banmian.models.classify.active_learning import suggest
from banmian.models.classify.ensemble import fit_heads
from banmian.models.classify.features import FeatureViews, clean, embedding_view, field_lexicon_view, ngram_view
from banmian.models.embed import DIMENSIONS
from banmian.models.evaluation.metrics import bootstrap_interval
from terms import data_folder

SIZES = (50, 100, 200, 400, 800)
# Characters that a scanner takes for one another, by their looks.
LOOKALIKES = (
    "己已巳 日曰目 人入八 土士 未末 千干于 大太犬 天夭 问间 令今 仓仑 兔免 贝见 乌鸟鸣 住往佳 徙徒 治冶 没设 活话 帅师 "
    "拔拨 析折拆 竟竞 市巾 午牛 侯候 晴睛 田由甲申 刀力 王玉主 木本术 白自百 办为 万方 厂广 风凤 处外 历厉 几儿 "
    "名各 后石 材村林 快块 极级 情清请 推堆 准淮 场扬 抢枪 科料 杨扬 货贷 拾抬 第弟 体休 何向 传转 代伐 同向 元无 "
    "一- 口日 。. ，、 ：； “‘ ”’ 0O 1l 5S"
)
ALIKE = {one: [other for other in group if other != one] for group in LOOKALIKES.split() for one in group}


def read_rows(name: str) -> pd.DataFrame:
    """Return the rows of a .jsonl or .jsonl.gz file of the measuring data."""
    path = data_folder() / name
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return pd.DataFrame([json.loads(line) for line in data.decode("utf-8").splitlines() if line])


@dataclass(frozen=True)
class Seen:
    """Texts with everything that the views take from them but the runs of characters, which depend on the fit."""

    cleaned: list[str]
    vectors: np.ndarray
    weights: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, texts: Iterable[str], labels: Iterable[str]) -> "Seen":
        cleaned = [clean(text) for text in texts]
        return cls(
            cleaned,
            embedding_view(cleaned, keep=True),
            field_lexicon_view(cleaned),
            np.array(list(labels), dtype=object),
        )

    def take(self, rows: np.ndarray) -> "Seen":
        return Seen([self.cleaned[i] for i in rows], self.vectors[rows], self.weights[rows], self.labels[rows])


def fit(seen: Seen) -> Labeller:
    """Train without calibrating: no label moves by it, and it takes a fifth of the time."""
    learnt, heads = fit_heads(seen.cleaned, seen.vectors, seen.weights, seen.labels.tolist())
    names = sorted(set(seen.labels))
    nothing: dict[str, Any] = {"openings": [], "opening_labels": [], "opening_vectors": np.zeros((0, DIMENSIONS))}
    return Labeller(names, learnt, heads, 1.0, np.zeros(len(names)), 0.1, "given", **nothing)


def views_of(labeller: Labeller, seen: Seen) -> FeatureViews:
    """The views as ``labeller.views`` would take them, from the vectors at hand."""
    return {
        "meaning": seen.vectors,
        "characters": ngram_view(labeller.characters, seen.cleaned),
        "fields": seen.weights,
    }


def accuracy(labeller: Labeller, seen: Seen) -> float:
    found = labeller.predict_views(seen.cleaned, views_of(labeller, seen))
    return float((found["label"].to_numpy() == seen.labels).mean())


def learning_curve(train: pd.DataFrame, draws: int = 5) -> None:
    """More exemplars, tested on the seeds (real pages, none trained on) and on a fifth of the exemplars."""
    written, real = train[~train["real"]], train[train["real"]]
    pool, seeds = Seen.of(written["text"], written["label"]), Seen.of(real["text"], real["label"])
    print(
        f"\naccuracy as exemplars grow: mean and 95 % of {draws} draws' mean (t), on {len(real)} sections of the seeds"
    )
    print("(none of them trained on) and on a fifth of the exemplars, held out")
    sizes = [*SIZES, len(pool.labels) * 4 // 5]
    for size in sizes:
        scores = []
        for seed in range(draws):
            order = np.random.default_rng(seed).permutation(len(pool.labels))
            held, rest = order[: len(order) // 5], order[len(order) // 5 :]
            model = fit(pool.take(rest[:size]))
            scores.append((accuracy(model, seeds), accuracy(model, pool.take(held))))
        mean, error = np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1) / np.sqrt(draws)
        spread = {3: 4.30, 5: 2.78}.get(draws, 2.0) * error  # Student's t
        told = [f"{m:.3f} ({m - s:.3f} to {m + s:.3f})" for m, s in zip(mean, spread, strict=True)]
        print(f"  {size:5d} exemplars: seeds {told[0]}, exemplars {told[1]}", flush=True)


def chosen_labels(train: pd.DataFrame, draws: int = 5) -> None:
    """As many labels, suggested or at random: 25 at random to begin with, each next size chosen by the model so far."""
    written, real = train[~train["real"]], train[train["real"]]
    pool, seeds = Seen.of(written["text"], written["label"]), Seen.of(real["text"], real["label"])
    curves: dict[str, list[list[tuple[float, float]]]] = {"random": [], "suggest": []}
    for seed in range(draws):
        order = np.random.default_rng(seed).permutation(len(pool.labels))
        held, rest = pool.take(order[:250]), pool.take(order[250:])
        for how, found in curves.items():
            have, curve = np.arange(25), []
            for size in SIZES:
                have = np.concatenate([have, _next(rest, have, size - len(have), how)])
                model = fit(rest.take(have))
                curve.append((accuracy(model, held), accuracy(model, seeds)))
            found.append(curve)
    mean = {how: np.mean(found, axis=0) for how, found in curves.items()}
    gain = np.array(curves["suggest"]) - np.array(curves["random"])
    print(f"\naccuracy after {SIZES} labels, mean of {draws} draws: 250 exemplars held out; the seeds")
    for how in curves:
        print(f"  {how:8s} {mean[how][:, 0].round(3)}; {mean[how][:, 1].round(3)}")
    error = gain.std(axis=0, ddof=1) / np.sqrt(draws)
    print(f"  suggest - random {gain.mean(axis=0)[:, 0].round(3)} ± {error[:, 0].round(3)} (one standard error); "
          f"{gain.mean(axis=0)[:, 1].round(3)} ± {error[:, 1].round(3)}", flush=True)  # fmt: skip


def _next(rest: Seen, have: np.ndarray, n: int, how: str) -> np.ndarray:
    left = np.setdiff1d(np.arange(len(rest.labels)), have)
    if how == "random":
        return left[:n]  # already in random order
    model, others = fit(rest.take(have)), rest.take(left)
    place = {text: i for i, text in enumerate(others.cleaned)}

    def views(cleaned: list[str], *, progress: bool = False) -> FeatureViews:
        return views_of(model, others.take(np.array([place[text] for text in cleaned])))

    model.views = views  # type: ignore[method-assign]
    return left[suggest(others.cleaned, n, model)["row"].to_numpy()]


def scanned(text: str, seed: int) -> str:
    """Return a text as a bad scan has it: lines of two columns read across, characters mistaken, lost and added."""
    chance = random.Random(f"{seed} {text}")
    width = chance.randint(11, 17)
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    half = (len(lines) + 1) // 2
    if chance.random() < 0.5:
        lines = [line for pair in zip(lines[:half], [*lines[half:], ""], strict=False) for line in pair]
    said = []
    for letter in "\n".join(lines):
        draw = chance.random()
        if draw < 0.01:
            continue
        said.append(chance.choice(ALIKE[letter]) if letter in ALIKE and draw < 0.16 else letter)
        if draw > 0.997:
            said.append(chance.choice("·'.:|一丨"))
    return "".join(said)


def augmentation(train: pd.DataFrame) -> None:
    """Does training on scanned copies as well make a clean text and its OCR agree more? Labels of the pairs unknown."""
    pairs = read_rows("ocr_pairs_dev.jsonl")
    clean_rows, noisy_rows = (Seen.of(pairs[name], [""] * len(pairs)) for name in ("clean", "ocr"))
    plain = Seen.of(train["text"], train["label"])
    copies = Seen.of([scanned(text, 0) for text in train["text"]], train["label"])
    both = Seen(
        plain.cleaned + copies.cleaned,
        np.vstack([plain.vectors, copies.vectors]),
        np.vstack([plain.weights, copies.weights]),
        np.concatenate([plain.labels, copies.labels]),
    )
    print(f"\n{len(pairs)} sections clean and as OCR: same label, mean |difference of p|, p of the clean's label")
    for name, seen in (("trained as shipped", plain), ("and on a scanned copy of each text", both)):
        model = fit(seen)
        one, other = (model.predict_views(x.cleaned, views_of(model, x)) for x in (clean_rows, noisy_rows))
        p, q = (found.filter(regex="^p_").to_numpy() for found in (one, other))
        same = (one["label"] == other["label"]).to_numpy()
        kept = q[np.arange(len(q)), p.argmax(axis=1)].mean()
        low, high = bootstrap_interval(partial(_share, same), range(len(same)))
        print(
            f"  {name:36s} {same.mean():.3f} ({low:.3f} to {high:.3f}), {np.abs(p - q).mean():.4f}, {kept:.3f}",
            flush=True,
        )


def _share(same: np.ndarray, rows: np.ndarray) -> float:
    return float(same[rows].mean())
