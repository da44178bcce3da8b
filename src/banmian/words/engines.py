"""The two engines that cut Chinese: jieba's algorithm and dictionary in Rust, and the original."""

from collections.abc import Callable, Iterable
from typing import Any

import rjieba

from banmian.words.lexicon import Term

ENGINES = ("rjieba", "jieba")


def open_engine(name: str, terms: Iterable[Term]) -> tuple[Callable[[str], list[str]], Callable[[str], bool]]:
    """Return an engine of `ENGINES` with the terms in it: its `cut`, and whether its dictionary holds a word."""
    if name == "rjieba":
        model = rjieba.Jieba()
        for term in terms:
            model.add_word(term.word, term.frequency, None)
        return model.cut, model.has_word
    tokenizer = _jieba_tokenizer()
    for term in terms:
        tokenizer.add_word(term.word, term.frequency)
    return tokenizer.lcut, lambda word: bool(tokenizer.FREQ.get(word))


def _jieba_tokenizer() -> Any:
    """Return a new jieba.Tokenizer that has read its dictionary without jieba's cache file and loading log.

    The cache is a marshal file in a folder that everyone can write to, and it saves nothing: 0.75 s with it, 0.71 s
    without. jieba is imported here because its import adds a log handler and compiles with warnings.
    """
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
