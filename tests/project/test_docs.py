"""The documents lead somewhere, and the map names every room."""

import re
from pathlib import Path

import pytest

from locations import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks/README.md", ROOT / "seeds/README.md"]
)


def anchors(page: str) -> set[str]:
    """Anchors of a page's headings as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert not broken


def test_the_map_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    source = ROOT / "src" / "banmian"
    rooms = {file.parent.relative_to(source) for file in source.rglob("*.py")} - {Path()}
    missing = [
        room.as_posix() for room in sorted(rooms) if f"`{room.as_posix()}`" not in text and f"`{room.name}`" not in text
    ]
    assert not missing


def test_measured_sections_are_closed() -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    parts = re.split(r"<!-- measured: (\w+) -->\n", text)[1:]
    names, bodies = parts[::2], parts[1::2]
    assert len(names) == len(set(names)) >= 8
    assert all(body.count("<!-- end -->") == 1 for body in bodies)
    assert all((ROOT / "benchmarks" / f"{name}.py").is_file() for name in names if name != "scan_pages")


def test_citation_has_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version and f"version: {version[1]}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
