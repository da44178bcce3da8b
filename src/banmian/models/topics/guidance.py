"""Seed words that guide topics: the example that ships, a report on a set before it is used, and what became of it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from banmian.models.topics.date_words import is_topic_word
from banmian.models.topics.matrices import vocabulary
from banmian.models.topics.result import TopicResult
from banmian.words.segment import Segmenter, check_terms

SEED_WORDS = Path(__file__).parent / "data" / "seed_words.json"


def load_seed_words(path: Path = SEED_WORDS) -> dict[str, list[str]]:
    """Read seed words: a JSON object, name of a topic → list of words (Simplified). Default: the four labels' words.

    Raises ``ValueError`` naming the file for anything else in it, and for a set without words.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f'{path}: not JSON in UTF-8 ({error}); write {{"topic": ["word", …]}}') from None
    if not isinstance(found, dict):
        raise ValueError(f'{path}: not an object; write {{"topic": ["word", …]}}')
    for name, words in found.items():
        if not (isinstance(words, list) and words and all(isinstance(word, str) and word for word in words)):
            raise ValueError(f'{path}, topic {name!r}: not a list of words; write {{"topic": ["word", …]}}')
    return found


def seed_report(seed_words: Mapping[str, Sequence[str]], texts: Sequence[str], segmenter: Segmenter) -> pd.DataFrame:
    """Say for each seed word whether it can guide anything in these texts.

    Returns
    -------
    DataFrame with columns topic, word, n_sections (that hold it as a content word), problem, detail; a row for each
    word, in the order given. problem is "" or one of

    - ``absent``: its characters are in no text;
    - ``split``: the segmenter cuts it to pieces (detail: how); add it to the lexicon;
    - ``swallowed``: it only comes out inside longer words (detail: which), as 印度 in 印度尼西亚;
    - ``dropped``: it is a stop word, a name or a date, or stands in too few or too many sections to be in a topic;
    - ``shared``: another set has it too (detail: which), so it guides neither.
    """
    tokens = segmenter.content_words(list(texts))
    found = Counter(word for row in tokens for word in set(row))
    usable = set(vocabulary(tokens, is_topic_word))
    every = [word for words in seed_words.values() for word in words]
    faults = {row.term: (row.problem, row.tokens) for row in check_terms(segmenter, every, texts).itertuples()}
    rows = []
    for topic, words in seed_words.items():
        for word in words:
            problem, detail = faults.get(word, ("", ""))
            others = [name for name, others in seed_words.items() if name != topic and word in others]
            if not problem and word not in usable:
                problem, detail = "dropped", f"a content word in {found[word]} of {len(tokens)} sections"
            if not problem and others:
                problem, detail = "shared", ", ".join(others)
            rows.append((topic, word, found[word], problem, detail))
    return pd.DataFrame(rows, columns=["topic", "word", "n_sections", "problem", "detail"])


def guided_topics(result: TopicResult, seed_words: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Say which topic each seed set has become, one topic a set.

    Returns
    -------
    DataFrame with columns seed, topic, name, weight (of the set's words in the topic), lead (weight over the mean
    weight in the other topics; below 2 the guidance did not take). Sets beyond the number of topics are left out.
    """
    ids = {word: number for number, word in enumerate(result.vocab)}
    columns = [sorted({ids[word] for word in words if word in ids}) for words in seed_words.values()]
    weights = np.array([result.topic_word[:, held].sum(axis=1) for held in columns]).reshape(-1, result.n_topics)
    sets, topics = linear_sum_assignment(weights, maximize=True)
    names = list(seed_words)
    rows = []
    for number, topic in zip(sets.tolist(), topics.tolist(), strict=True):
        weight = float(weights[number, topic])
        others = float(np.delete(weights[number], topic).mean()) if result.n_topics > 1 else 0.0
        rows.append((names[number], topic, result.names[topic], round(weight, 6), round(weight / max(others, 1e-6), 3)))
    return pd.DataFrame(rows, columns=["seed", "topic", "name", "weight", "lead"])
