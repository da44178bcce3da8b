"""A trained labeller: labels with calibrated probabilities, abstention and reasons, from texts of any kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from banmian.models.classify.abstention import RULES, Rule
from banmian.models.classify.ensemble import Ensemble
from banmian.models.classify.explain import Explanation, explain, reasons
from banmian.models.classify.features import clean
from banmian.models.classify.persistence import check_model, load_parts, pack, save_parts, unpack

Reasons = Literal["none", "short", "full"]
REASONS: tuple[Reasons, ...] = ("none", "short", "full")


class Memory(NamedTuple):
    """Training texts that reasons may show: vectors (n, 512) in half precision, labels, and how each text begins."""

    vectors: np.ndarray
    labels: list[str | int]
    openings: list[str]


@dataclass
class Labeller:
    """A trained labeller; made by `train_labeller`, `load_labeller` or `load_pretrained`.

    ``labels`` are in the order of the ``p_`` columns. ``rule`` says when it abstains, ``info`` what it was made of.
    """

    ensemble: Ensemble
    rule: Rule
    memory: Memory
    info: dict[str, Any]

    @property
    def labels(self) -> list[str | int]:
        """The labels, in the order of the probabilities' columns."""
        return self.ensemble.labels

    def predict(
        self, texts: Sequence[str], *, reasons: Reasons = "none", fast: bool = False, progress: bool = False
    ) -> pd.DataFrame:
        """Return one row a text: label, confidence (0..1), abstained, ``p_`` columns that sum to 1, perhaps reasons.

        Parameters
        ----------
        reasons : "none", "short" or "full"
            "short" adds a column of ``{"terms": [{"term", "effect"}], "nearest": []}``; "full" also the nearest
            training texts, ``{"similarity", "label", "text"}``, for which every text is embedded.
        fast : bool
            Without the neural networks: the cheap views alone.
        progress : bool
            Show a bar where standard error is a terminal.

        The label is always the one of highest probability; where ``abstained`` is true, read the text yourself. An
        empty text carries no evidence and abstains. Raises ``ValueError`` when ``texts`` is one string.
        """
        if isinstance(texts, str):
            raise ValueError("texts is one string; give a list of texts")
        if reasons not in REASONS:
            raise ValueError(f"reasons {reasons!r} is unknown; known: {', '.join(REASONS)}")
        cleaned = [clean(text) for text in texts]
        probabilities, _ = self.ensemble.probabilities(cleaned, fast=fast, progress=progress)
        table = self.table(probabilities, [not text for text in cleaned])
        if reasons != "none":
            table["reasons"] = self._reasons(cleaned, table["label"].tolist(), reasons == "full")
        return table

    def predict_proba(self, texts: Sequence[str], *, fast: bool = False) -> np.ndarray:
        """Return the calibrated probabilities alone, shape (n, n_labels)."""
        return self.ensemble.probabilities([clean(text) for text in texts], fast=fast)[0]

    def table(self, probabilities: np.ndarray, is_empty: Sequence[bool]) -> pd.DataFrame:
        """Return label, confidence, abstained and the ``p_`` columns for given probabilities (n, n_labels)."""
        best = probabilities.argmax(axis=1)
        table = pd.DataFrame(
            {
                "label": [self.labels[i] for i in best],
                "confidence": probabilities[np.arange(len(best)), best],
                "abstained": self.rule.abstains(probabilities) | np.asarray(is_empty, dtype=bool),
            }
        )
        return table.join(pd.DataFrame(probabilities, columns=[f"p_{label}" for label in self.labels]))

    def explain(self, text: str, n_terms: int = 8) -> Explanation:
        """Return an ``Explanation``: terms with their effect, nearest training texts, the text marked."""
        return explain(self, text, n_terms)

    def save(self, path: Path | str) -> None:
        """Write the labeller to one file that holds no code."""
        arrays, words = pack(self.ensemble)
        arrays |= {"thresholds": self.rule.thresholds, "vectors": self.memory.vectors}
        words |= {"rule": self.rule.name, "error_rate": self.rule.error_rate, "info": self.info}
        words |= {"openings": self.memory.openings, "opening_labels": self.memory.labels}
        save_parts(arrays, words, Path(path))

    def _reasons(
        self, cleaned: list[str], labels: list[str | int], with_nearest: bool
    ) -> pd.Series:  # a Series, since a list of equal dicts would be taken for columns
        return pd.Series(reasons(self, cleaned, labels, with_nearest), dtype=object)


def load_labeller(path: Path | str) -> Labeller:
    """Read what ``Labeller.save`` wrote.

    Raises ``ValueError`` naming the file when it holds unknown types or impossible numbers, or was made with other
    features.
    """
    path = Path(path)
    arrays, words = load_parts(path)
    try:
        ensemble = unpack(arrays, words)
        rule = RULES[words["rule"]](arrays["thresholds"], words["error_rate"])
        memory = Memory(arrays["vectors"], words["opening_labels"], words["openings"])
        labeller = Labeller(ensemble, rule, memory, words["info"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: no {error} in it, so it is not a whole labeller; train it again") from error
    check_model(path, ensemble, rule.thresholds, memory.vectors, len(memory.openings), len(memory.labels))
    return labeller
