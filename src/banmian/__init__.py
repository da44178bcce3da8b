"""banmian (版面, "the newspaper page"): Chinese newspaper pages to sections, topics and labels.

The rooms, from the bottom up (imports point downwards only):

- `banmian.config`, `banmian.io`, `banmian.text`: places, files, characters.
- `banmian.labels`: the label scheme and labels that people gave.
- `banmian.reading`: files to documents to repaired, typed sections; no model of meaning here.
- `banmian.words`: sections to words; the lexicon, the stop words, new terms, keyness.
- `banmian.models`: words and embeddings to topics and labels, and the scores that judge them.
- `banmian.views`: results to figures, to the explorer in JupyterLab and to the report.
- `banmian.partitions`: a path of input, listed once, and its rows.
- `banmian.pipeline`: what each command does, in one process.
- `banmian.scale`: the same over partitioned Parquet, on one machine or a Dask cluster.
- `banmian.notebooks`: the notebooks run, on the project's pages or on others.
- `banmian.cli`: the command ``banmian``.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# The full opt-out of onnxruntime's reports to its maker, valid only before its first import; see SECURITY.md.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

if TYPE_CHECKING:
    from banmian.models.classify.labeller import load_labeller
    from banmian.models.classify.pretrained import load_pretrained
    from banmian.models.classify.training.estimator import SectionClassifier
    from banmian.models.classify.training.train import train_labeller
    from banmian.models.embed import embed
    from banmian.models.topics.fit import fit_topics
    from banmian.reading.corpus import read_documents
    from banmian.reading.layout import split_sections
    from banmian.words.segment import Segmenter

__all__ = [
    "SectionClassifier",
    "Segmenter",
    "embed",
    "fit_topics",
    "load_labeller",
    "load_pretrained",
    "read_documents",
    "split_sections",
    "train_labeller",
]
_MODULE_OF = {
    "SectionClassifier": "models.classify.training.estimator",
    "Segmenter": "words.segment",
    "embed": "models.embed",
    "fit_topics": "models.topics.fit",
    "load_labeller": "models.classify.labeller",
    "load_pretrained": "models.classify.pretrained",
    "read_documents": "reading.corpus",
    "split_sections": "reading.layout",
    "train_labeller": "models.classify.training.train",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562), so that ``import banmian`` takes no time."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names beside those that are loaded."""
    return sorted({*globals(), *__all__})
