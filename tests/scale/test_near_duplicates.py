"""The same story in two partitions: however keys and comparisons are cut, the answer is that of one process."""

from pathlib import Path

import pandas as pd
import pytest

from banmian.config import ROOT
from banmian.io.tables import write_parquet
from banmian.partitions import open_corpus
from banmian.pipeline.rows import read_sections
from banmian.reading.near_duplicates import duplicate_keys, earliest_duplicates
from banmian.scale import near_duplicates


@pytest.fixture(scope="module")
def sections() -> pd.DataFrame:
    """The seeds three times: as they are, with a few words changed, and with the sections in another order."""
    found = read_sections(open_corpus(ROOT / "seeds"), [])[["section_id", "kind", "simplified"]]
    changed = found.assign(
        section_id="b" + found["section_id"], simplified=found["simplified"].str.replace("的", "之", n=2)
    )
    shuffled = found.sample(frac=1, random_state=0).assign(section_id=lambda rows: "c" + rows["section_id"])
    return pd.concat([found, changed, shuffled], ignore_index=True)


def cut(sections: pd.DataFrame, a_file: int, folder: Path) -> list[Path]:
    """Write so many sections a file."""
    files = []
    for start in range(0, len(sections), a_file):
        files.append(folder / f"part-{start:05d}.parquet")
        write_parquet([sections.iloc[start : start + a_file]], files[-1])
    return files


def told_alone(sections: pd.DataFrame) -> dict[str, str]:
    """The answer of one process."""
    alone = earliest_duplicates(sections)
    return {name: twin for name, twin in zip(sections["section_id"], alone, strict=True) if twin is not None}


@pytest.mark.parametrize(
    ("a_range", "a_job", "a_file", "a_sketch"), [(10**6, 10**6, 50, 8), (40, 25, 50, 1), (7, 1, 3, 5)]
)
def test_any_cut_gives_the_answer_of_one_process(
    sections: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    a_range: int,
    a_job: int,
    a_file: int,
    a_sketch: int,
) -> None:
    monkeypatch.setattr(near_duplicates, "SECTIONS_A_RANGE", a_range)
    monkeypatch.setattr(near_duplicates, "LATER_A_JOB", a_job)
    monkeypatch.setattr(near_duplicates, "FILES_A_SKETCH", a_sketch)
    monkeypatch.setattr(near_duplicates, "ROWS_A_GROUP", 100)
    told = near_duplicates.find_across_partitions(cut(sections, a_file, tmp_path), tmp_path / "keys")
    assert told == told_alone(sections)
    assert len(told) > len(sections) / 2  # the second and third copies say what the first says, unless too short


def test_sections_that_nothing_resembles_have_no_twin(tmp_path: Path) -> None:
    files = cut(told("春茶开采节在古镇举行了。", "短"), 2, tmp_path)
    assert near_duplicates.find_across_partitions(files, tmp_path / "keys") == {}
    assert near_duplicates.find_across_partitions([], tmp_path / "keys") == {}


LETTERS = "".join(chr(0x4E00 + i) for i in range(900))


def told(*texts: str) -> pd.DataFrame:
    """Body sections a, b, c …"""
    return pd.DataFrame({"section_id": list("abcdefghijklm")[: len(texts)], "kind": "body", "simplified": texts})


@pytest.mark.parametrize("a_file", [1, 2, 4])
def test_a_copy_belongs_to_the_first_of_its_wording(tmp_path: Path, a_file: int) -> None:
    """Although an earlier section says the same in other words: b says what a says, d is b to the letter."""
    sections = told(LETTERS[:300], LETTERS[:290] + LETTERS[600:610], LETTERS[300:500], LETTERS[:290] + LETTERS[600:610])
    files = cut(sections, a_file, tmp_path)
    assert (
        near_duplicates.find_across_partitions(files, tmp_path / "keys") == told_alone(sections) == {"b": "a", "d": "b"}
    )


@pytest.mark.parametrize("a_file", [1, 3, 20])
def test_earlier_ones_that_only_share_a_part_are_passed_over(tmp_path: Path, a_file: int) -> None:
    """Five hold 154 of the sixth's 196 shingles, 3 too few to say the same; the seventh says what the sixth says."""
    quoting = [LETTERS[:158] + LETTERS[300 + 42 * i : 342 + 42 * i] for i in range(5)]
    sections = told(*quoting, LETTERS[:200], LETTERS[:199])
    keys = set(duplicate_keys(LETTERS[:199]))
    assert all(keys & set(duplicate_keys(text)) for text in quoting)
    files = cut(sections, a_file, tmp_path)
    assert near_duplicates.find_across_partitions(files, tmp_path / "keys") == told_alone(sections) == {"g": "f"}


def test_more_sections_than_have_numbers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "MOST_SECTIONS", 2)
    with pytest.raises(ValueError, match="2 sections are more than 1"):
        near_duplicates.find_across_partitions(cut(told("短", "短"), 1, tmp_path), tmp_path / "keys")
