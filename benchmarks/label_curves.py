"""How scores grow with labels, and how labels stand a scanner's noise and the other script.

    python benchmarks/label_curves.py

The learning curve trains the cheap views (no network) on growing shares of the real sections and is tested by leaving
one corpus out; it needs the measuring data (see `data_folder`), as do the pairs of clean and recognised text.
"""

import gzip
import json

import numpy as np
import opencc
import pandas as pd

from banmian.models.classify.ensemble import Stage, blend
from banmian.models.classify.features import clean
from banmian.models.classify.field_lexicon import field_lexicon_view
from banmian.models.classify.pretrained import load_pretrained
from banmian.models.classify.training.estimator import SHARES
from banmian.models.classify.training.heads import TrainingSet, held_out_log_probs
from banmian.models.evaluation.corpora import leave_one_corpus_out
from terms import data_folder
from train_pretrained import MIN_TEXTS, PENALTIES, training_table

FRACTIONS = (0.1, 0.3, 1.0)
CHEAP = ("ngrams", "fields")


def read_rows(name: str) -> pd.DataFrame:
    """Return the rows of a .jsonl or .jsonl.gz file of the measuring data."""
    path = data_folder() / name
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return pd.DataFrame([json.loads(line) for line in data.decode("utf-8").splitlines() if line])


def learning_curve(seed: int = 0) -> None:
    """Accuracy of the cheap views on corpora left out, as more real sections train."""
    from sklearn.metrics import f1_score

    table = training_table(data_folder())
    cleaned = [clean(text) for text in table["text"]]
    classes = sorted(set(table["label"]))
    data = TrainingSet(
        cleaned,
        np.array([classes.index(label) for label in table["label"]]),
        classes,
        {"fields": field_lexicon_view(cleaned)},
        {view: PENALTIES[view] for view in CHEAP},
        MIN_TEXTS,
        table["weight"].to_numpy(),
    )
    draw = np.random.default_rng(seed).random(len(table))
    real = table["is_real"].to_numpy()
    print("real sections trained on: macro-F1 of five labels on corpora left out, n-grams and fields alone")
    for fraction in FRACTIONS:
        kept = ~real | (draw < fraction)
        folds = [(train[kept[train]], test) for train, test in leave_one_corpus_out(table["corpus"].tolist())]
        found = held_out_log_probs(data, folds)
        guess = blend({view: found[view][real] for view in CHEAP}, Stage({view: SHARES[view] for view in CHEAP}))
        score = f1_score(data.codes[real], guess.argmax(axis=1), average="macro")
        print(f"  {int(kept[real].sum()):5d}: {score:.3f}", flush=True)


def robustness() -> None:
    """How often a text keeps its label when a scanner has read it, and in the other script."""
    labeller = load_pretrained()
    pairs = read_rows("ocr_pairs_dev.jsonl")
    one, other = (labeller.predict(pairs[name].tolist()) for name in ("clean", "ocr"))
    same, given = one["label"] == other["label"], ~one["abstained"]
    print(f"same label for a clean text and its OCR: {same.mean():.3f} of {len(pairs)}, {same[given].mean():.3f} of "
          f"the {given.sum()} that were given one")  # fmt: skip
    converter = opencc.OpenCC("s2t")
    turned = labeller.predict([converter.convert(text) for text in pairs["clean"]])
    print(f"same label when turned to Traditional: {(one['label'] == turned['label']).mean():.3f}")


def main() -> None:
    if not (data_folder() / "real_sections.jsonl").is_file():
        print(f"{data_folder()}: no real_sections.jsonl, nothing to measure; set BANMIAN_DATA")
        return
    robustness()
    learning_curve()


if __name__ == "__main__":
    main()
