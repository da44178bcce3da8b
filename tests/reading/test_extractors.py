"""Web pages and PDF files come in as a reader would see them; damaged ones end in one clear error."""

import io
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banmian.reading.corpus import SUFFIXES, read_documents, read_text
from banmian.reading.extractors import DamagedFileWarning, read_html, read_pdf
from banmian.reading.layout import split_sections

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


def pdf_of(text: str | None) -> bytes:
    """A PDF of one page, written by hand: text in UTF-16 codes with a ToUnicode map, or an empty page."""
    codes = "".join(f"{ord(char):04X}" for char in text or "")
    stream = f"BT /F1 12 Tf 72 700 Td <{codes}> Tj ET" if text else ""
    cmap = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
    cmap += "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>",
        f"<</Length {len(cmap)}>>\nstream\n{cmap}\nendstream",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def test_the_text_layer_of_a_pdf() -> None:
    assert read_pdf(pdf_of("基层治理")) == "基层治理"


def test_a_scan_a_password_and_a_text_are_told_apart() -> None:
    from pypdf import PdfWriter

    with pytest.raises(ValueError, match="no text layer"):
        read_pdf(pdf_of(None))
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of("基层")))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(ValueError, match="password"):
        read_pdf(locked.getvalue())
    with pytest.raises(ValueError, match="not a PDF"):
        read_pdf("基层治理".encode())


def test_a_damaged_pdf_is_one_line_that_names_the_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / "半.pdf").write_bytes(pdf_of("基层治理").replace(b"startxref\n", b"startxref\n9"))
    (tmp_path / "空.pdf").write_bytes(b"%PDF-1.4 nonsense")
    assert read_text(tmp_path / "半.pdf")[0] == "基层治理"
    (warning,) = recwarn
    assert warning.category is DamagedFileWarning
    assert str(warning.message).startswith(f"{tmp_path}/半.pdf: a damaged PDF, read as far as it goes (")
    with pytest.raises(ValueError, match=r"空\.pdf: not a PDF that can be read"):
        read_text(tmp_path / "空.pdf")
    assert len(recwarn) == 1
    assert capfd.readouterr() == ("", "")  # nothing that the parser says goes past us


@pytest.mark.filterwarnings("ignore::banmian.reading.extractors.DamagedFileWarning")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, 1200), junk=st.binary(max_size=12), cut=st.booleans())
def test_a_damaged_pdf_gives_text_or_one_error(place: int, junk: bytes, cut: bool) -> None:
    whole = pdf_of("基层治理")
    damaged = whole[:place] + junk + (b"" if cut else whole[place + len(junk) :])
    try:
        assert read_pdf(damaged)
    except ValueError as error:
        assert str(error)


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
    (tmp_path / "e.docx").write_bytes(b"PK")
    documents = read_documents(tmp_path)
    assert documents["doc_id"].tolist() == ["a", "b", "d", "春 茶"]
    assert documents["encoding"].tolist() == ["utf-8", "html", "pdf", "html"]
    sections = split_sections(documents, find_twins=False)
    for text, section, ((start, end),) in zip(documents["text"], sections["text"], sections["spans"], strict=True):
        assert text[start:end] == section == sentence
    assert {Path(path).suffix.lower() for path in documents["path"]} == set(SUFFIXES)


def test_errors_of_a_format_name_the_file_and_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan, page = tmp_path / "扫描.pdf", tmp_path / "page.html"
    scan.write_bytes(pdf_of(None))
    page.write_bytes(b"<p>x</p>")
    with pytest.raises(ValueError, match=r"扫描\.pdf: no text layer.*OCR"):
        read_documents(scan)
    for module in ("bs4", "pypdf"):
        monkeypatch.setitem(sys.modules, module, None)  # as where the extra is not installed
    for path in (scan, page):
        with pytest.raises(ValueError, match=rf"{path.name}: .*pip install 'banmian\[formats\]'"):
            read_text(path)
