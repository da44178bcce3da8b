"""Train the shipped labeller and write it into the package, with all that its evaluation needs.

    python benchmarks/train_pretrained.py [--encoder OOF.npz]        (make train)

Trains on the written exemplars, the seeds and the real sections. Temperature, the cascade's thresholds and abstention
are fitted by leaving one corpus of real sections out at a time, each corpus counting alike. Written:

- models/classify/data/pretrained.skops: the labeller, with the hashes of its training texts;
- models/classify/data/held_out.npz: each view's log-probabilities of each real section by models that did not see its
  corpus, in half precision, from which `labels.py` computes every score;
- models/drift/data/reference.npz: the training texts as a reference for drift.

Needs the measuring data (see `data_folder`). The encoder's held-out log-probabilities come from `train_encoder.py`.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.models.classify.features import clean
from banmian.models.classify.pretrained import DATA, PRETRAINED, fingerprint, training_texts
from banmian.models.classify.training.estimator import SectionClassifier
from banmian.models.drift.reference import save_reference
from banmian.models.drift.statistics import fit_reference
from banmian.models.evaluation.corpora import leave_one_corpus_out
from real_sections import read_real_sections
from terms import data_folder

# A real section that its reader found hard counts half, and so does a written exemplar.
HARD_WEIGHT, WRITTEN_WEIGHT = 0.5, 0.5
PENALTIES = {"ngrams": 30.0, "fields": 0.3, "embedding": 10.0}
MIN_TEXTS = 4  # n-grams of fewer training texts are dropped
HELD_OUT = DATA / "held_out.npz"


def training_table(folder: Path) -> pd.DataFrame:
    """Return text, label, corpus ("" for what trains in every fold), is_real and weight: real sections first."""
    real = read_real_sections(folder)
    ours = training_texts()
    tables = [
        pd.DataFrame({"text": real["text"], "label": real["label"], "corpus": real["corpus"], "is_real": True,
                      "weight": np.where(real["hard"], HARD_WEIGHT, 1.0)}),
        pd.DataFrame({"text": ours["text"], "label": ours["label"], "corpus": "", "is_real": False,
                      "weight": np.where(ours["is_real"], 1.0, WRITTEN_WEIGHT)}),
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def train(table: pd.DataFrame, encoder: np.ndarray | None) -> SectionClassifier:
    """Fit the labeller; ``encoder``: held-out log-probabilities of the real sections, (n_real, n_labels)."""
    extra = {}
    if encoder is not None:
        extra["encoder"] = np.full((len(table), encoder.shape[1]), np.nan)
        extra["encoder"][: len(encoder)] = encoder
    model = SectionClassifier(penalties=PENALTIES, min_texts=MIN_TEXTS, progress=True, cache=True)
    return model.fit(
        table["text"].tolist(),
        table["label"].tolist(),
        sample_weight=table["weight"].to_numpy(),
        groups=table["corpus"].tolist(),
        calibrate_on=table["is_real"].to_numpy(),
        folds=leave_one_corpus_out(table["corpus"].tolist()),
        extra_log_probs=extra,
        remember=~table["is_real"].to_numpy(),
    )


def provenance(table: pd.DataFrame) -> dict[str, Any]:
    """Return numbers and hashes of the training texts, real and the project's own."""
    real = table[table["is_real"]]
    ours = table[~table["is_real"]]
    return {
        "real_sections": len(real),
        "own_texts": len(ours),
        "real_hash": fingerprint(real["text"], real["label"]),
        "own_hash": fingerprint(ours["text"], ours["label"]),
        "hard_weight": HARD_WEIGHT,
        "written_weight": WRITTEN_WEIGHT,
        "penalties": PENALTIES,
    }


def save_held_out(model: SectionClassifier, n_real: int, path: Path = HELD_OUT) -> None:
    """Write each view's held-out log-probabilities of the real sections, in the order of real_sections.csv."""
    arrays = {view: table[:n_real].astype(np.float16) for view, table in model.held_out_.items()}
    with atomic_write(path) as temporary, temporary.open("wb") as out:
        np.savez_compressed(out, labels=np.array(model.classes_.tolist()), **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, help="npz with ids and log_probs of the encoder, held out by corpora")
    options = parser.parse_args()
    folder = data_folder()
    if not (folder / "real_sections.jsonl").is_file():
        print(f"{folder}: no real_sections.jsonl; the shipped file stays as it is. Set BANMIAN_DATA to train")
        return
    table = training_table(folder)
    encoder = None
    if options.encoder:
        found = np.load(options.encoder, allow_pickle=False)
        if found["ids"].tolist() != read_real_sections(folder)["id"].tolist():
            raise ValueError(f"{options.encoder}: not the real sections in their order; train the encoder again")
        encoder = found["log_probs"].astype(np.float64)
    model = train(table, encoder)
    labeller = model.labeller_
    labeller.info = {"trained_on": provenance(table)}
    labeller.save(PRETRAINED)
    save_held_out(model, int(table["is_real"].sum()))
    cleaned = [clean(text) for text in table["text"]]
    save_reference(fit_reference(cleaned, table["label"].tolist(), table["corpus"].tolist()))
    size = PRETRAINED.stat().st_size / 1e6
    print(f"{PRETRAINED.name}: {size:.1f} MB, {len(labeller.ensemble.vocabulary.keys):,} n-grams")
    for stage in labeller.ensemble.stages:
        print(stage)


if __name__ == "__main__":
    main()
