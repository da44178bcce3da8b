import hashlib
import io
import json
import re
import warnings
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader

from banmian.views import figures
from banmian.views.figures import Source, manifest, plot_confusion, save_figure
from banmian.views.figures.save import _csv
from plot_cases import CAPTION, DATA, DRAWN, frame, save


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_four_files_a_manifest_and_a_gallery(tmp_path: Path) -> None:
    save(tmp_path)
    names = [
        "04_confusion.csv",
        "04_confusion.pdf",
        "04_confusion.png",
        "04_confusion.svg",
        "README.md",
        "manifest.json",
    ]
    assert sorted(contents(tmp_path)) == names
    picture = Image.open(tmp_path / "04_confusion.png")
    assert picture.width == 6.3 * 300
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "04_confusion.csv"), DATA, atol=1e-6)


@pytest.mark.parametrize("name", ["confusion", "keyness", "duplicates", "map"])
def test_a_second_run_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        save_figure(DRAWN[name](), "04_figure", data=frame("confusion"), folder=tmp_path / folder, caption=CAPTION)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_files_that_would_be_the_same_are_left_alone(tmp_path: Path) -> None:
    save(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    save(tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_pdf_holds_text_and_svg_holds_none(tmp_path: Path) -> None:
    save(tmp_path, data=frame("confusion"))
    reader = PdfReader(tmp_path / "04_confusion.pdf")
    words = reader.pages[0].extract_text()
    assert "基层治理" in words
    assert "hand label" in words
    assert reader.metadata is not None
    assert "/CreationDate" not in reader.metadata
    tags = {element.tag.split("}")[-1] for element in ElementTree.parse(tmp_path / "04_confusion.svg").iter()}
    assert "text" not in tags
    assert "image" not in tags


def test_svg_names_every_part_once_and_uses_only_names_it_has(tmp_path: Path) -> None:
    save_figure(DRAWN["keyness"](), "02_keyness", data=frame("keyness"), folder=tmp_path, caption=CAPTION)
    text = (tmp_path / "02_keyness.svg").read_text("utf-8")
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names))
    used = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    assert used
    assert used <= set(names)


def test_missing_glyph_writes_nothing(tmp_path: Path) -> None:
    ax = plot_confusion(frame("confusion"))
    ax.set_title("版面📰")
    with pytest.raises(ValueError, match="no glyph for '📰'"):
        save_figure(ax, "04_confusion", data=frame("confusion"), folder=tmp_path, caption=CAPTION)
    assert list(tmp_path.iterdir()) == []


def test_overlap_warns_and_saves(tmp_path: Path) -> None:
    ax = plot_confusion(frame("confusion"))
    ax.text(0.5, 0.5, "盖住")
    with pytest.warns(UserWarning, match="04_confusion: .*'盖住'"):
        save_figure(ax, "04_confusion", data=frame("confusion"), folder=tmp_path, caption=CAPTION)
    assert (tmp_path / "04_confusion.png").exists()


@pytest.mark.parametrize("name", ["", "04_Confusion", "04_", "../04_confusion", "04_a.b"])
def test_names_that_are_no_file_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lower-case words and digits"):
        save(tmp_path, name)


def test_empty_caption_is_refused(tmp_path: Path) -> None:
    data = frame("confusion")
    with pytest.raises(ValueError, match="caption or the alternative text is empty"):
        save_figure(plot_confusion(data), "04_confusion", data=data, folder=tmp_path, caption=CAPTION._replace(alt=" "))


def test_several_tables_become_several_files(tmp_path: Path) -> None:
    tables = {"topics": frame("map_names"), "sections": frame("map")}
    save_figure(DRAWN["map"](), "03_map", data=tables, folder=tmp_path, caption=CAPTION)
    entry = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["03_map"]
    files = [file for file in entry["files"] if file.endswith(".csv")]
    assert files == ["03_map_sections.csv", "03_map_topics.csv"]
    assert entry["data"] == manifest.content_hash(*((tmp_path / file).read_bytes() for file in files))


def test_every_plot_is_offered_tried_and_has_a_caption() -> None:
    offered = {name.removeprefix("plot_") for name in figures.__all__ if name.startswith("plot_")} - {"panels"}
    assert offered == set(DRAWN)
    captions = {name.removeprefix("caption_") for name in figures.__all__ if name.startswith("caption_")}
    assert offered - captions == {"intervals"}, "whose captions are those of scores and of stability"


def test_the_library_names_no_notebook_and_no_figure_of_one() -> None:
    folder = Path(figures.__file__).parents[1]
    for path in [*folder.rglob("*.py"), *folder.rglob("*.md")]:
        found = re.findall(r"\b0[1-9]_[a-z]+|\bnotebook \d", path.read_text("utf-8"))
        assert set(found) <= {"03_topic", "03_map"}, f"{path.name}: {found}"  # examples of names in docstrings


def test_the_source_stands_below_the_figure_and_in_the_manifest(tmp_path: Path) -> None:
    ax = plot_confusion(DATA)
    source = Source("来源：五份文件", "Source: 5 documents")
    save_figure(ax, "04_confusion", data=DATA, caption=CAPTION, source=source, folder=tmp_path)
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))["04_confusion"]["source_en"] == source.en
    assert "Source: 5 documents" in PdfReader(tmp_path / "04_confusion.pdf").pages[0].extract_text()


def test_saving_prints_nothing_and_warns_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save(tmp_path)
    assert capsys.readouterr() == ("", "")
    assert io.BytesIO((tmp_path / "04_confusion.png").read_bytes()).read(4) == b"\x89PNG"


def test_formulas_in_the_data_are_plain_text() -> None:
    table = _csv(pd.DataFrame({"page": ["=cmd|calc", "＋1", "要闻"], "n": [-1, 2, 3]})).decode("utf-8-sig")
    assert table == "page,n\n'=cmd|calc,-1\n'＋1,2\n要闻,3\n"
