"""The text layer of PDF files: read by where characters stand; damaged files end in one clear error."""

import io
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banmian.reading.corpus import read_documents, read_text
from banmian.reading.layout import split_sections
from banmian.reading.scan.pages import read_scan
from locations import ROOT
from scan_cases import pdf_of

CASES = ROOT / "tests" / "cases"


def text_of(data: bytes) -> str:
    return read_scan(data, ".pdf")[0]


def test_the_text_layer_of_a_pdf() -> None:
    assert text_of(pdf_of("基层治理")) == "基层治理"


@pytest.mark.parametrize("path", sorted((CASES / "pdf_predefined_cmaps").glob("*.pdf")), ids=lambda path: path.stem)
def test_predefined_character_maps(path: Path) -> None:
    title, first, *_ = text_of(path.read_bytes()).split("\n")
    assert title in ("清溪区老街办起文化节", "清溪區老街辦起文化節")
    assert first.startswith(("本报讯", "本報訊"))


def test_what_is_printed_twice_for_bold_is_read_once() -> None:
    sections = split_sections(read_documents(CASES / "pdf_fake_bold.pdf"), find_twins=False)
    assert sections["text"].tolist()[0] == "清溪区老街办起文化节"
    assert sections["kind"].tolist() == ["headline", "body"]
    assert "".join(sections["text"]).count("文化节") == 2


def test_numbers_of_glyphs_are_no_text() -> None:
    with (
        pytest.warns(UserWarning, match="page 1: its text layer cannot be read"),
        pytest.raises(ValueError, match="no text"),
    ):
        text_of((CASES / "pdf_no_character_map.pdf").read_bytes())


def test_a_password_and_a_text_are_told_apart() -> None:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(pdf_of("基层")))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(ValueError, match="password"):
        text_of(locked.getvalue())
    with pytest.raises(ValueError, match="not a PDF"):
        text_of("基层治理".encode())


def test_too_many_pages_are_one_line() -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(5_001):
        writer.add_blank_page(100, 100)
    long = io.BytesIO()
    writer.write(long)
    with pytest.raises(ValueError, match="5001 pages, at most 5000"):
        text_of(long.getvalue())


def test_a_broken_pdf_names_the_file_and_the_library_is_silent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空.pdf").write_bytes(b"%PDF-1.4 nonsense")
    with pytest.raises(ValueError, match=r"空\.pdf: not a PDF that can be read"):
        read_text(tmp_path / "空.pdf")
    assert capfd.readouterr() == ("", "")


@pytest.mark.filterwarnings("ignore::banmian.reading.scan.pages.ScanWarning")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, 1200), junk=st.binary(max_size=12), cut=st.booleans())
def test_a_damaged_pdf_gives_text_or_one_error(place: int, junk: bytes, cut: bool) -> None:
    whole = pdf_of("基层治理")
    damaged = whole[:place] + junk + (b"" if cut else whole[place + len(junk) :])
    try:
        assert text_of(damaged)
    except ValueError as error:
        assert str(error)


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of("基层治理"))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ValueError, match=r"a\.pdf: PDF needs pypdfium2; run: pip install 'banmian\[scan\]'"):
        read_text(tmp_path / "a.pdf")
