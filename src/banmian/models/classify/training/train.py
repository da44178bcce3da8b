"""The two-line way to a labeller of one's own."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

from banmian.models.classify.labeller import Labeller
from banmian.models.classify.training.estimator import SectionClassifier


def train_labeller(
    texts: Sequence[str],
    labels: Sequence[Any],
    *,
    groups: Sequence[Hashable] | None = None,
    calibrate_on: Sequence[bool] | None = None,
    descriptions: Mapping[Any, str] | None = None,
    error_rate: float = 0.1,
    abstention: Literal["selective", "conformal"] = "selective",
    progress: bool = False,
    cache: bool = False,
) -> Labeller:
    """Train on texts with one label each; from two labels to a hundred, from one example a label to thousands.

    Parameters
    ----------
    texts, labels : of one length; labels are text or whole numbers and come back in the type given.
    groups : one value a text, optional
        Texts that belong together (a wire item and its twin in the other script). They stay on one side of every fold,
        else the calibration would be measured on what was trained on. By default equal texts form a group.
    calibrate_on : one bool a text, optional
        The texts that are of the kind to be labelled later. Temperature and thresholds are measured on these alone,
        each held out from its fold; all texts train. By default all; with none, nothing is calibrated and the
        labeller never abstains, five times as fast.
    descriptions : label → a line that says what it means, optional
        For few texts a label; texts like the line count for the label. With 16 titles for each of 15 classes it
        raised accuracy by 4 points; bare names of 14 categories by 2 with 4 titles each, by 1 with 16.
    error_rate, abstention : float and "selective" or "conformal"
        What abstaining is to keep, as measured across the folds: see `banmian.models.classify.abstention`. Conformal
        wants ten texts or more a label to measure on.
    progress, cache : bool
        Show progress bars; keep the embeddings in the cache folder.

    Raises ``ValueError`` naming the rows for missing or empty texts and labels, unequal lengths, or fewer than two
    labels. Warns of equal texts with different labels, and under ten texts a label, with the interval that the share of
    right answers may lie in.
    """
    model = SectionClassifier(
        descriptions=descriptions, error_rate=error_rate, abstention=abstention, progress=progress, cache=cache
    )
    return model.fit(texts, labels, groups=groups, calibrate_on=calibrate_on).labeller_
