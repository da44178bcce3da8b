"""Labels of pages for the notebooks: a person's where there are any, else the model's; and which they are."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from banmian.config import CACHE
from banmian.io.cache import Cache, cached
from banmian.labels.scheme import kappa, read_labels
from banmian.models.classify.persistence import features_fingerprint
from banmian.models.classify.pretrained import PRETRAINED, load_pretrained

# What predicts; the model itself is in the key.
_CODE = ("abstention", "character_ngrams", "encoder", "ensemble", "explain", "features", "field_lexicon", "labeller")
PREDICTIONS = Cache(
    "predictions",
    ".parquet",
    1,
    (*(f"models/classify/{name}.py" for name in _CODE), "models/embed.py", "text/folding.py", "text/script.py"),
)


def load_or_predict(folder: str | Path, sections: pd.DataFrame) -> pd.DataFrame:
    """Return the labelled body sections of a folder of pages, as `banmian.labels.scheme.read_labels` does, and source.

    ``source`` is "hand" where the folder has a ``labels.csv``, by one reader or two. Without it these are all body
    sections with the shipped labeller's label (sections on which it abstains too), its confidence, empty ``second``,
    ``label_a`` and ``label_b``, and ``source`` "model": good for a look at which words or topics go with a label,
    useless for saying how often a label is wrong.

    Raises ``ValueError`` for a ``labels.csv`` that does not fit the sections, naming its row.
    """
    hand = Path(folder) / "labels.csv"
    if hand.is_file():
        return read_labels(hand, sections).assign(source="hand")
    body = sections[sections["kind"] == "body"].reset_index(drop=True)
    empty = {"second": "", "label_a": "", "label_b": "", "source": "model"}
    order = ["label", "second", "confidence", "label_a", "label_b", "source"]
    if body.empty:
        return body.assign(label="", confidence="", **empty)[[*body.columns, *order]]
    found = cached_predictions(body["text"].tolist())
    stated = [f"{value:.2f}" for value in found["confidence"]]
    table = body.assign(label=found["label"].tolist(), confidence=stated, **empty)
    return table[[*body.columns, *order]]


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

    Three notebooks ask for the same sections, and 300 pages take it minutes. The key is the texts, the features and the
    model's file, which names the features that it was made with; a damaged file in the cache is made again.
    """
    data = [
        str(list(texts)).encode("utf-8", "surrogatepass"),
        PRETRAINED.read_bytes(),
        repr(sorted(features_fingerprint().items())).encode(),
    ]
    return cached(
        PREDICTIONS,
        data,
        lambda: load_pretrained().predict(list(texts)),
        pd.read_parquet,
        lambda table, path: table.to_parquet(path, index=False),
        CACHE,
    )


def is_double_annotated(labelled: pd.DataFrame) -> bool:
    """Tell whether two people's readings stand beside the labels of `load_or_predict`, so that they can be compared."""
    return bool((labelled["label_a"] != "").any() and (labelled["label_b"] != "").any())


def describe_annotators(labelled: pd.DataFrame) -> str:
    """Say in a few words who gave the labels of `load_or_predict`, and how far two readers agreed."""
    if is_double_annotated(labelled):
        agreed = kappa(labelled["label_a"].tolist(), labelled["label_b"].tolist())
        return f"two readers: Cohen's kappa {agreed:.2f}"
    by_model = "source" in labelled and bool((labelled["source"] == "model").any())
    return "no reader: the labeller's own labels" if by_model else "one reader"
