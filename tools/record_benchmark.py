"""Puts what a benchmark printed between its two markers in docs/benchmarks.md.

Usage: python tools/record_benchmark.py NAME FILE
"""

import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def record(page: str, name: str, result: str) -> str:
    """Return the page with another result between ``<!-- measured: name -->`` and the next ``<!-- end -->``.

    Raises ``ValueError`` when the page has no such place, or the result would end it.
    """
    place = re.compile(rf"(<!-- measured: {re.escape(name)} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    if "<!-- end -->" in result:
        raise ValueError(f"{name}: the result holds the end marker; take it out")
    if not place.search(page):
        raise ValueError(f"{name}: docs/benchmarks.md has no <!-- measured: {name} -->")
    return place.sub(lambda found: found[1] + result.strip() + found[2], page, count=1)


def main() -> None:
    """Read the two arguments and write the page."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    _, name, file = sys.argv
    try:
        page = record(PAGE.read_text(encoding="utf-8"), name, Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"record_benchmark: {error}")
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
