"""The printed lines of a scan as blocks for `layout`, and where its sections stand on the page."""

import itertools
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pandas as pd

from banmian.reading.articles.headings import Block
from banmian.reading.lines.spans import TextBlock, concatenate, printed_lines


def scan_blocks(raw: str, plain: str, lines: pd.DataFrame) -> list[Block]:
    """Return the paragraphs of a page that the page's geometry has found, as `classify_blocks` does for plain text.

    Parameters
    ----------
    raw, plain : the document's text, as printed and in Simplified script.
    lines : its printed lines, as `pages.read_scan` gives them.
    """
    printed = list(printed_lines(raw))
    starts = [line.start for line in printed]
    blocks = []
    for _, rows in lines.groupby("paragraph", sort=False):
        members = [printed[bisect_left(starts, start)] for start in rows["start"]]
        paragraph = concatenate(members, [_glue(raw, one, other) for one, other in itertools.pairwise(members)])
        kind, begins = rows["kind"].iloc[0], bool(rows["starts"].iloc[0])
        blocks.append(Block(paragraph, paragraph.text(raw), paragraph.text(plain), kind, begins))
    return blocks


def _glue(raw: str, before: TextBlock, after: TextBlock) -> str:
    left, right = raw[before.end - 1], raw[after.start]
    return " " if left.isascii() and right.isascii() and left.isalnum() and right.isalnum() else ""


def printed_lines_of(documents: pd.DataFrame) -> list[pd.DataFrame | None]:
    """Return each document's printed lines; None for those that came as text, whatever stands in the column lines."""
    given = documents["lines"] if "lines" in documents.columns else [None] * len(documents)
    return [lines if isinstance(lines, pd.DataFrame) else None for lines in given]


def add_places(sections: pd.DataFrame, lines: dict[str, pd.DataFrame | None]) -> pd.DataFrame:
    """Return the sections with boxes and page_confidence, null for documents that came as text.

    `lines` are the printed lines of each document, by its doc_id.

    boxes : list of [page, left, top, right, bottom], one a printed line, in the order of the text. page_confidence:
    the mean confidence of all characters on the page where the section begins, 1 for the text layer of a PDF.
    """
    confidence = {doc_id: _confidence(own) for doc_id, own in lines.items() if own is not None}
    boxes: list[object] = []
    sure: list[float | None] = []
    for doc_id, spans in zip(sections["doc_id"], sections["spans"], strict=True):
        own = lines[doc_id]
        found = None if own is None else _boxes(own, spans)
        boxes.append(found)
        sure.append(confidence[doc_id][found[0][0]] if found else None)
    columns = {"boxes": boxes, "page_confidence": sure}
    return sections.assign(**{name: pd.Series(of, sections.index, dtype=object) for name, of in columns.items()})


def _boxes(lines: pd.DataFrame, spans: Sequence[Sequence[int]]) -> list[list[int]]:
    starts = lines["start"].to_numpy()
    rows = [row for start, end in spans for row in range(*np.searchsorted(starts, [start, end]))]
    return lines.iloc[rows][["page", "left", "top", "right", "bottom"]].to_numpy().tolist()


def _confidence(lines: pd.DataFrame) -> dict[int, float]:
    lengths = lines["end"] - lines["start"]
    weighted = (lines["confidence"] * lengths).groupby(lines["page"]).sum()
    return dict((weighted / lengths.groupby(lines["page"]).sum()).round(3))
