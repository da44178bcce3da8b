"""How far a recogniser's errors move what is read: one text clean and recognised, section by section."""

from difflib import SequenceMatcher

import numpy as np


def compare_pair(clean: str, ocr: str, sections: tuple[list[str], list[str]], near: int = 5) -> dict[str, float]:
    """Return error rates and agreement of the `sections` of one text, clean and as it was recognised."""
    texts, cuts = [], []
    for found in sections:
        parts = ["".join(part.split()) for part in found]
        texts.append("".join(parts))
        cuts.append(np.cumsum([len(part) for part in parts])[:-1])
    blocks = SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_matching_blocks()
    # A place of the clean text lies in the recognised one where the last run of like characters before it says.
    moved = [max((b.b + min(cut - b.a, b.size) for b in blocks if b.a <= cut), default=0) for cut in cuts[0]]
    same = len(moved) == len(cuts[1]) and all(min(abs(cuts[1] - place)) <= near for place in moved)
    return {
        "character error as recognised": distance("".join(clean.split()), "".join(ocr.split())) / len(texts[0]),
        "character error after reading, in reading order": distance(*texts) / len(texts[0]),
        "same number of sections": len(moved) == len(cuts[1]),
        f"same number, all boundaries within {near} characters": same,
        "sections more than the clean text has": len(cuts[1]) - len(moved),
    }


def distance(one: str, other: str) -> int:
    """Return the Levenshtein distance of two texts."""
    codes, places = np.array([ord(char) for char in other]), np.arange(len(other) + 1)
    row = places.copy()
    for n, char in enumerate(one, start=1):
        best = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(char)))
        # An insertion may follow any other step: the smallest of what stands before, one more for each place.
        row = np.minimum.accumulate(np.concatenate([[n], best]) - places) + places
    return int(row[-1])
