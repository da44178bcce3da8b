"""Labels of pages for the notebooks: a person's where there are any, else the machine's; and which they are."""

from pathlib import Path

import pandas as pd

from banmian.models.labels import read_labels
from banmian.models.shipped import shipped_labeller


def page_labels(folder: str | Path, sections: pd.DataFrame) -> pd.DataFrame:
    """Return the labelled body sections of a folder of pages, as `banmian.models.labels.read_labels` does.

    Without a ``labels.csv`` in ``folder`` these are all body sections with the shipped labeller's label (sections on
    which it abstains too), its confidence, and empty ``second``, ``label_a`` and ``label_b``: `given_by_hand` is then
    false. Good for a look at which words or topics go with a label, useless for saying how often a label is wrong.

    Raises ``ValueError`` for a ``labels.csv`` that does not fit the sections, naming its row.
    """
    hand = Path(folder) / "labels.csv"
    if hand.is_file():
        return read_labels(hand, sections)
    body = sections[sections["kind"] == "body"].reset_index(drop=True)
    if body.empty:
        return body.assign(label="", second="", confidence="", label_a="", label_b="")
    found = shipped_labeller(progress=False).predict(body["text"].tolist())
    stated = [f"{value:.2f}" for value in found["confidence"]]
    return body.assign(label=found["label"].tolist(), second="", confidence=stated, label_a="", label_b="")


def given_by_hand(labelled: pd.DataFrame) -> bool:
    """Tell whether two people's readings stand beside the labels of `page_labels`, so that they can be compared."""
    return bool((labelled["label_a"] != "").any() and (labelled["label_b"] != "").any())
