"""Say which texts to label next: those the labeller is uncertain of, no two alike."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from banmian.models.classify.features import clean
from banmian.models.classify.labeller import Labeller
from banmian.models.embed import embed


def suggest(texts: Sequence[str], n: int, labeller: Labeller | None = None, *, progress: bool = False) -> pd.DataFrame:
    """Return the n texts to label next, most uncertain first: row, text, label, confidence, uncertainty.

    ``uncertainty`` is 1 minus the gap between the two highest probabilities, 0..1. The 3n most uncertain texts are
    grouped by meaning into n clusters, each text weighted by its uncertainty, and the text nearest to each centre is
    taken (Zhdanov 2019, arXiv:1901.05954). Farthest-first picking, tried beside it, collects oddities and did worse
    than chance. Without a labeller, ``load_pretrained`` is asked. Equal and empty texts are suggested once and never;
    fewer different texts than n give fewer rows.
    """
    if n < 1:
        raise ValueError(f"n is {n}; ask for one text or more")
    if labeller is None:
        from banmian.models.classify.pretrained import load_pretrained

        labeller = load_pretrained()
    first_rows = {text: row for row, text in reversed(list(enumerate(map(clean, texts)))) if text}
    cleaned, rows = list(first_rows), np.array(list(first_rows.values()), dtype=int)
    table = labeller.predict(cleaned, progress=progress)
    ranked = np.sort(table.filter(regex="^p_").to_numpy(), axis=1)
    uncertainty = 1 - (ranked[:, -1] - ranked[:, -2])
    top = np.lexsort((rows, -uncertainty))[: 3 * n]  # ties: the first in the order given
    if len(top) > n:
        from sklearn.cluster import KMeans

        vectors = embed([cleaned[i] for i in top], progress=progress)
        clusters = KMeans(n, n_init=1, random_state=0).fit(vectors, sample_weight=uncertainty[top] + 1e-6)
        distance = clusters.transform(vectors)
        mine = np.where(clusters.labels_[:, None] == np.arange(n), distance, np.inf)
        top = top[np.unique(mine.argmin(axis=0))]  # sorted places in top: still from most to least uncertain
    return pd.DataFrame(
        {
            "row": rows[top],
            "text": [texts[row] for row in rows[top]],
            "label": table["label"].to_numpy()[top],
            "confidence": table["confidence"].to_numpy()[top],
            "uncertainty": uncertainty[top],
        }
    )
