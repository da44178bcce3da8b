"""What the shipped labeller is worth on origins that it has never seen: leave-one-corpus-out, into a results file.

    python benchmarks/labels.py [--baselines [--tfidf]] [--dev]                (make bench-labels)

The 4,698 real sections come from eight corpora. For each corpus, models trained on the seven others (and on the written
exemplars and the seeds) gave the log-probabilities in models/classify/data/held_out.npz; everything here but the
baselines is computed from these, so it runs without the texts. Calibration is nested: temperature, stages and
thresholds used on a corpus were fitted on the others. Intervals are percentiles of 200 bootstrap draws of whole
documents.

--baselines scores the baselines, for which the texts are needed (see `data_folder`); --tfidf fits one of them, minutes.
--dev looks at the 110 development sections, which have been looked at too often to develop by: once, before a release.
The numbers of docs/model_card.md and README.md are those of benchmarks/results/labels.json.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.models.classify.pretrained import load_pretrained, real_sections
from banmian.models.evaluation.baselines import character_baseline, keyword_rules, most_frequent
from banmian.models.evaluation.corpora import leave_one_corpus_out, nested_answers, promised_against_observed
from banmian.models.evaluation.metrics import bootstrap_interval, classification_scores
from terms import data_folder
from train_pretrained import HELD_OUT, training_table

RESULTS = Path(__file__).resolve().parent / "results" / "labels.json"
DRAWS = 200


def read_held_out() -> tuple[pd.DataFrame, list[str], dict[str, np.ndarray]]:
    """Return the index of the real sections, the labels, and view → held-out log-probabilities."""
    index = real_sections()
    with np.load(HELD_OUT, allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files}
    labels = found.pop("labels").tolist()
    return index, labels, {view: table.astype(np.float64) for view, table in found.items()}


def macro_f1(truth: np.ndarray, guess: np.ndarray, n: int) -> float:
    """Return the mean F1 over the labels 0..n-1 that occur in the truth."""
    right = np.bincount(truth[truth == guess], minlength=n)
    both = np.bincount(truth, minlength=n) + np.bincount(guess, minlength=n)
    present = np.bincount(truth, minlength=n) > 0
    return float((2 * right / np.maximum(both, 1))[present].mean())


def scores(probabilities: np.ndarray, truth: np.ndarray, index: pd.DataFrame, labels: list[str]) -> dict[str, Any]:
    """Return macro-F1 of five labels with its interval, of the four in scope, accuracy, and of Traditional pages."""
    guess, n, other = probabilities.argmax(axis=1), len(labels), labels.index("other")
    inside = truth != other
    scope = np.delete(np.arange(n), other)
    guess_inside = scope[probabilities[:, scope].argmax(axis=1)]
    hant = (index["script"] == "hant").to_numpy()
    low, high = bootstrap_interval(lambda rows: macro_f1(truth[rows], guess[rows], n), index["doc"], n_draws=DRAWS)
    by_corpus = {
        corpus: round(macro_f1(truth[rows], guess[rows], n), 4)
        for corpus, rows in sorted(index.groupby("corpus").indices.items())
    }
    return {
        "macro_f1": round(macro_f1(truth, guess, n), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "in_scope_f1": round(macro_f1(truth[inside], guess_inside[inside], n), 4),
        "accuracy": round(float((guess == truth).mean()), 4),
        "traditional_f1": round(macro_f1(truth[hant], guess[hant], n), 4),
        "by_corpus": by_corpus,
    }


def view_sets(shares: Mapping[str, float]) -> dict[str, list[str]]:
    """Return the sets of views whose scores are compared: each alone, all, and all but one."""
    views = list(shares)
    found = {f"{view} alone": [view] for view in views}
    found |= {f"without {view}": [other for other in views if other != view] for view in views}
    return found | {"without networks": ["ngrams", "fields"], "all views": views}


def ablation(log_probs: Mapping[str, np.ndarray], shares: Mapping[str, float], truth: np.ndarray,
             index: pd.DataFrame, labels: list[str]) -> dict[str, Any]:  # fmt: skip
    """Return the scores of sets of views, weighted as they are shipped."""
    found = {}
    for name, views in view_sets(shares).items():
        mean = np.sum([shares[view] * log_probs[view] for view in views], axis=0)
        found[name] = scores(mean, truth, index, labels)
    return found


def promise(log_probs: Mapping[str, np.ndarray], shares: Mapping[str, float], truth: np.ndarray,
            index: pd.DataFrame, abstention: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
    """Return promised against observed by corpus, and what the cascade did; all calibrated on the other corpora."""
    corpora = index["corpus"].tolist()
    _probabilities, answers = nested_answers(log_probs, shares, truth, corpora, abstention=abstention)
    table = promised_against_observed(answers, truth).round(4)
    whole = np.sum([share * log_probs[view] for view, share in shares.items()], axis=0).argmax(axis=1)
    right = answers["guess"].to_numpy() == truth
    stages = [
        {
            "stage": int(stage),
            "share": round(float((answers["stage"] == stage).mean()), 4),
            "confidence": round(float(rows["confidence"].mean()), 4),
            "right": round(float(right[rows.index].mean()), 4),
        }
        for stage, rows in answers.groupby("stage")
    ]
    same = round(float((answers["guess"].to_numpy() == whole).mean()), 4)
    return table.to_dict("records"), {"same_label_as_all_views": same, "stages": stages}


def baselines(index: pd.DataFrame, truth: np.ndarray, labels: list[str], tfidf: bool) -> dict[str, Any]:
    """Return the scores of the most frequent label, keyword rules and perhaps TF-IDF, each corpus left out in turn."""
    table = training_table(data_folder())
    texts, given, corpora = (table[name].tolist() for name in ("text", "label", "corpus"))
    n = len(index)
    names = ("most frequent label", "keyword rules", "TF-IDF")[: 3 if tfidf else 2]
    found = {name: np.zeros((n, len(labels))) for name in names}
    found["keyword rules"][:] = keyword_rules(texts[:n])[labels]
    for train, test in leave_one_corpus_out(corpora):
        known = [given[i] for i in train]
        found["most frequent label"][test] = most_frequent(known, len(test))[labels]
        if not tfidf:
            continue
        model = character_baseline().fit([texts[i] for i in train], known)
        found["TF-IDF"][test] = pd.DataFrame(model.predict_proba([texts[i] for i in test]), columns=model.classes_)[
            labels
        ]
    return {name: scores(table, truth, index, labels) for name, table in found.items()}


def dev_look() -> dict[str, float]:
    """Return the shipped labeller's scores on the development sections."""
    rows = [json.loads(line) for line in (data_folder() / "dev_sections.jsonl").read_text("utf-8").splitlines()]
    truth = [row["label"] for row in rows]
    answers = load_pretrained().predict([row["text"] for row in rows])
    found = classification_scores(truth, answers.filter(regex="^p_").rename(columns=lambda name: name[2:]))
    given = ~answers["abstained"].to_numpy()
    right = answers["label"].to_numpy() == np.array(truth, dtype=object)
    return {name: round(value, 4) for name, value in found.items()} | {
        "coverage": round(float(given.mean()), 4),
        "right": round(float(right[given].mean()), 4),
    }


def show(name: str, found: Mapping[str, Any]) -> None:
    print(f"  {name:24s} {found['macro_f1']:.3f} ({found['low']:.3f} to {found['high']:.3f}); in scope "
          f"{found['in_scope_f1']:.3f}; Traditional {found['traditional_f1']:.3f}", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--tfidf", action="store_true")
    parser.add_argument("--dev", action="store_true")
    options = parser.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    index, labels, log_probs = read_held_out()
    truth = np.array([labels.index(label) for label in index["label"]])
    shares = load_pretrained().ensemble.stages[-1].weights
    results |= {"sections": len(index), "documents": int(index["doc"].nunique()), "shares": shares}
    results["views"] = ablation(log_probs, shares, truth, index, labels)
    for name, found in results["views"].items():
        show(name, found)
    for abstention in ("selective", "conformal"):
        results[f"promise {abstention}"], results["cascade"] = promise(log_probs, shares, truth, index, abstention)
        print(f"\n{abstention}: promised against observed")
        print(pd.DataFrame(results[f"promise {abstention}"]).to_string(index=False))
    print(json.dumps(results["cascade"]))
    if options.baselines:
        results["baselines"] = baselines(index, truth, labels, options.tfidf)
        for name, found in results["baselines"].items():
            show(name, found)
    if options.dev:
        results["dev"] = dev_look()
        print(results["dev"])
    RESULTS.parent.mkdir(exist_ok=True)
    with atomic_write(RESULTS) as temporary:
        temporary.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
