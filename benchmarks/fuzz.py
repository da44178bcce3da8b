"""Bytes that a fuzzer makes, led by the code that they reach, into everything that reads files from outside.

    PYTHONPATH=.venv/lib/python3.11/site-packages OTHER_ENVIRONMENT/bin/python benchmarks/fuzz.py TARGET [SECONDS]

TARGET: document (bytes of a page), html, pdf, sections (text of a page), labels (bytes of a scheme.csv), lines (a
.jsonl), parquet, model (a labeller's file). Needs atheris, which is not among the project's packages: install it into
an environment of its own (it needs the same Python) and lend it the project's packages as above.

A target may raise ``ValueError`` with a message that names the file, which is what the command line shows in one line;
anything else stops the run and is written to a file ``crash-…``. The last line says how many inputs were tried.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import atheris
import numpy as np
import pandas as pd

with atheris.instrument_imports(include=["banmian"]):
    from banmian import partitions
    from banmian.config import ROOT
    from banmian.io.tables import write_parquet
    from banmian.labels import scheme
    from banmian.models.classify import labeller, persistence
    from banmian.pipeline.rows import body_rows, map_rows
    from banmian.reading import corpus, layout

SMALL_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj
4 0 obj<</Length 15>>stream
BT (text) Tj ET
endstream endobj
trailer<</Root 1 0 R>>"""
FOLDER = Path(tempfile.mkdtemp())
SECTIONS = layout.split_sections(corpus.read_documents(ROOT / "seeds"))


def written(name: str, data: bytes) -> Path:
    """Write the bytes to a file of this name and return it."""
    path = FOLDER / name
    path.write_bytes(data)
    return path


def document(data: bytes) -> None:
    """A page in any encoding, or none."""
    corpus.read_documents(written("page.txt", data))


def html(data: bytes) -> None:
    """A web page."""
    corpus.read_documents(written("page.html", data))


def pdf(data: bytes) -> None:
    """A PDF file."""
    corpus.read_documents(written("page.pdf", data))


def sections(data: bytes) -> None:
    """A page in UTF-8, all the way; no printed character may get lost."""
    text = data.decode("utf-8", "replace")
    found = layout.split_sections(corpus.read_documents(written("page.txt", text.encode())))
    printed = sorted("".join(text.removeprefix("\ufeff").split()))
    if sorted("".join("".join(found["text"]).split())) != printed:
        raise AssertionError("a character was lost or made")


def label_rows(data: bytes) -> None:
    """Hand labels: the real header and first rows, then anything."""
    head = (ROOT / "seeds" / "labels.csv").read_bytes()[: 400 * (data[:1] < b"\x80")]
    scheme.read_labels(written("labels.csv", head + data[1:]), SECTIONS)


def lines(data: bytes) -> None:
    """JSON lines of id and text."""
    for batch in map_rows(partitions.open_corpus(written("rows.jsonl", data)), body_rows, []):
        len(batch)


def parquet(data: bytes) -> None:
    """A Parquet file, or what calls itself one."""
    for part in partitions.find_partitions(partitions.open_corpus(written("rows.parquet", data))):
        for batch in partitions.read_partition(part):
            body_rows(batch)


def model(data: bytes) -> None:
    """A labeller's file."""
    labeller.load_labeller(written("model.skops", data))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "document": document,
    "html": html,
    "pdf": pdf,
    "sections": sections,
    "labels": label_rows,
    "lines": lines,
    "parquet": parquet,
    "model": model,
}


def beginnings(target: str) -> Iterator[bytes]:
    """Yield inputs that are in order, for the fuzzer to spoil."""
    pages = [path.read_text(encoding="utf-8")[:600] for path in sorted((ROOT / "seeds").glob("*.txt"))]
    if target in ("document", "sections"):
        yield from (page.encode(name, "replace") for page in pages for name in ("utf-8", "gb18030", "big5", "utf-16"))
    elif target == "html":
        yield from (f"<html><body><h1>{page[:9]}</h1><p>{page}</p><!-- x --></body></html>".encode() for page in pages)
    elif target == "pdf":
        yield SMALL_PDF
    elif target == "labels":
        yield from ((ROOT / "seeds" / "labels.csv").read_bytes()[start : start + 800] for start in (0, 400, 4_000))
    elif target == "lines":
        yield "\n".join(json.dumps({"id": page[:5], "text": page}, ensure_ascii=False) for page in pages).encode()
    elif target == "parquet":
        write_parquet([pd.DataFrame({"id": ["甲", "乙"], "text": pages[:2]})], FOLDER / "whole.parquet")
        yield (FOLDER / "whole.parquet").read_bytes()
    else:
        persistence.save_parts({"idf": np.ones(3)}, {"labels": ["a", "b"]}, FOLDER / "whole.skops")
        yield (FOLDER / "whole.skops").read_bytes()


def main() -> None:
    """Run one target for some seconds (60)."""
    target, seconds = TARGETS[sys.argv[1]], sys.argv[2] if len(sys.argv) > 2 else "60"

    def one(data: bytes) -> None:
        try:
            target(data)
        except ValueError as error:
            if type(error) is not ValueError:
                raise

    start = FOLDER / "start"
    start.mkdir()
    for number, data in enumerate(beginnings(sys.argv[1])):
        (start / str(number)).write_bytes(data)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=6000", str(start)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
