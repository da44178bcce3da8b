import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pytest
from PIL import Image

from banmian.views.figures.write_if_changed import write_if_changed


def png(level: int, compress_level: int = 6) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((40, 40, 3), level, dtype=np.uint8)).save(buffer, "png", compress_level=compress_level)
    return buffer.getvalue()


def pdf(x: str) -> bytes:
    stream = f"{x} 5 m (基层)"
    objects = f"1 0 obj\n<<>>\nstream\n{stream}\nendstream\nendobj\n2 0 obj\n{len(x)}\nendobj"
    return f"{objects}\nxref\n0 {len(x)}\n%%EOF".encode()


def docx(text: str, level: int = 6) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr(ZipInfo("word/document.xml"), text * 100, compresslevel=level, compress_type=ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        (".docx", docx("报告", level=1), docx("报告", level=9)),
        (".png", png(200), png(200, compress_level=1)),  # another zlib packs the same pixels differently
        (".png", png(200), png(202)),
        (".svg", b'<path d="M 1.500000 2"/>', b'<path d="M 1.499999 2.0"/>'),
        (".pdf", pdf("1.5"), pdf("1.4999999999")),  # more digits move lengths and places of objects
        (".csv", "词,效\n党建,0.333333\n".encode(), "词,效\n党建,0.333334\n".encode()),
    ],
)
def test_what_shows_the_same_is_left_alone(suffix: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(old)
    assert not write_if_changed(path, new)
    assert path.read_bytes() == old


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        (".docx", docx("报告"), docx("报告。")),
        (".docx", b"no archive", docx("报告")),
        (".png", png(200), png(203)),
        (".png", b"no picture", png(200)),
        (".svg", b'<path d="M 1.5 2"/>', b'<path d="M 1.51 2"/>'),
        (".svg", b'<path d="M 1.5 2"/>', b'<path d="L 1.5 2"/>'),
        (".pdf", pdf("1.5"), pdf("1.51")),
        (".csv", "词,次\n党建,100000\n".encode(), "词,次\n党建,100001\n".encode()),  # a count is exact
        (".csv", "词,效\n党建,0.3333\n".encode(), "词,效\n党建,0.3334\n".encode()),
        (".csv", "词,效\n党建,0.5\n".encode(), "词,效\n文化,0.5\n".encode()),
        (".json", b"1.0", b"1.00000000001"),
    ],
)
def test_what_shows_something_else_is_written(suffix: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(old)
    assert write_if_changed(path, new)
    assert path.read_bytes() == new
    assert [p.name for p in tmp_path.iterdir()] == [path.name], "no temporary file stays behind"
