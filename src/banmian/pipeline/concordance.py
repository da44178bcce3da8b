"""Words in context over a corpus: its body sections, or the rows of a table."""

import pandas as pd

from banmian.partitions import Corpus
from banmian.pipeline.rows import Rejected, body_rows, map_rows
from banmian.words.concordance import collocates, concordance
from banmian.words.segment import Segmenter


def find_lines(
    corpus: Corpus, word: str, rejected: list[Rejected], *, width: int = 20, near: bool = False, window: int = 5
) -> tuple[pd.DataFrame, int]:
    """Return every place of a word (`concordance`), or the words ``near`` it (`collocates`), and the number of rows.

    The column of the section's id is called section_id. Rows that cannot be read are added to ``rejected``.
    """
    frames = list(map_rows(corpus, body_rows, rejected))
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"section_id": [], "text": []})
    texts = rows["text"].tolist()
    if near:
        return collocates(texts, word, Segmenter(), window=window), len(rows)
    found = concordance(texts, rows["section_id"].astype(str).tolist(), word, width)
    return found.rename(columns={"id": "section_id"}), len(rows)
