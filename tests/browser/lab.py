"""A real JupyterLab on loopback, on a copy of the notebooks, and what a person does first in it: open, run, save."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
JUPYTER = Path(os.environ.get("BANMIAN_JUPYTER", ROOT / ".venv" / "bin" / "jupyter"))
START_SECONDS = 60
RUN_SECONDS = 900


@dataclass
class Lab:
    """A running JupyterLab: its address, its token, its folders, and every address that a page asked for elsewhere."""

    url: str
    token: str
    notebooks: Path
    answers: Path
    asked_elsewhere: list[str] = field(default_factory=list)


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab on copied notebooks; figures, caches and settings of the run stay in the folder given."""
    notebooks, cache = folder / "notebooks", folder / "cache"
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    if (ROOT / "docs").is_dir():
        shutil.copytree(ROOT / "docs", folder / "docs")  # pictures in the notebooks' prose
    for name in ("labeller", "vectors"):  # a minute of work that is safe to share
        shutil.copytree(ROOT / ".cache" / name, cache / name) if (ROOT / ".cache" / name).is_dir() else None
    quiet = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8")
    port, token = _free_port(), secrets.token_hex(16)
    places = {f"JUPYTER_{name.upper()}_DIR": str(folder / name) for name in ("config", "data", "runtime")}
    places |= {f"JUPYTERLAB_{name.upper()}_DIR": str(folder / name) for name in ("settings", "workspaces")}
    places |= {"BANMIAN_CACHE": str(cache), "BANMIAN_FIGURES": str(folder / "figures")}
    places |= {"BANMIAN_ANSWERS": str(folder / "answers")}
    command = [
        str(JUPYTER), "lab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    log = folder / "jupyter.log"
    with log.open("w", encoding="utf-8") as out:
        environment = {**os.environ, **places, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        server = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=folder)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/api?token={token}", server, log)
        yield Lab(url, token, notebooks, folder / "answers")
    finally:
        server.terminate()
        server.wait(30)


def run_from_menu(page: Page, lab: Lab, name: str) -> list[dict[str, Any]]:
    """Empty a notebook, open it, choose Run > Run All Cells, wait until it is done; return the saved code cells."""
    path = lab.notebooks / name
    _clear(path)
    page.goto(f"{lab.url}/lab/tree/notebooks/{name}?token={lab.token}&reset")
    idle = page.get_by_text(re.compile(r"\| Idle$"))
    expect(idle).to_be_visible(timeout=1000 * START_SECONDS)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        expect(idle).to_be_visible(timeout=1000 * RUN_SECONDS)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(500)
        cells = code_cells(path)
        failed = any(output["output_type"] == "error" for cell in cells for output in cell["outputs"])
        if failed or cells[-1]["execution_count"]:
            return cells
    raise AssertionError(f"{name} was not done after {RUN_SECONDS} seconds")


def code_cells(path: Path) -> list[dict[str, Any]]:
    """Return the code cells of a saved notebook that hold code."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def _clear(path: Path) -> None:
    """Empty the outputs of the copy, so that what is found in it afterwards comes from the browser's run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start; it said:\n{log.read_text(encoding='utf-8')[-2000:]}")
