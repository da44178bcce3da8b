"""Pages for the tests of pictures and PDF files, made by hand."""

import io


def pdf_of(text: str | None) -> bytes:
    """A PDF of one page, written by hand: text in UTF-16 codes with a ToUnicode map, or an empty page."""
    codes = "".join(f"{ord(char):04X}" for char in text or "")
    stream = f"BT /F1 12 Tf 72 700 Td <{codes}> Tj ET" if text else ""
    cmap = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
    cmap += "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>",
        f"<</Length {len(cmap)}>>\nstream\n{cmap}\nendstream",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()
