"""Labels: hand labels fit the sections they were given to, agreement is Cohen's."""

from pathlib import Path

import pandas as pd
import pytest

from banmian.labels.scheme import COLUMNS, IN_SCOPE, LABELS, kappa, read_labels

SECTIONS = pd.DataFrame(
    {
        "doc_id": ["a", "a", "b"],
        "section_id": ["a/s1", "a/s2", "b/s1"],
        "kind": ["body", "headline", "body"],
        "text": ["社区食堂开张了。", "標題", "银行降息。"],
        # Out of order in the file: the label's place is the smallest and the largest offset.
        "spans": [[(20, 25), (0, 4)], [(25, 27)], [(3, 8)]],
    }
)
GOOD = "a,0,25,社区食\n堂,grassroots_governance,commerce,1,commerce,grassroots_governance"


def write(path: Path, *rows: str) -> Path:
    quoted = [",".join(f'"{cell}"' for cell in row.split(",")) for row in rows]
    path.write_text("\n".join([",".join(COLUMNS), *quoted]) + "\n", encoding="utf-8")
    return path


def test_labels_join_their_sections(tmp_path: Path) -> None:
    found = read_labels(write(tmp_path / "labels.csv", "b,3,8,银行,commerce,,0.5,,", GOOD), SECTIONS)
    assert found["section_id"].tolist() == ["b/s1", "a/s1"]
    assert found["label"].tolist() == ["commerce", "grassroots_governance"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,0,25,社区,cultrue,,1,,", "row 3: unknown label 'cultrue'; known: party_building"),
        ("a,0,25,社区,culture,x,1,,", "row 3: unknown second 'x'"),
        ("a,0,24,社区,culture,,1,,", "row 3: no body section of a runs from 0 to 24"),
        ("a,25,27,標題,culture,,1,,", "row 3: no body section"),
        ("a,0,25,市场,culture,,1,,", "row 3: .* begins with '市场'"),
        ("b,3,8,银行,culture,,1,,", "row 3: the section was labelled in row 2"),
    ],
)
def test_a_row_that_does_not_fit_is_named(tmp_path: Path, row: str, message: str) -> None:
    path = write(tmp_path / "labels.csv", "b,3,8,银行,commerce,,0.5,,", row)
    with pytest.raises(ValueError, match=f"labels.csv, {message}"):
        read_labels(path, SECTIONS)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("doc_id,start,end,label\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"columns \['first'\] are missing"):
        read_labels(tmp_path / "labels.csv", SECTIONS)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xb5\xb3", b'a,b\n1,2,3\n"'])
def test_a_file_that_is_no_table_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(ValueError, match=r"labels.csv: no CSV table in UTF-8"):
        read_labels(tmp_path / "labels.csv", SECTIONS)


def test_kappa_against_a_worked_example() -> None:
    # 50 proposals, both yes 20, both no 15, split 5 and 10: observed 0.7, expected 0.5, kappa 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa(["a", "a"], ["a", "a"]) == 1.0
    with pytest.raises(ValueError, match="got 1 and 2"):
        kappa(["a"], ["a", "b"])


def test_colours_and_markers_tell_labels_apart() -> None:
    assert len({label.colour for label in LABELS.values()}) == len({label.marker for label in LABELS.values()}) == 5
    assert set(LABELS) - set(IN_SCOPE) == {"other"}
