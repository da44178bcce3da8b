"""Who speaks in a corpus: persons whom `Segmenter.words` meets far from their titles, found by pooling all places."""

from collections import Counter
from collections.abc import Iterable

from banmian.text.script import simplify
from banmian.words.segment import Segmenter

# In 2,000 broadcast items and 2,603 articles from Taiwan, of the words with five places or more that are taken for a
# person in at least a sixth of them but not in all, 54 of 64 are persons when read; below, most are things (白宫).
LEAST_SHARE, LEAST_PLACES = 1 / 6, 2


def find_speakers(texts: Iterable[str], segmenter: Segmenter) -> frozenset[str]:
    """Return the words (Simplified) that name a person in these texts, to be dropped wherever they stand.

    The dictionary's persons (赵乐际, but also 文明) are names for the segmenter only beside a title or a verb of
    speech, so some of their places are left over. A word that is taken for a person in two places or more, and in a
    sixth of all its places, is one everywhere:
    ``segmenter.content_words(texts, names=find_speakers(texts, segmenter))``.

    Limits: persons only written about, never speaking, stay (刘晓波: 3 of 190 places), and so do foreign names. A few
    things go too (吉隆坡, 贺词). Terms of the lexicon never do.
    """
    taken: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for text in texts:
        tokens = ["", *(token for token in segmenter.tokens(simplify(text)) if not token.isspace()), ""]
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if len(token) > 1 and token not in segmenter.lexicon:
                places[token] += 1
                taken[token] += segmenter.is_person(token, before, after)
    return frozenset(
        word for word, times in taken.items() if times >= LEAST_PLACES and times >= LEAST_SHARE * places[word]
    )
