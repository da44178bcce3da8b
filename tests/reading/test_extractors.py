"""Web pages come in as a reader would see them; damaged files end in one clear error."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banmian.reading import extractors
from banmian.reading.corpus import read_documents, read_text
from banmian.reading.extractors import read_html
from banmian.reading.layout import split_sections
from scan_cases import pdf_of

PAGE = """<!doctype html><html><head><meta charset="{0}"><title>春茶上市_重庆日报</title>
<style>p {{color: red}}</style><script>alert("坏")</script></head><body>
<h1>春茶<b>上市</b></h1><!-- 编者 --><p>茶农们
忙<a href="x">采茶</a>。</p><p style="display: none">看不见</p><p hidden>也看不见</p>
<ul><li>甲</li><li>乙</li></ul>第一行<br>第二行 &lt;script&gt; &amp; 其他</body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_page_reads_as_it_is_seen(encoding: str) -> None:
    text = PAGE if encoding != "big5" else PAGE.translate(str.maketrans("农们庆报见编", "農們慶報見編"))
    seen = read_html(text.format(encoding).encode(encoding, "xmlcharrefreplace"))
    lines = [line for line in seen.split("\n") if line]
    assert lines[0] == "春茶上市"
    assert lines[1] in ("茶农们忙采茶。", "茶農們忙采茶。")
    assert lines[2:] == ["甲", "乙", "第一行", "第二行 <script> & 其他"]


def test_a_title_that_the_body_lacks_comes_first() -> None:
    assert read_html("<title>标题</title><p>正文</p>".encode()) == "标题\n\n正文"


def test_pronunciation_does_not_break_words() -> None:
    assert read_html("<p><ruby>重<rt>chóng</rt>庆<rt>qìng</rt></ruby></p>".encode()) == "重庆"


def test_deep_nesting_and_emptiness() -> None:
    assert read_html(("<b>" * 20_000 + "深").encode()) == "深"
    for empty in (b"", b"<html><body><script>1</script></body></html>"):
        with pytest.raises(ValueError, match="shows no text"):
            read_html(empty)


@pytest.mark.parametrize("tag", ["<b>", "<p>", "<a x=1>", "</b>"])
def test_a_bomb_of_tags_is_refused_before_it_is_parsed(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extractors, "parse_html", lambda _: pytest.fail("parsed"))
    monkeypatch.setattr(extractors, "run_bounded", lambda *_: pytest.fail("parsed"))
    with pytest.raises(ValueError, match="tags, at most 300000"):
        read_html((tag * (extractors.MAX_TAGS + 1)).encode())


def test_a_page_of_many_tags_is_read_in_a_bounded_process(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("<b>" * (extractors._PLAIN_TAGS + 1) + "深").encode()
    with monkeypatch.context() as patched:
        patched.setattr(extractors, "parse_html", lambda _: pytest.fail("parsed here"))
        assert read_html(page) == "深"
        with pytest.raises(ValueError, match="shows no text"):
            read_html(page[:-3])


def test_pronunciation_annotations_are_no_bomb() -> None:
    page = "<p>" + "<ruby>重<rt>chóng</rt></ruby>" * 500
    assert read_html(page.encode()) == "重" * 500


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(), st.text("<>/bp!-&;'=\"[]党建 \n", max_size=60).map(str.encode)))
def test_any_bytes_as_html_give_text_or_one_error(data: bytes) -> None:
    try:
        assert read_html(data)
    except ValueError as error:
        assert "shows no text" in str(error)


def test_a_folder_of_every_format_is_one_table(tmp_path: Path) -> None:
    sentence = "江城新桥今天上午十点正式通车，两岸居民等了整整六年。"
    (tmp_path / "a.txt").write_text(sentence, encoding="utf-8")
    (tmp_path / "b.HTML").write_text(f"<p>{sentence}</p>", encoding="utf-8")
    (tmp_path / "春 茶.htm").write_bytes(f"<meta charset=gb18030><p>{sentence}</p>".encode("gb18030"))
    (tmp_path / "d.pdf").write_bytes(pdf_of(sentence))
    documents = read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["a", "b", "d", "春 茶"]
    assert documents["encoding"].tolist() == ["utf-8", "html", "pdf", "html"]
    sections = split_sections(documents, find_twins=False)
    for text, section, ((start, end),) in zip(documents["text"], sections["text"], sections["spans"], strict=True):
        assert text[start:end] == section == sentence


def test_errors_of_a_format_name_the_file_and_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>x</p>")
    monkeypatch.setitem(sys.modules, "bs4", None)  # as where the extra is not installed
    with pytest.raises(ValueError, match=r"page.html: .*pip install 'banmian\[formats\]'"):
        read_text(page)
