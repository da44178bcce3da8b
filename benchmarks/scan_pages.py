"""Draw newspaper pages as a scanner would deliver them, with the truth of every printed line beside the picture.

A page is a pile of bands. Each band holds one story across the page, two side by side, a story with a boxed one beside
it, a headline left of its text or over some of its columns only; pictures with captions, an advertisement, a running
head and a page number come with it. What is drawn where is decided by a seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = [Path(pylopdf_fonts_zh_cn.__file__).parent / f"Noto{kind}SC-Regular.otf" for kind in ("Serif", "Sans")]
_HANGS = set("，。、；：？！”’）》」』】,.;:?!)")
_OPENS = set("“‘（《「『【(")


@dataclass
class TrueLine:
    """One printed line: `story` and `paragraph` count from 0 on the page, -1 for what belongs to none."""

    text: str
    box: tuple[float, float, float, float]
    story: int
    paragraph: int
    role: str


@dataclass
class Sheet:
    """A page in the making: the picture, its lines, and what this page is set with."""

    rng: np.random.Generator
    picture: Image.Image
    body: int
    text_font: Path
    head_font: Path
    lines: list[TrueLine] = field(default_factory=list)
    n_paragraphs: int = 0
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    frames: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.picture)

    def rule(self, *ends: float, width: int = 2) -> None:
        """Draw a rule and remember it."""
        self.pen.line(ends, 0, width)
        self.rules.append((ends[0] - 1, ends[1] - 1, ends[2] + 1, ends[3] + 1))

    def frame(self, *box: float, width: int = 3) -> None:
        """Draw a frame and remember it."""
        self.pen.rectangle(box, outline=0, width=width)
        self.frames.append((box[0], box[1], box[2], box[3]))

    @property
    def pitch(self) -> int:
        return round(self.body * 1.5)


def draw_page(stories: Sequence[dict[str, Any]], seed: int, width: int = 1900) -> Sheet:
    """Return a clean page with its lines in reading order; each story has ``title`` and ``paragraphs``."""
    rng = np.random.default_rng(seed)
    body = int(rng.integers(22, 29))
    fonts = [FONTS[i] for i in rng.permutation(2)]
    sheet = Sheet(rng, Image.new("L", (width, 6000), 255), body, fonts[0], fonts[1])
    margin = int(rng.integers(60, 120))
    left, right = margin, width - margin
    y = _running_head(sheet, left, right, margin)
    place = 0
    while place < len(stories):
        bands = [_full, _full, _corner, _side_head, _boxed, _pair, _pair, _upright]
        band = bands[int(rng.integers(len(bands)))]
        if len(stories) - place < 2 and band in (_pair, _boxed):
            band = _full
        y, used = band(sheet, list(enumerate(stories))[place:], left, right, y)
        place += used
        if place < len(stories):
            if rng.random() < 0.5:
                sheet.rule(left, y + body, right, y + body)
            y += 2 * body
    if rng.random() < 0.4:
        y = _advertisement(sheet, left, right, y + body)
    if rng.random() < 0.5:
        _print(sheet, f"— {int(rng.integers(1, 9))} —", (left + right) // 2 - 2 * body, y + body, body, "notice")
        y += 2 * body
    sheet.picture = sheet.picture.crop((0, 0, width, y + margin))
    return sheet


def scan_page(picture: Image.Image, seed: int) -> tuple[Image.Image, Callable[[np.ndarray], np.ndarray]]:
    """Return the page as a scanner would deliver it (skew, blur, light, noise, JPEG), and where its points went."""
    rng = np.random.default_rng(seed)
    angle = float(rng.uniform(-1.2, 1.2))
    turned = picture.rotate(angle, Image.Resampling.BICUBIC, expand=False, fillcolor=255)
    turned = turned.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 0.9))))
    grey = np.asarray(turned, dtype=np.float32)
    light = np.linspace(rng.uniform(0.85, 1.0), rng.uniform(0.85, 1.0), grey.shape[1], dtype=np.float32)
    grey = grey * light + rng.normal(0, rng.uniform(2, 10), grey.shape).astype(np.float32)
    stored = BytesIO()
    Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(stored, "JPEG", quality=int(rng.integers(45, 85)))
    return Image.open(stored), mover(picture.size, seed)


def mover(size: tuple[int, int], seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return where `scan_page` with this seed moves the points of a page of this size."""
    turn = np.deg2rad(-float(np.random.default_rng(seed).uniform(-1.2, 1.2)))
    centre = np.array(size) / 2
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return lambda points: (points - centre) @ matrix.T + centre


def draw_pdf(sheet: Sheet, seed: int, dpi: int = 150) -> bytes:
    """Return the page as a PDF with a text layer: lines in the order of their height, across the columns.

    The font is named and not carried (STSong, in UCS-2 codes), as government papers do.
    """
    scale, tall = 72 / dpi, sheet.picture.height
    drawn = ["BT"]
    for line in sorted(sheet.lines, key=lambda line: (line.box[1], line.box[0])):
        left, top, right, bottom = line.box
        upright = bottom - top > 2 * (right - left)
        size = (right - left if upright else (right - left) / max(len(line.text) - 0.45 * _ascii(line.text), 1)) * scale
        parts = list(line.text) if upright else [line.text]
        for n, part in enumerate(parts):
            down = tall - top - (n + 0.88) * 1.15 * size / scale if upright else tall - top - 0.88 * size / scale
            code = part.encode("utf-16-be").hex()
            drawn.append(f"/F1 {size:.2f} Tf 1 0 0 1 {left * scale:.2f} {down * scale:.2f} Tm <{code}> Tj")
    stream = "\n".join([*drawn, "ET"])
    box = f"[0 0 {sheet.picture.width * scale:.1f} {tall * scale:.1f}]"
    system = "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo{system}/DW 1000"
        "/W[1 95 500 814 939 500]>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{head}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()


def _ascii(text: str) -> int:
    return len(text.encode("ascii", "ignore"))


def _print(sheet: Sheet, text: str, x: float, y: float, size: int, role: str, story: int = -1, paragraph: int = -1,
           heading: bool = False) -> None:  # fmt: skip
    font = ImageFont.truetype(str(sheet.head_font if heading else sheet.text_font), size)
    sheet.pen.text((x, y), text, fill=0, font=font, anchor="la")
    box = sheet.pen.textbbox((x, y), text, font=font, anchor="la")
    sheet.lines.append(TrueLine(text, box, story, paragraph, role))


def _wrap(text: str, columns: float, size: int, font: Path) -> list[str]:
    """Break a text into lines of `columns` pixels; marks do not open a line, brackets do not end one."""
    face = ImageFont.truetype(str(font), size)
    lines, line = [], ""
    for char in text:
        if line and face.getlength(line + char) > columns + (0.3 * size if char in _HANGS else 0):
            if char in _HANGS:
                line, char = line[:-1], line[-1] + char
            while line and line[-1] in _OPENS:
                line, char = line[:-1], line[-1] + char
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line else lines


def _running_head(sheet: Sheet, left: int, right: int, y: int) -> int:
    if sheet.rng.random() < 0.25:
        return y
    size = sheet.body
    month, day, page = (int(n) for n in sheet.rng.integers(1, [13, 29, 17]))
    _print(sheet, f"2023年{month}月{day}日 星期{'一二三四五六日'[day % 7]}", left, y, size, "notice")
    _print(sheet, f"{page:02d}", right - 2 * size, y, round(1.2 * size), "notice", heading=True)
    _print(
        sheet, ["要闻", "综合", "本地新闻", "文化周刊"][day % 4], (left + right) // 2, y, size, "notice", heading=True
    )
    if sheet.rng.random() < 0.8:
        sheet.rule(left, y + 2 * size, right, y + 2 * size, width=3)
    return y + 3 * size


def _headline(sheet: Sheet, story: int, title: str, left: int, right: int, y: int, centred: bool) -> int:
    size = round(sheet.body * sheet.rng.uniform(1.7, 2.6))
    while size > 1.5 * sheet.body and len(_wrap(title, right - left, size, sheet.head_font)) > 2:
        size -= 2
    for line in _wrap(title, right - left, size, sheet.head_font):
        width = ImageFont.truetype(str(sheet.head_font), size).getlength(line)
        x = left + (right - left - width) / 2 if centred else left
        _print(sheet, line, x, y, size, "headline", story, heading=True)
        y += round(1.3 * size)
    return y + sheet.body // 2


def _flow(sheet: Sheet, story: int, data: dict[str, Any], tops: Sequence[tuple[float, float]], width: float,
          bottom: float = 0.0) -> int:  # fmt: skip
    """Set a story's paragraphs into columns that begin at `tops` (x, y); return the lowest bottom."""
    size, pitch = sheet.body, sheet.pitch
    lines: list[tuple[str, int, str, float]] = []
    for text in data["paragraphs"]:
        if len(text) < 16 and not text.endswith("。") and len(text) * size < width:
            lines.append((text, sheet.n_paragraphs, "subheading", max(0.0, (width - len(text) * size) / 2)))
        else:
            indented = _wrap("　　" + text, width, size, sheet.text_font)
            lines.append((indented[0][2:], sheet.n_paragraphs, "body", 2.0 * size))
            lines += [(line, sheet.n_paragraphs, "body", 0.0) for line in indented[1:]]
        sheet.n_paragraphs += 1
    floor = max(bottom, max(y for _, y in tops) + 2 * pitch)
    while sum(int((floor - y) // pitch) for _, y in tops) < len(lines):
        floor += pitch / 2
    place, lowest = 0, 0.0
    for x, top in tops:
        for row in range(int((floor - top) // pitch)):
            if place == len(lines):
                break
            text, paragraph, role, indent = lines[place]
            _print(sheet, text, x + indent, top + row * pitch, size, role, story, paragraph, role == "subheading")
            lowest = max(lowest, top + (row + 1) * pitch)
            place += 1
    return round(max(lowest, bottom))


def _columns(sheet: Sheet, left: int, right: int, least: int = 1) -> tuple[list[float], float]:
    gutter = sheet.body * sheet.rng.uniform(1.1, 2.0)
    most = max(1, int((right - left) // (11 * sheet.body)))
    count = int(sheet.rng.integers(min(least, most), min(most, 5) + 1))
    width = (right - left - gutter * (count - 1)) / count
    return [left + n * (width + gutter) for n in range(count)], width


def _full(sheet: Sheet, stories: list[tuple[int, Any]], left: int, right: int, y: int) -> tuple[int, int]:
    """A headline across all columns, at times a picture over the last ones."""
    number, data = stories[0]
    y = _headline(sheet, number, data["title"], left, right, y, sheet.rng.random() < 0.7)
    xs, width = _columns(sheet, left, right, 2)
    tops = [(x, float(y)) for x in xs]
    if len(xs) > 2 and sheet.rng.random() < 0.4:
        n = int(sheet.rng.integers(1, len(xs) - 1))
        under = _picture(sheet, number, xs[-n], xs[-1] + width, y)
        tops = [(x, float(y if place < len(xs) - n else under)) for place, x in enumerate(xs)]
    return max(_flow(sheet, number, data, tops, width), round(max(top for _, top in tops))), 1


def _corner(sheet: Sheet, stories: list[tuple[int, Any]], left: int, right: int, y: int) -> tuple[int, int]:
    """A headline over the first columns; the others rise beside it."""
    number, data = stories[0]
    xs, width = _columns(sheet, left, right, 3)
    n = max(1, len(xs) - int(sheet.rng.integers(1, 3)))
    under = _headline(sheet, number, data["title"], left, round(xs[n - 1] + width), y, False)
    return _flow(sheet, number, data, [(x, float(under if m < n else y)) for m, x in enumerate(xs)], width), 1


def _side_head(sheet: Sheet, stories: list[tuple[int, Any]], left: int, right: int, y: int) -> tuple[int, int]:
    """The headline stacked left of its text."""
    number, data = stories[0]
    head = left + (right - left) // 4
    _headline(sheet, number, data["title"], left, head, y + sheet.body, False)
    low = sheet.lines[-1].box[3]
    xs, width = _columns(sheet, head + 2 * sheet.body, right, 2)
    return max(round(low) + sheet.body, _flow(sheet, number, data, [(x, float(y)) for x in xs], width)), 1


def _upright(sheet: Sheet, stories: list[tuple[int, Any]], left: int, right: int, y: int) -> tuple[int, int]:
    """The headline printed upright, a column of single characters left of its text."""
    number, data = stories[0]
    size = round(sheet.body * 1.8)
    title = data["title"].replace(" ", "")[:14]
    if any(char.isascii() for char in title):
        return _full(sheet, stories, left, right, y)
    font = ImageFont.truetype(str(sheet.head_font), size)
    for n, char in enumerate(title):
        sheet.pen.text((left, y + n * 1.15 * size), char, fill=0, font=font, anchor="la")
    tall = len(title) * 1.15 * size
    sheet.lines.append(TrueLine(title, (left, y, left + size, y + tall), number, -1, "headline"))
    xs, width = _columns(sheet, left + size + 2 * sheet.body, right, 2)
    return max(round(y + tall) + sheet.body, _flow(sheet, number, data, [(x, float(y)) for x in xs], width)), 1


def _pair(sheet: Sheet, stories: list[tuple[int, Any]], left: int, right: int, y: int) -> tuple[int, int]:
    """Two stories side by side, with a rule or a wide gap between."""
    middle = left + round((right - left) * float(sheet.rng.uniform(0.38, 0.62)))
    gap = round(sheet.body * 1.4)
    lows = []
    for (number, data), (one, other) in zip(stories, ((left, middle - gap), (middle + gap, right)), strict=False):
        under = _headline(sheet, number, data["title"], one, other, y, bool(sheet.rng.random() < 0.5))
        xs, width = _columns(sheet, one, other)
        lows.append(_flow(sheet, number, data, [(x, float(under)) for x in xs], width))
    if sheet.rng.random() < 0.6:
        sheet.rule(middle, y, middle, max(lows))
    return max(lows), 2


def _boxed(sheet: Sheet, stories: list[tuple[int, Any]], left: int, right: int, y: int) -> tuple[int, int]:
    """One story, and another in a frame at its right."""
    edge = left + round((right - left) * float(sheet.rng.uniform(0.6, 0.72)))
    (number, data), (boxed, other) = stories[:2]
    under = _headline(sheet, number, data["title"], left, edge, y, True)
    xs, width = _columns(sheet, left, edge, 2)
    low = _flow(sheet, number, data, [(x, float(under)) for x in xs], width)
    frame, pad = (edge + 2 * sheet.body, y), sheet.body
    inner = _headline(sheet, boxed, other["title"], frame[0] + pad, right - pad, y + pad, True)
    foot = _flow(sheet, boxed, other, [(frame[0] + pad, float(inner))], right - frame[0] - 2 * pad)
    sheet.frame(*frame, right, foot + pad // 2)
    return max(low, foot + pad), 2


def _picture(sheet: Sheet, story: int, left: float, right: float, y: float) -> float:
    """Draw a picture of noise and shapes with a caption under it; return where text may begin below."""
    wide, tall = round(right - left), round((right - left) * float(sheet.rng.uniform(0.45, 0.7)))
    coarse = sheet.rng.integers(40, 220, (12, 16)).astype(np.uint8)
    sheet.picture.paste(Image.fromarray(coarse).resize((wide, tall), Image.Resampling.BICUBIC), (round(left), round(y)))
    size = round(sheet.body * 0.85)
    text = "图为居民在江边步道上散步，孩子们在新修的广场上放风筝。林小满摄"
    y += tall + size // 2
    for line in _wrap(text, wide, size, sheet.head_font):
        _print(sheet, line, left, y, size, "caption", story, heading=True)
        y += round(1.4 * size)
    return y + sheet.body


def _advertisement(sheet: Sheet, left: int, right: int, y: int) -> int:
    tall = 7 * sheet.body
    sheet.frame(left, y, right, y + tall, width=4)
    for text, x, down, size in (
        ("清溪茶庄新店开业", 0.08, 1.0, 2.2),
        ("全场八折 订货热线：0571-8888", 0.08, 4.2, 1.1),
        ("广告", 0.9, 5.0, 0.9),
        ("地址：老街十二号", 0.6, 2.0, 1.1),
    ):
        x_at, y_at = left + x * (right - left), y + down * sheet.body
        _print(sheet, text, x_at, y_at, round(size * sheet.body), "notice", heading=True)
    return y + tall
