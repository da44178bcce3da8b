"""What reading did with a page, computed afterwards from the raw text and its sections alone.

Nothing here decides anything: sections carry their spans, so every run of white space of a file can be asked what
became of it. That makes the account a check on the reader, not a second opinion of it.
"""

import re

import pandas as pd

_WHITE = re.compile(r"\s+")
DECISIONS = ("join", "space", "word", "paragraph")


def whitespace_decisions(documents: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Return what became of every run of white space between two printed characters.

    Parameters
    ----------
    documents : DataFrame with columns doc_id and text, as `read_documents` gives them.
    sections : DataFrame
        As `split_sections` makes them of these documents.

    Returns
    -------
    DataFrame with columns doc_id, start, end (characters of the raw file), decision; in the order of the files.
    `join`: a line break inside a paragraph that vanished or became a space. `space`: spaces that vanished. `word`:
    spaces that still part two words. `paragraph`: what follows stands in another paragraph or section.
    """
    rows = []
    for doc_id, raw in zip(documents["doc_id"], documents["text"], strict=True):
        after = _gaps(raw, sections[sections["doc_id"] == doc_id])
        for run in _WHITE.finditer(raw):
            if run.start() > 0 and run.end() < len(raw):
                follower, gap = after[run.start() - 1]
                rows.append((doc_id, run.start(), run.end(), _decision(run, follower, gap)))
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "decision"])


def line_paragraphs(raw: str, sections: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the printed lines of one document and the paragraphs they went to.

    Returns
    -------
    lines : DataFrame with columns line (counted from 1), text, paragraph (missing for blank lines). A line that was cut
        goes to the paragraph of its first character.
    paragraphs : DataFrame with columns paragraph (counted from 0 in reading order), section_id, text.
    """
    places: dict[int, int] = {}
    paragraphs: list[tuple[int, str, str]] = []
    for section_id, section_text, spans in zip(
        sections["section_id"], sections["text"], sections["spans"], strict=True
    ):
        order = iter(_printed(raw, spans))
        for text in section_text.split("\n"):
            places |= {next(order): len(paragraphs) for char in text if not char.isspace()}
            paragraphs.append((len(paragraphs), section_id, text))
    lines, start = [], 0
    for number, line in enumerate(raw.split("\n"), start=1):
        printed = start + len(line) - len(line.lstrip())
        lines.append((number, line, places.get(printed) if line.strip() else None))
        start += len(line) + 1
    columns = ["paragraph", "section_id", "text"]
    frame = pd.DataFrame(lines, columns=["line", "text", "paragraph"]).astype({"paragraph": "Int64"})
    return frame, pd.DataFrame(paragraphs, columns=columns)


def _printed(raw: str, spans: list[list[int]]) -> list[int]:
    """Return the places of the printed characters of a section, in reading order."""
    return [i for start, end in spans for i in range(start, end) if not raw[i].isspace()]


def _gaps(raw: str, sections: pd.DataFrame) -> dict[int, tuple[int, str]]:
    """Map each printed character's place to its follower's place in the section (-1: none) and to what parts them."""
    gaps: dict[int, tuple[int, str]] = {}
    for text, spans in zip(sections["text"], sections["spans"], strict=True):
        order = _printed(raw, spans)
        between = re.findall(r"\S(\s*)", text)
        if len(between) != len(order):
            raise ValueError(
                f"a section of {len(order)} printed characters has spans of {len(between)}; read the file again"
            )
        gaps |= {i: (j, gap) for i, j, gap in zip(order, [*order[1:], -1], between, strict=True)}
    return gaps


def _decision(run: re.Match[str], follower: int, gap: str) -> str:
    if follower != run.end() or "\n" in gap:
        return "paragraph"
    if "\n" in run.group() or "\r" in run.group():
        return "join"
    return "word" if gap else "space"
