"""The process is watched, native code included: no address but loopback, no file outside project, cache and output."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from banmian.config import ROOT

# One page through the whole command; the classifier is one of six texts, which is trained in no time.
LABEL = """
import sys
from pathlib import Path
from click.testing import CliRunner
from banmian import cli
from banmian.models.classify import load_labeller, pretrained, train_labeller
page, out = sys.argv[1], Path(sys.argv[2])
texts = ["茶叶市场繁荣", "超市促销", "支部开展党课", "党员学习", "消费回暖", "党组织换届"]
train_labeller(texts, ["commerce", "commerce", "party", "party", "commerce", "party"]).save(out / "model.skops")
pretrained.load_pretrained = lambda **_: load_labeller(out / "model.skops")
result = CliRunner().invoke(cli.commands, ["label", page, "-o", str(out / "labels.jsonl")])
assert result.exit_code == 0, (result.output, result.exception)
"""
# What strace shows of an address, and of a file that is opened to be written, made or renamed.
_ADDRESS = re.compile(r"sa_family=AF_INET6?, .*?(?:inet_addr\(\"|inet_pton\(AF_INET6, \")([^\"]+)\"")
_OPENED = re.compile(r"openat\([^,]+, \"([^\"]+)\", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT)")
_MADE = re.compile(r"(?:mkdir|rename)[^\"]*\"([^\"]+)\"")
_DEVICES = ("/dev/", "/proc/", "/sys/", "/memfd:")


def strace() -> list[str]:
    """The command that watches a process and its children; skips where there is none or it may not."""
    command = ["strace", "-f", "-qq", "-s", "300", "-e", "trace=network,openat,mkdir,mkdirat,rename,renameat,renameat2"]
    if not shutil.which("strace"):
        pytest.skip("needs strace")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not watch processes here")
    return command


def watched(program: str, tmp_path: Path, *arguments: str) -> tuple[list[str], list[str], list[Path]]:
    """Run a program with an empty home; return the addresses it asked, the files it wrote, the files in its home."""
    folders = {name: tmp_path / name for name in ("home", "cache", "tmp", "out")}
    for folder in folders.values():
        folder.mkdir()
    trace = tmp_path / "trace"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_", "BANMIAN_"))
    }
    environment |= {"HOME": str(folders["home"]), "TMPDIR": str(folders["tmp"]), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["BANMIAN_CACHE"] = str(folders["cache"])
    environment["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        [*strace(), "-o", str(trace), sys.executable, "-W", "ignore", "-c", program, *arguments, str(folders["out"])],
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    addresses = [found[1] for line in lines if (found := _ADDRESS.search(line))]
    done_calls = [line for line in lines if not re.search(r"= -1 E[A-Z]+", line)]
    written = [found[1] for line in done_calls if (found := _OPENED.search(line) or _MADE.search(line))]
    own = (str(tmp_path), str(ROOT), *_DEVICES)
    return (
        sorted({address for address in addresses if not address.startswith("127.") and address != "::1"}),
        sorted({path for path in written if path.startswith("/") and not path.startswith(own)}),
        sorted(folders["home"].rglob("*")),
    )


def test_labelling_a_page_asks_nobody_and_writes_nothing_elsewhere(tmp_path: Path) -> None:
    page = min((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    assert watched(LABEL, tmp_path, str(page)) == ([], [], [])
    assert (tmp_path / "out" / "labels.jsonl").stat().st_size


def test_the_watch_sees_an_address_and_a_file(tmp_path: Path) -> None:
    program = """
import socket, sys
from pathlib import Path
Path.home().joinpath("left").write_text("behind")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    out.connect(("192.0.2.1", 9))
"""
    addresses, _, left = watched(program, tmp_path)
    assert addresses == ["192.0.2.1"]
    assert [path.name for path in left] == ["left"]
