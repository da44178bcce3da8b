"""Tables for reading a labeller's mistakes: what was taken for what, the worst errors, labels to read again."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

_OPENING = 34  # characters of a text that are shown, enough to find it again


def confusion(truth: Sequence[str], guess: Sequence[str], labels: Sequence[str]) -> pd.DataFrame:
    """Return DataFrame[truth, predicted, sections, share], a row for every pair; share is of the true label."""
    counts = pd.crosstab(pd.Series(list(truth), name="truth"), pd.Series(list(guess), name="predicted"))
    table = counts.reindex(index=list(labels), columns=list(labels), fill_value=0)
    tidy = table.reset_index().melt("truth", var_name="predicted", value_name="sections")
    return tidy.assign(share=tidy["sections"] / tidy.groupby("truth")["sections"].transform("sum").clip(lower=1))


def outcomes(truth: Sequence[str], answers: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Return DataFrame[label, outcome, sections, share]: right, abstained or wrong, a row each for every true label.

    ``answers`` is what ``Labeller.predict`` returns for the texts of ``truth``.
    """
    right = answers["label"].to_numpy() == np.asarray(truth, dtype=object)
    outcome = np.where(answers["abstained"], "abstained", np.where(right, "right", "wrong"))
    counts = pd.crosstab(pd.Series(list(truth), name="label"), pd.Series(outcome, name="outcome"))
    table = counts.reindex(index=list(labels), columns=["right", "abstained", "wrong"], fill_value=0)
    tidy = table.reset_index().melt("label", var_name="outcome", value_name="sections")
    return tidy.assign(share=tidy["sections"] / tidy.groupby("label")["sections"].transform("sum").clip(lower=1))


def worst_errors(truth: Sequence[str], probabilities: pd.DataFrame, texts: Sequence[str], n: int = 10) -> pd.DataFrame:
    """Return DataFrame[predicted, confidence, truth, begins]: wrong labels, the surest first, ties in text order."""
    table = pd.DataFrame(
        {
            "predicted": probabilities.columns.to_numpy()[probabilities.to_numpy().argmax(axis=1)],
            "confidence": probabilities.max(axis=1).to_numpy(),
            "truth": list(truth),
            "begins": _openings(texts),
        }
    )
    wrong = table[table["predicted"] != table["truth"]]
    order = wrong.round({"confidence": 6}).sort_values(["confidence", "begins"], ascending=[False, True], kind="stable")
    return order.head(n).reset_index(drop=True)


def label_issues(truth: Sequence[str], probabilities: pd.DataFrame, texts: Sequence[str], n: int = 10) -> pd.DataFrame:
    """Return DataFrame[label, quality, likelier, begins]: labels that the probabilities speak against, worst first.

    ``quality`` is cleanlab's self-confidence (Northcutt, Jiang and Chuang 2021, doi:10.1613/jair.1.12125): the
    probability of the given label from a model that did not see the text. Low means: read it again, not: it is wrong.
    """
    from cleanlab.rank import get_label_quality_scores

    names = probabilities.columns.tolist()
    codes = np.array([names.index(label) for label in truth])
    table = pd.DataFrame(
        {
            "label": list(truth),
            "quality": get_label_quality_scores(codes, probabilities.to_numpy()).round(6),
            "likelier": probabilities.columns.to_numpy()[probabilities.to_numpy().argmax(axis=1)],
            "begins": _openings(texts),
        }
    )
    return table.sort_values(["quality", "begins"], kind="stable").head(n).reset_index(drop=True)


def _openings(texts: Sequence[str]) -> list[str]:
    return [" ".join(text.split())[:_OPENING] for text in texts]
