"""A picture or PDF file as a document: its printed lines in reading order, each with its place and what it is."""

import json
import warnings
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.io.cache import Cache, cached
from banmian.reading.lines.line_types import ends_sentence
from banmian.reading.scan import pdf
from banmian.reading.scan.cuts import read_columns
from banmian.reading.scan.flow import read_pieces
from banmian.reading.scan.marks import find_marks, skew_of, type_width
from banmian.reading.scan.pictures import open_pictures
from banmian.reading.scan.recognise import Recognised, recognise
from banmian.reading.scan.rules import find_rules
from banmian.text.script import simplify

COLUMNS = [
    "page", "left", "top", "right", "bottom", "confidence", "start", "end", "paragraph", "kind", "starts",
]  # fmt: skip
# Recognising takes seconds a page, reading its boxes none; so recognised pages stay until the cache is deleted.
_CODE = ("marks", "pages", "pictures", "recognise", "rules")
RECOGNISED = Cache("scans", ".json", 2, tuple(f"reading/scan/{name}.py" for name in _CODE), None)
_UNSURE = 0.5  # confidence under which a line is reported
_RUBBISH = 0.6  # mean confidence of a page's characters under which it is reported
_NOTHING = (
    "no text that can be read; is it blank, a photograph, or a PDF without a character map? scan or print it again"
)
_LEAST = 4  # characters recognised with confidence that make a picture a page


Page = tuple[Recognised, np.ndarray, np.ndarray]


class ScanWarning(UserWarning):
    """A page was read, but some of its lines are doubtful or could not be read at all."""


def read_scan(data: bytes, suffix: str) -> tuple[str, pd.DataFrame]:
    """Return the text of a picture or PDF file and its printed lines, both in reading order.

    Parameters
    ----------
    data : the file's bytes.
    suffix : its ending in lower case, ``.pdf`` or one of `pictures.SUFFIXES`.

    Returns
    -------
    text : one printed line a line.
    lines : DataFrame, a row a printed line: page (from 1), left, top, right, bottom (pixels of the page picture; of a
        PDF at 150 dots per inch), confidence (0 to 1; 1 for a PDF's text layer), start and end in `text`, paragraph
        (lines of one share it), kind (headline, subheading, body, byline, caption, notice) and starts (its paragraph
        begins an article).

    What is recognised is cached under the file's hash. Raises ``ValueError``, without the file's name: nothing that can
    be read, or the extra ``scan`` not installed. Warns (`ScanWarning`) of doubtful lines and pages.
    """
    return assemble(_pdf_pages(data) if suffix == ".pdf" else _picture_pages(data))


def assemble(pages: Iterable[Page]) -> tuple[str, pd.DataFrame]:
    """Return text and lines as `read_scan` does, of pages as they were recognised: lines, rules and frames of each."""
    rows: list[pd.DataFrame] = []
    parts: list[str] = []
    n_paragraphs = length = 0
    last: tuple[str, int] | None = None
    for number, (page, rules, frames) in enumerate(pages, start=1):
        frame, texts = _page_lines(page, rules, frames)
        _doubts(page, number)
        if not len(frame):
            continue
        frame["paragraph"] += n_paragraphs
        if last is not None:
            _carry_on(frame, last)
        n_paragraphs = max(n_paragraphs, int(frame["paragraph"].max()) + 1)
        body = np.flatnonzero(frame["kind"] == "body")
        last = (texts[body[-1]], int(frame["paragraph"].iloc[body[-1]])) if len(body) else last or ("", -1)
        sizes = np.array([len(text) for text in texts])
        ends = length + np.cumsum(sizes + 1) - 1
        frame["start"], frame["end"], frame["page"] = ends - sizes, ends, number
        length = int(ends[-1]) + 1
        rows.append(frame[COLUMNS])
        parts += texts
    if not rows:
        raise ValueError(_NOTHING)
    lines = pd.concat(rows, ignore_index=True)
    lines.loc[lines["paragraph"] == lines["paragraph"].iloc[0], "starts"] = True
    return "\n".join(parts), lines


def _page_lines(page: Recognised, rules: np.ndarray, frames: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    """Return the lines of one page in reading order: all of `COLUMNS` but the places in the text, and the texts."""
    marks = find_marks(page.quads, [simplify(text) for text in page.texts], rules, frames)
    pieces = read_pieces(marks, read_columns(marks))
    order = [item for piece in pieces for item in piece.lines]
    lengths = [len(piece.lines) for piece in pieces]
    quads = page.quads[order].reshape(-1, 4, 2)
    low, high = quads.min(axis=1).round().astype(int), quads.max(axis=1).round().astype(int)
    frame = pd.DataFrame({"left": low[:, 0], "top": low[:, 1], "right": high[:, 0], "bottom": high[:, 1]})
    frame["confidence"] = np.round([page.scores[item] for item in order], 3)
    frame["paragraph"] = np.repeat(np.arange(len(pieces)), lengths)
    frame["kind"] = np.repeat([piece.kind for piece in pieces], lengths)
    frame["starts"] = np.repeat([piece.starts for piece in pieces], lengths)
    return frame, [" ".join(page.texts[item].split()) for item in order]


def _carry_on(frame: pd.DataFrame, last: tuple[str, int]) -> None:
    """Let a page without a headline at its top go on, in place, with the article before it, and with its sentence."""
    main = np.flatnonzero(frame["kind"] != "notice")
    if not len(main) or frame["kind"].iloc[main[0]] not in ("body", "subheading"):
        return
    paragraph = frame["paragraph"].iloc[main[0]]
    same = frame["paragraph"] == paragraph
    frame.loc[same, "starts"] = False
    line, number = last
    if number >= 0 and frame["kind"].iloc[main[0]] == "body" and not ends_sentence(simplify(line)):
        frame.loc[same, "paragraph"] = number


def _doubts(page: Recognised, number: int) -> None:
    unsure = sum(score < _UNSURE for score in page.scores)
    confidence = page_confidence(page)
    if page.texts and confidence < _RUBBISH:
        warnings.warn(f"page {number}: rubbish, recognised with confidence {confidence:.2f}", ScanWarning, stacklevel=3)
    elif unsure:
        problem = f"page {number}: {unsure} of {len(page.scores)} lines recognised with confidence under {_UNSURE}"
        warnings.warn(problem, ScanWarning, stacklevel=3)


def page_confidence(page: Recognised) -> float:
    """Return the mean confidence of a page's characters; 0 without any."""
    weights = [type_width(text) for text in page.texts]
    return float(np.average(page.scores, weights=weights)) if sum(weights) else 0.0


def _picture_pages(data: bytes) -> Iterator[Page]:
    yield from _cached(data, _recognised(open_pictures(data)))


def _recognised(pictures: Iterable[np.ndarray]) -> Iterator[Page]:
    for picture in pictures:
        found = recognise(picture)
        sure = sum(len(text) for text, score in zip(found.texts, found.scores, strict=True) if score >= _UNSURE)
        if sure < _LEAST:
            found = Recognised(np.zeros((0, 4, 2)), [], [], 0)
        turned = np.rot90(picture, found.turns) if found.turns else picture
        yield found, *find_rules(np.ascontiguousarray(turned), skew_of(found.quads))


def _pdf_pages(data: bytes) -> Iterator[Page]:
    file = pdf.open_pdf(data)
    try:
        n_characters = 0
        for number in range(len(file)):
            page = pdf.page_lines(file, number)
            if page is None:
                warnings.warn(f"page {number + 1}: damaged, skipped", ScanWarning, stacklevel=3)
                yield Recognised(np.zeros((0, 4, 2)), [], []), np.zeros((0, 4)), np.zeros((0, 4))
                continue
            n_characters += sum(map(len, page.texts))
            if n_characters > pdf.MAX_CHARACTERS:
                raise ValueError(f"over {pdf.MAX_CHARACTERS} characters; split the file")
            if page.texts and page.readable:
                left, top, right, bottom = page.boxes.T
                quads = np.stack([left, top, right, top, right, bottom, left, bottom], axis=1).reshape(-1, 4, 2)
                rules = find_rules(pdf.draw_page(file, number)) if number < 100 else (np.zeros((0, 4)),) * 2
                yield Recognised(quads, page.texts, [1.0] * len(page.texts)), *rules
                continue
            yield from _drawn(file, number, bool(page.texts))
    finally:
        file.close()


def _drawn(file: Any, number: int, unreadable: bool) -> Iterator[Page]:
    """Recognise the picture of a PDF page without a text layer, or with one that holds numbers of glyphs."""
    picture = pdf.draw_page(file, number)
    for page, rules, frames in _cached(picture.tobytes(), _recognised([picture])):
        problem = f"page {number + 1}: its text layer cannot be read (no character map)"
        if unreadable and pdf.is_text("".join(page.texts)) and page.texts:
            warnings.warn(f"{problem}; recognised instead", ScanWarning, stacklevel=4)
        elif unreadable:
            # A font that the file does not carry cannot be drawn rightly either.
            warnings.warn(f"{problem}, nor recognised; print it to PDF again, or scan it", ScanWarning, stacklevel=4)
            page = Recognised(np.zeros((0, 4, 2)), [], [])
        yield page, rules, frames


def _cached(data: bytes, pages: Iterator[Page]) -> Iterator[Page]:
    """Yield the pages, from the cache where the same bytes were recognised before by the same recogniser."""
    try:
        engine = version("rapidocr")
    except PackageNotFoundError:
        engine = ""
    packed = cached(
        RECOGNISED,
        [data, engine.encode()],
        make=lambda: [_packed(page) for page in pages],
        read=_read_pages,
        write=_write_pages,
    )
    # Rounded as in the cache, so that the first reading is the same as the next.
    yield from map(_unpacked, packed)


def _read_pages(path: Path) -> list[dict[str, Any]]:
    """Return what is cached; raises an exception where it does not hold pages."""
    packed: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for page in packed:
        _unpacked(page)
    return packed


def _write_pages(packed: list[dict[str, Any]], path: Path) -> None:
    path.write_text(json.dumps(packed, ensure_ascii=False), encoding="utf-8")


def _packed(page: Page) -> dict[str, Any]:
    found, rules, frames = page
    return {
        "quads": found.quads.round(1).tolist(),
        "texts": found.texts,
        "scores": found.scores,
        "turns": found.turns,
        "rules": rules.round(1).tolist(),
        "frames": frames.round(1).tolist(),
    }


def _unpacked(page: dict[str, Any]) -> Page:
    found = Recognised(
        np.array(page["quads"], dtype=float).reshape(-1, 4, 2),
        list(page["texts"]),
        [float(score) for score in page["scores"]],
        int(page["turns"]),
    )
    rules, frames = (np.array(page[name], dtype=float).reshape(-1, 4) for name in ("rules", "frames"))
    return found, rules, frames
