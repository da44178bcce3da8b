"""How fast, and the same tokens? The Segmenter beside `jieba.cut` with the same lexicon, in one run.

    python benchmarks/segmentation.py [--corpus peoples_daily_2023] [--texts 2000]

Three rows on the seeds and on a corpus: `jieba.cut` (its own Tokenizer, the lexicon by `add_word`), our Segmenter with
engine jieba and with engine rjieba. Each is the best of three passes, everything loaded before. Goal: at least ten
times `jieba.cut`. Then every token that differs between the two engines, and by kind what differs from plain
`jieba.cut`, where the difference is meant: Latin-digit strings are one token (S-300), programmes' numbers do not cut
longer ones, Traditional text is cut as Simplified. The corpora are not part of the project; see `data_folder`.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable

import jieba

from banmian.config import ROOT
from banmian.words.segment import Segmenter
from terms import data_folder, read_corpus

Cutter = Callable[[str], list[str]]


def plain_jieba() -> Cutter:
    """Return `lcut` of a jieba tokenizer that has every term of the lexicon longer than one character."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for term in Segmenter().lexicon.values():
        if len(term.word) > 1:
            tokenizer.add_word(term.word, term.frequency)
    return tokenizer.lcut


def best_seconds(cut: Cutter, texts: list[str], passes: int = 3) -> float:
    """Return the seconds of the fastest pass over all texts."""
    seconds = []
    for _ in range(passes):
        started = time.perf_counter()
        for text in texts:
            cut(text)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def differing(one: Cutter, other: Cutter, texts: list[str]) -> list[tuple[str, str]]:
    """Return every stretch of text where the two cut differently, as both cut it."""
    found = []
    for text in texts:
        ours, theirs = one(text), other(text)
        i = j = at = reached = 0
        while i < len(ours) and j < len(theirs):
            if at == reached and ours[i] == theirs[j]:
                at = reached = at + len(ours[i])
                i, j = i + 1, j + 1
                continue
            left, right = i, j
            at, i = at + len(ours[i]), i + 1
            reached, j = reached + len(theirs[j]), j + 1
            while at != reached:
                if at < reached:
                    at, i = at + len(ours[i]), i + 1
                else:
                    reached, j = reached + len(theirs[j]), j + 1
            found.append(("|".join(ours[left:i]), "|".join(theirs[right:j])))
    return found


def kind(pair: tuple[str, str]) -> str:
    """Say why our tokens may differ from plain jieba's."""
    if any((char.isascii() and char.isalnum()) or "０" <= char <= "ｚ" for char in pair[0]):
        return "letters and digits"
    return "Han"


def compare(name: str, texts: list[str]) -> None:
    """Print the table and the differences for one set of texts."""
    cutters: dict[str, Cutter] = {
        "jieba.cut, same lexicon": plain_jieba(),
        "Segmenter, engine jieba": Segmenter(engine="jieba").tokens,
        "Segmenter, engine rjieba": Segmenter(engine="rjieba").tokens,
    }
    size = sum(map(len, texts))
    print(f"\n{name}: {len(texts)} texts, {size} characters")
    base = 0.0
    for label, cut in cutters.items():
        cut(texts[0])
        seconds = best_seconds(cut, texts)
        base = base or seconds
        print(f"  {label:26s} {seconds:7.3f} s  {size / seconds / 1e6:6.2f} M characters/s  {base / seconds:5.1f} x")
    plain, by_jieba, by_rjieba = cutters.values()
    engines = differing(by_rjieba, by_jieba, texts)
    n_tokens = sum(len(by_rjieba(text)) for text in texts)
    print(f"  rjieba against jieba in our Segmenter: {len(engines)} stretches differ in {n_tokens} tokens")
    for ours, theirs in engines:
        print(f"    rjieba {ours}    jieba {theirs}")
    meant = differing(by_rjieba, plain, texts)
    print(f"  against plain jieba.cut: {len(meant)} stretches differ, by kind {dict(Counter(map(kind, meant)))}")
    for (ours, theirs), count in Counter(meant).most_common(20):
        print(f"    {count:5d}  ours {ours}    jieba.cut {theirs}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default="peoples_daily_2023")
    parser.add_argument("--texts", type=int, default=2000)
    options = parser.parse_args()
    compare("seeds", [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))])
    if not (data_folder() / "corpora").is_dir():
        print(f"skipped: no corpora in {data_folder()}; set BANMIAN_DATA")
        return
    compare(options.corpus, read_corpus(options.corpus)[: options.texts])


if __name__ == "__main__":
    main()
