"""Web pages and PDF files with a text layer, as text for the readers of this room; needs the extra ``formats``.

What a picture shows is not read, and the layout is lost: columns come in the order in which the file holds them.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Tags between which a reader sees a new line or paragraph; text of all others runs on (b, a, span, ruby).
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on
SKIPPED_TAGS = ("script", "style", "template", "noscript", "head", "iframe", "object", "svg", "rt", "rp")
# A page of a newspaper holds some ten thousand characters; a file beyond these is a mistake or an attack.
MAX_BYTES, MAX_PAGES, MAX_CHARACTERS = 100_000_000, 5_000, 50_000_000
_SPACES = re.compile(r"[ \t\r\n\f]+")
# Where the source is wrapped between two Han characters or marks no space is meant, though browsers show one.
_WRAPPED = re.compile(r"(?<=[\u3001-\u9fff\uff01-\uff65])[ \t]*[\r\n][ \t\r\n]*(?=[\u3001-\u9fff\uff01-\uff65])")


class DamagedFileWarning(UserWarning):
    """A file could be read, but its parser had to guess; its text may lack something."""


def read_html(data: bytes) -> str:
    """Return what a reader of the page would see as text, a paragraph a block, the title first if the body lacks it.

    Encodings are told by the page itself, else guessed. Scripts, styles, pronunciation marks and hidden elements are
    left out. Nothing that the page links to is fetched.

    Raises ``ValueError``: over 100 MB, nothing to read, or the extra is not installed.
    """
    try:
        from bs4 import BeautifulSoup, Tag
        from bs4.element import NavigableString, PreformattedString
    except ImportError:
        raise ValueError("HTML needs beautifulsoup4; run: pip install 'banmian[formats]'") from None
    _check_size(data)
    soup = BeautifulSoup(data, "html.parser")
    title = _SPACES.sub(" ", soup.title.get_text()).strip() if soup.title else ""
    parts: list[str] = []
    # An explicit stack: a page of ten thousand nested tags must not exhaust Python's own.
    stack: list[object] = [soup]
    while stack:
        node = stack.pop()
        if isinstance(node, str) and not isinstance(node, NavigableString):
            parts.append(node)
        elif isinstance(node, Tag):
            if node.name in SKIPPED_TAGS or _is_hidden(node):
                continue
            if node.name == "br":
                parts.append("\n")
                continue
            block = node.name in _BLOCKS
            stack += [*(["\n\n"] if block else []), *reversed(node.contents), *(["\n\n"] if block else [])]
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parts.append(_SPACES.sub(" ", _WRAPPED.sub("", str(node))))
    text = _tidy("".join(parts))
    if title and title.split("_")[0].split("-")[0].strip() not in text:
        text = f"{title}\n\n{text}"
    return _not_empty(text, "the page shows no text; is it made by a script? save it from the browser as text")


def read_pdf(data: bytes) -> str:
    """Return the text layer of a PDF, pages separated by an empty line.

    Raises ``ValueError``: not a PDF, protected by a password, damaged, no text layer (a scan), over 100 MB, 5,000 pages
    or 50 million characters, or the extra is not installed. What its parser could mend is one `DamagedFileWarning`.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise ValueError("PDF needs pypdf; run: pip install 'banmian[formats]'") from None
    _check_size(data)
    pages: list[str] = []
    try:
        with capture_log("pypdf") as notes:
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ValueError("protected by a password; save it without one")
            if len(reader.pages) > MAX_PAGES:
                raise ValueError(f"{len(reader.pages)} pages, at most {MAX_PAGES}; split the file")
            for page in reader.pages:
                pages.append(page.extract_text())
                if sum(map(len, pages)) > MAX_CHARACTERS:
                    raise ValueError(f"over {MAX_CHARACTERS} characters; split the file")
    except ValueError as error:
        raise ValueError(f"not a PDF that can be read: {error}") from error
    except (PyPdfError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError) as error:
        # A damaged file fails wherever its parser first trusts it; each of these has been seen from random bytes.
        raise ValueError(f"not a PDF that can be read ({type(error).__name__}: {error})") from error
    text = "\n\n".join(_tidy(page) for page in pages)
    text = _not_empty(text, "no text layer, so it is a picture of the page; run OCR on it first")
    if notes:
        more = f" and {len(notes) - 1} more" if len(notes) > 1 else ""
        warnings.warn(f"a damaged PDF, read as far as it goes ({notes[0]}{more})", DamagedFileWarning, stacklevel=2)
    return text


@contextmanager
def capture_log(name: str) -> Iterator[list[str]]:
    """Collect what a library would log at a warning or worse, which else lands on standard error without a name."""
    notes: list[str] = []
    handler, logger = logging.Handler(logging.WARNING), logging.getLogger(name)
    handler.emit = lambda record: notes.append(record.getMessage())  # type: ignore[method-assign]
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield notes
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise ValueError(f"{len(data)} bytes, at most {MAX_BYTES}; split the file")


def _is_hidden(tag: object) -> bool:
    attributes = getattr(tag, "attrs", {})
    style = str(attributes.get("style", "")).replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style


def _tidy(text: str) -> str:
    """Take white space off the ends of lines, and leave at most one empty line between two."""
    lines = (line.strip(" \t\r\f") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _not_empty(text: str, why: str) -> str:
    if not text.strip():
        raise ValueError(why)
    return text
