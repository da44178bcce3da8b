"""Stories told twice: across scripts, whole and quoted, and nothing that is merely alike."""

import pandas as pd
import pytest

from banmian.config import SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.reading.near_duplicates import (
    duplicate_keys,
    earliest_duplicates,
    find_duplicates,
    is_duplicate,
    leakage_groups,
    sorted_shingles,
)

SPEECH = (
    "新桥把两岸连成一座城，把四十分钟的路变成一刻钟，把老人看病、孩子上学、年轻人上班的路都变短"
    "了，也把两岸做生意的人连到了一起，这是六年里最值得的一件事，也是全城人的事"
)
OTHER = (
    "春耕时节，东山村的田里来了十二台无人机。合作社理事长说，一台机器半天能播一百亩，过去要二十"
    "个人干两天，今年全村的早稻七天就能种完。"
)


def rows(*texts: str) -> pd.DataFrame:
    ids = [f"d{n}/s1" for n in range(len(texts))]
    return pd.DataFrame({"section_id": ids, "article_id": [f"d{n}/a1" for n in range(len(texts))], "text": texts})


def test_twins_are_found_across_scripts_and_commas() -> None:
    twin = (
        "新橋把兩岸連成一座城,把四十分鐘的路變成一刻鐘,把老人看病、孩子上學、年輕人上班的路都變短"
        "了,也把兩岸做生意的人連到了一起,這是六年裡最值得的一件事,也是全城人的事"
    )
    pairs = find_duplicates(rows(SPEECH, OTHER, twin))
    assert pairs[["section_a", "section_b", "kind"]].to_numpy().tolist() == [["d0/s1", "d2/s1", "section"]]
    assert pairs["containment"].iloc[0] > 0.8


def test_a_quotation_inside_a_longer_text_is_found() -> None:
    report = OTHER + "市长昨天说：“" + SPEECH + "。”" + OTHER[::-1] * 4
    pairs = find_duplicates(rows(SPEECH + OTHER[::-1][:120], report))
    assert pairs["kind"].tolist() == ["quote"] or pairs["chars"].iloc[0] >= 60
    pairs = find_duplicates(rows(OTHER[::-1] * 2 + SPEECH, OTHER + SPEECH))
    assert pairs["kind"].tolist() == ["quote"]


def test_alike_is_not_the_same() -> None:
    assert find_duplicates(rows(SPEECH, OTHER, "记者 徐海", "记者 徐海")).empty


def test_every_pair_of_the_two_wires_is_found() -> None:
    sections = split_sections(read_documents(SEEDS))
    wire = sections[sections["article_id"].eq("002_c9c65ed736ba6c7c/a1") & sections["kind"].eq("body")]
    twins = sections[sections["duplicate_of"].isin(wire["section_id"]) & sections["kind"].eq("body")]
    assert twins["duplicate_of"].tolist() == wire["section_id"].tolist()
    assert twins["article_id"].unique().tolist() == ["003_194b9ceab6f4d496/a2"]
    groups = leakage_groups(sections)
    assert len(set(groups[wire.index]) | set(groups[twins.index])) == 1
    quoted = groups[sections["article_id"].isin(["000_5c76f991f47d7b5d/a1", "004_506e732bbead410f/a1"])]
    assert len(set(quoted)) == 1
    assert groups[sections["article_id"].eq("001_db291272fdbffc3d/a2")].unique().tolist() == ["001_db291272fdbffc3d/a2"]


def test_many_copies_point_to_the_first() -> None:
    copies = rows(*[SPEECH] * 5)
    assert earliest_duplicates(copies).tolist() == [None, *["d0/s1"] * 4]
    assert len(find_duplicates(copies)) == 4
    assert find_duplicates(copies.iloc[:0]).empty


def test_keys_meet_where_texts_are_alike_and_nowhere_else() -> None:
    """A repeat with one character changed shares bands, not the whole; punctuation is no letter."""
    keys, same, near, other = map(duplicate_keys, (SPEECH, SPEECH.replace("，", " "), SPEECH[:-1] + "啊", OTHER))
    assert keys.tolist() == same.tolist()
    assert keys[0] != near[0]
    assert len(set(keys) & set(near)) >= 12
    assert not set(keys) & set(other)
    assert len(duplicate_keys("记者 徐海")) == 0


@pytest.mark.parametrize(
    ("text", "wording", "first_band", "last_band"),
    [
        (SPEECH, 15141201185408542909, 5403113427600222497, 16145283774514420746),
        # 5,280 letters, more than are hashed at a time
        (
            "".join(SPEECH[i:] + OTHER[i:] for i in range(60)),
            16850711475778309729,
            9525855149655789959,
            16533732952084086931,
        ),
    ],
)
def test_keys_stay_what_they_were(text: str, wording: int, first_band: int, last_band: int) -> None:
    """Made with one permutation at a time over the distinct shingles, as MinHash is defined; sketches rest on them."""
    keys = duplicate_keys(text).tolist()
    assert (len(keys), keys[0], keys[1], keys[-1]) == (25, wording, first_band, last_band)


# 200 letters are 196 shingles: 0.8 of them are 156.8, 0.6 of them 117.6; n letters in one run are n - 4 shingles.
LETTERS = "".join(chr(0x4E00 + i) for i in range(400))


@pytest.mark.filterwarnings("error")  # the mean of nothing is one
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LETTERS[:160] + LETTERS[200:240], LETTERS[:200], False),
        (LETTERS[:161] + LETTERS[200:239], LETTERS[:200], True),
        (LETTERS[:121], LETTERS[:200], False),
        (LETTERS[:122], LETTERS[:200], True),
        (LETTERS[:200], LETTERS[:200] * 9, True),  # nothing but repeats, so each holds what the other says
        ("短", "短", False),
    ],
)
def test_the_same_story_is_told_by_shares_of_shingles(one: str, other: str, same: bool) -> None:
    for earlier, later in ((one, other), (other, one)):
        assert is_duplicate(sorted_shingles(earlier), sorted_shingles(later)) == same
        assert find_duplicates(rows(earlier, later))["kind"].eq("section").any() == same
