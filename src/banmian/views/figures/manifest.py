"""What is in figures/ and what made it: the manifest, for programs, and the gallery, for people."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from banmian.config import FIGURES
from banmian.views.bilingual import bilingual
from banmian.views.figures.write_if_changed import write_if_changed

MANIFEST = "manifest.json"


def content_hash(*parts: bytes) -> str:
    """Return 16 hexadecimal digits of the parts' SHA-256; enough to see a change, short enough to read."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def read_manifest(folder: Path = FIGURES) -> dict[str, dict[str, Any]]:
    """Return name → entry: files, made_by, data (hash), captions, alternative text, source; {} without one."""
    path = folder / MANIFEST
    if not path.exists():
        return {}
    entries: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return entries


def record(folder: Path, name: str, entry: dict[str, Any]) -> None:
    """Put one entry last of those that share its first word, drop those whose files are gone, write the gallery anew.

    Figures of one notebook begin with its number, so that after a run they stand in the order in which they were drawn.
    """
    entries = {key: value for key, value in read_manifest(folder).items() if key != name} | {name: entry}
    there = {key: value for key, value in entries.items() if all((folder / f).exists() for f in value["files"])}
    kept = dict(sorted(there.items(), key=lambda item: item[0].split("_")[0]))
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    write_if_changed(folder / MANIFEST, text.encode())
    write_gallery(folder)


def write_gallery(folder: Path = FIGURES) -> None:
    """Write README.md from the manifest: each figure with its alternative text, captions, files and origin."""
    lines = [
        f"# {bilingual('图', 'Figures', ' · ')}",
        "",
        "Made by `banmian figures`; written by `save_figure`, so do not edit. Data and origin of each file: "
        f"[{MANIFEST}]({MANIFEST}). PNG has 300 dpi; CSV is the data (UTF-8); in PDF, text can be searched and copied "
        "(Type 3 fonts, since TrueType embedding of this font fails in some readers); in SVG it is outlines.",
        "",
    ]
    group = None
    for name, entry in read_manifest(folder).items():
        if entry["made_by"] != group:
            group = entry["made_by"]
            lines += [f"## [{Path(group).stem}](../{group})" if group else "## —", ""]
        links = " · ".join(f"[{file.removeprefix(name).strip('._')}]({file})" for file in entry["files"])
        lines += [f"### {name}", ""]
        if f"{name}.png" in entry["files"]:  # a report has no picture of its own
            alt = re.sub(r"[\[\]\n]", " ", entry["alt"])
            lines += [f"![{alt}]({name}.png)", ""]
        lines += [bilingual(entry["caption_zh"], entry["caption_en"], "\n\n"), "", links, ""]
    write_if_changed(folder / "README.md", "\n".join(lines).encode())
