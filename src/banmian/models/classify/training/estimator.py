"""The classifier as a scikit-learn estimator: fit, predict, predict_proba, clone, cross-validation, pipelines."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from banmian.models.classify.abstention import RULES, SelectiveThreshold
from banmian.models.classify.ensemble import Ensemble, Stage
from banmian.models.classify.features import embedding_view
from banmian.models.classify.field_lexicon import field_lexicon_view
from banmian.models.classify.labeller import Labeller, Memory
from banmian.models.classify.training.calibration import cascade, fit_shares, fit_stages
from banmian.models.classify.training.examples import check_examples, warn_scarce
from banmian.models.classify.training.heads import (
    Folds,
    TrainingSet,
    described_head,
    fit_heads,
    grouped_folds,
    held_out_log_probs,
)

# View: inverse strength of its penalty, and its share in the average. The fields count double: they depend least on how
# the training texts are worded, so they lose least on texts of another make (`benchmarks/labels.py`).
PENALTIES = {"ngrams": 30.0, "fields": 0.3, "embedding": 10.0}
SHARES = {"ngrams": 0.25, "fields": 0.5, "embedding": 0.25, "descriptions": 0.2, "encoder": 0.5}
SHOWN = 24  # characters of a training text that reasons quote


class SectionClassifier(ClassifierMixin, BaseEstimator):
    """Labels of texts from n-grams, a field lexicon and embeddings, calibrated on held-out folds.

    ``X`` is a sequence of texts, ``y`` of labels (text or whole numbers). `predict` returns labels and `predict_proba`
    probabilities as scikit-learn expects; `labeller_` is the `Labeller` with the table of labels, abstention, reasons
    and `save`.

    Parameters
    ----------
    penalties : view → inverse strength of the penalty, optional
        Views are "ngrams", "fields" and "embedding"; without "embedding" no neural network is run.
    shares : view → weight of its log-probabilities, optional
        By default fitted to the held-out texts, from 50 of them on.
    min_texts : int, optional
        n-grams of fewer training texts are dropped; by default those of one text, from 200 texts on.
    descriptions, error_rate, abstention, progress, cache : as for `train_labeller`.
    calibrate : bool
        Whether temperature and thresholds are measured on held-out folds; ranking and labels do not depend on it.

    Attributes
    ----------
    classes_ : the labels, sorted.
    labeller_ : the `Labeller`.
    held_out_ : view → log-probabilities of rows by heads that did not see them, (n, n_labels), nan where there are
    none.
    """

    def __init__(
        self,
        *,
        penalties: Mapping[str, float] | None = None,
        shares: Mapping[str, float] | None = None,
        min_texts: int | None = None,
        descriptions: Mapping[Any, str] | None = None,
        error_rate: float = 0.1,
        abstention: str = "selective",
        calibrate: bool = True,
        progress: bool = False,
        cache: bool = False,
    ) -> None:
        self.penalties = penalties
        self.shares = shares
        self.min_texts = min_texts
        self.descriptions = descriptions
        self.error_rate = error_rate
        self.abstention = abstention
        self.calibrate = calibrate
        self.progress = progress
        self.cache = cache

    def fit(
        self,
        X: Sequence[str],
        y: Sequence[Any],
        sample_weight: Sequence[float] | None = None,
        *,
        groups: Sequence[Hashable] | None = None,
        calibrate_on: Sequence[bool] | None = None,
        folds: Folds | None = None,
        extra_log_probs: Mapping[str, np.ndarray] | None = None,
        remember: Sequence[bool] | None = None,
    ) -> Self:
        """Fit the heads, then temperature, stages and thresholds on folds that leak no group.

        Parameters
        ----------
        X, y, groups, calibrate_on : as for `train_labeller`.
        sample_weight : one number a text, optional
        folds : (train, test) row numbers, optional
            In place of five grouped folds, such as leave-one-corpus-out; ``groups`` then weigh the calibration, each
            group alike.
        extra_log_probs : view → held-out log-probabilities (n, n_labels) of a view that is fitted elsewhere, optional
        remember : one bool a text, optional
            The texts whose openings reasons may quote; by default all.
        """
        if self.abstention not in RULES:
            raise ValueError(f"abstention {self.abstention!r} is unknown; known: {', '.join(RULES)}")
        data = self._training_set(*check_examples(X, y), sample_weight)
        everything = np.arange(len(data.codes))
        asked = np.full(len(everything), self.calibrate) if calibrate_on is None else np.asarray(calibrate_on, bool)
        weigh_groups = folds is not None and groups is not None
        if folds is None:
            folds = self._folds(data, groups, asked)
        self.held_out_ = held_out_log_probs(data, folds) | dict(extra_log_probs or {})
        seen = asked & np.all([~np.isnan(table[:, 0]) for table in self.held_out_.values()], axis=0)
        weights = _equal_groups([groups[int(i)] for i in np.flatnonzero(seen)]) if weigh_groups and groups else None
        stages, rule, right = self._calibrate(data, seen, weights)
        if asked.any():
            warn_scarce([data.classes[code] for code in data.codes], right)
        vocabulary, heads = fit_heads(data, everything)
        self.classes_ = np.array(data.classes)
        kept = everything if remember is None else np.flatnonzero(remember)
        self.labeller_ = Labeller(
            Ensemble(list(data.classes), vocabulary, heads, stages), rule, _memory(data, kept), {"n_texts": len(X)}
        )
        return self

    def predict(self, X: Sequence[str]) -> np.ndarray:
        """Return the label of highest probability of each text, in the type given to `fit`."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def predict_proba(self, X: Sequence[str]) -> np.ndarray:
        """Return calibrated probabilities, shape (n, n_labels), in the order of ``classes_``."""
        check_is_fitted(self)
        return self.labeller_.predict_proba(list(X))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags

    def _training_set(
        self, cleaned: list[str], labels: list[str | int], sample_weight: Sequence[float] | None
    ) -> TrainingSet:
        classes = sorted(set(labels))
        if self.descriptions is not None and set(self.descriptions) != set(classes):
            raise ValueError(
                f"descriptions are of {sorted(self.descriptions)}, labels are {classes}; give one for each label"
            )
        penalties = dict(self.penalties or PENALTIES)
        fixed = {"fields": field_lexicon_view(cleaned)}
        if "embedding" in penalties or self.descriptions:
            fixed["embedding"] = embedding_view(cleaned, progress=self.progress, cache=self.cache)
        column = {label: i for i, label in enumerate(classes)}
        return TrainingSet(
            cleaned,
            np.array([column[label] for label in labels]),
            classes,
            fixed,
            penalties,
            self.min_texts,
            None if sample_weight is None else np.asarray(sample_weight, float),
            {"descriptions": described_head([self.descriptions[label] for label in classes])}
            if self.descriptions
            else {},
        )

    def _folds(self, data: TrainingSet, groups: Sequence[Hashable] | None, asked: np.ndarray) -> Folds:
        together = list(data.cleaned if groups is None else groups)
        scarce = np.bincount(data.codes).min() < 2 or len(set(together)) < 2
        return [] if scarce or not asked.any() else grouped_folds(data.codes.tolist(), together)

    def _calibrate(
        self, data: TrainingSet, seen: np.ndarray, weights: np.ndarray | None
    ) -> tuple[list[Stage], Any, np.ndarray]:
        """Return stages, abstention rule, and which of the held-out texts got their label."""
        shares = dict(self.shares or {view: SHARES[view] for view in self.held_out_})
        if data.unfitted:
            shares.setdefault("descriptions", SHARES["descriptions"])
        if self.shares is None and seen.any():
            known = {view: self.held_out_[view][seen] for view in shares}
            shares = fit_shares(known, shares, data.codes[seen], weights)
        n_labels = len(data.classes)
        if not seen.any():
            total = sum(shares.values())
            stage = Stage({view: share / total for view, share in shares.items()})
            return [stage], SelectiveThreshold(np.zeros(n_labels), self.error_rate), np.zeros(0, bool)
        log_probs, truth = {view: self.held_out_[view][seen] for view in shares}, data.codes[seen]
        stages = fit_stages(log_probs, shares, truth, weights)
        probabilities, _ = cascade(log_probs, stages)
        rule = RULES[self.abstention].fit(probabilities, truth, self.error_rate, weights)
        return stages, rule, probabilities.argmax(axis=1) == truth


def _equal_groups(groups: Sequence[Hashable]) -> np.ndarray:
    """Return weights that sum to the same for each group, shape (n,), 1 on average."""
    names, codes = np.unique([str(group) for group in groups], return_inverse=True)
    return np.asarray(len(groups) / len(names) / np.bincount(codes)[codes])


def _memory(data: TrainingSet, kept: np.ndarray) -> Memory:
    if "embedding" not in data.fixed_views:
        return Memory(np.zeros((0, 512), np.float16), [], [])
    whole = data.fixed_views["embedding"][kept]
    return Memory(
        whole[:, : whole.shape[1] // 2].astype(np.float16),
        [data.classes[data.codes[i]] for i in kept],
        [data.cleaned[i][:SHOWN] for i in kept],
    )
