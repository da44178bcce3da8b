"""The desk: every answer in the file at once, undo, skip, going on another day, and `read_labels` reads it all."""

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from banmian.labels.scheme import read_labels
from banmian.views.explorer import annotation
from banmian.views.explorer.annotation import AnnotationSession, read_rows

TEXTS = ["社区干部走进网格，听取意见。", "=HYPERLINK()是单元格。", "博物馆开放夜场。", "企业签约落户。"]


@pytest.fixture
def sections() -> pd.DataFrame:
    starts = [sum(map(len, TEXTS[:i])) for i in range(len(TEXTS))]
    rows = [
        {"doc_id": "d", "section_id": f"d/s{i}", "kind": "body", "text": text, "spans": [[start, start + len(text)]]}
        for i, (text, start) in enumerate(zip(TEXTS, starts, strict=True))
    ]
    rows.insert(0, {"doc_id": "d", "section_id": "d/h", "kind": "headline", "text": "标题", "spans": [[90, 92]]})
    return pd.DataFrame(rows)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "labels.csv"


def texts_left(desk: AnnotationSession, label: str = "other") -> list[str]:
    """Answer until the desk is empty; return the texts in the order in which they lay on it."""
    seen = []
    while desk.current is not None:
        seen.append(str(desk.sections["text"].iloc[desk.current]))
        desk.answer(label)
    return seen


def test_nothing_is_written_before_an_answer(sections: pd.DataFrame, answers: Path) -> None:
    desk = AnnotationSession(sections, answers)
    desk.skip()
    assert not answers.parent.exists()


def test_answers_are_read_back(sections: pd.DataFrame, answers: Path) -> None:
    """Also where a text begins like a formula: its beginning is then not written."""
    texts_left(AnnotationSession(sections, answers), "culture")
    read = read_labels(answers, sections)
    assert read["text"].tolist() == TEXTS
    assert set(read["label"]) == {"culture"}
    assert not [row for row in read_rows(answers) if row["first"].startswith("=")]


def test_each_answer_is_in_the_file_at_once(sections: pd.DataFrame, answers: Path) -> None:
    desk = AnnotationSession(sections, answers)
    for n, label in enumerate(["commerce", "culture"], start=1):
        desk.answer(label)
        assert len(read_rows(answers)) == n
        assert read_rows(answers)[-1]["label"] == label
    assert desk.progress == (2, 4)


def test_undo_takes_answers_and_skips_back(sections: pd.DataFrame, answers: Path) -> None:
    desk = AnnotationSession(sections, answers)
    desk.answer("commerce")
    desk.skip()
    desk.answer("culture")
    assert desk.undo() and desk.current == 2
    assert [row["label"] for row in read_rows(answers)] == ["commerce"]
    assert desk.undo() and desk.current == 1
    assert desk.undo() and desk.current == 0
    assert read_rows(answers) == []
    assert not desk.undo()
    assert texts_left(desk) == TEXTS


def test_skipped_sections_come_back_last(sections: pd.DataFrame, answers: Path) -> None:
    desk = AnnotationSession(sections, answers)
    desk.skip()
    assert texts_left(desk) == [*TEXTS[1:], TEXTS[0]]


def test_goes_on_another_day(sections: pd.DataFrame, answers: Path) -> None:
    AnnotationSession(sections, answers).answer("commerce")
    again = AnnotationSession(sections, answers)
    assert again.progress == (1, 4)
    assert texts_left(again) == TEXTS[1:]
    assert len(read_rows(answers)) == 4


def test_columns_and_rows_of_others_stay(sections: pd.DataFrame, answers: Path) -> None:
    answers.parent.mkdir()
    head = "doc_id,start,end,first,label_a,label,note\n"
    answers.write_text(f'{head}e,0,4,其他,culture,culture,"a, b"\n', encoding="utf-8")
    desk = AnnotationSession(sections, answers)
    desk.answer("commerce")
    desk.undo()
    desk.answer("other")
    with answers.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [head.strip().split(","), ["e", "0", "4", "其他", "culture", "culture", "a, b"]]
    assert rows[2][4:] == ["", "other", ""]


def test_a_row_mended_by_hand_meanwhile_is_kept(sections: pd.DataFrame, answers: Path) -> None:
    desk = AnnotationSession(sections, answers)
    desk.answer("commerce")
    answers.write_text(answers.read_text(encoding="utf-8").replace("commerce", "culture"), encoding="utf-8")
    desk.answer("other")
    assert [row["label"] for row in read_rows(answers)] == ["culture", "other"]


def test_an_answer_leaves_the_other_columns_of_its_row(sections: pd.DataFrame, answers: Path) -> None:
    desk = AnnotationSession(sections, answers)
    answers.parent.mkdir()
    end = len(TEXTS[0])
    answers.write_text(f"doc_id,start,end,first,label,note\nd,0,{end},社区,culture,why\n", encoding="utf-8")
    desk.answer("other")
    assert [(row["label"], row["note"]) for row in read_rows(answers)] == [("other", "why")]
    desk.undo()
    assert [(row["label"], row["note"]) for row in read_rows(answers)] == [("culture", "why")]


def test_suggest_chooses_among_those_without_a_label(sections: pd.DataFrame, answers: Path) -> None:
    asked: list[list[str]] = []

    def longest_first(texts: Sequence[str], n: int) -> list[int]:
        asked.append(list(texts))
        return sorted(range(len(texts)), key=lambda i: -len(texts[i]))[:1]

    assert texts_left(AnnotationSession(sections, answers, longest_first)) == sorted(TEXTS, key=len, reverse=True)
    assert [len(texts) for texts in asked] == [4, 3, 2, 1]


def test_a_suggest_without_an_opinion_loses_no_section(sections: pd.DataFrame, answers: Path) -> None:
    assert texts_left(AnnotationSession(sections, answers, lambda texts, n: [])) == TEXTS


def test_suggest_reads_no_more_than_its_pool(
    sections: pd.DataFrame, answers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(annotation, "POOL", 2)

    def first(texts: Sequence[str], n: int) -> list[int]:
        asked.append(len(texts))
        return [0]

    assert sorted(texts_left(AnnotationSession(sections, answers, first))) == sorted(TEXTS)
    assert max(asked) == 2


def test_a_write_that_fails_leaves_the_file_and_the_section(
    sections: pd.DataFrame, answers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = AnnotationSession(sections, answers)
    desk.answer("commerce")
    before = answers.read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ValueError, match="No space"):
        desk.answer("culture")
    assert answers.read_bytes() == before
    assert sorted(item.name for item in answers.parent.iterdir()) == [".labels.csv.lock", "labels.csv"]
    assert desk.current == 1 and desk.progress == (1, 4)


def test_bad_labels_and_files_are_named(sections: pd.DataFrame, answers: Path) -> None:
    with pytest.raises(ValueError, match="unknown label 'cultrue'"):
        AnnotationSession(sections, answers).answer("cultrue")
    answers.parent.mkdir()
    answers.write_text("id,text\n1,a\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"columns .* are missing"):
        AnnotationSession(sections, answers)


TYPING = """
import sys
from pathlib import Path
import pandas as pd
from banmian.views.explorer.annotation import AnnotationSession
own = [f"{sys.argv[2]}-{i}" for i in range(40)]
sections = pd.DataFrame({"doc_id": own, "kind": "body", "text": "茶", "spans": [[[0, 1]]] * 40})
session = AnnotationSession(sections, Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for _ in own:
    session.answer("other")
assert session.progress == (40, 40)
"""


def test_two_sessions_that_write_one_file_lose_no_answer(tmp_path: Path) -> None:
    answers = tmp_path / "labels.csv"
    command = [sys.executable, "-c", TYPING, str(answers)]
    both = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "ab"
    ]
    for process in both:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in both:
        process.communicate("go\n", timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(row["doc_id"] for row in read_rows(answers)) == sorted(f"{n}-{i}" for n in "ab" for i in range(40))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_saved_by_a_spreadsheet_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "labels.csv"
    separator = "\t" if encoding == "utf-16" else ","
    lines = ["doc_id,start,end,first,label,note", "页,0,4,茶园,culture,春天"]
    path.write_text("\r\n".join(lines).replace(",", separator), encoding=encoding)
    (row,) = read_rows(path)
    assert (row["doc_id"], row["label"], row["note"]) == ("页", "culture", "春天")


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        ("doc_id,start,end,first,label,note,note\na,0,1,,other,x,y\n", "two columns"),
        ("doc_id,start,end,first,label\na,0,1,,other,extra\n", "line 2: more cells than columns"),
        (f"doc_id,start,end,first,label\na,0,1,{'茶' * 200_000},other\n", "line 1: no CSV"),
        ("doc_id,label\na,other\n", "are missing"),
    ],
)
def test_a_file_that_would_lose_something_is_named_and_left_alone(tmp_path: Path, content: str, fact: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=fact) as caught:
        read_rows(path)
    assert str(path) in str(caught.value)
    assert path.read_text(encoding="utf-8") == content


def test_an_empty_file_has_no_rows_and_bytes_of_no_encoding_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert read_rows(tmp_path / "empty.csv") == []
    (tmp_path / "bytes.csv").write_bytes(b"doc_id\xff\xff")
    with pytest.raises(ValueError, match=r"bytes\.csv: in no encoding"):
        read_rows(tmp_path / "bytes.csv")
