"""Word lists as data: reading a lexicon, stop words and lists of kinds, and reporting errors in them."""

from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).with_name("data")


class Term(NamedTuple):
    """One line of the lexicon: the word, its frequency (None: just high enough to be one token) and its tag or ''."""

    word: str
    frequency: int | None
    tag: str


def read_lexicon(path: Path | str) -> dict[str, Term]:
    """Return the terms of a lexicon by word, in the order of the file.

    A line is `term`, `term frequency`, `term tag` or `term frequency tag`; `#` begins a comment. A term that stands
    there twice, a frequency that is no whole number above 0 and a file that is not UTF-8 are ValueErrors that name
    file and row.
    """
    terms: dict[str, Term] = {}
    for row, (word, *rest) in _rows(path):
        tag = rest.pop() if rest and not rest[-1].isdecimal() else ""
        if len(rest) > 1 or (rest and (not rest[0].isdecimal() or int(rest[0]) == 0)):
            raise ValueError(f"{path}, row {row}: write `{word} frequency tag`, frequency a whole number above 0")
        if word in terms:
            raise ValueError(f"{path}, row {row}: {word} stands there twice; remove one")
        terms[word] = Term(word, int(rest[0]) if rest else None, tag)
    return terms


def read_words(path: Path | str) -> frozenset[str]:
    """Return all words of a list: separated by white space, `#` begins a comment. ValueError if it is not UTF-8."""
    return frozenset(word for _, words in _rows(path) for word in words)


def read_kinds(path: Path | str) -> dict[str, frozenset[str]]:
    """Return the words by kind of a list with lines `kind: word word …`; one kind may have many lines."""
    kinds: dict[str, set[str]] = {}
    for row, (kind, *words) in _rows(path):
        if not kind.endswith(":"):
            raise ValueError(f"{path}, row {row}: begins with {kind!r}; write `kind: word word`")
        kinds.setdefault(kind[:-1], set()).update(words)
    return {kind: frozenset(words) for kind, words in kinds.items()}


def _rows(path: Path | str) -> list[tuple[int, list[str]]]:
    """Return number and fields of every line that holds more than a comment; numbers count from 1."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    # Not splitlines: it also breaks at U+2028 and friends, and then the row numbers differ from the editor's.
    rows = ((row, line.split("#")[0].split()) for row, line in enumerate(text.split("\n"), start=1))
    return [(row, fields) for row, fields in rows if fields]
