"""What a labeller sees of a text: two views, meaning and characters, both of the Simplified text.

Because both views are taken after ``simplify``, a text and its twin in the other script look alike by construction.
"""

import re

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from banmian.models.embed import embed
from banmian.reading.script import simplify

_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*[”』」’）)]*")
_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…·"
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")


def clean(text: str) -> str:
    """Return a text as the views see it: Simplified, without a scanner's line breaks and gaps inside Chinese."""
    return re.sub(r"\s+", " ", _GAP.sub("", simplify(text))).strip()


def sentences(text: str) -> list[str]:
    """Cut at full stops, question marks and semicolons; a text without any, or an empty one, is one sentence."""
    return [part for part in _SENTENCE.findall(text) if part.strip()] or [text]


def meaning(cleaned: list[str], *, progress: bool = False, keep: bool = False) -> np.ndarray:
    """Return shape (n, 1024): embedding of the whole text beside the mean of its sentences', both of length 1.

    The whole blurs a section that does one thing and mentions three; the sentences keep them apart.
    """
    parts = [sentences(text) for text in cleaned]
    flat = [*cleaned, *(sentence for part in parts for sentence in part)]
    vectors = embed(flat, progress=progress, keep=keep)
    ends = len(cleaned) + np.cumsum([len(part) for part in parts])
    means = np.array([vectors[end - len(part) : end].mean(axis=0) for part, end in zip(parts, ends, strict=True)])
    means = means.reshape(len(cleaned), -1)
    return np.hstack([vectors[: len(cleaned)], means / np.linalg.norm(means, axis=1, keepdims=True)])


def characters() -> TfidfVectorizer:
    """Return an unfitted TF-IDF of runs of one to three characters: on few-shot news they beat words by 4-9 points."""
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, lowercase=True, dtype=np.float32)
