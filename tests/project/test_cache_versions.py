"""A cache's version stands for the code that its results depend on: neither changes without the other.

After raising a version, or when a change of code cannot change results, record the code as it is now:

    python tests/project/test_cache_versions.py
"""

import json
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TypedDict

import pytest

from banmian.io.cache import Cache, code_hashes

SOURCE = Path(__file__).resolve().parents[2] / "src" / "banmian"
RECORD = Path(__file__).with_suffix(".json")


class Recorded(TypedDict):
    """A version, and the hash of each file that it stands for."""

    version: int
    code: dict[str, str]


def defined_caches() -> dict[str, Cache]:
    """Return every cache of the package, under the place where its version stands."""
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        for name in re.findall(r"^([A-Z_]+) = Cache\(", file.read_text(encoding="utf-8"), re.MULTILINE):
            place = file.relative_to(SOURCE.parent).with_suffix("")
            found[f"{file.relative_to(SOURCE).as_posix()}: {name}"] = getattr(
                import_module(".".join(place.parts)), name
            )
    return found


CACHES = defined_caches()


@pytest.mark.parametrize("place", CACHES)
def test_code_and_version_change_together(place: str) -> None:
    cache, recorded = CACHES[place], json.loads(RECORD.read_text(encoding="utf-8"))
    known: Recorded = recorded.get(place, {"version": 0, "code": {}})
    now = code_hashes(cache)
    changed = sorted({name for name in {*now, *known["code"]} if now.get(name) != known["code"].get(name)})
    assert not changed and known["version"] == cache.version, (
        f"{', '.join(changed) or 'the version'} changed. Can the same data now give other results? "
        f"Then raise the version ({cache.version}) in {place}. In any case run: "
        f"python tests/project/{Path(__file__).name}"
    )


def test_nothing_else_is_recorded() -> None:
    assert set(json.loads(RECORD.read_text(encoding="utf-8"))) == set(CACHES)
    assert len({cache.name for cache in CACHES.values()}) == len(CACHES), "two caches share a folder"


def main() -> None:
    """Record versions and code as they are."""
    recorded = {place: Recorded(version=cache.version, code=code_hashes(cache)) for place, cache in CACHES.items()}
    RECORD.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{RECORD.name}: {len(recorded)} caches\n")


if __name__ == "__main__":
    main()
