import json
import re
from pathlib import Path

import pytest

from banmian.config import FIGURES, ROOT
from banmian.views.figures import manifest
from banmian.views.figures.manifest import write_gallery
from plot_cases import CAPTION, DATA, save


def entry(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text("utf-8"))["04_confusion"]


def test_manifest_says_what_drew_a_figure_and_hashes_its_data(tmp_path: Path) -> None:
    save(tmp_path)
    first = entry(tmp_path)
    assert first["made_by"] == "notebooks/04_labels.ipynb"
    assert first["files"] == ["04_confusion.csv", "04_confusion.pdf", "04_confusion.png", "04_confusion.svg"]
    save(tmp_path, data=DATA.assign(sections=1))
    assert entry(tmp_path)["data"] != first["data"]


def test_figures_of_a_notebook_stand_in_the_order_in_which_they_were_drawn(tmp_path: Path) -> None:
    for name in ("04_scores", "03_map", "04_abstention", "04_scores"):
        save(tmp_path, name)
    assert list(json.loads((tmp_path / "manifest.json").read_text("utf-8"))) == ["03_map", "04_abstention", "04_scores"]
    assert "## [04_labels](../notebooks/04_labels.ipynb)" in (tmp_path / "README.md").read_text("utf-8")


def test_manifest_drops_figures_whose_files_are_gone(tmp_path: Path) -> None:
    save(tmp_path, "04_old")
    (tmp_path / "04_old.png").unlink()
    save(tmp_path, "04_new")
    assert list(json.loads((tmp_path / "manifest.json").read_text("utf-8"))) == ["04_new"]
    assert "04_old" not in (tmp_path / "README.md").read_text("utf-8")


def test_gallery_speaks_the_language_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path)
    both = (tmp_path / "README.md").read_text("utf-8")
    assert f"![{CAPTION.alt}](04_confusion.png)" in both
    assert CAPTION.zh in both
    assert CAPTION.en in both
    monkeypatch.setenv("BANMIAN_LANG", "zh")
    write_gallery(tmp_path)
    assert CAPTION.en not in (tmp_path / "README.md").read_text("utf-8")


def test_committed_figures_match_their_manifest() -> None:
    """Every file in figures/ is in the manifest, has its data as hashed, and what drew it is still there."""
    if not (FIGURES / "manifest.json").exists():
        assert not list(FIGURES.glob("*.png")), "figures without a manifest: run `make figures`"
        return
    entries = json.loads((FIGURES / "manifest.json").read_text("utf-8"))
    listed = {file for item in entries.values() for file in item["files"]}
    made = {p.name for p in FIGURES.iterdir() if re.match(r"(\d\d_.*\.(png|svg|pdf|csv)|report\.(html|docx))$", p.name)}
    assert made == listed
    for name, item in entries.items():
        csv = [(FIGURES / file).read_bytes() for file in item["files"] if file.endswith(".csv")]
        assert sorted(item["files"]) == item["files"]
        if f"{name}.png" in item["files"]:
            assert item["data"] == manifest.content_hash(*csv), f"{name}: the data are not those of the manifest"
        assert f'"{name}"' in (ROOT / item["made_by"]).read_text("utf-8").replace("\\", ""), (
            f"{name}: not in {item['made_by']}"
        )
