"""How the report's page looks: its style, and the figures' typeface cut down to the characters that stand on it."""

import base64
import io
from functools import lru_cache

import pylopdf_fonts_zh_cn
from fontTools import subset

# Copyright, family, style, licence and its address; the rest of the name table is for font menus.
_NAMES = [0, 1, 2, 13, 14]

# Drawn by the browser before the items of the list, so in no element.
_NUMBERING = "0123456789."
_STYLE = """
@font-face { font-family: "banmian sans"; src: url(data:font/otf;base64,FONT) format("opentype") }
:root { color-scheme: light }
body { max-width: 46rem; margin: 2.5rem auto; padding: 0 1.25rem; color: #1d2733; background: #fff; line-height: 1.65;
  font-family: "banmian sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif }
h1, h2 { font-weight: 400; color: #2f4b6e; line-height: 1.3 }
h1 { border-bottom: 2px solid #2f4b6e; padding-bottom: .4rem }
h2 { margin-top: 2.6rem }
h1 span, h2 span { display: block }
h1 span + span, h2 span + span { font-size: .72em }
p[lang=en] { color: #3c4858 }
.wide { display: block; overflow-x: auto }
table { border-collapse: collapse; font-size: .9em }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #d5dae1; vertical-align: top }
li p { margin: .2rem 0 }
figure { margin: 1.4rem 0 }
img { display: block; max-width: 100%; height: auto }
figcaption { font-size: .86em; color: #3c4858; margin-top: .5rem }
figcaption p { margin: .15rem 0 }
.source { color: #5f6b7a; font-size: .92em }
a { color: #0b5394 }
@page { size: A4; margin: 2cm 2.2cm }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 9pt; line-height: 1.4 }
  h1, h2 { break-after: avoid }
  h2 { margin: .9rem 0 .3rem; font-size: 1.2em }
  h2 span { display: inline }
  h2 span + span { margin-left: .6em }
  figure, li, tr, h1, h2 { break-inside: avoid }
  figure { margin: .4rem 0 }
  p { margin: .25rem 0; orphans: 3; widows: 3 }
  img { max-height: 7.4cm; object-fit: contain; object-position: left }
  a { color: inherit; text-decoration: none }
}
@media screen and (max-width: 600px) {
  /* Type in a figure stays readable: the figure keeps its width and scrolls in its box. */
  body { margin: 1rem auto; padding: 0 .8rem }
  figure img { max-width: none; width: 40rem !important }
}
"""


def page_style(text: str) -> str:
    """Return the style sheet for a page with this text, its font inside; the same text gives the same bytes."""
    font = font_for("".join(sorted(set(text + _NUMBERING))))
    return _STYLE.replace("FONT", base64.b64encode(font).decode("ascii"))


@lru_cache(maxsize=8)  # most of a second goes into reading the whole font
def font_for(text: str) -> bytes:
    """Return an OpenType font (Noto Sans SC, OFL) with the text's characters; those that it lacks are left out.

    About 150 bytes a Han character, so that a page can carry its letters to a machine without a Chinese typeface. It is
    not packed as WOFF, whose bytes depend on the zlib at hand.
    """
    options = subset.Options(hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.layout_features = ["kern", "locl"]
    options.name_IDs = _NAMES
    font = subset.load_font(str(pylopdf_fonts_zh_cn.sans_path()), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font)
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()
