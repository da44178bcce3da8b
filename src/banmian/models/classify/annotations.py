"""Labels of pages for the notebooks: a person's where there are any, else the machine's; and which they are."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from banmian.config import CACHE
from banmian.io.atomic import atomic_write
from banmian.io.cache import cache_path, prune, word_files
from banmian.labels.scheme import kappa, read_labels
from banmian.models.classify.persistence import environment_fingerprint
from banmian.models.classify.pretrained import load_pretrained, training_texts

HERE = Path(__file__).resolve().parent


def load_or_predict(folder: str | Path, sections: pd.DataFrame) -> pd.DataFrame:
    """Return the labelled body sections of a folder of pages, as `banmian.labels.scheme.read_labels` does.

    Without a ``labels.csv`` in ``folder`` these are all body sections with the shipped labeller's label (sections on
    which it abstains too), its confidence, and empty ``second``, ``label_a`` and ``label_b``:
    `is_double_annotated` is then false.
    Good for a look at which words or topics go with a label, useless for saying how often a label is wrong.

    Raises ``ValueError`` for a ``labels.csv`` that does not fit the sections, naming its row.
    """
    hand = Path(folder) / "labels.csv"
    if hand.is_file():
        return read_labels(hand, sections)
    body = sections[sections["kind"] == "body"].reset_index(drop=True)
    if body.empty:
        return body.assign(label="", second="", confidence="", label_a="", label_b="")
    found = cached_predictions(body["text"].tolist())
    stated = [f"{value:.2f}" for value in found["confidence"]]
    return body.assign(label=found["label"].tolist(), second="", confidence=stated, label_a="", label_b="")


def chinese_body(sections: pd.DataFrame, least: int = 0) -> pd.DataFrame:
    """Return the body sections that are not English and have at least ``least`` characters, rows numbered anew.

    Raises ``ValueError`` when there are none: words and topics are counted in Chinese.
    """
    chosen = (sections["kind"] == "body") & (sections["script"] != "en") & (sections["text"].str.len() >= least)
    if not chosen.any():
        length = f" of {least} characters or more" if least else ""
        raise ValueError(
            f"no Chinese body text{length} among these pages ({len(sections)} sections, documents: "
            f"{sections['doc_id'].nunique()}); words and topics are counted in Chinese"
        )
    return sections[chosen].reset_index(drop=True)


def cached_predictions(texts: Sequence[str]) -> pd.DataFrame:
    """Return what the shipped labeller's ``predict`` says of these texts, made once and kept in the cache.

    Three notebooks ask for the same sections, and 300 pages take it minutes. Kept under the texts, what the labeller
    was trained on, and the code that predicts; a list of other texts is another file.
    """
    code = [*sorted(HERE.parent.rglob("*.py")), *sorted((HERE / "data").glob("*.txt"))]
    code += word_files()
    known = [
        json.dumps(list(texts)),
        training_texts().to_json(orient="records"),
        repr(sorted(environment_fingerprint().items())),
    ]
    path = cache_path(
        CACHE / "predictions", ".parquet", [*map(str.encode, known), *(file.read_bytes() for file in code)]
    )
    if path.is_file():
        return pd.read_parquet(path)
    found = load_pretrained(progress=False).predict(list(texts))
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        found.to_parquet(temporary, index=False)
    prune(path.parent, path.suffix)
    return found


def is_double_annotated(labelled: pd.DataFrame) -> bool:
    """Tell whether two people's readings stand beside the labels of `load_or_predict`, so that they can be compared."""
    return bool((labelled["label_a"] != "").any() and (labelled["label_b"] != "").any())


def describe_annotators(labelled: pd.DataFrame) -> str:
    """Say in a few words who gave the labels of `load_or_predict`, and how far two readers agreed."""
    if not is_double_annotated(labelled):
        return "one reading"
    return f"two readers: Cohen's kappa {kappa(labelled['label_a'].tolist(), labelled['label_b'].tolist()):.2f}"
