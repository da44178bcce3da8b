"""What a labeller has to beat: the most frequent label, keyword rules, and characters with logistic regression.

Each returns probabilities as ``evaluate.classification_scores`` takes them: shape (n, n_labels), a column a label.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from banmian.models.classify.features import clean, field_labels, field_weights, learn_ngrams, ngram_view


def most_frequent(labels: Sequence[str], n: int) -> pd.DataFrame:
    """Give n texts the shares that the labels have in training."""
    shares = pd.Series(list(labels)).value_counts(normalize=True).sort_index()
    return pd.DataFrame([shares.to_numpy()] * n, columns=shares.index)


def keyword_rules(texts: Sequence[str]) -> pd.DataFrame:
    """Give each label its share of the weight of the field terms that the text holds. Nothing is learnt.

    A text without any term is ``other``.
    """
    of_field = np.array(field_labels())
    names = sorted(set(of_field))
    rows = []
    for text in texts:
        weights, _ = field_weights(clean(text))
        sums = np.array([weights[of_field == name].sum() for name in names])
        rows.append(sums / sums.sum() if sums.any() else np.array([float(name == "other") for name in names]))
    return pd.DataFrame(rows, columns=names)


def character_regression(texts: Sequence[str], labels: Sequence[str], new: Sequence[str]) -> pd.DataFrame:
    """Train TF-IDF of characters 1-3 with logistic regression, scikit-learn's penalty, and predict the new texts."""
    cleaned = [clean(text) for text in texts]
    learnt = learn_ngrams(cleaned)
    model = LogisticRegression(max_iter=3000, class_weight="balanced")
    model.fit(ngram_view(learnt, cleaned), list(labels))
    found = model.predict_proba(ngram_view(learnt, [clean(text) for text in new]))
    return pd.DataFrame(found, columns=model.classes_)
