"""What the lexicon does to a corpus: which of its terms the segmenter would cut without it."""

import os
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from banmian.text.script import simplify
from banmian.words.segment import Segmenter


def lexicon_effect(texts: Sequence[str], segmenter: Segmenter) -> pd.DataFrame:
    """Return the terms that stand in the texts and that only the lexicon keeps whole, most frequent first.

    Returns
    -------
    DataFrame[word, before, count]: the term (Simplified), how the same engine cuts it by itself without any lexicon
    (pieces joined by ｜), and how often it is a token of the texts. Cut by itself: beside other words an engine may cut
    otherwise. Ties in text order.
    """
    bare = Segmenter(lexicon=os.devnull, engine=segmenter.engine)
    tokens = Counter(simplify(token) for text in texts for token in segmenter.tokens(text))
    rows = []
    for word in sorted(segmenter.lexicon):
        pieces = bare.tokens(word)
        if tokens[word] and len(pieces) > 1:
            rows.append((word, "｜".join(pieces), tokens[word]))
    found = pd.DataFrame(rows, columns=["word", "before", "count"])
    return found.sort_values(["count", "word"], ascending=[False, True], kind="stable").reset_index(drop=True)
