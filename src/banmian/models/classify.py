"""Train a labeller on any set of labels, predict with calibrated probabilities, and abstain where it is unsure."""

import hashlib
import json
import warnings
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from banmian.models.evaluate import grouped_folds
from banmian.models.features import characters, clean, meaning
from banmian.models.modelfile import load_parts, made_with, save_parts
from banmian.paths import CACHE

# Inverse strength of the penalty: chosen by grouped cross-validation on the exemplars, flat within a factor of three.
C_MEANING, C_CHARACTERS = 10.0, 30.0
FEW = 10
EXEMPLARS = Path(__file__).resolve().parent / "data" / "exemplars.jsonl"


@dataclass
class Labeller:
    """A trained labeller; made by ``train_labeller`` or ``load_labeller``.

    ``temperature`` divides the summed log-odds; ``thresholds`` holds, for each label, the confidence below which a
    prediction of that label abstains so that about ``error_rate`` of the others are wrong.
    """

    labels: list[str]
    vectorizer: TfidfVectorizer
    meaning_head: LogisticRegression
    character_head: LogisticRegression
    temperature: float
    thresholds: np.ndarray
    error_rate: float

    def save(self, path: Path) -> None:
        """Write the labeller to one file that holds no code."""
        save_parts(self, path)

    def predict(self, texts: Sequence[str], *, progress: bool = False) -> pd.DataFrame:
        """Return one row a text: label, confidence (0..1), abstained, and ``p_`` columns that sum to 1.

        The label is always the likeliest one; where ``abstained`` is true, read the text yourself. An empty text
        carries no evidence and abstains.
        """
        cleaned = [clean(text) for text in texts]
        scores = _scores(self, meaning(cleaned, progress=progress), self.vectorizer.transform(cleaned))
        probabilities = softmax(scores / self.temperature, axis=1)
        best = probabilities.argmax(axis=1)
        confidence = probabilities[np.arange(len(best)), best]
        empty = np.array([not text for text in cleaned], dtype=bool)
        table = pd.DataFrame(
            {
                "label": np.array(self.labels, dtype=object)[best],
                "confidence": confidence,
                "abstained": (confidence < self.thresholds[best]) | empty,
            }
        )
        return table.join(pd.DataFrame(probabilities, columns=[f"p_{label}" for label in self.labels]))


def train_labeller(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    groups: Sequence[Hashable] | None = None,
    error_rate: float = 0.1,
    progress: bool = False,
    keep: bool = False,
) -> Labeller:
    """Train on texts with one label each; any two labels or more, from one example a label to thousands.

    Parameters
    ----------
    groups : one value a text, optional
        Texts that tell one story (a wire item and its twin in the other script). They stay on one side of every fold,
        else the calibration would be measured on what was trained on. By default equal texts form a group.
    error_rate : float
        Share of wrong labels among those given without abstaining, as measured across the folds.
    progress, keep : bool
        As for ``embed``.

    Raises ``ValueError`` for unequal lengths, an empty text, or fewer than two labels; warns under ten texts a label.
    """
    labels = list(labels)
    cleaned = [clean(text) for text in texts]
    if len(cleaned) != len(labels):
        raise ValueError(f"{len(cleaned)} texts but {len(labels)} labels; give each text one label")
    if empty := [i for i, text in enumerate(cleaned) if not text]:
        raise ValueError(f"text {empty[0]} is empty; drop it before training")
    counts = Counter(labels)
    if len(counts) < 2:
        raise ValueError(f"two labels or more are needed to tell apart, got {sorted(counts)}")
    if min(counts.values()) < FEW:
        scarce = sorted(label for label, n in counts.items() if n < FEW)
        warnings.warn(
            f"fewer than {FEW} texts for {', '.join(map(str, scarce[:5]))}: confidence is a rough guess there",
            stacklevel=2,
        )
    groups = list(cleaned if groups is None else groups)
    vectors = meaning(cleaned, progress=progress, keep=keep)
    truth = np.array([sorted(counts).index(label) for label in labels])
    held_out = np.full((len(labels), len(counts)), np.nan)
    if min(counts.values()) >= 2:
        for train, test in grouped_folds(labels, groups):
            if len(set(truth[train])) == len(counts):
                part = _fit([cleaned[i] for i in train], vectors[train], [labels[i] for i in train])
                characters_of_test = part.vectorizer.transform([cleaned[i] for i in test])
                held_out[test] = _scores(part, vectors[test], characters_of_test)
    seen = ~np.isnan(held_out[:, 0])
    model = _fit(cleaned, vectors, labels)
    if seen.any():
        model.temperature = _temperature(held_out[seen], truth[seen])
        probabilities = softmax(held_out[seen] / model.temperature, axis=1)
        model.thresholds = _thresholds(probabilities, truth[seen], error_rate)
    model.error_rate = error_rate
    return model


def load_labeller(path: Path) -> Labeller:
    """Read what ``Labeller.save`` wrote; ``ValueError`` when it holds unknown types or was made with other versions."""
    return Labeller(**load_parts(path))


def shipped_labeller(*, progress: bool = True) -> Labeller:
    """Return the labeller of the four labels and ``other``, trained on the written exemplars.

    Built on first use (half a minute) and kept in ``paths.CACHE`` under a hash of the exemplars, this room's code and
    what a model file rests on, so that a change of any of them builds it anew.
    """
    digest = hashlib.sha256(repr(sorted(made_with().items())).encode())
    here = Path(__file__).resolve().parent
    for path in (EXEMPLARS, *(here / name for name in ("classify.py", "features.py", "embed.py"))):
        digest.update(path.read_bytes())
    path = CACHE / "labeller" / f"{digest.hexdigest()[:32]}.skops"
    if path.is_file():
        return load_labeller(path)
    rows = [json.loads(line) for line in EXEMPLARS.read_text(encoding="utf-8").splitlines() if line.strip()]
    model = train_labeller([row["text"] for row in rows], [row["label"] for row in rows], progress=progress)
    model.save(path)
    return model


def _fit(cleaned: list[str], vectors: np.ndarray, labels: list[str]) -> Labeller:
    """Fit one head on each view; temperature and thresholds still stand at their neutral values."""
    vectorizer = characters()
    counts = vectorizer.fit_transform(cleaned)
    options = {"class_weight": "balanced", "max_iter": 2000}
    meaning_head = LogisticRegression(C=C_MEANING, **options).fit(vectors, labels)
    character_head = LogisticRegression(C=C_CHARACTERS, **options).fit(counts, labels)
    names = [str(label) for label in meaning_head.classes_]
    return Labeller(names, vectorizer, meaning_head, character_head, 1.0, np.zeros(len(names)), 0.0)


def _scores(model: Labeller, vectors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return shape (n, n_labels): the mean of the two heads' log-probabilities."""
    heads = ((model.meaning_head, vectors), (model.character_head, counts))
    if not len(vectors):
        return np.zeros((0, len(model.labels)))
    return np.mean([_log_probabilities(head, x) for head, x in heads], axis=0)


def _log_probabilities(head: LogisticRegression, x: np.ndarray) -> np.ndarray:
    scores = head.decision_function(x)
    # With two labels scikit-learn gives one column, the log-odds of the second.
    return log_softmax(np.column_stack([np.zeros_like(scores), scores]) if scores.ndim == 1 else scores, axis=1)


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the held-out truth likeliest (Guo et al. 2017, arXiv:1706.04599)."""
    grid = np.exp(np.linspace(np.log(0.05), np.log(5), 185))
    rows = np.arange(len(truth))
    return float(grid[np.argmin([-log_softmax(scores / t, axis=1)[rows, truth].mean() for t in grid])])


def _thresholds(probabilities: np.ndarray, truth: np.ndarray, error_rate: float) -> np.ndarray:
    """Return each label's lowest confidence above which at most ``error_rate`` of its predictions were wrong."""
    best = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    thresholds = np.zeros(probabilities.shape[1])
    for label in range(probabilities.shape[1]):
        mine = np.flatnonzero(best == label)
        mine = mine[np.argsort(-confidence[mine], kind="stable")]
        # One error is added before counting, so that a label seen three times cannot promise perfection.
        risk = (np.cumsum(truth[mine] != label) + 1) / (np.arange(len(mine)) + 2)
        good = np.flatnonzero(risk <= error_rate)
        thresholds[label] = confidence[mine[good[-1]]] if len(good) else 1.0
    return thresholds
