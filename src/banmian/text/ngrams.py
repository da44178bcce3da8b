"""A text without punctuation and white space, as numbers: what two texts share is found by the runs they both hold."""

import re

import numpy as np

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: odd, its multiples are spread evenly


def letter_codes(text: str) -> np.ndarray:
    """Return the code points (uint32) of the letters and digits of a text, Latin ones in lower case."""
    return np.frombuffer(re.sub(r"[\W_]+", "", text.lower()).encode("utf-32-le", "surrogatepass"), dtype="<u4")


def ngram_hashes(codes: np.ndarray, size: int) -> np.ndarray:
    """Return one 64-bit number for every run of ``size`` letters, the same for the same run; shape (n - size + 1,)."""
    if len(codes) < size:
        return np.zeros(0, dtype=np.uint64)
    hashes = np.zeros(len(codes) - size + 1, dtype=np.uint64)
    for place in range(size):
        hashes = (hashes + codes[place : len(codes) - size + 1 + place]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes
