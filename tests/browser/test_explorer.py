"""explore.html in a browser, opened from the disk: search in either script, filters, a section beside its page."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import ROOT
from playwright.sync_api import Browser, Page, expect

PYTHON = ROOT / ".venv" / "bin" / "python"
_MAKE = """
import sys
from pathlib import Path
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from banmian.reading.page_metadata import page_metadata
from banmian.views.explorer.search import join_results
from banmian.views.explorer.standalone import explorer_html
documents = read_documents(sys.argv[1])
sections = split_sections(documents)
page = explorer_html(documents, join_results(sections), page_metadata(documents, sys.argv[1]))
Path(sys.argv[2]).write_text(page, encoding="utf-8")
"""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "explore.html"
    python = PYTHON if PYTHON.exists() else Path(sys.executable)
    subprocess.run([str(python), "-c", _MAKE, str(ROOT / "seeds"), str(file)], check=True)
    context = browser.new_context(viewport={"width": 1360, "height": 1000}, offline=True)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.goto(file.as_uri())
    yield opened
    assert errors == []
    context.close()


def test_search_filter_and_open_a_section(page: Page, pictures: Path) -> None:
    rows = page.locator("#rows tr")
    expect(rows.first).to_be_visible()
    page.locator("#query").fill("基层治理")
    expect(page.locator("#count")).not_to_contain_text("139 / 139")
    found = page.locator("#count").inner_text()
    page.locator("#query").fill("基層治理")
    expect(page.locator("#count")).to_have_text(found)
    page.locator("#script_name").select_option("繁体 Traditional")
    expect(page.locator("#count")).not_to_have_text(found)
    rows.first.click()
    expect(page.locator("#text mark").first).to_contain_text("基層治理")
    expect(page.locator("#page mark.own").first).to_be_visible()
    page.screenshot(path=pictures / "standalone.png")


def test_words_in_context_and_dates(page: Page) -> None:
    page.locator("#query").fill("新就業群體")
    page.locator("#show-kwic").click()
    assert page.locator("#lines tr").count() > 10
    page.locator("#from").fill("2025")
    for name in page.locator("#lines td:first-child").all_inner_texts():
        assert "2025" in name


def test_the_keyboard_opens_a_section(page: Page) -> None:
    page.locator("#rows tr").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panes")).to_be_visible()
