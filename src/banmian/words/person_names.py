"""Is this word a person's name? A rule for speakers, reporters and residents, who must not become topic words.

Three pieces of evidence are weighed, none sufficient alone. The tagger's flag `nr` is also given to 阳光, 文明, 道德
and to many foreign place names; a surname also begins 高水平 and 安全感; the word before 强调 may be 会议. The lists
are in `data/names.txt`. The rule is meant for newspaper Chinese; foreign names written in Chinese mostly stay. Of 300
different words that it dropped from 1,500 articles of People's Daily, 2023, 267 were persons when read; the commonest
of the others are now listed as things.
"""

from functools import cache

from banmian.words.lexicon import DATA, read_kinds

# nrfg: a public figure's full name; nr: a person by dictionary or character model; nrt: a foreign name.
_NAME_FLAGS = ("nr", "nrfg", "nrt")


def is_name(word: str, flag: str, in_dictionary: bool, before: str = "", after: str = "") -> bool:
    """Tell whether `word` (Simplified) names a person, from its part-of-speech flag and the words around it.

    A word of two to six characters that begins with a surname and has no ending of place or office is a name when

    - it is in no dictionary and the tagger's character model flags it `nr` (袁家军; 王炯程丽华 run together), or
    - it is in no dictionary, has two or three characters and stands after a title or before a verb of speech
      (李书磊、陈文清、穆虹出席会议), or
    - it is in the dictionary as a public figure (`nrfg`: 习近平), or as `nr` and stands after a title or before a
      verb of speech (汪洋指出; but not 文明, 高峰, 阳光 elsewhere).

    `before` and `after` are the neighbouring tokens, white space left out.

    >>> is_name("袁家军", "nr", False), is_name("石坪桥", "nr", False), is_name("文明", "nr", True)
    (True, False, False)
    """
    kinds = _kinds()
    return could_be_name(word, flag, in_dictionary, before in kinds["title"] or after in kinds["speech"])


def could_be_name(word: str, flag: str, in_dictionary: bool, in_context: bool = True) -> bool:
    """Tell whether a word is a name after a title or before a verb of speech (``in_context``), or without them."""
    kinds = _kinds()
    if not 2 <= len(word) <= 6 or word[0] not in kinds["surname"]:
        return False
    if word[-1] in kinds["ending"] or word in kinds["thing"]:
        return False
    if in_dictionary:
        return flag == "nrfg" or (flag in _NAME_FLAGS and in_context)
    return flag in _NAME_FLAGS or (in_context and len(word) <= 3)


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return read_kinds(DATA / "names.txt")
