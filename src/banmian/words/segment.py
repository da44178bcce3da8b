"""Text to words: one segmenter that knows the words of this field, keeps every character, and leaves jieba's own alone.

>>> segmenter = Segmenter()
>>> segmenter.tokens("完善黨建統領的“885”工作體系")
['完善', '黨建統領', '的', '“', '885', '”', '工作體系']
>>> segmenter.words("袁家軍強調，完善黨建統領的“885”工作體系")
['党建统领', '885', '工作体系']
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd
import rjieba
from tqdm import tqdm

from banmian.text.markup import strip_markup
from banmian.text.script import simplify
from banmian.words.engines import ENGINES, open_engine
from banmian.words.lexicon import DATA, Term, read_lexicon, read_words
from banmian.words.person_names import could_be_name, is_name

# Only letters and digits are mapped: NFKC would turn ，（） into ASCII too, and commas inside numbers would appear.
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HAS_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# A run of Latin letters and digits with the signs that hold it together: S-300, 22&ZD001, AI+X, 1+2+8+N, www.gov.cn,
# 18:50, 3.5%, 1,900 (but not 8,5). The engines cut such strings by different rules (rjieba keeps S-300, jieba does
# not), so neither is asked. A pattern that begins with a plain character class scans Chinese text five times as fast.
_RUN = re.compile(
    r"[0-9A-Za-z](?:(?<=\d)\d{0,2}(?:,\d{3})+(?:\.\d+)?%?(?![0-9A-Za-z])"
    r"|[0-9A-Za-z]*(?:(?:[-.&+_/@'’]|(?<=\d):(?=\d))[0-9A-Za-z]+)*%?)"
)
# 二十, 三百余, and with a measure word 第三次, 一座, 两首: never what a section is about.
_NUMERAL = re.compile(
    "[第数几约]?[〇零一二三四五六七八九十百千万亿两半]+[余多几]?"
    "[个位名项次座首条场批种届期天年月日岁处件家户层轮组支节段辆台套所间棵只份张篇部幅道点]?"
)
# A programme's number only counts things when one of these follows: 885人 is people, 885工作体系 is a programme.
_UNITS = frozenset("个人名元万亿家户件项次年月日号位岁米天吨度公平亩期版辆套台座多余")


class TokenType(Enum):
    """What a token is, whatever stands beside it."""

    NO_CONTENT = auto()
    TERM = auto()  # of the lexicon
    WORD = auto()
    PERHAPS_PERSON = auto()  # by the words beside it


class Segmenter:
    """Cuts texts into words with a private copy of jieba's model and the lexicon of this field.

    Parameters
    ----------
    lexicon, stopwords : path of a file written like `data/lexicon.txt` and `data/stopwords.txt`; None means those.
    engine : "rjieba" (jieba's algorithm and dictionary in Rust) or "jieba" (the original). Both give the same tokens
        (`benchmarks/segmentation.py`); rjieba is the default because it is more than ten times as fast.

    Nothing is read until the first text. A Segmenter can be pickled; the copy reads its files again.
    """

    def __init__(
        self, lexicon: Path | str | None = None, stopwords: Path | str | None = None, engine: str = "rjieba"
    ) -> None:
        if engine not in ENGINES:
            raise ValueError(f"engine {engine!r} is unknown; known: {', '.join(ENGINES)}")
        self.lexicon_path = Path(lexicon) if lexicon is not None else DATA / "lexicon.txt"
        self.stopwords_path = Path(stopwords) if stopwords is not None else DATA / "stopwords.txt"
        self.engine = engine

    def __reduce__(self) -> tuple[type["Segmenter"], tuple[Path, Path, str]]:
        return Segmenter, (self.lexicon_path, self.stopwords_path, self.engine)

    @cached_property
    def lexicon(self) -> dict[str, Term]:
        """The terms of the lexicon file."""
        return read_lexicon(self.lexicon_path)

    @cached_property
    def stopwords(self) -> frozenset[str]:
        """The words of the stop-word file."""
        return read_words(self.stopwords_path)

    def tokens(self, text: str) -> list[str]:
        """Return the words of `text` as printed, white space and punctuation too: `"".join(tokens) == text`.

        The cutting is done on the Simplified text with full-width letters and digits made narrow; both keep every
        offset, so the characters returned are the original ones. Latin-digit strings (S-300) and the lexicon's terms
        that begin with one (15分钟高品质生活服务圈) are found by pattern before the engine is asked, so that a longer
        number never loses a piece to them (8850, 115分钟).
        """
        plain = _plain(text)
        tokens = self._cut(plain)
        if plain == text:
            return tokens
        printed, start = [], 0
        for token in tokens:
            printed.append(text[start : start + len(token)])
            start += len(token)
        return printed

    def words(self, text: str, names: Iterable[str] = ()) -> list[str]:
        """Return the content words of `text` in reading order, Simplified and lower case, for topics and keyness.

        Kept: words of two or more characters with a letter of any script in them; words of one character if the
        lexicon lists them (村, 茶, 桥); numbers if the lexicon lists them and no measure word follows (885工作体系, not
        885人). Dropped: stop words; punctuation; other numbers and numerals, and with them dates; single Latin
        letters; persons by the rule of `person_names.is_name`; every word in `names`. A term of the lexicon
        is never taken for a person or a numeral; a stop word goes even if the lexicon has it. Markup and what nobody
        sees are taken out first (`text.markup.strip_markup`).
        """
        dropped, sort_of = frozenset(names), self._sort
        tokens = ["", *(token for token in self._cut(_plain(strip_markup(text))) if not token.isspace()), ""]
        words = []
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
            sort = sort_of(token)
            if sort is TokenType.NO_CONTENT or token in dropped or (token.isdigit() and after[:1] in _UNITS):
                continue
            if sort is TokenType.TERM:
                words.append(token)
            elif sort is TokenType.WORD or not self.is_person(token, before, after):
                words.append(token.lower())
        return words

    def content_words(self, texts: Sequence[str], names: Iterable[str] = (), progress: bool = False) -> list[list[str]]:
        """Return the `words` of every text, in order; `progress` shows a bar if standard error is a terminal."""
        dropped = frozenset(names)
        bar = tqdm(texts, desc="words", unit=" texts", disable=None if progress else True)
        return [self.words(text, dropped) for text in bar]

    def knows(self, word: str) -> bool:
        """Tell whether `word` (Simplified) stands in the lexicon or in jieba's dictionary."""
        return word in self.lexicon or self._model[1](word)

    def is_person(self, word: str, before: str = "", after: str = "") -> bool:
        """Tell whether `word` (Simplified, no term of the lexicon) names a person; see `names.is_name`."""
        return is_name(word, *self._flag(word), before, after)

    def _cut(self, plain: str) -> list[str]:
        cut = self._model[0]
        tokens: list[str] = []
        start = 0
        for match in _RUN.finditer(plain):
            # Plain runs stay with the engine: it keeps them whole, and its dictionary has words like T恤 and IC卡.
            end = self._end_of_term(plain, match) or (0 if match.group().isalnum() else match.end())
            if end:
                tokens += cut(plain[start : match.start()])
                tokens.append(plain[match.start() : end])
                start = end
        return tokens + cut(plain[start:])

    def _end_of_term(self, plain: str, run: re.Match[str]) -> int:
        """Return where the longest term of the lexicon that begins with this run of letters and digits ends, or 0."""
        for term in self._terms_by_run.get(run.group(), ()):
            if plain.startswith(term, run.start()) and not _RUN.match(plain[run.start() + len(term) :][:1]):
                return run.start() + len(term)
        return 0

    @cached_property
    def _sort(self) -> Callable[[str], "TokenType"]:
        """Return what a token is by itself; the last 100,000 answers are cached, since most tokens recur."""

        def sort(token: str) -> TokenType:
            if token.lower() in self.stopwords:
                return TokenType.NO_CONTENT
            if token in self.lexicon:
                return TokenType.TERM
            if len(token) < 2 or _NUMERAL.fullmatch(token) or not any(map(str.isalpha, token)):
                return TokenType.NO_CONTENT
            return TokenType.PERHAPS_PERSON if could_be_name(token, *self._flag(token)) else TokenType.WORD

        return lru_cache(maxsize=100_000)(sort)

    @cached_property
    def _terms_by_run(self) -> dict[str, list[str]]:
        """The terms that begin with a letter or digit and go on in Han, longest first, by what they begin with."""
        by_run: dict[str, list[str]] = {}
        for word in sorted(self.lexicon, key=len, reverse=True):
            run = _RUN.match(word)
            if run and run.end() < len(word):
                by_run.setdefault(run.group(), []).append(word)
        return by_run

    @cached_property
    def _model(self) -> tuple[Callable[[str], list[str]], Callable[[str], bool]]:
        """The engine with the lexicon in it: its `cut`, and whether its dictionary holds a word.

        Terms that begin with a letter or digit are withheld from it: given 885, jieba would cut 8850 into 885 and 0.
        """
        terms = [term for term in self.lexicon.values() if len(term.word) > 1 and not _RUN.match(term.word)]
        return open_engine(self.engine, terms)

    @cached_property
    def _flag(self) -> Callable[[str], tuple[str, bool]]:
        """Return (flag, in dictionary) of a word by jieba's own dictionary; the last 100,000 answers are cached."""
        tagger = rjieba.Jieba()

        def flag(word: str) -> tuple[str, bool]:
            tags = tagger.tag(word)
            return (tags[0][1] if len(tags) == 1 else ""), tagger.has_word(word)

        return lru_cache(maxsize=100_000)(flag)


def check_terms(segmenter: Segmenter, terms: Iterable[str], texts: Iterable[str] = ()) -> pd.DataFrame:
    """Return the terms that the segmenter will not give back: DataFrame[term, problem, tokens]; no rows is good.

    problem is `split` (by itself or in 关于“…”的 the term is cut to pieces) or `swallowed` (it comes out inside a
    longer token). If `texts` are given, a term must also be a token of one of them: else it is `absent` (its
    characters are nowhere), `swallowed` (印度 where all texts speak of 印度尼西亚) or `split`. tokens shows what came.
    """
    plain = [_plain(text) for text in texts]
    held = {token for text in plain for token in segmenter.tokens(text)}
    rows = [(term, *_fault(segmenter, term, plain, held)) for term in terms]
    return pd.DataFrame([row for row in rows if row[1]], columns=["term", "problem", "tokens"])


def _fault(segmenter: Segmenter, term: str, texts: list[str], held: set[str]) -> tuple[str, str]:
    """Return (problem, tokens) of one term, ("", "") if there is none; `held` are the distinct tokens of `texts`."""
    for carrier in (term, f"关于“{term}”的"):
        tokens = segmenter.tokens(carrier)
        if term not in tokens:
            return ("swallowed" if any(term in token for token in tokens) else "split"), " ".join(tokens)
    if not texts or term in held:
        return "", ""
    longer = sorted(token for token in held if term in token)
    if longer:
        return "swallowed", " ".join(longer[:5])
    return ("split" if any(term in text for text in texts) else "absent"), ""


def check_lexicon(segmenter: Segmenter) -> pd.DataFrame:
    """Return the terms of the segmenter's own lexicon that do not come out as one token; as `check_terms`."""
    return check_terms(segmenter, segmenter.lexicon)


def _plain(text: str) -> str:
    """Return what the engine is to see, exactly as long as `text`: Simplified, narrow, without lone surrogates."""
    text = simplify(text)
    if _HAS_FULL_WIDTH.search(text):
        text = text.translate(_FULL_WIDTH)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate cannot be handed to Rust as UTF-8
        return _SURROGATE.sub("\ufffd", text)
    return text
