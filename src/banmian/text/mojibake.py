"""Text that was decoded with the wrong encoding and saved: no reader could read it, so no label means anything."""

import re

_SAMPLE = 20_000  # characters looked at
_LEAST = 0.3  # share of a text's letters beyond ASCII that must be explained
_LATIN = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{4,}"
)
_HAN = re.compile("[\u3400-\u9fff\ue000-\uf8ff]{4,}")
_BEYOND = re.compile("[^\x00-\x7f\\s]")
_REPLACED = ("锟斤拷", "烫烫烫", "屯屯屯")


def find_mojibake(text: str) -> str:
    """Return how `text` was spoilt, in a few words, or nothing where it reads as text.

    Known: UTF-8 read as GBK (鏂伴椈) or as Latin-1 (æ–°é—»), GBK or Big5 read as Latin-1 (ÐÂÎÅ), and what stands for
    characters that were lost on the way (锟斤拷, U+FFFD).
    """
    sample = text[:_SAMPLE]
    n_beyond = len(_BEYOND.findall(sample))
    if n_beyond < 4:
        return ""
    least = max(4.0, _LEAST * n_beyond)
    if 3 * sum(sample.count(word) for word in _REPLACED) >= least or sample.count("\ufffd") >= least:
        return "its characters were replaced by others and are lost"
    if sum(len(run) for run in _HAN.findall(sample) if _is_utf8(run)) >= least:
        return "UTF-8 that was read as GBK"
    latin = _LATIN.findall(sample)
    if sum(map(len, latin)) >= max(least, 0.6 * n_beyond):
        data = [run.encode("cp1252", "ignore") if not _fits(run) else run.encode("latin-1") for run in latin]
        if sum(len(run) for run, some in zip(latin, data, strict=True) if _decodes(some, "utf-8")) >= least:
            return "UTF-8 that was read as Latin-1"
        if sum(len(run) for run, some in zip(latin, data, strict=True) if _decodes(some, "gb18030")) >= least:
            return "GBK or Big5 that was read as Latin-1"
    return ""


def _is_utf8(run: str) -> bool:
    """Tell whether the GBK bytes of a run of Han characters are UTF-8, as those of real Chinese never are for long."""
    try:
        data = run.encode("gb18030")
    except UnicodeEncodeError:
        return False
    return _decodes(data, "utf-8")


def _fits(run: str) -> bool:
    return all(ord(char) < 256 for char in run)


def _decodes(data: bytes, encoding: str) -> bool:
    """Tell whether most of `data` is Chinese in `encoding`; a run may begin or end inside a character."""
    read = data.decode(encoding, "ignore")
    han = sum("\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uffee" for char in read)
    bytes_a_char = 3 if encoding == "utf-8" else 2
    return han >= 2 and bytes_a_char * han >= 0.7 * len(data)
