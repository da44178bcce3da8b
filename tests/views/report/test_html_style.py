import io

from fontTools.ttLib import TTFont

from banmian.views.report.html_style import font_for, page_style


def test_the_font_holds_what_the_page_needs_and_little_else() -> None:
    content = font_for("版面會说the first 885🀄")
    font = TTFont(io.BytesIO(content))
    assert {chr(code) for code in font.getBestCmap()} == set("版面會说the first 885")
    assert len(content) < 10_000
    assert font["name"].getDebugName(13).startswith("This Font Software is licensed under the SIL Open Font License")


def test_the_same_text_gives_the_same_bytes() -> None:
    assert font_for("基层治理") == font_for("基层治理")


def test_the_style_carries_the_digits_of_the_lists() -> None:
    assert page_style("甲").count("url(") == 1
    assert page_style("甲") == page_style("甲0")
