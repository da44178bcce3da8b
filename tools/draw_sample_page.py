"""Draw the newspaper page that ships with the tests: tests/cases/scan_page.png, from the seeds' own text.

Run `python tools/draw_sample_page.py`; the same page comes out each time. It is turned a little, as on a scanner's
glass, and brought to six greys, which keeps it under 200 KB.
"""

import sys

from PIL import Image

from banmian.config import ROOT, SEEDS
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections

sys.path.insert(0, str(ROOT / "benchmarks"))

PAGE = ROOT / "tests" / "cases" / "scan_page.png"
SEED, WIDTH, MOST = 4, 1500, 330


def main() -> None:
    """Draw the page and say how large it is."""
    from scan_pages import draw_page

    sections = split_sections(read_documents(SEEDS), find_twins=False)
    sections = sections[sections["script"] == "hans"]
    stories = []
    for _, article in sections.groupby("article_id", sort=False):
        head = article.loc[article["kind"] == "headline", "heading"]
        body = [text for text in article.loc[article["kind"] == "body", "text"] if 60 <= len(text) <= MOST]
        if len(head) and 8 <= len(head.iloc[0]) <= 24 and body and "#" not in "".join(body):
            stories.append({"title": head.iloc[0], "paragraphs": body[:2]})
    sheet = draw_page(stories[:3], SEED, WIDTH)
    turned = sheet.picture.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=255)
    turned.quantize(6).save(PAGE, optimize=True)
    print(f"{PAGE.relative_to(ROOT)}: {turned.width} x {turned.height} pixels, {PAGE.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
