"""The same story in two partitions: however keys and comparisons are cut, the answer is that of one process."""

from pathlib import Path

import pandas as pd
import pytest

from banmian.paths import ROOT
from banmian.reading.duplicates import first_tellings
from banmian.scale import twins
from banmian.scale.steps import small_sections
from banmian.tables import write_parquet


@pytest.fixture(scope="module")
def sections() -> pd.DataFrame:
    """The seeds three times: as they are, with a few words changed, and with the sections in another order."""
    found = small_sections(ROOT / "seeds")[["section_id", "kind", "simplified"]]
    changed = found.assign(
        section_id="b" + found["section_id"], simplified=found["simplified"].str.replace("的", "之", n=2)
    )
    shuffled = found.sample(frac=1, random_state=0).assign(section_id=lambda rows: "c" + rows["section_id"])
    return pd.concat([found, changed, shuffled], ignore_index=True)


@pytest.mark.parametrize(("a_range", "a_job", "a_file"), [(10**6, 10**6, 50), (40, 25, 50), (7, 1, 3)])
def test_any_cut_gives_the_answer_of_one_process(
    sections: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_range: int, a_job: int, a_file: int
) -> None:
    monkeypatch.setattr(twins, "SECTIONS_A_RANGE", a_range)
    monkeypatch.setattr(twins, "PLACES_A_JOB", a_job)
    monkeypatch.setattr(twins, "KEYS_A_GROUP", 100)
    files = []
    for start in range(0, len(sections), a_file):
        files.append(tmp_path / f"part-{start:05d}.parquet")
        write_parquet([sections.iloc[start : start + a_file]], files[-1])
    told = twins.tell_twins(files, tmp_path / "keys")
    alone = first_tellings(sections)
    expected = {name: twin for name, twin in zip(sections["section_id"], alone, strict=True) if twin is not None}
    assert told == expected
    assert len(told) > len(sections) / 2  # the second and third copies say what the first says, unless too short


def test_sections_that_nothing_resembles_have_no_twin(tmp_path: Path) -> None:
    rows = pd.DataFrame({"section_id": ["a", "b"], "kind": "body", "simplified": ["春茶开采节在古镇举行了。", "短"]})
    write_parquet([rows], tmp_path / "part.parquet")
    assert twins.tell_twins([tmp_path / "part.parquet"], tmp_path / "keys") == {}


def test_families_stay_together_and_large_ones_are_cut_between_their_later_sections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(twins, "PLACES_A_JOB", 4)
    families = [[(0, 5), (0, 9), (5, 9)], [(1, 8)], [(2, 3), (2, 4), (3, 4), (2, 6), (4, 6), (2, 7)]]
    mixed = [pair for rank in range(6) for family in families for pair in family[rank : rank + 1]]
    jobs = twins._jobs(pd.DataFrame(mixed, columns=["earlier", "later"]))
    cut = [list(job.itertuples(index=False, name=None)) for job in jobs]
    # Three texts and two are more than four; the third family has five, and is cut between 4 and 6, and 6 and 7.
    assert cut == [[(0, 5), (0, 9), (5, 9)], [(1, 8), (2, 3)], [(2, 4), (3, 4)], [(2, 6), (4, 6)], [(2, 7)]]
    assert twins._jobs(pd.DataFrame({"earlier": [], "later": []}, dtype="int64")) == []
