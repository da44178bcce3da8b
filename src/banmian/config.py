"""Where files are: a checkout's folders, the cache, and what the environment variables put elsewhere.

In a checkout (banmian installed with ``pip install --editable``, or run from its ``src``) pages, notebooks, figures and
annotations are those of the project, whatever folder one works in, and the cache is the project's ``.cache``: two
checkouts side by side share nothing, and ``make clean`` or deleting the folder removes all that was made. An installed
banmian has no such folders. There the same names are looked for in the folder one works in, the cache is the user's
(``~/.cache/banmian`` on Linux), and nothing is ever written beside the package.

==================  ====================================================================================
``BANMIAN_SEEDS``   folder of pages that the notebooks read, instead of ``seeds/``
``BANMIAN_FIGURES`` folder that figures are written to, instead of ``figures/``
``BANMIAN_ANSWERS`` folder of the labels given in the explorer, instead of ``answers/``
``BANMIAN_CACHE``   folder of the cache
``BANMIAN_LANG``    ``zh``, ``en`` or ``both`` (default): the language of figures, read in `banmian.views`
==================  ====================================================================================
"""

import os
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path

# Word lists, weights and models that are part of the package. A wheel is installed as files, never run from a zip.
PACKAGE = Path(str(files("banmian")))
IN_CHECKOUT = PACKAGE.parent.name == "src" and (PACKAGE.parents[1] / "pyproject.toml").is_file()
ROOT = PACKAGE.parents[1] if IN_CHECKOUT else Path.cwd()
# The project's own pages, wherever BANMIAN_SEEDS points.
PROJECT_CORPUS = ROOT / "seeds"
SEEDS = Path(os.environ.get("BANMIAN_SEEDS", PROJECT_CORPUS)).resolve()
FIGURES = Path(os.environ.get("BANMIAN_FIGURES", ROOT / "figures")).resolve()
# What can be made again; safe to delete at any time.
CACHE = Path(
    os.environ.get("BANMIAN_CACHE", ROOT / ".cache" if IN_CHECKOUT else user_cache_path("banmian", appauthor=False))
).resolve()
# What a person labelled: work of hours that no command removes, and so not in the cache.
ANNOTATIONS = Path(os.environ.get("BANMIAN_ANSWERS", ROOT / "answers")).resolve()
