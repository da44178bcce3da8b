"""Do the notebooks give the same outputs and the same figures on other processors? Run strictly under four profiles.

    python benchmarks/notebooks.py                       every profile, every notebook
    python benchmarks/notebooks.py --profile haswell --notebook 01_corpus --notebook 02_words

A profile is a kernel: the numerical libraries told to take another processor's paths, or the whole kernel emulated by
`qemu-x86_64 -cpu Haswell-v4` (Debian and Ubuntu: package qemu-user; AVX2 and FMA, no AVX-512), so that OpenBLAS and
onnxruntime find that processor when they ask. Each notebook runs from its first cell with an empty cache, or with
`--cache FOLDER`; nbval compares each cell's output to the letter, and the figures are written to a folder of their own
and compared byte for byte.

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

from banmian.config import FIGURES, ROOT
from banmian.notebooks import notebook_paths
from processors import EMULATOR, ONE_THREAD, WITHOUT_AVX2, processor_flags

# numpy (2.4) names its groups of instructions by the x86-64 levels; OpenBLAS names kernels by processors.
PROFILES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "native": ((), {}),
    "avx2": ((), {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4"}),
    "sse": ((), {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}),
    # OpenBLAS and onnxruntime take the paths of a Haswell.
    "haswell": (EMULATOR, WITHOUT_AVX2),
}
# An emulated cell takes ten to fifty times as long.
CELL_TIMEOUT = 4 * 3600
MADE = {".png", ".svg", ".pdf", ".csv", ".html", ".docx"}


def write_kernel(folder: Path, profile: str) -> None:
    """Write the kernel of a profile where Jupyter finds it with JUPYTER_PATH=folder."""
    prefix, _ = PROFILES[profile]
    place = folder / "kernels" / profile
    place.mkdir(parents=True)
    command = [*prefix, sys.executable, "-m", "ipykernel_launcher", "--IPKernelApp.log_level=ERROR"]
    spec = {"argv": [*command, "-f", "{connection_file}"], "display_name": profile, "language": "python"}
    (place / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def count_cells(path: Path) -> tuple[int, int]:
    """Return (code cells that hold code, those with an output whose text is compared)."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
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
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_kernel(folder, profile)
        made = folder / "figures"
        # The report reads what the four notebooks before it wrote.
        if path.stem.startswith("05"):
            shutil.copytree(FIGURES, made, ignore=shutil.ignore_patterns("en", "zh"))  # folders of one language
        environment = os.environ | ONE_THREAD | PROFILES[profile][1]
        environment |= {"JUPYTER_PATH": scratch, "BANMIAN_FIGURES": str(made)}
        environment["BANMIAN_CACHE"] = str(cache or folder / "cache")
        options = ["-o", "addopts=-q", "--nbval", "--nbval-kernel-name", profile, "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, "--nbval-cell-timeout", str(CELL_TIMEOUT), str(path)]
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
        counted = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
        changed = changed_figures(made)
        if done.returncode or changed:
            print(done.stdout[-3000:], done.stderr[-1000:], *changed, sep="\n", file=sys.stderr)
        return {
            "notebook": path.stem,
            "passed": counted.get("passed", 0),
            "failed": counted.get("failed", 0) + counted.get("error", 0),
            "figures": sum(p.suffix in MADE for p in made.rglob("*")),
            "changed": len(changed),
            "seconds": round(time.perf_counter() - started),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the notebooks strictly as on other processors.")
    parser.add_argument("--profile", action="append", choices=sorted(PROFILES), help="default: all")
    parser.add_argument("--notebook", action="append", help="01_corpus, …; default: all")
    parser.add_argument(
        "--cache", type=Path, help="keep vectors and the labeller here; default: an empty folder each time"
    )
    options = parser.parse_args()
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
