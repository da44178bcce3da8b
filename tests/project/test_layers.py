"""Imports between rooms point downwards only and never in a circle (the map in banmian/__init__.py)."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from locations import ROOT

SOURCE = ROOT / "src" / "banmian"

# What each room may import from the others; a place is the longest key that starts a module's name.
ALLOWED = {
    "config": set(),
    "io": {"config"},
    "text": {"config"},
    "labels": {"text", "io", "config"},
    "reading": {"text", "io", "config"},
    "words": {"text", "io", "config"},
    "models": {"words", "labels", "text", "io", "config"},
    "views": {"models", "words", "labels", "text", "io", "config"},
    "notebooks": {"reading.corpus", "io", "config"},
    "partitions": {"reading", "io", "config"},
    "pipeline": {"partitions", "models", "words", "reading", "io"},
    "scale": {"pipeline", "partitions", "models", "reading", "io"},
    "cli": {"pipeline", "scale", "partitions", "notebooks", "views", "models", "reading", "io", "config"},
}
MAX_MODULES, MAX_LINES = 12, 265


def imports_of(path: Path) -> set[str]:
    """Names of banmian modules that the file imports, anywhere in it, without the leading ``banmian.``.

    What stands under ``if TYPE_CHECKING`` never runs and is left out.
    """
    names: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for block in ast.walk(tree):
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING":
            block.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import; write it in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("banmian.") for name in names if name.startswith("banmian.")}


MODULES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_downwards(path: Path) -> None:
    room = path.relative_to(SOURCE).with_suffix("").parts[0]
    assert room in ALLOWED, f"{room} is not on the map: add it to ALLOWED and to banmian/__init__.py"
    allowed = ALLOWED[room] | {room}
    wrong = [
        name for name in sorted(imports_of(path)) if not any(name == a or name.startswith(a + ".") for a in allowed)
    ]
    assert not wrong, f"{path.relative_to(SOURCE)} may import {sorted(allowed)}, not {wrong}"


def test_modules_do_not_import_in_a_circle() -> None:
    graph = {}
    for path in MODULES:
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        if path.name != "__init__.py":  # a package's front re-exports what stands below it
            graph[name] = imports_of(path)
    edges = {a: {b for b in graph if any(x == b or x.startswith(b + ".") for x in graph[a]) and b != a} for a in graph}
    while edges:
        leaves = {a for a, targets in edges.items() if not targets & set(edges)}
        assert leaves, f"imports in a circle among {sorted(edges)}"
        edges = {a: targets for a, targets in edges.items() if a not in leaves}


def test_files_stay_readable() -> None:
    long = {p.name: n for p in MODULES if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES}
    assert not long, f"files that want to be two: {long}"


def test_folders_stay_small() -> None:
    count = Counter(str(p.parent.relative_to(SOURCE)) for p in MODULES if p.name != "__init__.py")
    full = {folder: n for folder, n in count.items() if n > MAX_MODULES}
    assert not full, f"folders that want rooms: {full}"
