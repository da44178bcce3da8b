"""How well do labels hold on other papers? Dev table, baselines, ablation, robustness and curves in one run.

    python benchmarks/labels.py [--quick]

The dev sections (22 a label, other papers, labelled twice by the codebook) are for measuring: nothing is fitted on
them. Temperature and thresholds come from the seeds' hand labels, each held out with its story. The intervals are
percentiles of 1,000 bootstrap draws. Without the data (see `data_folder`) the run says so and stops.
"""

import argparse
import time
import warnings
from functools import partial

import numpy as np
import opencc
import pandas as pd

import label_curves
from banmian.models.classify import Labeller, train_labeller
from banmian.models.classify.ensemble import fit_heads, log_softmax
from banmian.models.classify.features import VIEWS, clean, embedding_view, field_lexicon_view, ngram_view
from banmian.models.classify.pretrained import load_pretrained, training_texts
from banmian.models.evaluation.baselines import character_regression, keyword_rules, most_frequent
from banmian.models.evaluation.metrics import bootstrap_interval, classification_scores, label_table
from banmian.words.segment import Segmenter
from few_shot import few_shot
from label_curves import read_rows
from terms import data_folder


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
    abstention("given", found, truth)


def abstention(promise: str, found: pd.DataFrame, truth: list[str]) -> None:
    kept, right = ~found["abstained"].to_numpy(), found["label"].to_numpy() == np.array(truth, dtype=object)
    wrong = pd.Series(kept & ~right).groupby(truth).mean().round(2).to_dict()
    print(f"promise {promise!r} at 0.1: {kept.mean():.2f} given, {right[kept].mean():.3f} of these right; "
          f"wrong of each label's texts: {wrong}", flush=True)  # fmt: skip


def other_promise(train: pd.DataFrame, texts: list[str], truth: list[str]) -> None:
    """The conformal promise for every true label, calibrated on the seeds as the shipped labeller is."""
    careful = train_labeller(
        train["text"].tolist(),
        train["label"].tolist(),
        groups=train["group"].tolist(),
        calibrate_on=train["real"].tolist(),
        promise="each label",
        keep=True,
    )
    abstention("each label", careful.predict(texts), truth)


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
    vectors, weights = embedding_view(cleaned, keep=True), field_lexicon_view(cleaned)
    views = {"meaning": embedding_view(new, keep=True), "fields": field_lexicon_view(new)}
    real = train["real"].to_numpy()
    everything = np.ones(len(train), bool)
    for trained_on, rows in (("all", everything), ("exemplars", ~real), ("seeds", real)):
        places = np.flatnonzero(rows)
        learnt, heads = fit_heads(
            [cleaned[i] for i in places], vectors[rows], weights[rows], train["label"][rows].tolist()
        )
        views["characters"] = ngram_view(learnt, new)
        logs = {name: log_softmax(views[name] @ heads[name].coefficients.T + heads[name].intercepts) for name in VIEWS}
        sets: list[tuple[str, ...]] = [("meaning", "characters", "fields")]
        if trained_on == "all":
            sets += [("meaning",), ("characters",), ("fields",), ("meaning", "characters")]
            sets += [("meaning", "fields"), ("characters", "fields")]
        for chosen in sets:
            share = sum(VIEWS[name][1] for name in chosen)
            mean = np.sum([VIEWS[name][1] / share * logs[name] for name in chosen], axis=0)
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
    many = [text[: len(text) - i] for i in range(3) for text in texts]  # equal texts would be embedded once
    for name, run in (("predict", labeller.predict), ("label with reasons", labeller.label)):
        start = time.process_time()
        run(many)
        seconds = (time.process_time() - start) / len(many)
        print(f"{name}: {1 / seconds:.0f} sections of {sum(map(len, many)) / len(many):.0f} characters a CPU second")


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the dev table, baselines, ablation and robustness")
    quick = parser.parse_args().quick
    if not (data_folder() / "dev_sections.jsonl").is_file():
        print(f"{data_folder()}: no dev_sections.jsonl, nothing to measure; set BANMIAN_DATA")
        return
    warnings.simplefilter("ignore", UserWarning)
    began = time.process_time()
    dev = read_rows("dev_sections.jsonl")
    texts, truth = dev["text"].tolist(), dev["label"].tolist()
    train = training_texts()
    labeller = load_pretrained()
    print(f"trained on {(~train['real']).sum()} written exemplars and {train['real'].sum()} sections of the seeds; "
          f"{len(texts)} dev sections; temperature {labeller.temperature:.2f}")  # fmt: skip
    dev_table(labeller, texts, truth)
    baselines(train, texts, truth)
    ablation(train, texts, truth)
    robustness(labeller, texts, truth)
    reasons_hold(labeller, texts)
    if not quick:
        other_promise(train, texts, truth)
        label_curves.learning_curve(train)
        label_curves.chosen_labels(train)
        label_curves.augmentation(train)
        few_shot()
    print(f"\n{time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    main()
