"""Train a labeller on any set of labels, predict with calibrated probabilities, and abstain where it is unsure.

``features`` says what is seen of a text, ``heads`` what is learnt from it, ``calibration`` how far to trust it.
"""

import warnings
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from banmian.models.classify.calibration import fit_temperature, held_out_scores, selective_thresholds, wilson_interval
from banmian.models.classify.conformal import conformal_floors, is_singleton_set
from banmian.models.classify.ensemble import Head, averaged_scores, described_head, fit_heads, log_softmax
from banmian.models.classify.explain import Explanation, explain, reasons
from banmian.models.classify.features import (
    FeatureViews,
    NgramVocabulary,
    clean,
    embedding_view,
    field_lexicon_view,
    ngram_view,
)
from banmian.models.classify.persistence import load_parts, save_parts

MIN_PER_LABEL = 10
PROMISES = ("given", "each label")


@dataclass
class Labeller:
    """A trained labeller; made by ``train_labeller`` or ``load_labeller``.

    ``temperature`` divides the averaged log-odds. ``thresholds``, shape (n_labels,), keep the ``promise`` about
    ``error_rate`` (see ``train_labeller``): the confidence below which a prediction of that label abstains, or the
    probability above which a label is in the running. ``openings``, ``opening_labels`` and ``opening_vectors`` remember
    the training texts, for reasons.
    """

    labels: list[str]
    characters: NgramVocabulary
    heads: dict[str, Head]
    temperature: float
    thresholds: np.ndarray
    error_rate: float
    promise: str
    openings: list[str]
    opening_labels: list[str]
    opening_vectors: np.ndarray

    def predict(self, texts: Sequence[str], *, progress: bool = False) -> pd.DataFrame:
        """Return one row a text: label, confidence (0..1), abstained, and ``p_`` columns that sum to 1.

        The label is always the likeliest one; where ``abstained`` is true, read the text yourself. An empty text
        carries no evidence and abstains.
        """
        cleaned = [clean(text) for text in texts]
        return self.predict_views(cleaned, self.views(cleaned, progress=progress))

    def label(self, texts: Sequence[str], *, progress: bool = False) -> pd.DataFrame:
        """Return what ``predict`` does and reasons: the terms and the training texts that carried each label."""
        cleaned = [clean(text) for text in texts]
        views = self.views(cleaned, progress=progress)
        table = self.predict_views(cleaned, views)
        return table.assign(reasons=reasons(self, cleaned, views, table["label"].tolist()))

    def explain(self, text: str, n_terms: int = 8) -> Explanation:
        """Return an ``Explanation``: terms with their effect, nearest training texts, the text marked."""
        return explain(self, text, n_terms)

    def save(self, path: Path | str) -> None:
        """Write the labeller to one file that holds no code."""
        arrays = {"idf": self.characters.idf, "thresholds": self.thresholds, "vectors": self.opening_vectors}
        for name, head in self.heads.items():
            arrays |= {f"{name} coefficients": head.coefficients, f"{name} intercepts": head.intercepts}
        words = {"labels": self.labels, "openings": self.openings, "opening_labels": self.opening_labels}
        words |= {"heads": list(self.heads)}
        words["runs"] = sorted(self.characters.vocabulary, key=self.characters.vocabulary.__getitem__)
        numbers = {"temperature": self.temperature, "error_rate": self.error_rate, "promise": self.promise}
        save_parts(arrays, words | numbers, Path(path))

    def views(self, cleaned: list[str], *, progress: bool = False) -> FeatureViews:
        """Return the views of cleaned texts by name, n rows each."""
        vectors = embedding_view(cleaned, progress=progress)
        return {
            "meaning": vectors,
            "characters": ngram_view(self.characters, cleaned),
            "fields": field_lexicon_view(cleaned),
        }

    def predict_views(self, cleaned: list[str], views: FeatureViews) -> pd.DataFrame:
        """Predict from views already taken of the cleaned texts."""
        probabilities = np.exp(log_softmax(averaged_scores(self.heads, views) / self.temperature))
        best = probabilities.argmax(axis=1)
        confidence = probabilities[np.arange(len(best)), best]
        empty = np.array([not text for text in cleaned], dtype=bool)
        by_label = self.promise == "each label"
        sure = is_singleton_set(probabilities, self.thresholds) if by_label else confidence >= self.thresholds[best]
        table = pd.DataFrame(
            {
                "label": np.array(self.labels, dtype=object)[best],
                "confidence": confidence,
                "abstained": ~sure | empty,
            }
        )
        return table.join(pd.DataFrame(probabilities, columns=[f"p_{label}" for label in self.labels]))


def train_labeller(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    groups: Sequence[Hashable] | None = None,
    calibrate_on: Sequence[bool] | None = None,
    error_rate: float = 0.1,
    promise: str = "given",
    descriptions: Mapping[str, str] | None = None,
    progress: bool = False,
    keep: bool = False,
) -> Labeller:
    """Train on texts with one label each; any two labels or more, from one example a label to thousands.

    Parameters
    ----------
    groups : one value a text, optional
        Texts that tell one story (a wire item and its twin in the other script). They stay on one side of every fold,
        else the calibration would be measured on what was trained on. By default equal texts form a group.
    calibrate_on : one bool a text, optional
        The texts that are of the kind to be labelled later. Temperature and thresholds are measured on these alone,
        each held out from its fold; all texts train. By default all; with none, nothing is calibrated and the
        labeller never abstains, five times as fast.
    error_rate, promise : float and "given" or "each label"
        What abstaining is to keep, as measured across the folds. "given": of the labels given, about this share is
        wrong. "each label": of the texts of each true label, at most this share gets a wrong one (``conformal``); it
        abstains more, and wants ten texts or more a label to measure on.
    descriptions : label → a line that says what it means, optional
        For few texts a label; texts like the line count for the label. With 16 titles for each of 15 classes it
        raised accuracy by 4 points; bare names of 14 categories by 2 with 4 titles each, by 1 with 16.
    progress, keep : bool
        As for ``embed``.

    Raises ``ValueError`` for unequal lengths, an empty text, an unknown promise or fewer than two labels. Warns
    under ten texts a label, with the interval that the share of right answers may lie in.
    """
    labels, cleaned = [str(label) for label in labels], [clean(text) for text in texts]
    if promise not in PROMISES:
        raise ValueError(f"promise {promise!r} is unknown; known: {', '.join(PROMISES)}")
    _check(cleaned, labels)
    names = sorted(set(labels))
    if descriptions is not None and sorted(descriptions) != names:
        raise ValueError(f"descriptions are of {sorted(descriptions)}, labels are {names}; give one for each label")
    described = {"descriptions": described_head([descriptions[name] for name in names])} if descriptions else {}
    vectors, weights = embedding_view(cleaned, progress=progress, keep=keep), field_lexicon_view(cleaned)
    asked = np.ones(len(labels), bool) if calibrate_on is None else np.asarray(calibrate_on, bool)
    temperature, thresholds = 1.0, np.zeros(len(names))
    seen, right = np.zeros(len(labels), bool), np.zeros(0, bool)
    if asked.any():
        stories = list(cleaned if groups is None else groups)
        scores, truth = held_out_scores(cleaned, vectors, weights, labels, stories, described)
        seen = asked & ~np.isnan(scores[:, 0])
    if seen.any():
        temperature = fit_temperature(scores[seen], truth[seen])
        find = selective_thresholds if promise == "given" else conformal_floors
        thresholds = find(np.exp(log_softmax(scores[seen] / temperature)), truth[seen], error_rate)
        right = scores[seen].argmax(axis=1) == truth[seen]
    _tell_scarce(labels, right)
    learnt, heads = fit_heads(cleaned, vectors, weights, labels)
    return Labeller(
        labels=names,
        characters=learnt,
        heads=heads | described,
        temperature=temperature,
        thresholds=thresholds,
        error_rate=error_rate,
        promise=promise,
        openings=[text[:24] for text in cleaned],
        opening_labels=labels,
        opening_vectors=np.ascontiguousarray(vectors[:, : vectors.shape[1] // 2]),
    )


def load_labeller(path: Path | str) -> Labeller:
    """Read what ``Labeller.save`` wrote; ``ValueError`` when it holds unknown types or was made with other versions."""
    arrays, words = load_parts(Path(path))
    try:
        return Labeller(
            labels=words["labels"],
            characters=NgramVocabulary({run: column for column, run in enumerate(words["runs"])}, arrays["idf"]),
            heads={name: Head(arrays[f"{name} coefficients"], arrays[f"{name} intercepts"]) for name in words["heads"]},
            temperature=words["temperature"],
            thresholds=arrays["thresholds"],
            error_rate=words["error_rate"],
            promise=words["promise"],
            openings=words["openings"],
            opening_labels=words["opening_labels"],
            opening_vectors=arrays["vectors"],
        )
    except KeyError as error:
        raise ValueError(f"{path}: no {error} in it, so it is not a whole labeller; train it again") from error


def _check(cleaned: list[str], labels: list[str]) -> None:
    if len(cleaned) != len(labels):
        raise ValueError(f"{len(cleaned)} texts but {len(labels)} labels; give each text one label")
    if empty := [i for i, text in enumerate(cleaned) if not text]:
        raise ValueError(f"text {empty[0]} is empty; drop it before training")
    counts = Counter(labels)
    if len(counts) < 2:
        raise ValueError(f"two labels or more are needed to tell apart, got {sorted(counts)}")


def _tell_scarce(labels: list[str], right: np.ndarray) -> None:
    """Warn of labels with few texts, and how sure the share of right answers is that the folds found (Wilson 1927)."""
    scarce = sorted(label for label, n in Counter(labels).items() if n < MIN_PER_LABEL)
    if not scarce:
        return
    named = ", ".join(scarce[:5]) + (f" and {len(scarce) - 5} more" if len(scarce) > 5 else "")
    low, high = wilson_interval(int(right.sum()), len(right))
    told = f"{right.mean():.2f} of {len(right)} held-out texts labelled right" if len(right) else "none held out"
    warnings.warn(
        f"fewer than {MIN_PER_LABEL} texts for {named}: {told}; "
        f"of new ones like them {low:.2f} to {high:.2f} (95 % interval)",
        stacklevel=3,
    )
