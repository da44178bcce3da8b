"""A missing extra is named, whatever module of it was asked for first."""

import importlib.util
import re
import tomllib

from banmian.io.extras import EXTRA_OF, install_hint
from locations import ROOT


def test_the_hint_names_the_extra() -> None:
    error = ModuleNotFoundError("No module named 'matplotlib.pyplot'", name="matplotlib.pyplot")
    assert install_hint(error) == "matplotlib is not installed; run: python -m pip install 'banmian[figures]'"
    assert install_hint(ModuleNotFoundError("no", name="antigravity_2")) is None
    assert install_hint(ModuleNotFoundError("no name")) is None


def test_extras_exist_and_modules_are_those_that_they_bring() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(EXTRA_OF.values()) <= set(extras)
    for module in EXTRA_OF:
        assert importlib.util.find_spec(module), f"{module} is not in the lock"


def test_the_core_imports_no_extra_at_module_level() -> None:
    """A module of a lower room that needs an extra imports it inside the function that uses it."""
    lower = ("config.py", "io", "text", "labels", "reading", "words", "models")
    found = []
    for room in lower:
        path = ROOT / "src" / "banmian" / room
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            names = re.findall(r"^(?:from|import) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
            found += [f"{file.name}: {name}" for name in names if name in EXTRA_OF]
    assert not found
