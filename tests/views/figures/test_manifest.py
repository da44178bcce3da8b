import json
import re
from pathlib import Path

import pytest

from banmian.config import FIGURES, ROOT
from banmian.views.figures import manifest, style
from banmian.views.figures.manifest import write_gallery
from plot_cases import DATA, TEXTS, save


def notebook(path: Path, *sources: str) -> None:
    cells = [{"cell_type": "markdown", "source": ["04_confusion"]}]
    cells += [{"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


def entry(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text("utf-8"))["04_confusion"]


def test_manifest_names_notebook_cell_and_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "ROOT", tmp_path)
    path, folder = tmp_path / "notebooks" / "04_labels.ipynb", tmp_path / "figures"
    draw = 'ax = plot_confusion(table)\nsave_figure(ax, "04_confusion", data=table)'
    notebook(path, "SEED = 7", draw)
    save(folder)
    first = entry(folder)
    assert (first["notebook"], first["cell"]) == ("notebooks/04_labels.ipynb", 2)
    assert first["files"] == ["04_confusion.csv", "04_confusion.pdf", "04_confusion.png", "04_confusion.svg"]
    notebook(path, "SEED = 8", draw)
    save(folder)
    assert entry(folder) == first, "another cell is not the code of this figure"
    notebook(path, "SEED = 8", draw + "\n# changed")
    save(folder)
    assert entry(folder)["code"] != first["code"]
    assert entry(folder)["data"] == first["data"]
    save(folder, data=DATA.assign(sections=1))
    assert entry(folder)["data"] != first["data"]


def test_manifest_drops_figures_whose_files_are_gone(tmp_path: Path) -> None:
    save(tmp_path, "04_old")
    (tmp_path / "04_old.png").unlink()
    save(tmp_path, "04_new")
    assert list(json.loads((tmp_path / "manifest.json").read_text("utf-8"))) == ["04_new"]
    assert "04_old" not in (tmp_path / "README.md").read_text("utf-8")


def test_gallery_speaks_the_language_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path)
    both = (tmp_path / "README.md").read_text("utf-8")
    assert f"![{TEXTS['alt']}](04_confusion.png)" in both
    assert TEXTS["caption_zh"] in both
    assert TEXTS["caption_en"] in both
    monkeypatch.setenv("BANMIAN_LANG", "zh")
    write_gallery(tmp_path)
    assert TEXTS["caption_en"] not in (tmp_path / "README.md").read_text("utf-8")


def test_committed_figures_match_their_manifest() -> None:
    """Every file in figures/ is in the manifest, has its data as hashed, and its cell still stands in its notebook."""
    if not (FIGURES / "manifest.json").exists():
        assert not list(FIGURES.glob("*.png")), "figures without a manifest: run `make figures`"
        return
    manifest = json.loads((FIGURES / "manifest.json").read_text("utf-8"))
    listed = {file for item in manifest.values() for file in item["files"]}
    made = {p.name for p in FIGURES.iterdir() if re.match(r"(\d\d_.*\.(png|svg|pdf|csv)|report\.(html|docx))$", p.name)}
    assert made == listed
    for name, item in manifest.items():
        csv = [(FIGURES / file).read_bytes() for file in item["files"] if file.endswith(".csv")]
        assert sorted(item["files"]) == item["files"]
        if f"{name}.png" in item["files"]:
            assert item["data"] == manifest.content_hash(*csv), f"{name}: the data are not those of the manifest"
        assert item["cell"], f"{name}: no cell of notebook {name[:2]} saves it"
        assert (ROOT / item["notebook"]).exists()
        assert manifest.origin(name, [style])["cell"] == item["cell"], f"{name}: cells have moved; run `make figures`"
