"""Word lists: the format, and faults that name file, row and way out; the shipped lists are in order."""

from pathlib import Path

import pytest

from banmian.words.lexicon import DATA, Term, read_kinds, read_lexicon, read_words


def test_lexicon_format(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("\ufeff# comment\n枫桥经验\n885 # note\n一老一小 12\n党 single\n首店 3 nz\n\n", encoding="utf-8")
    assert list(read_lexicon(path).values()) == [
        Term("枫桥经验", None, ""),
        Term("885", None, ""),
        Term("一老一小", 12, ""),
        Term("党", None, "single"),
        Term("首店", 3, "nz"),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("首店\n夜市\n首店\n", "row 3: 首店 stands there twice"),
        ("首店 0\n", "row 1: write `首店 frequency tag`"),
        ("首店 many n\n", "row 1: write `首店 frequency tag`"),
        ("首店\u2028x\n夜市 1 2 n\n", "row 2: write `夜市 frequency tag`"),
    ],
)
def test_faults_name_file_and_row(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"lexicon\.txt, {fault}"):
        read_lexicon(path)


def test_a_list_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "stopwords.txt"
    path.write_bytes("我们".encode("gb18030"))
    with pytest.raises(ValueError, match=r"stopwords\.txt: not UTF-8"):
        read_words(path)


def test_kinds_need_a_colon(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("title: 记者\nspeech 说\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"names\.txt, row 2: begins with 'speech'"):
        read_kinds(path)


def test_shipped_lists_are_simplified_named_and_without_repeats() -> None:
    from banmian.text.script import simplify

    for path in sorted(DATA.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert simplify(text) == text
        assert "written for this project" in " ".join(text.split("\n")[:4]).lower()
    words = [w for line in (DATA / "stopwords.txt").read_text("utf-8").split("\n") for w in line.split("#")[0].split()]
    assert len(words) == len(set(words))
    # The one word that is a term and tells nothing: it stands in half of all sections.
    assert set(read_lexicon(DATA / "lexicon.txt")) & read_words(DATA / "stopwords.txt") == {"高质量发展"}
