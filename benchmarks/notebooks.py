"""Do the notebooks give the same outputs and the same figures on other processors? Run strictly under four profiles.

    python benchmarks/notebooks.py                       every profile, every notebook
    python benchmarks/notebooks.py --profile haswell --notebook 01_corpus --notebook 02_words

`native`, `avx2` and `sse` tell the numerical libraries to take another processor's paths; nbval compares each cell's
output to the letter. `haswell` emulates the whole process by `qemu-x86_64 -cpu Haswell-v4` (Debian and Ubuntu: package
qemu-user; AVX2 and FMA, no AVX-512), which also onnxruntime cannot see through. A Jupyter kernel has half a dozen
threads, in which qemu 7.2 crashes, so there the cells run one after the other in a plain process and their texts are
compared here. Each notebook runs with an empty cache, or with `--cache FOLDER`; the figures are written to a folder of
their own and compared byte for byte.

A cell is *compared* where it has an output with text; PNG pictures in cells are not, which is why the files are.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from banmian.notebooks import notebook_paths
from banmian.paths import FIGURES, ROOT
from processors import EMULATOR, processor_flags

ONE_THREAD = {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "LOKY_MAX_CPU_COUNT": "1"}
# numpy (2.4) names its groups of instructions by the x86-64 levels; OpenBLAS names kernels by processors.
PROFILES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "native": ((), {}),
    "avx2": ((), {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4"}),
    "sse": ((), {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}),
    "haswell": (EMULATOR, {}),
}
MADE = {".png", ".svg", ".pdf", ".csv", ".html", ".docx"}


def run_cells(path: Path) -> list[list[str]]:
    """Run a notebook's cells in this process, without a kernel; return the texts that each code cell gave."""
    os.environ["MPLBACKEND"] = "agg"
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    os.chdir(path.parent)
    shell = InteractiveShell.instance()
    vars(shell)["kernel"] = None  # by this name pandas knows a notebook from a terminal, and prints as wide
    texts = []
    for cell in code_cells(path):
        shown: list[dict[str, Any]] = []
        shell.display_trap.hook = CapturingDisplayHook(shell, shown)
        with capture_output() as said:
            shell.run_cell("".join(cell["source"]), store_history=True).raise_error()
        shown = [output.data for output in said.outputs] + [output["data"] for output in shown]
        texts.append([text for text in [said.stdout, *plain(shown)] if text])
    return texts


def plain(shown: list[dict[str, Any]]) -> list[str]:
    """Return the plain text of what was displayed, but for pictures: a figure's files are compared instead."""
    return [
        "".join(data.get("text/plain", "")) for data in shown if not any(kind.startswith("image/") for kind in data)
    ]


def stored_texts(cell: dict[str, Any]) -> list[str]:
    """Return what `run_cells` would have to give for a cell as it is stored."""
    streams = "".join("".join(out["text"]) for out in cell["outputs"] if out["output_type"] == "stream")
    shown = [out["data"] for out in cell["outputs"] if "data" in out]
    return [text for text in [streams, *plain(shown)] if text]


def code_cells(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def count_cells(path: Path) -> tuple[int, int]:
    """Return (code cells that hold code, those with an output whose text is compared)."""
    code = code_cells(path)
    compared = sum(
        any(
            out["output_type"] == "stream" or any(kind.startswith("text/") for kind in out.get("data", {})) for out in c
        )
        for c in (cell["outputs"] for cell in code)
    )
    return len(code), compared


def changed_figures(made: Path) -> list[str]:
    """Return the names of the figure files in ``made`` that differ from those of the project."""
    files = sorted(p for p in made.rglob("*") if p.is_file() and p.suffix in MADE)
    committed = [FIGURES / p.relative_to(made) for p in files]
    return [
        p.name for p, q in zip(files, committed, strict=True) if not q.is_file() or p.read_bytes() != q.read_bytes()
    ]


def run_strictly(path: Path, profile: str, cache: Path | None) -> dict[str, object]:
    """Run one notebook under one profile; return cells passed and failed, figure files made and changed, seconds."""
    prefix, settings = PROFILES[profile]
    with tempfile.TemporaryDirectory() as scratch:
        made, told = Path(scratch) / "figures", Path(scratch) / "texts.json"
        if path.stem.startswith("05"):  # the report reads what the four notebooks before it wrote
            shutil.copytree(FIGURES, made)
        environment = os.environ | ONE_THREAD | settings | {"BANMIAN_FIGURES": str(made)}
        environment["BANMIAN_CACHE"] = str(cache or Path(scratch) / "cache")
        strict = [
            "-m",
            "pytest",
            "-o",
            "addopts=-q",
            "--nbval",
            "--nbval-current-env",
            "-p",
            "no:cacheprovider",
            str(path),
        ]
        inside = [__file__, "--inside", str(path), str(told)]
        started = time.perf_counter()
        command = [*prefix, sys.executable, *(inside if prefix else strict)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
        if prefix:
            passed, failed = compare_texts(path, json.loads(told.read_text(encoding="utf-8")) if told.exists() else [])
        else:
            counted = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
            passed, failed = counted.get("passed", 0), counted.get("failed", 0) + counted.get("error", 0)
        changed = changed_figures(made)
        if done.returncode or failed or changed:
            print(done.stdout[-3000:], done.stderr[-1000:], *changed, sep="\n", file=sys.stderr)
        figures = sum(p.suffix in MADE for p in made.rglob("*"))
    seconds = round(time.perf_counter() - started)
    return {
        "notebook": path.stem, "passed": passed, "failed": failed, "figures": figures, "changed": len(changed),
        "seconds": seconds,
    }  # fmt: skip


def compare_texts(path: Path, texts: list[list[str]]) -> tuple[int, int]:
    """Return (cells whose texts are those stored, the others), and tell the others."""
    cells = code_cells(path)
    texts = texts + [["(not run)"]] * (len(cells) - len(texts))
    wrong = 0
    for number, (cell, found) in enumerate(zip(cells, texts, strict=True), 1):
        wanted = stored_texts(cell)
        if [text.rstrip() for text in wanted] != [text.rstrip() for text in found]:
            wrong += 1
            print(f"cell {number} of {path.name}: stored", *wanted, "found", *found, sep="\n", file=sys.stderr)
    return len(cells) - wrong, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the notebooks strictly as on other processors.")
    parser.add_argument("--profile", action="append", choices=sorted(PROFILES), help="default: all")
    parser.add_argument("--notebook", action="append", help="01_corpus, …; default: all")
    parser.add_argument(
        "--cache", type=Path, help="keep vectors and the labeller here; default: an empty folder each time"
    )
    parser.add_argument("--inside", nargs=2, type=Path, metavar=("NOTEBOOK", "JSON"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        options.inside[1].write_text(json.dumps(run_cells(options.inside[0].resolve())), encoding="utf-8")
        return 0
    paths = [path for path in notebook_paths() if path.stem in (options.notebook or [path.stem])]
    cells, compared = map(sum, zip(*map(count_cells, paths), strict=True))
    print(f"extensions here that a Haswell lacks: {processor_flags()}")
    print(
        f"{len(paths)} notebooks, {cells} code cells, output compared in {compared} ({compared / cells:.0%})",
        flush=True,
    )
    wrong = 0
    for profile in options.profile or PROFILES:
        if PROFILES[profile][0] and shutil.which(EMULATOR[0]) is None:
            print(f"{profile}: skipped, no qemu-x86_64; on Debian or Ubuntu: apt-get install qemu-user")
            continue
        rows = []
        for path in paths:
            rows.append(run_strictly(path, profile, options.cache))
            print(f"{profile:8}", *(f"{name} {value}" for name, value in rows[-1].items()), sep="  ", flush=True)
        ran = sum(not row["failed"] and bool(row["passed"]) for row in rows)
        same = sum(not row["changed"] for row in rows)
        print(f"{profile}: {ran} of {len(rows)} match to the letter, figures of {same} byte for byte", flush=True)
        wrong += 2 * len(rows) - ran - same
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
