"""What a labeller has to beat: the most frequent label, keyword rules, and characters with logistic regression.

The first two return probabilities as `classification_scores` takes them: shape (n, n_labels), a column a label.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from banmian.models.classify.features import clean
from banmian.models.classify.field_lexicon import field_labels, field_weights, find_terms


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
    weights, _ = field_weights(find_terms([clean(text) for text in texts]), len(texts))
    sums = np.column_stack([weights[:, of_field == name].sum(axis=1) for name in names])
    sums[sums.sum(axis=1) == 0, names.index("other")] = 1.0
    return pd.DataFrame(sums / sums.sum(axis=1, keepdims=True), columns=names)


def character_baseline() -> Pipeline:
    """Return TF-IDF of characters 1-3 of the Simplified text with logistic regression, scikit-learn's penalty."""
    ngrams = TfidfVectorizer(
        preprocessor=clean, analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True, dtype=np.float32
    )
    return make_pipeline(ngrams, LogisticRegression(max_iter=3000, class_weight="balanced"))
