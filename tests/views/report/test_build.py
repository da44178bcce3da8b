import base64
import io
import re
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from fontTools.ttLib import TTFont
from PIL import Image

from banmian.config import FIGURES
from banmian.views.figures import manifest
from banmian.views.report.build import build_docx, build_html, read_story, read_table, save_report
from banmian.views.report.template import Part, fill_parts

EVIL = '<script>alert("版面")</script> & <img src=https://example.org/x.png onerror=alert(1)>'
FACTS = {"sections": 1234, "right": 0.8125, "word": EVIL}
STORY = [
    Part("五份文件说了什么", "What the pages say", [("共{sections:,}段。", "{sections:,} sections in all.")]),
    Part("标签可信吗", "Can the labels be trusted", [("对{right:.0%}。", "{right:.0%} right: {word}")], "04_confusion"),
    Part("词语可信吗", "Can the words be trusted", [("见图。", "See the figure.")], "02_words"),
    Part("限度", "Limits", [("材料很少。", "There is little to read.")]),
]


class Elements(HTMLParser):
    """All elements of a page as (tag, attributes), and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two figures as `save_figure` leaves them, the words of one as hostile as a document's can be."""
    for name, alt, size in (("04_confusion", f'"{EVIL}', (63, 40)), ("02_words", "Bars", (42, 400))):
        Image.new("RGB", size, "white").save(tmp_path / f"{name}.png", dpi=(10, 10))
        (tmp_path / f"{name}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><title>{name}</title></svg>')
        (tmp_path / f"{name}.csv").write_text("label,share\nculture,0.5\n", encoding="utf-8-sig")
        entry = {
            "files": [f"{name}.csv", f"{name}.png", f"{name}.svg"],
            "made_by": "notebooks/04_labels.ipynb",
            "data": "0",
        }
        entry |= {"caption_zh": f"混淆{EVIL}", "caption_en": f"Confusion {EVIL}\x0b", "alt": alt}
        manifest.record(tmp_path, name, entry)
    return tmp_path


@pytest.fixture
def story() -> list[Part]:
    return fill_parts(STORY, FACTS)


def word_file(content: bytes) -> Document:
    return Document(io.BytesIO(content))


@pytest.mark.parametrize("build", [build_html, build_docx])
def test_a_placeholder_left_over_is_an_error(build, folder: Path, story: list[Part]) -> None:
    with pytest.raises(ValueError, match=r"part 'Limits': \{right:.0%\} was not filled"):
        build([*story[:3], Part("限度", "Limits", [("无", "{right:.0%} right")])], folder)
    assert build([*story[:3], Part("限度", "Limits", [("{}", "a document's own {党建} and { }")])], folder)


@pytest.mark.parametrize("build", [build_html, build_docx])
def test_an_unknown_figure_or_table_is_an_error(build, folder: Path, story: list[Part]) -> None:
    with pytest.raises(ValueError, match=r"01_page: not in .*manifest.json; draw it first"):
        build([story[0]._replace(figure="01_page")], folder)
    with pytest.raises(ValueError, match="no table is called 'documents'"):
        build([story[0]._replace(table="documents")], folder)


def test_a_missing_table_says_what_draws_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"02_keyness.csv: not in figures/; draw its figure first"):
        read_table("02_keyness", tmp_path / "figures")


def test_the_text_that_ships_is_in_two_languages_and_every_fact_has_a_name() -> None:
    parts = read_story()
    assert parts[1].numbered and len(parts[1].paragraphs) == 5, "five findings come first"
    assert parts[2].table == "documents"
    names = {
        name for part in parts for pair in part.paragraphs for text in pair for name in re.findall(r"{(\w+)", text)
    }
    assert names and all(name == name.lower() for name in names)


def test_a_list_a_table_and_the_edition_stand_in_both_files(folder: Path) -> None:
    parts = [
        Part("题", "title", [("引。", "Lead.")]),
        Part("结论", "Findings", [("一。", "One."), ("二。", "Two.")], numbered=True),
        Part("文件", "Documents", [("见表。", "See the table.")], table="documents"),
    ]
    tables = {"documents": pd.DataFrame({"报纸": ["渝中报", EVIL]})}
    page = Elements(build_html(parts, folder, tables, date="2025-03-01"))
    assert len(page.all("li")) == 2 and len(page.all("td")) == 2 and EVIL in page.text
    edition = f"banmian {version('banmian')} · 2025-03-01"
    assert edition in page.text
    document = word_file(build_docx(parts, folder, tables, date="2025-03-01"))
    assert document.tables[0].cell(2, 0).text == EVIL
    assert edition in [paragraph.text for paragraph in document.paragraphs]
    assert "PAGE" in document.sections[0].footer._element.xml, "pages are numbered"


def test_a_table_comes_back_as_it_was_saved(folder: Path) -> None:
    assert read_table("04_confusion", folder).to_dict("records") == [{"label": "culture", "share": 0.5}]


def test_no_parts_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least the part with its title"):
        build_html([], tmp_path)


def test_words_of_documents_stay_words(folder: Path, story: list[Part]) -> None:
    page = build_html(story, folder)
    elements = Elements(page)
    assert not elements.all("script")
    assert len(elements.all("img")) == 2, "the figures and no others"
    assert elements.all("img")[0]["alt"] == f'"{EVIL}'
    assert f"81% right: {EVIL}" in elements.text
    assert "\x0b" not in page
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]


def test_the_page_needs_nothing_from_anywhere(folder: Path, story: list[Part]) -> None:
    elements = Elements(build_html(story, folder))
    loads = [value or "" for _, attributes in elements.found for name, value in attributes.items()
             if name in ("src", "srcset", "data", "poster", "background", "action")]  # fmt: skip
    assert len(loads) == 2
    assert all(value.startswith("data:image/svg+xml;base64,") for value in loads)
    assert [link["href"] for link in elements.all("a")] == ["04_confusion.png", "02_words.png"], "for small screens"
    assert not {tag for tag, _ in elements.found} & {"link", "script", "iframe", "object", "embed", "base"}
    style = next(text for text in elements.text if "@page" in text)
    assert re.findall(r"url\((.{21})", style) == ["data:font/otf;base64,"]
    assert "@import" not in style
    policies = [meta["content"] for meta in elements.all("meta") if meta.get("http-equiv")]
    assert policies == ["default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"]


def test_the_page_carries_its_letters(folder: Path, story: list[Part]) -> None:
    page = build_html(story, folder)
    font = base64.b64decode(re.findall(r"base64,([^)]+)\)", page)[0])
    carried = {chr(code) for code in TTFont(io.BytesIO(font)).getBestCmap()}
    visible = {c for text in Elements(page).text if "@page" not in text for c in text if c.isprintable()}
    assert visible <= carried
    assert set("0123456789.") <= carried


def test_word_file_says_the_same_as_the_page(folder: Path, story: list[Part]) -> None:
    document = word_file(build_docx(story, folder))
    assert len(document.inline_shapes) == 2
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [f'"{EVIL}', "Bars"]
    words = {line for paragraph in document.paragraphs for line in paragraph.text.split("\n") if line}
    page = {text.strip() for text in Elements(build_html(story, folder)).text if text.strip() and "@page" not in text}
    title = "五份文件说了什么 · What the pages say"
    assert page - words == {title}, "the page's title; in Word a property"
    assert words - page == set()
    assert document.core_properties.title == title
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert [styles.count(name) for name in ("Title", "Heading 1", "Caption")] == [1, 3, 3]


def test_pictures_fit_the_page(folder: Path, story: list[Part]) -> None:
    document = word_file(build_docx(story, folder))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    wide, high = document.inline_shapes
    assert wide.width == pytest.approx(room, rel=0.001)
    assert wide.height / wide.width == pytest.approx(40 / 63, rel=0.01)
    assert high.height < 0.7 * (section.page_height - section.top_margin - section.bottom_margin)
    assert high.height / high.width == pytest.approx(400 / 42, rel=0.01)


def test_narrow_figures_stay_narrow(folder: Path, story: list[Part]) -> None:
    """Drawn 6.3 and 4.2 inches wide: stretched to one width, the type of the second would be half as large again."""
    pictures = Elements(build_html(story, folder)).all("img")
    assert [picture["style"] for picture in pictures] == ["width:100%", "width:67%"]
    Image.new("RGB", (42, 20), "white").save(folder / "02_words.png", dpi=(10, 10))
    wide, narrow = word_file(build_docx(story, folder)).inline_shapes
    assert narrow.width / wide.width == pytest.approx(42 / 63, rel=0.01)


def test_headings_stay_with_their_words_and_pictures_with_their_captions(folder: Path, story: list[Part]) -> None:
    paragraphs = word_file(build_docx(story, folder)).paragraphs
    kept = [bool(paragraph.paragraph_format.keep_with_next) for paragraph in paragraphs]
    captions = [i for i, one in enumerate(paragraphs) if one.style.name == "Caption"][1:]
    assert [kept[i - 1] for i in captions] == [True, True], "picture"
    assert all(kept[i] for i, one in enumerate(paragraphs) if one.style.name == "Heading 1")
    assert not all(kept), "words may go on another page than the figure, or half of each page stays empty"


def test_chinese_is_marked_as_chinese(folder: Path, story: list[Part]) -> None:
    page = Elements(build_html(story, folder))
    assert {paragraph.get("lang") for paragraph in page.all("p")} == {"zh-Hans", "en", None}
    assert [p["class"] for p in page.all("p") if "lang" not in p] == ["source"] * 3
    styles = word_file(build_docx(story, folder)).styles.element
    assert {fonts.get(qn("w:eastAsia")) for fonts in styles.iter(qn("w:rFonts"))} == {"Microsoft YaHei"}
    assert not [fonts for fonts in styles.iter(qn("w:rFonts")) if fonts.get(qn("w:eastAsiaTheme"))], "themes win"


@pytest.mark.parametrize(("language", "skipped_entries"), [("zh", "What the pages say"), ("en", "五份文件说了什么")])
def test_one_language_only(
    language: str, skipped_entries: str, folder: Path, story: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANMIAN_LANG", language)
    page = build_html(story, folder)
    assert skipped_entries not in page
    assert {"zh": "五份文件说了什么", "en": "What the pages say"}[language] in page
    assert skipped_entries not in "\n".join(p.text for p in word_file(build_docx(story, folder)).paragraphs)
    assert Elements(page).all("html") == [{"lang": {"zh": "zh-Hans", "en": "en"}[language]}]


def test_the_same_bytes_twice(folder: Path, story: list[Part], monkeypatch: pytest.MonkeyPatch) -> None:
    one = build_html(story, folder), build_docx(story, folder)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert (build_html(story, folder), build_docx(story, folder)) == one
    with ZipFile(io.BytesIO(one[1])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml", "Word looks there first"
        assert b"dcterms:" not in archive.read("docProps/core.xml").split(b">", 2)[2]
    properties = word_file(one[1]).core_properties
    assert (properties.created, properties.modified) == (None, None)


def test_saved_beside_the_figures_and_listed(folder: Path, story: list[Part]) -> None:
    save_report(story, folder=folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    save_report(story, folder=folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before, "unchanged files are left alone"
    entry = manifest.read_manifest(folder)["report"]
    assert entry["files"] == ["report.docx", "report.html"]
    readme = (folder / "README.md").read_text("utf-8")
    assert "(report.html)" in readme and "(report.docx)" in readme
    assert "![](report.png)" not in readme
    save_report([story[0]._replace(paragraphs=[("共1235段。", "1,235 sections in all.")]), *story[1:]], folder=folder)
    assert manifest.read_manifest(folder)["report"]["data"] != entry["data"]


def test_committed_report_shows_the_committed_figures() -> None:
    """The pictures in the page are the files beside it, so the report cannot show others than figures/ does."""
    if not (FIGURES / "report.html").exists():
        assert "report" not in manifest.read_manifest(), "listed but not there: run `make figures`"
        return
    pictures = Elements((FIGURES / "report.html").read_text("utf-8")).all("img")
    listed = manifest.read_manifest()
    assert pictures
    for picture in pictures:
        # Two figures of one kind may have one alternative text: words by label, words by document.
        names = [name for name, entry in listed.items() if entry["alt"] == picture["alt"]]
        shown = base64.b64decode((picture["src"] or "").partition("base64,")[2])
        drawn = [(FIGURES / f"{name}.svg").read_bytes() for name in names]
        assert shown in drawn, f"{' or '.join(names)} was drawn anew: run notebook 05_report"
    assert len(word_file((FIGURES / "report.docx").read_bytes()).inline_shapes) == len(pictures)
