"""A linear model on each view of a text, averaged in log-probabilities, the cheap views first.

Kept apart, a view that has nothing to say about a text does not drown the others, and each can name its reasons.
Predicting is a product of matrices, without scikit-learn: its import would take longer than labelling a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.special import log_softmax

from banmian.models.classify.character_ngrams import NgramVocabulary, ngram_view
from banmian.models.classify.features import View, embedding_view
from banmian.models.classify.field_lexicon import field_lexicon_view

# Views that run no neural network, and those that do, in the order of their cost.
CHEAP_VIEWS, NETWORK_VIEWS = ("ngrams", "fields"), ("embedding", "descriptions", "encoder")


class Head(NamedTuple):
    """One view's linear model: coefficients of shape (n_labels, n_features), intercepts (n_labels,)."""

    coefficients: np.ndarray
    intercepts: np.ndarray


class Stage(NamedTuple):
    """A weighted mean of views' log-probabilities, and when it is enough.

    ``weights``: view → its share. ``temperature`` divides the mean. A text whose confidence is ``enough`` or more is
    not passed to the next stage.
    """

    weights: dict[str, float]
    temperature: float = 1.0
    enough: float = 0.0


@dataclass
class Ensemble:
    """Heads on views and the stages in which they are asked; ``labels`` in the order of the columns.

    The encoder has no head: its log-probabilities come from `banmian.models.classify.encoder`, whose labels must be
    these.
    """

    labels: list[str | int]
    vocabulary: NgramVocabulary
    heads: dict[str, Head]
    stages: list[Stage] = field(default_factory=list)

    def probabilities(
        self, cleaned: Sequence[str], *, fast: bool = False, progress: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return calibrated probabilities, shape (n, n_labels), and the number of the stage that gave each row.

        ``fast``: the stages that run a network are left out; where there is none without, the first one's cheap views
        are averaged.
        """
        log_probs: dict[str, np.ndarray] = {}
        found = np.zeros((len(cleaned), len(self.labels)))
        given_by = np.zeros(len(cleaned), dtype=np.int64)
        rows = np.arange(len(cleaned))
        for number, stage in enumerate(self._cheap_stages() if fast else self.stages):
            if not len(rows):
                break
            left = [cleaned[i] for i in rows.tolist()]
            for view in stage.weights.keys() - log_probs.keys():
                log_probs[view] = np.full(found.shape, np.nan)
                log_probs[view][rows] = self.view_log_probs(view, left, progress)
            found[rows] = blend({view: log_probs[view][rows] for view in stage.weights}, stage)
            given_by[rows] = number
            rows = rows[found[rows].max(axis=1) < stage.enough]
        return found, given_by

    def view_log_probs(self, view: str, cleaned: Sequence[str], progress: bool = False) -> np.ndarray:
        """Return one view's log-probabilities, shape (n, n_labels)."""
        if view == "encoder":
            from banmian.models.classify.encoder import encoder_log_probs

            return np.asarray(encoder_log_probs(cleaned, progress=progress))
        return head_log_probs(self.heads[view], self.view(view, cleaned, progress))

    def view(self, view: str, cleaned: Sequence[str], progress: bool = False) -> View:
        """Return the features of one view, n rows."""
        if view == "ngrams":
            return ngram_view(self.vocabulary, cleaned)
        if view == "fields":
            return field_lexicon_view(cleaned)
        return embedding_view(cleaned, progress=progress)

    def _cheap_stages(self) -> list[Stage]:
        cheap = [stage for stage in self.stages if not set(stage.weights) & set(NETWORK_VIEWS)]
        if cheap:
            return cheap[-1:]
        views = [view for view in CHEAP_VIEWS if view in self.heads]
        if not views:
            raise ValueError("this labeller has no view without a neural network, so it cannot be fast")
        return [Stage({view: 1 / len(views) for view in views}, self.stages[-1].temperature)]


def head_log_probs(head: Head, view: View) -> np.ndarray:
    """Return the log-probabilities of a head for a view's rows, shape (n, n_labels)."""
    return np.asarray(log_softmax(np.asarray(view @ head.coefficients.T + head.intercepts, np.float64), axis=1))


def blend(log_probs: dict[str, np.ndarray], stage: Stage) -> np.ndarray:
    """Return a stage's probabilities from its views' log-probabilities, shape (n, n_labels)."""
    mean = np.sum([share * log_probs[view] for view, share in stage.weights.items()], axis=0)
    return np.asarray(np.exp(log_softmax(mean / stage.temperature, axis=1)))
