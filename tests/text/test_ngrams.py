"""Letters and their runs as numbers."""

import numpy as np
import pytest

from banmian.text.ngrams import letter_codes, ngram_hashes


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("日落，西山。", "日落西山"),
        ("一_个 b\n3-C\t", "一个b3c"),
        ("“885”工作體系", "885工作體系"),
        ("半\ud83d字", "半字"),  # half of a broken character is no letter
        ("……——", ""),
    ],
)
def test_letters_are_what_is_left_without_marks_and_gaps(text: str, kept: str) -> None:
    assert letter_codes(text).tolist() == [ord(letter) for letter in kept]


def test_the_same_run_has_the_same_number_and_another_has_another() -> None:
    codes = np.arange(0x4E00, 0x4E00 + 20_000, dtype=np.uint32)
    hashes = ngram_hashes(codes, 5)
    assert hashes.shape == (19_996,) and len(set(hashes.tolist())) == 19_996
    assert ngram_hashes(codes[100:105], 5).tolist() == [hashes[100]]
    assert ngram_hashes(codes[100:105][::-1], 5)[0] not in hashes  # order counts
    assert ngram_hashes(codes[:5], 5).shape == (1,) and ngram_hashes(codes[:4], 5).shape == (0,)
