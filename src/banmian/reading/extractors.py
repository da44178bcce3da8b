"""Web pages and PDF files with a text layer, as text for the readers of this room; needs the extra ``formats``.

What a picture shows is not read, and the layout is lost: columns come in the order in which the file holds them.
"""

import re

from banmian.io.bounded import run_bounded

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
MAX_BYTES = 100_000_000
# A saved page of a newspaper has some thousand tags. With more than a plain one it is parsed in a process of its own,
# since a parser that allocates or loops in C heeds no signal.
MAX_TAGS, _PLAIN_TAGS = 300_000, 10_000
_PARSE_SECONDS, _PARSE_MEGABYTES = 9, 450
_SPACES = re.compile(r"[ \t\r\n\f]+")
# Where the source is wrapped between two Han characters or marks no space is meant, though browsers show one.
_WRAPPED = re.compile(r"(?<=[\u3001-\u9fff\uff01-\uff65])[ \t]*[\r\n][ \t\r\n]*(?=[\u3001-\u9fff\uff01-\uff65])")


class DamagedFileWarning(UserWarning):
    """A file could be read, but its parser had to guess; its text may lack something."""


def read_html(data: bytes) -> str:
    """Return what a reader of the page would see as text, a paragraph a block, the title first if the body lacks it.

    Encodings are those that the page declares, else guessed. Scripts, styles, pronunciation marks and hidden
    elements are left out. Nothing that the page links to is fetched.

    Raises ``ValueError``: over 100 MB or 300,000 tags, more than 9 s or 450 MB at work, nothing to read, or the extra
    is not installed.
    """
    _check_size(data)
    if (tags := data.count(b"<")) > MAX_TAGS:
        raise ValueError(f"{tags} tags, at most {MAX_TAGS}; is it a page?")
    if tags > _PLAIN_TAGS:
        return run_bounded(f"{__name__}:parse_html", data, _PARSE_SECONDS, _PARSE_MEGABYTES)
    return parse_html(data)


def parse_html(data: bytes) -> str:
    """Do what `read_html` says, without bounds."""
    try:
        from bs4 import BeautifulSoup, Tag
        from bs4.element import NavigableString, PreformattedString
    except ImportError:
        raise ValueError("HTML needs beautifulsoup4; run: pip install 'banmian[formats]'") from None
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
