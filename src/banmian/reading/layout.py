"""Documents to sections: the room's front door.

raw text → printed lines → paragraphs (`repair`) → reading order (`columns`) → kinds and articles → sections
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
from tqdm import tqdm

from banmian.reading.articles import reading_order
from banmian.reading.articles.block_types import classify_blocks
from banmian.reading.articles.headings import Block
from banmian.reading.lines.line_types import (
    HEADING_LENGTH,
    ends_sentence,
    is_closing,
    is_dateline,
    is_numbered,
    jump_line_length,
    strip_markdown,
)
from banmian.reading.lines.spans import TextBlock, covering_spans
from banmian.reading.lines.view import reading_view
from banmian.reading.near_duplicates import earliest_duplicates
from banmian.reading.paragraphs.join import join_lines
from banmian.reading.scan.sections import add_places, printed_lines_of, scan_blocks
from banmian.text.markup import INVISIBLE
from banmian.text.script import detect_script, simplify

COLUMNS = [
    "doc_id", "article_id", "section_id", "kind", "heading", "text", "simplified", "script", "spans", "duplicate_of",
]  # fmt: skip
_TOGETHER = 600  # characters up to which the paragraphs under one sub-heading are one section
_ITEM = 25  # characters; shorter ones are a list's lines
_ADDRESS = re.compile("(?:各位|同志们|女士们|朋友们|代表们|委员们)[^。]{0,12}[，！：]")
_FIELD = re.compile(r"(?:责任编辑|编辑|责编)[:：]\s*")
_SENTENCE_ENDS = re.compile(".*[。！？][”’」』）]*(?=.{4})")
_NOTE = re.compile("[（(][^（）()]*[）)](?=.{4})")
_TAIL = 80  # characters at a paragraph's end that are searched for a headline
_UNSEEN_RUN = re.compile(f"[{INVISIBLE}]+")
_UNTELLING = 6  # characters: a shorter section takes its document's script


def split_sections(documents: pd.DataFrame, find_twins: bool = True, progress: bool = False) -> pd.DataFrame:
    """Return the sections of all documents in reading order.

    Parameters
    ----------
    documents : DataFrame with columns doc_id and text, as `read_documents` gives them; the printed lines of a picture
        or PDF in the column lines say what is a paragraph, a headline and an article, instead of the text alone.
    find_twins : fill `duplicate_of`, which takes as long again as all the rest; else it is None everywhere.
    progress : show a bar where standard error is a terminal.

    Returns
    -------
    DataFrame with columns doc_id, article_id, section_id, kind (headline, body, byline, caption, notice), heading,
    text, simplified, script, spans, duplicate_of; if any document came as a picture or PDF also boxes and
    page_confidence (`scan.sections.add_places`). `spans` are [start, end) in characters of the document's text, in
    reading order; white space inside a span is what `text` shows as nothing, a space or a newline. Every character
    that is not white space is in exactly one section, and the printed characters of a section are those of its
    spans in order: a recogniser's "#" and "**" too (only `heading` leaves them out).

    Raises ValueError where a doc_id occurs twice or a text is not a string.
    """
    rows = []
    seen: set[str] = set()
    scanned = printed_lines_of(documents)
    pages = zip(documents["doc_id"], documents["text"], scanned, strict=True)
    for doc_id, text, lines in tqdm(pages, "pages", len(documents), unit=" pages", disable=None if progress else True):
        if not isinstance(text, str):
            raise ValueError(f"{doc_id}: its text is {type(text).__name__}, not str; drop the row or fill it")
        if doc_id in seen:
            raise ValueError(f"{doc_id}: two documents have this doc_id; rename one")
        seen.add(doc_id)
        rows += list(_document_sections(str(doc_id), text, lines))
    sections = pd.DataFrame(rows, columns=COLUMNS)
    if any(lines is not None for lines in scanned):
        sections = add_places(sections, dict(zip(documents["doc_id"].astype(str), scanned, strict=True)))
    if find_twins and len(sections):
        sections["duplicate_of"] = earliest_duplicates(sections)
    return sections


def _document_sections(doc_id: str, raw: str, lines: pd.DataFrame | None = None) -> Iterator[dict[str, object]]:
    simplified = simplify(raw)
    plain = reading_view(raw)  # the same places as in `raw`, so one set of rules serves both scripts
    blocks = _text_blocks(raw, plain) if lines is None else scan_blocks(raw, plain, lines)
    whole = _with_unseen(raw, plain, blocks)
    page_script = detect_script(raw)
    article = 0
    for n, (kind, heading, members, starts) in enumerate(_group(blocks), start=1):
        article += starts
        members = [whole.get(block, block) for block in members] if whole else members
        text = "\n".join(block.text for block in members)
        script = detect_script(text)
        if script == "hans" and page_script == "hant" and not _tells(text):
            script = page_script
        yield {
            "doc_id": doc_id,
            "article_id": f"{doc_id}/a{article}",
            "section_id": f"{doc_id}/s{n}",
            "kind": kind,
            "heading": heading,
            "text": text,
            "simplified": "\n".join(block.paragraph.text(simplified) for block in members),
            "script": script,
            "spans": covering_spans(raw, [block.paragraph for block in members]),
            "duplicate_of": None,
        }


def _text_blocks(raw: str, plain: str) -> list[Block]:
    paragraphs, judge = join_lines(plain)
    paragraphs = reading_order.restore_order(plain, paragraphs, judge.score)
    return classify_blocks(raw, plain, list(_split_glued(plain, paragraphs)))


def _with_unseen(raw: str, plain: str, blocks: list[Block]) -> dict[Block, Block]:
    """Return block → block with what `printed_lines` took for a blank line, behind the piece that stands before it.

    A zero-width space alone on a line is no paragraph, but no character of the file may get lost.
    """
    runs = [found.span() for found in _UNSEEN_RUN.finditer(raw)]
    placed = sorted(
        (piece, n, i)
        for n, block in enumerate(blocks if runs else [])
        for i, piece in enumerate(block.paragraph.char_spans)
    )
    added: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for start, end in runs:
        (_, until), n, i = placed[max(0, bisect_right(placed, ((start, len(raw) + 1),)) - 1)]
        if start >= until or start < placed[0][0][0]:  # else it stands in a line with printed characters
            added.setdefault(n, {}).setdefault(i, []).append((start, end))
    whole = {}
    for n, more in added.items():
        paragraph = blocks[n].paragraph.with_pieces(more)
        text, simplified = paragraph.text(raw), paragraph.text(plain)
        whole[blocks[n]] = replace(blocks[n], paragraph=paragraph, text=text, plain=simplified)
    return whole


def _tells(text: str) -> bool:
    """Tell whether any character of `text` is Simplified only; a text without one takes its page's script."""
    return detect_script("會" + text) != "hant"


def _split_glued(plain: str, paragraphs: list[TextBlock]) -> Iterator[TextBlock]:
    """Part what was glued together: a page mark from its text, a headline from a source line or a story before it."""
    lines: list[str] = []
    texts = [paragraph.text(plain) for paragraph in paragraphs]
    for place, (paragraph, text) in enumerate(zip(paragraphs, texts, strict=True)):
        cut = jump_line_length(text)
        if cut in (0, len(text)):
            cut = _glued_headline(text, lines) if len(text) < 300 else 0
            cut = cut or _headline_after_story(text, texts[place + 1] if place + 1 < len(texts) else "")
        if cut:
            yield from paragraph.split_at(cut)
        else:
            yield paragraph
        lines = [*lines[-3:], text[:300]]


def _headline_after_story(line: str, below: str) -> int:
    """Return where a headline begins that is glued to the end of a story, or 0.

    Known by the dateline below it (…圆满结束。江城新桥通车 over 本报江城3月5日电), or by a closing line in brackets.
    """
    if ends_sentence(line) or not below:
        return 0
    found = _SENTENCE_ENDS.match(line[-_TAIL:]) if is_dateline(below) else None
    if found:
        return len(line) - _TAIL + found.end() if len(line) > _TAIL else found.end()
    note = _NOTE.match(line[:_TAIL])
    if note and len(line) - note.end() < HEADING_LENGTH and is_closing(note.group()):
        return note.end()
    return 0


def _glued_headline(line: str, above: list[str]) -> int:
    """Return where a headline begins that is glued to an editor's name (责任编辑:曹川川习近平对…), or 0.

    The headline is known from a line above it; without one, a name of three characters is assumed before a long rest.
    """
    found = _FIELD.search(line)
    if not found:
        return 0
    for start in range(found.end() + 1, min(found.end() + 6, len(line) - 7)):
        if any(line[start : start + 8] in other for other in above):
            return start
    rest = len(line) - found.end()
    return found.end() + 3 if rest > 12 and " " not in line[found.end() :] else 0


def _group(blocks: list[Block]) -> Iterator[tuple[str, str, list[Block], bool]]:
    """Yield kind, heading, blocks and "starts an article" of every section."""
    heading, place, pending = "", 0, False
    while place < len(blocks):
        block = blocks[place]
        pending = pending or block.starts
        if block.starts:
            heading = ""
        end = place + 1
        if block.kind == "headline":
            while end < len(blocks) and blocks[end].kind == "headline" and not blocks[end].starts:
                end += 1
            heading = " ".join(
                [heading, *(strip_markdown(b.text) for b in blocks[place:end] if not jump_line_length(b.plain))]
            ).strip()
            yield "headline", heading, blocks[place:end], pending
        elif block.kind == "subheading":
            while end < len(blocks) and blocks[end].kind == "subheading":
                end += 1
            sub = " ".join(strip_markdown(b.text) for b in blocks[place:end])
            body_end = end
            while body_end < len(blocks) and blocks[body_end].kind == "body" and not blocks[body_end].starts:
                body_end += 1
            parts = list(_pack(blocks[place:end], blocks[end:body_end]))
            for n, part in enumerate(parts):
                yield "body", sub, part, pending and n == 0
            end = body_end
        elif block.kind == "body":
            while block.paragraph.role and end < len(blocks) and _goes_on_verse(blocks[end]):
                end += 1
            yield "body", heading, blocks[place:end], pending
        else:
            while end < len(blocks) and blocks[end].kind == block.kind and not blocks[end].starts:
                end += 1
            yield block.kind, heading, blocks[place:end], pending
        pending = False
        place = end


def _goes_on_verse(block: Block) -> bool:
    return block.kind == "body" and block.paragraph.role == "verse" and not block.starts


def _pack(heads: list[Block], bodies: list[Block]) -> Iterator[list[Block]]:
    """Pack the paragraphs under one sub-heading into sections of about 600 characters, the heads into the first.

    A numbered paragraph ((一), 1., 第一，) begins a section, and so does an address (各位代表，) behind one.
    """
    part, size = list(heads), sum(len(head.text) for head in heads)
    empty, numbered = True, False
    for body in bodies:
        opens = _is_item(body.plain) or (numbered and bool(_ADDRESS.match(body.plain)))
        if not empty and (opens or size + len(body.text) > _TOGETHER):
            yield part
            part, size = [], 0
        numbered = numbered or opens
        part.append(body)
        size += len(body.text)
        empty = False
    yield part


def _is_item(text: str) -> bool:
    """Tell whether a paragraph is a numbered one with a subject of its own, not a line of a short list."""
    return is_numbered(text) and len(text) >= _ITEM
