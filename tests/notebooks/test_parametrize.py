"""Notebooks over other pages: whose they are is said, unreadable pages cost no run, a terminal sees what is running."""

import io
import json
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from banmian.config import ROOT
from banmian.notebooks.parametrize import check_settings, run_all_with_parameters, run_with_parameters
from banmian.notebooks.run import with_progress


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "01_small.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Title"), new_code_cell("SEED = 1")]), path)
    return path


def pages(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "page.txt").write_text(text, encoding="utf-8")
    monkeypatch.setenv("BANMIAN_SEEDS", str(folder))


def test_a_copy_says_whose_pages_it_shows(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = nbformat.read(run_with_parameters(source, tmp_path / "own", {}), as_version=4)
    assert len(own.cells) == 2
    pages(tmp_path / "茶", "茶农在春天采茶。", monkeypatch)
    copy = nbformat.read(run_with_parameters(source, tmp_path / "out", {}), as_version=4)
    assert [cell.source[:7] for cell in copy.cells] == ["# Title", "**These", "SEED = "]
    assert copy.cells[1].source.count("`茶`") == 2


def test_a_notebook_of_another_is_not_written_over(source: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "notebooks" / source.name
    theirs.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[new_code_cell("theirs")]), theirs)
    before = theirs.read_bytes()
    with pytest.raises(ValueError, match="is no copy that banmian made"):
        run_with_parameters(source, tmp_path / "out", {})
    assert theirs.read_bytes() == before


def test_the_prose_finds_its_pictures(tmp_path: Path) -> None:
    path = tmp_path / "06_shown.ipynb"
    prose = "![the explorer](../docs/explore.png) ![none](../docs/missing.png) ![out](../docs/../seeds/labels.png)"
    nbformat.write(new_notebook(cells=[new_markdown_cell(prose)]), path)
    run_with_parameters(path, tmp_path / "out", {})
    assert [found.name for found in (tmp_path / "out" / "docs").iterdir()] == ["explore.png"]


def test_figures_of_an_earlier_run_do_not_stay(source: Path, tmp_path: Path) -> None:
    figures = tmp_path / "out" / "figures"
    figures.mkdir(parents=True)
    for name in ("01_old.csv", "02_old.csv", "01_mine.txt"):
        (figures / name).write_text("", encoding="utf-8")
    entries = {name: {"files": [f"{name}.csv"]} for name in ("01_old", "02_old")}
    (figures / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")
    run_with_parameters(source, tmp_path / "out", {})
    assert sorted(path.name for path in figures.iterdir()) == ["01_mine.txt", "02_old.csv", "manifest.json"]


def test_copies_do_not_go_into_the_project(source: Path) -> None:
    with pytest.raises(ValueError, match="is the project itself"):
        run_all_with_parameters([source], ROOT, {})


def test_pages_that_cannot_be_read_are_told_once(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages(tmp_path / "pages", "", monkeypatch)
    with pytest.raises(ValueError, match=r"page\.txt: empty file"):
        run_all_with_parameters([source], tmp_path / "out", {})
    assert not (tmp_path / "out").exists()
    # All of them at once, where there are others that can be read.
    (tmp_path / "pages" / "more.txt").write_bytes(b"\x00\x01\x02\x03" * 50)
    (tmp_path / "pages" / "good.txt").write_text("茶农在春天采茶。", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"repair or remove them:\n  left out .*more\.txt: bin.*\n  left out .*page\.txt: em"
    ):
        run_all_with_parameters([source], tmp_path / "out", {})
    assert not (tmp_path / "out").exists()


def test_a_slip_in_a_setting_and_a_link_out_are_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_settings([source], ["SEED"])
    with pytest.raises(ValueError, match="SED: no notebook has such a setting; there are SEED"):
        check_settings([source], ["SEED", "SED"])
    pages(tmp_path / "pages", "茶农在春天采茶。", monkeypatch)
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    (tmp_path / "pages" / "x.txt").symlink_to("../secret.txt")
    with pytest.raises(ValueError, match="leaves the folder"):
        run_all_with_parameters([source], tmp_path / "out", {})


def test_folders_named_from_here_are_found_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel runs in a folder of its own."""
    pages(tmp_path / "pages", "茶农在春天采茶。", monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANMIAN_SEEDS", "pages")
    path = tmp_path / "01_where.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("from banmian.config import SEEDS\nprint(SEEDS)")]), path)
    copy = nbformat.read(run_with_parameters(path, tmp_path / "out", {}), as_version=4)
    assert copy.cells[0].outputs[0].text.strip() == str(tmp_path / "pages")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_terminal_sees_each_notebook_and_a_file_nothing(
    stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = stream()
    monkeypatch.setattr(sys, "stderr", shown)
    paths = [Path("01_corpus.ipynb"), Path("02_words.ipynb")]
    seen = []
    for path in with_progress(paths):
        seen.append((path, "02_words" in shown.getvalue()))
    assert [path for path, _ in seen] == paths
    if stream is Terminal:
        assert [named for _, named in seen] == [False, True], "named while it runs"
        assert "01_corpus: 0 s\n" in shown.getvalue() and "2 of 2 done" in shown.getvalue()
    else:
        assert shown.getvalue() == ""


def test_a_failure_in_the_middle_ends_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    before = set(threading.enumerate())
    walk = with_progress([Path("01_corpus.ipynb")])
    next(walk)
    (ticking,) = (thread for thread in set(threading.enumerate()) - before if "tick" in thread.name)
    walk.close()
    assert not ticking.is_alive()
