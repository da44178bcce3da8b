"""A person at a browser: runs every notebook from the menu, then finds, opens, labels and takes back in 06."""

import csv
import json
from pathlib import Path

import pytest
from lab import ROOT, Lab, run_from_menu
from playwright.sync_api import Locator, Page, expect

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
EXPLORER = "06_explore.ipynb"
LARGEST_PICTURE = 300_000  # bytes
# A page that tries to become part of whatever shows it.
HOSTILE = "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != EXPLORER])
def test_runs_from_the_menu(page: Page, lab: Lab, name: str) -> None:
    check_run(page, lab, name)


@pytest.mark.skipif(EXPLORER not in NOTEBOOKS, reason=f"there is no notebooks/{EXPLORER}")
def test_explore_and_label(page: Page, lab: Lab, pictures: Path) -> None:
    check_run(page, lab, EXPLORER)
    search_and_filter(page)
    open_from_table(page)
    picture(page, page.locator(".jp-OutputArea-output", has=page.locator(".bm-sides")), pictures / "explore.png", 1000)
    open_from_likes(page)
    open_from_map(page)
    picture(page, page.locator(".jp-OutputArea-output", has=page.locator(".bm-sides")), pictures / "map.png", 700)
    label_three_and_undo_one(page, lab.answers / "labels.csv")
    picture(page, page.locator(".bm-desk"), pictures / "label.png")
    assert not lab.asked_elsewhere


@pytest.mark.skipif(EXPLORER not in NOTEBOOKS, reason=f"there is no notebooks/{EXPLORER}")
def test_own_folder_by_changing_one_line(page: Page, lab: Lab) -> None:
    """A folder of one's own, with a page in it that would run a script if anything let it."""
    folder = lab.notebooks.parent / "own"
    folder.mkdir()
    paragraph = "社区干部走进网格，听取居民对养老服务的意见，当场协调解决了三件难事。"
    page_text = [f"{HOSTILE}社区服务", f"{paragraph}{HOSTILE}结束。", paragraph, "市博物馆开放夜场，展出新修复的书画。"]
    (folder / "hostile.txt").write_text("\n\n".join(page_text), encoding="utf-8")
    notebook = json.loads((lab.notebooks / EXPLORER).read_text(encoding="utf-8"))
    lines = [cell for cell in notebook["cells"] if "DOCUMENTS = SEEDS" in "".join(cell["source"])]
    assert len(lines) == 1
    lines[0]["source"] = "".join(lines[0]["source"]).replace("DOCUMENTS = SEEDS", f"DOCUMENTS = {str(folder)!r}")
    (lab.notebooks / "own.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    check_run(page, lab, "own.ipynb")
    rows = table(page).locator("tbody tr")
    for n in range(rows.count()):
        rows.nth(n).click()
        expect(page.locator(".bm-page")).to_be_visible()
        page.wait_for_timeout(300)
    expect(page.locator(".bm-desk .bm-text")).to_be_visible()
    rows.first.click()
    expect(page.locator(".bm-sides .bm-text")).to_contain_text("<script>window.broken")
    page.get_by_role("tab", name="地图 Map").click()
    expect(page.locator(".scatterlayer .point").first).to_be_visible()
    assert page.evaluate("window.broken === undefined")


def check_run(page: Page, lab: Lab, name: str) -> None:
    """Run a notebook and see no error, nothing on stderr, every cell run once, and nothing asked of another machine."""
    cells = run_from_menu(page, lab, name)
    for cell in cells:
        for output in cell["outputs"]:
            assert output["output_type"] != "error", f"{name}: {output.get('evalue')}"
            assert output.get("name") != "stderr", f"{name}: {output.get('text')}"
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    shown = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
    expect(page.locator(shown)).to_have_count(0)
    assert not lab.asked_elsewhere


def table(page: Page) -> Locator:
    return page.locator(".bm-table").first


def shown(page: Page) -> str:
    """Return the line of facts of the section that is open."""
    return page.locator(".bm-section:has(.bm-sides) > p").first.inner_text()


def search_and_filter(page: Page) -> None:
    """Words in one script find both; a filter narrows it; a click on a heading sorts."""
    table(page).scroll_into_view_if_needed()
    scripts = table(page).locator("tbody td:nth-child(3)")
    page.get_by_placeholder("in either script").fill("基层治理")
    expect(page.get_by_text("139 段", exact=False)).not_to_contain_text("139 / 139")
    assert {"简体 Simplified", "繁体 Traditional"} <= set(scripts.all_inner_texts())
    page.get_by_label("简繁 script").select_option("繁体 Traditional")
    expect(scripts.filter(has_text="简体")).to_have_count(0)
    table(page).get_by_role("columnheader", name="置信度 conf.").click()
    expect(table(page).get_by_role("columnheader", name="置信度 conf. ▲")).to_be_visible()
    sure = [float(text) for text in table(page).locator("tbody td:nth-child(5)").all_inner_texts() if text]
    assert len(sure) >= 3 and sure == sorted(sure)


def open_from_table(page: Page) -> None:
    """The page and the repaired text hold the same printed characters, and the searched word in the script printed."""
    table(page).locator("tbody tr").last.click()
    page.wait_for_selector(".bm-sides .bm-own")
    printed = "".join("".join(page.locator(".bm-page .bm-own").all_text_contents()).split())
    repaired = "".join(page.locator(".bm-sides .bm-text").evaluate("e => e.textContent").split())
    assert printed == repaired
    assert "基層治理" in printed
    expect(page.locator(".bm-why").first).to_be_visible()


def open_from_likes(page: Page) -> None:
    before = shown(page)
    like = page.locator(".bm-table").nth(1)
    chosen = like.locator("tbody tr").first.get_attribute("data-section")
    like.locator("tbody tr").first.click()
    page.wait_for_function("before => !document.body.innerText.includes(before)", arg=before)
    assert shown(page).startswith(f"{chosen} ")


def open_from_map(page: Page) -> None:
    """Points of the map open their sections; a filter fades the others."""
    before = shown(page)
    page.get_by_role("tab", name="地图 Map").click()
    points = page.locator(".scatterlayer .point")
    expect(points.first).to_be_visible()
    assert points.count() > 50
    faded = points.evaluate_all("all => all.filter(point => getComputedStyle(point).opacity < 0.5).length")
    assert 50 < faded < points.count()
    box = points.first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("before => !document.body.innerText.includes(before)", arg=before)


def label_three_and_undo_one(page: Page, answers: Path) -> None:
    """A key, an accepted proposal, a button; after each the file holds it; undo takes the last one out again."""
    desk = page.locator(".bm-desk")
    assert not answers.exists(), "running the notebook must not write labels"
    desk.scroll_into_view_if_needed()
    desk.click(position={"x": 4, "y": 4})
    proposed = desk.locator("button[data-proposed=true]").get_attribute("title")
    steps = [("Enter", str(proposed).removeprefix("label ")), ("3", "culture"), ("5", "other")]
    for n, (key, label) in enumerate(steps, start=1):
        page.keyboard.press(key)
        expect(desk.locator(".bm-count")).to_contain_text(f"已标 {n} / ")
        assert [row["label"] for row in read(answers)] == [label for _, label in steps[:n]]
    page.keyboard.press("u")
    expect(desk.locator(".bm-count")).to_contain_text("已标 2 / ")
    rows = read(answers)
    assert [row["label"] for row in rows] == [label for _, label in steps[:2]]
    assert list(rows[0]) == ["doc_id", "start", "end", "first", "label"]
    left = {path.name for path in answers.parent.iterdir()} - {f".{answers.name}.lock"}  # the lock of writers stays
    assert left == {answers.name}, "a temporary file was left behind"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def picture(page: Page, place: Locator, path: Path, height: int = 0) -> None:
    """Take a picture of a part of the page, of its upper ``height`` pixels if given."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    if height:
        page.screenshot(path=path, clip={**box, "height": min(height, box["height"])})
    else:
        place.screenshot(path=path)
    assert path.stat().st_size < LARGEST_PICTURE, f"{path.name}: {path.stat().st_size} bytes"
