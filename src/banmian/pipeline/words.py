"""The words of texts as topics and drift see them."""

import hashlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from banmian.words.segment import Segmenter


def hash_text(text: str) -> str:
    """Return a text's SHA-256 in hexadecimal digits; lone surrogates have one too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_words(texts: list[str], progress: bool = False) -> list[list[str]]:
    """Return the content words of each text, as topics see them."""
    return _segmenter().content_words(texts, progress=progress)


def words_to_fit(texts: list[str], progress: bool = False) -> list[list[str]]:
    """Return `content_words` without the persons who speak somewhere in the texts: nobody's name is a topic."""
    from banmian.words.speakers import find_speakers

    return _segmenter().content_words(texts, names=find_speakers(texts, _segmenter()), progress=progress)


@cache
def _segmenter() -> "Segmenter":
    from banmian.words.segment import Segmenter

    return Segmenter()
