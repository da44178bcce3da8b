"""How well do labels hold on other papers? Dev table, baselines, ablation and robustness in one run.

    python benchmarks/labels.py [--quick]

The dev sections (22 a label, other papers, labelled twice by the codebook) are for measuring: nothing is fitted on
them. Temperature and thresholds come from the seeds' hand labels, each held out with its story. The intervals are
percentiles of 1,000 bootstrap draws. Without the data (see `data_folder`) the run says so and stops.
"""

import argparse
import gzip
import json
import os
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import opencc
import pandas as pd

from banmian.models.baselines import character_regression, keyword_rules, most_frequent
from banmian.models.classify import Labeller, train_labeller
from banmian.models.evaluate import bootstrap_interval, classification_scores, label_table
from banmian.models.features import VIEWS, characters, clean, fields, meaning
from banmian.models.heads import fit_heads, log_softmax
from banmian.models.shipped import shipped_labeller, training_texts
from banmian.models.suggest import suggest
from banmian.paths import ROOT
from banmian.words.segment import Segmenter


def data_folder() -> Path:
    """Where the measuring data are: BANMIAN_DATA, or shared/data beside the project."""
    return Path(os.environ.get("BANMIAN_DATA", ROOT.parent / "shared" / "data"))


def read_rows(name: str) -> pd.DataFrame:
    """Return the rows of a .jsonl or .jsonl.gz file of the measuring data."""
    path = data_folder() / name
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return pd.DataFrame([json.loads(line) for line in data.decode("utf-8").splitlines() if line])


def show(name: str, scores: dict[str, float]) -> None:
    """Print one row of a table of scores."""
    print(f"{name:46s}" + "".join(f"{value:9.3f}" for value in scores.values()), flush=True)


def head(title: str) -> None:
    print(f"\n{title}\n{'':46s}" + "".join(f"{name[:8]:>9s}" for name in COLUMNS))


COLUMNS = ("accuracy", "macro_f1", "in_scope", "auroc_o.", "ece", "surest80")


def table(labeller: Labeller, texts: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return predictions, and their probabilities with labels for columns."""
    found = labeller.predict(texts)
    return found, found.filter(regex="^p_").rename(columns=lambda name: name[2:])


def dev_table(labeller: Labeller, texts: list[str], truth: list[str]) -> None:
    """The shipped labeller on the dev sections, with intervals, labels and abstention."""
    found, probabilities = table(labeller, texts)
    scores = classification_scores(truth, probabilities)
    head("shipped labeller on the dev sections")
    show("score", scores)
    table_of_all = probabilities.to_numpy()

    def score(rows: np.ndarray, key: str) -> float:
        drawn = pd.DataFrame(table_of_all[rows], columns=probabilities.columns)
        return classification_scores([truth[i] for i in rows], drawn)[key]

    intervals = {key: bootstrap_interval(partial(score, key=key), range(len(truth))) for key in scores}
    show("95 % interval, from", {key: low for key, (low, _) in intervals.items()})
    show("95 % interval, to", {key: high for key, (_, high) in intervals.items()})
    print(label_table(truth, found["label"].tolist()).round(3).to_string())
    print(pd.crosstab(pd.Series(truth, name="truth"), found["label"]).to_string())
    kept = ~found["abstained"]
    right = found["label"].to_numpy() == np.array(truth, dtype=object)
    print(f"labels given without abstaining: {kept.mean():.2f} of all, {right[kept].mean():.3f} right (promised 0.90)")


def baselines(train: pd.DataFrame, texts: list[str], truth: list[str]) -> None:
    head("baselines on the dev sections")
    texts_in, labels_in = train["text"].tolist(), train["label"].tolist()
    show("most frequent label", classification_scores(truth, most_frequent(labels_in, len(texts))))
    show("keyword rules, nothing learnt", classification_scores(truth, keyword_rules(texts)))
    show("TF-IDF + logistic", classification_scores(truth, character_regression(texts_in, labels_in, texts)))


def ablation(train: pd.DataFrame, texts: list[str], truth: list[str]) -> None:
    """Views alone and together, and with or without the seeds or the exemplars, all at temperature 1."""
    head("ablation on the dev sections (temperature 1)")
    cleaned, new = [clean(text) for text in train["text"]], [clean(text) for text in texts]
    vectors, weights = meaning(cleaned, keep=True), fields(cleaned)
    views = {"meaning": meaning(new, keep=True), "fields": fields(new)}
    real = train["real"].to_numpy()
    everything = np.ones(len(train), bool)
    for trained_on, rows in (("all", everything), ("exemplars", ~real), ("seeds", real)):
        places = np.flatnonzero(rows)
        learnt, heads = fit_heads(
            [cleaned[i] for i in places], vectors[rows], weights[rows], train["label"][rows].tolist()
        )
        views["characters"] = characters(learnt, new)
        logs = {name: log_softmax(views[name] @ heads[name].coefficients.T + heads[name].intercepts) for name in VIEWS}
        sets: list[tuple[str, ...]] = [("meaning", "characters", "fields")]
        if trained_on == "all":
            sets += [("meaning",), ("characters",), ("fields",), ("meaning", "characters")]
            sets += [("meaning", "fields"), ("characters", "fields")]
        for chosen in sets:
            share = sum(VIEWS[name][1] for name in chosen)
            mean = sum(VIEWS[name][1] / share * logs[name] for name in chosen)
            probabilities = pd.DataFrame(np.exp(log_softmax(mean)), columns=sorted(set(train["label"])))
            show(f"{' + '.join(chosen)}; {trained_on}", classification_scores(truth, probabilities))


def robustness(labeller: Labeller, texts: list[str], truth: list[str]) -> None:
    """The other script, a scanner's noise, and how fast it all goes."""
    converter = opencc.OpenCC("s2t")
    labels = labeller.predict(texts)["label"]
    hant = labeller.predict([converter.convert(text) for text in texts])["label"]
    right = [(found.to_numpy() == np.array(truth, dtype=object)).mean() for found in (labels, hant)]
    print(
        f"\naccuracy as printed {right[0]:.3f}, all turned to Traditional {right[1]:.3f}, "
        f"labelled alike {(labels == hant).mean():.3f}"
    )
    pairs = read_rows("ocr_pairs_dev.jsonl")
    one, other = (labeller.predict(pairs[name].tolist()) for name in ("clean", "ocr"))
    print(
        f"same label for a clean text and its OCR: {(one['label'] == other['label']).mean():.3f} of {len(pairs)}",
        end="",
    )
    sure = ~one["abstained"]
    print(f", {(one['label'] == other['label'])[sure].mean():.3f} of the {sure.sum()} it was sure of")
    start = time.perf_counter()
    labeller.label(texts * 3)
    print(f"label with reasons: {3 * len(texts) / (time.perf_counter() - start):.0f} sections a second")


def reasons_hold(labeller: Labeller, texts: list[str]) -> None:
    """Deleting the named terms must cost more than deleting as many random words of the same text."""
    random, segmenter = np.random.default_rng(0), Segmenter()
    found = labeller.label(texts)
    named, chance = [], []
    for text, label, said in zip(map(clean, texts), found["label"], found["reasons"], strict=True):
        terms = said.removeprefix("terms: ").split("; like:")[0].split(", ")
        words = sorted({word for word in segmenter.words(text) if len(word) > 1} - set(terms))
        drawn = random.permutation(words)[: len(terms)].tolist()
        variants = [text, *("".join(_without(text, removed)) for removed in (terms, drawn))]
        p = labeller.predict(variants)[f"p_{label}"]
        named.append(p[0] - p[1])
        chance.append(p[0] - p[2])
    print(
        f"\nprobability lost when the named terms are deleted: {np.mean(named):.3f}; "
        f"as many random words: {np.mean(chance):.3f}"
    )


def _without(text: str, terms: list[str]) -> str:
    for term in terms:
        text = text.replace(term, "")
    return text


def few_shot() -> None:
    """Any label set: Taiwan news sorted into its site's categories from 4 and 16 titles a class."""
    rows = read_rows("corpora/taiwan_2017.jsonl.gz")
    rows = rows[rows["category"].map(rows["category"].value_counts()) >= 60]
    print(
        f"\nfew titles a class: {rows['category'].nunique()} categories of Taiwan news, "
        "accuracy on 40 other titles each"
    )
    for n in (4, 16):
        ours, plain = [], []
        for seed in range(3):
            mixed = rows.sample(frac=1, random_state=seed)
            place = mixed.groupby("category").cumcount()
            train, test = mixed[place < n], mixed[(place >= n) & (place < n + 40)]
            model = train_labeller(train["title"].tolist(), train["category"].tolist())
            ours.append((model.predict(test["title"].tolist())["label"].to_numpy() == test["category"]).mean())
            found = character_regression(
                *(part.tolist() for part in (train["title"], train["category"], test["title"]))
            )
            plain.append((found.idxmax(axis=1).to_numpy() == test["category"]).mean())
        print(f"  {n:3d} a class: three views {np.mean(ours):.3f}, characters alone {np.mean(plain):.3f}")


def label_more(train: pd.DataFrame) -> None:
    """Learning curve over the exemplars when 20 more are labelled at a time: as suggested, or at random."""
    pool = train[~train["real"]].reset_index(drop=True)
    print("\naccuracy on 200 exemplars after 20, 40, 60, 80 labels")
    for how in ("random", "suggest"):
        curves = []
        for seed in range(3):
            order = np.random.default_rng(seed).permutation(len(pool))
            test, rest = pool.iloc[order[:200]], pool.iloc[order[200:600]]
            have = rest.groupby("label").head(4)
            curve = []
            for _ in range(4):
                model = train_labeller(have["text"].tolist(), have["label"].tolist(), keep=True)
                curve.append((model.predict(test["text"].tolist())["label"].to_numpy() == test["label"]).mean())
                left = rest.drop(have.index)
                drawn = suggest(left["text"].tolist(), 20, model)["row"] if how == "suggest" else range(20)
                have = pd.concat([have, left.iloc[list(drawn)]])
            curves.append(curve)
        print(f"  {how:8s}", np.mean(curves, axis=0).round(3), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the dev table, baselines, ablation and robustness")
    quick = parser.parse_args().quick
    if not (data_folder() / "dev_sections.jsonl").is_file():
        print(f"{data_folder()}: no dev_sections.jsonl, nothing to measure; set BANMIAN_DATA")
        return
    warnings.simplefilter("ignore", UserWarning)
    dev = read_rows("dev_sections.jsonl")
    texts, truth = dev["text"].tolist(), dev["label"].tolist()
    train = training_texts()
    labeller = shipped_labeller()
    print(f"trained on {(~train['real']).sum()} written exemplars and {train['real'].sum()} sections of the seeds; "
          f"{len(texts)} dev sections; temperature {labeller.temperature:.2f}")  # fmt: skip
    dev_table(labeller, texts, truth)
    baselines(train, texts, truth)
    ablation(train, texts, truth)
    robustness(labeller, texts, truth)
    reasons_hold(labeller, texts)
    if not quick:
        few_shot()
        label_more(train)


if __name__ == "__main__":
    main()
