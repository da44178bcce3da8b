"""Where things are: constants anchored on this file, so that a notebook's folder does not matter."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = Path(os.environ.get("BANMIAN_SEEDS", ROOT / "seeds")).resolve()
FIGURES = Path(os.environ.get("BANMIAN_FIGURES", ROOT / "figures")).resolve()
# Models built on first use and vectors of texts seen before; safe to delete at any time.
CACHE = Path(os.environ.get("BANMIAN_CACHE", ROOT / ".cache")).resolve()
# What a person labelled: work of hours that no command removes, and so not in the cache.
ANNOTATIONS = Path(os.environ.get("BANMIAN_ANSWERS", ROOT / "answers")).resolve()
