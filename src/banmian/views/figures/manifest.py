"""What is in figures/ and what made it: the manifest, for programs, and the gallery, for people."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from banmian.config import FIGURES, ROOT
from banmian.views.bilingual import bilingual
from banmian.views.figures.write_if_changed import write_if_changed

MANIFEST = "manifest.json"


def content_hash(*parts: bytes) -> str:
    """Return 16 hexadecimal digits of the parts' SHA-256; enough to see a change, short enough to read."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def read_manifest(folder: Path = FIGURES) -> dict[str, dict[str, Any]]:
    """Return name → entry: files, notebook, cell, code and data hashes, captions, alternative text; {} without one."""
    path = folder / MANIFEST
    if not path.exists():
        return {}
    entries: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return entries


def notebook_of(name: str) -> Path | None:
    """Return the notebook that makes ``03_topic_words``: the one whose file name begins with the same number."""
    return next(iter(sorted((ROOT / "notebooks").glob(f"{name[:2]}_*.ipynb"))), None)


def provenance(name: str, always: Iterable[ModuleType], plots: Iterable[ModuleType] = ()) -> dict[str, Any]:
    """Return notebook, number of the code cell (its In[ ]) and hash of the code that made what is called ``name``.

    The cell is the last one that holds the name in quotation marks. The code is the cell, the modules ``always``,
    and those ``plots`` of which the cell names a ``plot_*``. What was saved from elsewhere, or from a cell that is not
    saved yet, has no notebook or no cell.
    """
    parts, cell_number, notebook = [inspect.getsource(module) for module in always], None, notebook_of(name)
    if notebook is not None:
        cells = [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
        for number, source in enumerate(("".join(cell["source"]) for cell in cells), start=1):
            if re.search(rf"""["']{name}["']""", source):
                cell_number = number
                parts += [source, *(inspect.getsource(module) for module in plots if _named_in(source, module))]
    place = None if notebook is None else notebook.relative_to(ROOT).as_posix()
    return {"notebook": place, "cell": cell_number, "code": content_hash(*(part.encode() for part in parts))}


def _named_in(source: str, module: ModuleType) -> bool:
    functions: list[Callable[..., Any]] = [value for key, value in vars(module).items() if key.startswith("plot_")]
    return any(re.search(rf"\b{f.__name__}\b", source) for f in functions if f.__module__ == module.__name__)


def record(folder: Path, name: str, entry: dict[str, Any]) -> None:
    """Put one entry into the manifest, drop those whose files are gone, and write the gallery anew."""
    entries = read_manifest(folder) | {name: entry}
    kept = {key: value for key, value in sorted(entries.items()) if all((folder / f).exists() for f in value["files"])}
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    write_if_changed(folder / MANIFEST, text.encode())
    write_gallery(folder)


def write_gallery(folder: Path = FIGURES) -> None:
    """Write README.md from the manifest: each figure with its alternative text, captions, files and origin."""
    lines = [
        f"# {bilingual('图', 'Figures', ' · ')}",
        "",
        "Made by `make figures`; written by `save_figure`, so do not edit. What made each file: "
        f"[{MANIFEST}]({MANIFEST}). PNG 300 dpi, SVG with outlines, PDF with text, CSV with the data (UTF-8).",
        "",
    ]
    for name, entry in sorted(read_manifest(folder).items()):
        links = " · ".join(f"[{file.removeprefix(name).strip('._')}]({file})" for file in entry["files"])
        notebook = Path(entry["notebook"]).name if entry["notebook"] else ""
        cell = f", cell {entry['cell']}" if entry["cell"] else ""
        lines += [f"## {name}", ""]
        if f"{name}.png" in entry["files"]:  # the report has no picture of its own
            alt = re.sub(r"[\[\]\n]", " ", entry["alt"])
            lines += [f"![{alt}]({name}.png)", ""]
        lines += [bilingual(entry["caption_zh"], entry["caption_en"], "\n\n"), ""]
        lines += [f"{links} — {notebook}{cell}" if notebook else links, ""]
    write_if_changed(folder / "README.md", "\n".join(lines).encode())
