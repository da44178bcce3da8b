"""JupyterLab and a browser for the tests beside this file; both are started here and stopped here.

Not under `tests/`: these need Chromium and Playwright, which nobody should have to install to run the unit tests, and
they run notebooks for minutes. `make test-browser` installs what they need and runs them.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lab import ROOT, Lab, running_lab
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

# A machine that is busy with other tests is slow, not wrong.
SECONDS = 30
expect.set_options(timeout=1000 * SECONDS)
# A browser of the system: Playwright's own download would be 150 MB more and comes from no package registry.
CHROMIUM = os.environ.get("BANMIAN_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# The browser is not to call home either; --no-sandbox because root in a container has none.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install Debian's `chromium`, or name one in BANMIAN_CHROMIUM")
    # The packaged font, so that pictures show Chinese on a machine that has no Chinese font.
    home = tmp_path_factory.mktemp("fonts")
    (home / "fonts").mkdir()
    for font in sorted(ROOT.glob(".venv/lib/python3*/site-packages/pylopdf_fonts_zh_cn/*Sans*.otf")):
        (home / "fonts" / font.name).symlink_to(font)
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, "XDG_DATA_HOME": str(home)}
        found = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS, env=environment)
        yield found
        found.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: BANMIAN_PICTURES to renew those of the README, else a folder that is thrown away."""
    folder = Path(os.environ.get("BANMIAN_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page(lab: Lab, browser: Browser) -> Iterator[Page]:
    """Return an empty page that reaches nothing but the server: whatever it asks for elsewhere is noted and refused."""
    context = browser.new_context(viewport={"width": 1360, "height": 1700})
    context.set_default_timeout(1000 * SECONDS)

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", None):  # None: data: and blob: addresses
            route.continue_()
        else:
            lab.asked_elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    yield context.new_page()
    context.close()
