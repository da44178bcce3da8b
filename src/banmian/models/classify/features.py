"""What a classifier sees of a text: views of its Simplified form, so that a text and its twin look alike."""

import re
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from banmian.models.embed import DIMENSIONS, embed
from banmian.text.markup import strip_markup
from banmian.text.script import simplify

View = np.ndarray | sp.csr_matrix  # n rows, a column a feature

_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*[”』」’）)]*")
_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…·"
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")


def clean(text: str) -> str:
    """Return a text as the views see it: Simplified, without markup and a scanner's breaks and gaps inside Chinese."""
    return re.sub(r"\s+", " ", _GAP.sub("", simplify(strip_markup(text)))).strip()


def sentences(text: str) -> list[str]:
    """Cut at full stops, question marks and semicolons; a text without any, or an empty one, is one sentence."""
    return [part for part in _SENTENCE.findall(text) if part.strip()] or [text]


def embedding_view(cleaned: Sequence[str], *, progress: bool = False, cache: bool = False) -> np.ndarray:
    """Return shape (n, 1024): embedding of the whole text beside the mean of its sentences', both of length 1.

    The whole blurs a section that does one thing and mentions three; the sentences keep them apart.
    """
    parts = [sentences(text) for text in cleaned]
    flat = [*cleaned, *(sentence for part in parts for sentence in part)]
    vectors = embed(flat, progress=progress, keep=cache)
    ends = len(cleaned) + np.cumsum([len(part) for part in parts])
    means = np.array([vectors[end - len(part) : end].mean(axis=0) for part, end in zip(parts, ends, strict=True)])
    means = means.reshape(len(cleaned), DIMENSIONS)
    return np.hstack([vectors[: len(cleaned)], means / np.linalg.norm(means, axis=1, keepdims=True)])
