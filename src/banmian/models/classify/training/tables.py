"""Train on a table of examples, score a labeller on a table of labelled rows: `banmian train` and `evaluate`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.models.classify.labeller import Labeller
from banmian.models.classify.training.estimator import SectionClassifier
from banmian.models.statistics import wilson_interval

# Invented records of a citizens' hotline, to try the commands on.
EXAMPLES = Path(__file__).resolve().parents[1] / "data" / "hotline.csv"
_TEXT, _LABEL = "text", "label"


def read_examples(path: Path, *, columns: Sequence[str] = (_TEXT, _LABEL)) -> pd.DataFrame:
    """Read a table (.csv, .tsv, .jsonl, .parquet or .xlsx) that has at least these columns; numbers stay numbers.

    Raises ``ValueError`` naming the file when it cannot be read or lacks a column.
    """
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        ".csv": lambda file: pd.read_csv(file, encoding="utf-8-sig"),
        ".tsv": lambda file: pd.read_csv(file, sep="\t", encoding="utf-8-sig"),
        ".jsonl": lambda file: pd.read_json(file, lines=True, dtype=False, convert_dates=False),
        ".parquet": pd.read_parquet,
        ".xlsx": pd.read_excel,
    }
    if path.suffix.lower() not in readers:
        raise ValueError(f"{path}: give a table that ends in {', '.join(readers)}")
    try:
        table = readers[path.suffix.lower()](path)
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file") from None
    except (OSError, ValueError, ImportError) as error:
        raise ValueError(f"{path}: cannot be read as a table ({error}); save it as UTF-8 CSV") from error
    if missing := [name for name in columns if name not in table.columns]:
        raise ValueError(f"{path}: no column {', '.join(missing)}; it has {', '.join(map(str, table.columns[:8]))}")
    return table


def train_from_table(
    path: Path, *, descriptions: Path | None = None, groups: str | None = None, progress: bool = False
) -> tuple[Labeller, pd.DataFrame, pd.DataFrame]:
    """Train on the rows of a table with the columns text and label.

    Parameters
    ----------
    path : the table.
    descriptions : a table with the columns label and description, a row for each label, optional
    groups : the column whose rows belong together, optional
    progress : show a bar where standard error is a terminal.

    Returns
    -------
    The labeller; its held-out scores as `score_table` gives them; and the examples to read again or to have more of,
    DataFrame[row, text, label, suggested, probability], rows counted from 1 below the header: those that the other
    examples speak against, the strongest first. Both tables are empty where nothing could be held out.
    """
    table = read_examples(path, columns=[_TEXT, _LABEL, *([groups] if groups else [])])
    lines = None
    if descriptions is not None:
        codebook = read_examples(descriptions, columns=[_LABEL, "description"])
        lines = dict(zip(codebook[_LABEL], codebook["description"], strict=True))
    model = SectionClassifier(descriptions=lines, progress=progress)
    try:
        model.fit(list(table[_TEXT]), list(table[_LABEL]), groups=table[groups].tolist() if groups else None)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    log_probs = model.labeller_.ensemble.stages[-1].weights
    mean = np.sum([share * model.held_out_[view] for view, share in log_probs.items()], axis=0)
    seen = ~np.isnan(mean[:, 0])
    labels = np.array([model.classes_.tolist().index(_plain(label)) for label in table[_LABEL]])
    if not seen.any():
        return model.labeller_, score_table([], []), _doubtful(table, labels, mean, seen, model.classes_)
    guess = model.classes_[mean[seen].argmax(axis=1)]
    scores = score_table(model.classes_[labels[seen]].tolist(), guess.tolist())
    return model.labeller_, scores, _doubtful(table, labels, mean, seen, model.classes_)


def check_rows(texts: Sequence[Any], labels: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Return texts and true labels as text; ``ValueError`` naming the rows, counted from 0, where one is missing."""
    for name, values in (("text", texts), ("label", labels)):
        missing = [i for i, value in enumerate(values) if pd.isna(value) or not str(value).strip()]
        if missing:
            raise ValueError(f"{name} is missing in row {missing[0]} (counted from 0); drop or complete it")
    return [str(text) for text in texts], [str(_plain(label)) for label in labels]


def score_table(truth: Sequence[Any], guess: Sequence[Any]) -> pd.DataFrame:
    """Return DataFrame[label, n, precision, recall, f1, low, high], a row a label and one for all ("").

    low and high bound the recall (for all: the accuracy) at 95 % (Wilson 1927).
    """
    names = sorted(set(truth) | set(guess))
    true, said = np.array(truth, dtype=object), np.array(guess, dtype=object)
    rows = []
    for name in names:
        mine, called = true == name, said == name
        both = int((mine & called).sum())
        precision, recall = both / max(int(called.sum()), 1), both / max(int(mine.sum()), 1)
        f1 = 2 * both / max(int(mine.sum() + called.sum()), 1)
        rows.append((name, int(mine.sum()), precision, recall, f1, *wilson_interval(both, int(mine.sum()))))
    if names:
        right = int((true == said).sum())
        macro = float(np.mean([row[4] for row in rows]))
        rows.append(("", len(true), right / len(true), right / len(true), macro, *wilson_interval(right, len(true))))
    return pd.DataFrame(rows, columns=["label", "n", "precision", "recall", "f1", "low", "high"])


def evaluate(labeller: Labeller, texts: Sequence[str], truth: Sequence[Any]) -> dict[str, Any]:
    """Score a labeller on texts of known label.

    Returns
    -------
    ``scores`` (`score_table`), ``confusion`` (a row a true label, a column a label given), ``coverage`` and ``right``
    (share of labels given, share right of those, with their intervals), ``calibration_error``.
    Raises ``ValueError`` for a true label that the labeller does not have, naming its row counted from 0.
    """
    known = {str(label): label for label in labeller.labels}
    rows = [str(_plain(label)) for label in truth]
    if unknown := [(i, label) for i, label in enumerate(rows) if label not in known]:
        raise ValueError(
            f"row {unknown[0][0]} (counted from 0): label {unknown[0][1]!r} is none of the labeller's: "
            f"{', '.join(list(known)[:8])}"
        )
    from banmian.models.evaluation.metrics import calibration_error

    answers = labeller.predict(list(texts))
    guess, given = answers["label"].map(str).tolist(), ~answers["abstained"].to_numpy()
    right = np.array(guess, dtype=object) == np.array(rows, dtype=object)
    confusion = pd.crosstab(pd.Series(rows, name="truth"), pd.Series(guess, name="label"))
    return {
        "scores": score_table(rows, guess),
        "confusion": confusion,
        "coverage": (float(given.mean()), *wilson_interval(int(given.sum()), len(given))),
        "right": (
            float(right[given].mean()) if given.any() else float("nan"),
            *wilson_interval(int(right[given].sum()), int(given.sum())),
        ),
        "calibration_error": calibration_error(right, answers["confidence"].to_numpy()),
    }


def _plain(label: Any) -> Any:
    value = label.item() if isinstance(label, np.generic) else label
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _doubtful(
    table: pd.DataFrame, labels: np.ndarray, mean: np.ndarray, seen: np.ndarray, classes: np.ndarray, n: int = 10
) -> pd.DataFrame:
    shares = np.exp(mean - np.log(np.exp(mean).sum(axis=1, keepdims=True)))
    own = np.where(seen, shares[np.arange(len(labels)), labels], 1.0)
    rows = [i for i in np.argsort(own, kind="stable").tolist() if seen[i] and shares[i].argmax() != labels[i]][:n]
    return pd.DataFrame(
        {
            "row": [i + 1 for i in rows],
            "text": [table[_TEXT].iloc[i] for i in rows],
            "label": [classes[labels[i]] for i in rows],
            "suggested": [classes[shares[i].argmax()] for i in rows],
            "probability": [round(float(shares[i].max()), 3) for i in rows],
        }
    )
