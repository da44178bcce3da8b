"""Picture files as page pictures: 8-bit colour, upright as the camera held it, one page a frame."""

import warnings
from collections.abc import Iterator
from io import BytesIO

import numpy as np

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
# A broadsheet at 400 dots per inch has 60 million pixels; a file that unpacks to more is a mistake or an attack.
MAX_PIXELS, MAX_PAGES = 100_000_000, 500
_LEAST_SIDE = 48  # pixels; recognisers fail on less, and no page is that small
_MISSING = "pictures need pillow and rapidocr; run: pip install 'banmian[scan]'"


def open_pictures(data: bytes) -> Iterator[np.ndarray]:
    """Yield each page of a picture file as an array of shape (height, width, 3), uint8, red first.

    Turned as its EXIF orientation says; transparency is laid on white; 16-bit and floating-point pixels are brought to
    8 bits by their own range; CMYK becomes RGB. Memory: one page at a time.

    Raises ``ValueError``: not a picture, cut short, over `MAX_PIXELS` or `MAX_PAGES`, or Pillow is not installed.
    """
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        raise ValueError(_MISSING) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data)) as file:
                n_pages = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
                if n_pages > MAX_PAGES:
                    raise ValueError(f"{n_pages} pages, at most {MAX_PAGES}; split the file")
                for page in range(n_pages):
                    file.seek(page)
                    _check_size(*file.size)
                    yield _as_rgb(ImageOps.exif_transpose(file))
    except Image.DecompressionBombError:
        raise ValueError(f"over {MAX_PIXELS} pixels; scan it at a lower resolution") from None
    except (OSError, SyntaxError, EOFError, TypeError, OverflowError, MemoryError) as error:
        # What Pillow raises for files that end early or were never pictures.
        why = "of no known format" if isinstance(error, UnidentifiedImageError) else str(error)[:80]
        raise ValueError(f"not a picture that can be read ({why}); save it again as PNG") from error


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ValueError(f"{width} x {height} pixels, at most {MAX_PIXELS}; scan it at a lower resolution")
    if min(width, height) < _LEAST_SIDE:
        raise ValueError(f"{width} x {height} pixels: too small to hold a page")


def _as_rgb(picture: object) -> np.ndarray:
    from PIL import Image

    assert isinstance(picture, Image.Image)
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, dtype=np.float32)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        picture = Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.new("RGBA", over.size, "white")
        picture.alpha_composite(over)
    return np.asarray(picture.convert("RGB"))
