"""Fit the linear models of an ensemble, and get log-probabilities of texts that took no part in fitting."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from banmian.models.classify.character_ngrams import NgramVocabulary, learn_ngrams, ngram_view
from banmian.models.classify.ensemble import Head, head_log_probs
from banmian.models.classify.features import View, clean, embedding_view

# Cosines of an embedding with the labels' descriptions differ by about 0.1, so they are sharpened.
SHARPNESS = 10.0

Folds = Iterable[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class TrainingSet:
    """Checked examples with the views that do not depend on the fit; ``codes`` are columns of ``classes``."""

    cleaned: Sequence[str]
    codes: np.ndarray
    classes: Sequence[str | int]
    fixed_views: Mapping[str, np.ndarray]
    penalties: Mapping[str, float]
    min_texts: int | None = None
    sample_weight: np.ndarray | None = None
    unfitted: Mapping[str, Head] = field(default_factory=dict)


def fit_heads(data: TrainingSet, rows: np.ndarray) -> tuple[NgramVocabulary, dict[str, Head]]:
    """Fit one head on each view of these rows; the ngrams are learnt from them too."""
    texts = [data.cleaned[i] for i in rows]
    vocabulary = learn_ngrams(texts, data.min_texts)
    heads = {}
    for name, penalty in data.penalties.items():
        view: View = ngram_view(vocabulary, texts) if name == "ngrams" else data.fixed_views[name][rows]
        heads[name] = _fit_head(view, data, rows, penalty)
    return vocabulary, heads | dict(data.unfitted)


def held_out_log_probs(data: TrainingSet, folds: Folds) -> dict[str, np.ndarray]:
    """Return each view's log-probabilities by heads that never saw the row's fold, shape (n, n_labels).

    Rows that no fold tests are nan, as are those of a fold whose training rows lack a label.
    """
    shape = (len(data.codes), len(data.classes))
    names = [*data.penalties, *data.unfitted]
    found = {name: np.full(shape, np.nan) for name in names}
    for train, test in folds:
        if len(set(data.codes[train].tolist())) < len(data.classes):
            continue  # a label that lives in one fold only cannot be learnt without it
        vocabulary, heads = fit_heads(data, train)
        for name in names:
            if name == "ngrams":
                view: View = ngram_view(vocabulary, [data.cleaned[i] for i in test])
            else:
                view = data.fixed_views["embedding" if name == "descriptions" else name][test]
            found[name][test] = head_log_probs(heads[name], view)
    return found


def grouped_folds(
    labels: Sequence[Hashable], groups: Sequence[Hashable], n_folds: int = 5, seed: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (train, test) row numbers of each fold; a group is never on both sides, labels are spread evenly.

    Fewer groups, or fewer rows of the rarest label, than folds mean fewer folds; one group raises ``ValueError``.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    numbers: dict[Hashable, int] = {}
    codes = np.array([numbers.setdefault(group, len(numbers)) for group in groups])
    if len(numbers) < 2:
        raise ValueError(f"{len(numbers)} group of {len(codes)} texts; folds that cannot leak need two groups or more")
    rarest = min(Counter(labels).values())
    folds = StratifiedGroupKFold(max(2, min(n_folds, len(numbers), rarest)), shuffle=True, random_state=seed)
    yield from folds.split(np.zeros(len(codes)), list(labels), codes)


def described_head(descriptions: Sequence[str]) -> Head:
    """Return a head that nothing was fitted to: the cosine of the whole text with each label's description."""
    whole = embedding_view([clean(text) for text in descriptions])
    whole[:, whole.shape[1] // 2 :] = 0
    return _rounded(Head(SHARPNESS * whole, np.zeros(len(whole))))


def _fit_head(view: View, data: TrainingSet, rows: np.ndarray, penalty: float) -> Head:
    from sklearn.linear_model import LogisticRegression

    weight = None if data.sample_weight is None else data.sample_weight[rows]
    model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=3000)
    model.fit(view, data.codes[rows], sample_weight=weight)
    # With two labels scikit-learn gives one row, for the log-odds of the second.
    both = len(model.coef_) == 1
    coefficients = np.vstack([np.zeros_like(model.coef_), model.coef_]) if both else model.coef_
    intercepts = np.append(0.0, model.intercept_) if both else model.intercept_
    return _rounded(Head(coefficients, intercepts.astype(np.float64)))


def _rounded(head: Head) -> Head:
    """Return a head whose coefficients are numbers of half precision, as the file will hold them."""
    return Head(head.coefficients.astype(np.float16).astype(np.float32), head.intercepts)
