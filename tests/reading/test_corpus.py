"""Files of every usual encoding come in exactly; bad files are named, once each."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banmian.reading.corpus import UnreadableFileWarning, read_documents, read_text
from banmian.reading.extractors import DamagedFileWarning
from banmian.reading.layout import split_sections

HANS = "江城新桥今天上午十点正式通车，两岸居民等了整整六年，第一班公交车坐得满满当当。\r\n许多人带着孩子来看江。"
HANT = "江城新橋今天上午十點正式通車，兩岸居民等了整整六年，第一班公車坐得滿滿當當。\r\n許多人帶著孩子來看江。"


@pytest.mark.parametrize(
    ("encoding", "text", "told"),
    [
        ("utf-8", HANS, "utf-8"),
        ("utf-8-sig", HANS, "utf-8-sig"),
        ("utf-16", HANS, "utf-16-le"),
        ("utf-16-le", HANS, "utf_16_le"),
        ("utf-16-be", HANT, "utf_16_be"),
        ("gb18030", HANS, "gb18030"),
        ("big5", HANT, "big5"),
        ("utf-32", HANT, "utf-32-le"),
    ],
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, encoding: str, text: str, told: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert read_text(tmp_path / "a.txt") == (text, told)


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    for name in ("第二 版.txt", "b.txt", "a.TXT", "note.rtf"):
        (tmp_path / name).write_text(HANS, encoding="utf-8")
    documents = read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["a", "b", "第二 版"]
    assert documents.columns.tolist() == ["doc_id", "path", "text", "encoding"]


def test_a_long_line_and_a_folder_of_many_files(tmp_path: Path) -> None:
    """A line of a million characters is one paragraph; files come in by name (full sizes: benchmarks)."""
    sentence = HANS.split("\r")[0]
    line = pd.DataFrame({"doc_id": ["line"], "text": [sentence * (1_000_000 // len(sentence))]})
    assert split_sections(line, find_twins=False)["text"].tolist() == line["text"].tolist()
    names = [f"{n:03d} 版" for n in range(200)]
    for name in reversed(names):
        (tmp_path / f"{name}.txt").write_text(f"{name}，{sentence}", encoding="utf-8")
    documents = read_documents(tmp_path)
    assert documents["doc_id"].tolist() == names
    assert split_sections(documents, find_twins=False)["doc_id"].tolist() == names


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"", "empty file"),
        (b" \r\n\xe3\x80\x80\n", "only white space"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "a PNG picture under another ending"),
        (
            HANS.encode("utf-8").decode("gb18030", "replace").encode("utf-8"),
            "no readable text, UTF-8 that was read as GBK",
        ),
        (HANS.encode("gb18030").decode("latin-1").encode("utf-8"), "no readable text, GBK or Big5"),
        (("锟斤拷" * 20).encode(), "no readable text"),
    ],
)
def test_a_bad_file_is_named_with_the_way_out(tmp_path: Path, content: bytes, fact: str) -> None:
    path = tmp_path / "坏 file.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=fact) as error:
        read_documents(path)
    assert "坏 file.txt" in str(error.value)
    assert ";" in str(error.value)


@pytest.mark.parametrize(
    ("content", "told", "encoding"),
    [
        (HANS.encode("gb18030")[:-1], "is not gb18030", "gb18030, 1 replaced"),
        (HANS.encode()[:30] + b"\xff" + HANS.encode()[30:], "byte 30 is not utf-8", "utf-8, 1 replaced"),
        (HANS.encode()[:-1], "is not utf-8", "utf-8, 1 replaced"),
    ],
)
def test_single_bad_bytes_are_named_and_the_rest_is_read(
    tmp_path: Path, content: bytes, told: str, encoding: str
) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.warns(DamagedFileWarning, match=told):
        text, found = read_text(tmp_path / "a.txt")
    assert found == encoding and text.count("\ufffd") == 1
    assert (split_sections(pd.DataFrame({"doc_id": ["a"], "text": [text]}))["kind"] == "body").any()


def test_a_folder_is_read_but_for_its_bad_files_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text(HANS, encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"\x00\x01\x02\x03" * 50)
    with pytest.raises(ValueError, match=r"a\.txt: empty file"):
        read_documents(tmp_path)
    with pytest.warns(UnreadableFileWarning) as told:
        documents = read_documents(tmp_path, strict=False)
    assert documents["doc_id"].tolist() == ["b"]
    assert [str(one.message).split("; ")[0] for one in told] == [
        f"left out {tmp_path / 'a.txt'}: empty file",
        f"left out {tmp_path / 'c.txt'}: binary, or in no encoding known for Chinese text",
    ]
    (tmp_path / "b.txt").unlink()
    with pytest.raises(ValueError, match=r"a\.txt: empty file"):
        read_documents(tmp_path, strict=False)


def test_missing_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        read_documents(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"no \.txt, \.md, .* file in this folder"):
        read_documents(tmp_path)
    (tmp_path / "a.txt").write_text(HANS, encoding="utf-8")
    (tmp_path / "a.TXT").write_text(HANS, encoding="utf-8")
    if len(list(tmp_path.iterdir())) == 2:  # a file system that folds case holds one file
        with pytest.raises(ValueError, match="rename"):
            read_documents(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_give_sections_or_one_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.txt"
    path.write_bytes(content)
    try:
        documents = read_documents(path)
    except ValueError as error:
        assert "any.txt" in str(error)
    else:
        assert len(split_sections(documents)) >= 1


def test_a_link_that_leaves_the_folder_is_refused_wherever_pages_are_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("不该公布的内容", encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    (tmp_path / "pages" / "b.txt").symlink_to(tmp_path / "pages" / "a.txt")
    assert read_documents(tmp_path / "pages")["doc_id"].tolist() == ["a", "b"]
    (tmp_path / "pages" / "c.txt").symlink_to(tmp_path / "secret.txt")
    for strict in (True, False):
        with pytest.raises(ValueError, match=r"c\.txt: a link that leaves the folder"):
            read_documents(tmp_path / "pages", strict=strict)
