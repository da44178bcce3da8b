"""Picture files of every kind come in as page pictures, or end in one clear line."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from banmian.reading.scan import pictures
from banmian.reading.scan.pictures import open_pictures


def stored(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def page(mode: str = "RGB") -> Image.Image:
    """White, with a dark block in the upper left corner."""
    drawn = Image.new("L", (200, 300), 255)
    drawn.paste(0, (20, 20, 80, 60))
    return drawn.convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_every_kind_gives_the_same_page(kind: str) -> None:
    (found,) = open_pictures(stored(page(), kind))
    assert (found.shape, found.dtype) == ((300, 200, 3), np.uint8)
    assert found[40, 50].max() < 40
    assert found[200, 150].min() > 215


def test_colours_of_print_sixteen_bits_and_transparency() -> None:
    deep = Image.fromarray(np.asarray(page("L")).astype(np.uint16) * 4)
    clear = page("RGBA")
    clear.putalpha(Image.fromarray(255 - np.asarray(page("L"))))  # white is transparent, black is not
    for data in (
        stored(page("CMYK"), "TIFF"),
        stored(deep),
        stored(clear),
        stored(page("P")),
        stored(page("1"), "TIFF"),
    ):
        (found,) = open_pictures(data)
        assert found[40, 50].max() < 40
        assert found[200, 150].min() > 215


def test_the_orientation_that_a_camera_wrote_is_followed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right to see it
    (found,) = open_pictures(stored(page(), "JPEG", exif=exif))
    assert found.shape == (200, 300, 3)
    assert found[50, 260].max() < 60


def test_a_tiff_may_hold_several_pages() -> None:
    data = stored(page(), "TIFF", save_all=True, append_images=[page("L"), page("1")])
    assert len(list(open_pictures(data))) == 3


def test_what_is_no_picture_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = stored(page(), "JPEG")
    for data, fact in (
        (b"no picture", "of no known format"),
        (whole[: len(whole) // 2], "truncated"),
        (b"", "no known format"),
    ):
        with pytest.raises(ValueError, match=fact):
            list(open_pictures(data))
    with pytest.raises(ValueError, match="too small to hold a page"):
        list(open_pictures(stored(Image.new("L", (30, 30)))))
    monkeypatch.setattr(pictures, "MAX_PIXELS", 50_000)
    with pytest.raises(ValueError, match="200 x 300 pixels, at most 50000"):
        list(open_pictures(stored(page())))
