"""A Chinese font for PDF files that name one without carrying it, as government papers do (SimSun, FangSong).

Without one PDFium draws nothing for such text and leaves single characters out of the text layer too. The font is the
one that figures are drawn with, so that a page comes out alike on every machine.
"""

import ctypes
import struct
from functools import cache
from pathlib import Path
from typing import Any

_CHARSETS = (128, 129, 134, 136)  # Shift JIS, Hangul, GB 2312, Big5, as Windows counts them
_HANDLE = 0x0BA2


@cache
def use_packaged_font() -> Any:
    """Let PDFium take the packaged font for Chinese text; returns the handler, once a process; None without a font."""
    import pypdfium2

    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return None

    data = Path(pylopdf_fonts_zh_cn.serif_path()).read_bytes()
    tables = _tables(data)

    class PackagedFont(pypdfium2.PdfSysfontBase):
        def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:
            if charset in _CHARSETS:
                return _HANDLE
            return self.default.MapFont(self.default, weight, italic, charset, pitch, face, exact)

        def GetFontData(self, _: Any, font: Any, table: int, buffer: Any, size: int) -> int:
            if font != _HANDLE:
                return self.default.GetFontData(self.default, font, table, buffer, size)
            part = data if table == 0 else tables.get(table, b"")
            if buffer and size >= len(part):
                ctypes.memmove(buffer, part, len(part))
            return len(part)

        def GetFaceName(self, _: Any, font: Any, buffer: Any, size: int) -> int:
            return 0 if font == _HANDLE else self.default.GetFaceName(self.default, font, buffer, size)

        def GetFontCharset(self, _: Any, font: Any) -> int:
            return 134 if font == _HANDLE else self.default.GetFontCharset(self.default, font)

        def DeleteFont(self, _: Any, font: Any) -> None:
            if font != _HANDLE:
                self.default.DeleteFont(self.default, font)

    handler = PackagedFont()
    handler.setup()
    return handler


def _tables(data: bytes) -> dict[int, bytes]:
    """Return the tables of an OpenType font by their tag, as a number (OpenType specification, "Font File")."""
    count = struct.unpack(">H", data[4:6])[0]
    found = {}
    for place in range(count):
        tag, _, start, size = struct.unpack(">IIII", data[12 + 16 * place : 28 + 16 * place])
        found[tag] = data[start : start + size]
    return found
