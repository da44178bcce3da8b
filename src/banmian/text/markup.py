"""What stands in a text and is not read: tags, entities, zero-width characters, pinyin and hyphens inside words.

For words and labels alone. A section keeps all that its file holds; see `banmian.reading`.
"""

import html
import re

# Zero-width characters, marks of writing direction, the byte-order mark, soft hyphens, control characters: not white
# space for Python, yet nothing that a reader sees.
INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb"
)
_NAMES = (
    "a|abbr|article|aside|audio|b|big|blockquote|body|br|button|center|cite|code|col|colgroup|dd|del|div|dl|dt|em|embed|"
    "figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|meta|nav|"
    "noscript|o:p|object|ol|option|p|picture|pre|q|s|script|section|select|small|source|span|strike|strong|style|sub|sup|"
    "svg|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|video|wbr"
)
TAG = re.compile(
    rf"<(?:!--.{{0,2000}}?-->|!doctype[^<>]{{0,200}}>|/?(?:{_NAMES})(?:\s[^<>=]{{0,200}}=[^<>]{{0,2000}})?\s?/?>)",
    re.I | re.S,
)
ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z]{2,8}\d{0,2});")
IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)")
_UNREAD = re.compile(rf"[<&$\[(（\-{INVISIBLE}]")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_HIDDEN = re.compile(r"<(script|style)\b[^<>]{0,2000}>.{0,100000}?</\1\s*>", re.I | re.S)
_BLOCK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|t[drh]|table|h[1-6]|section|article|tbody|thead|hr|figure|figcaption|title)\b", re.I
)
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\((?:https?:|/|#|mailto:)[^)\n]{0,2000}\)")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
# 政務(wù): a reading after a Han character, recognised by its tone, or toneless beside ones that have it (的(de)).
_PINYIN = re.compile(rf"(?<=[\u3400-\u9fff])[(（]([a-züê{_TONED}]{{1,7}})[)）]")
_FORMULA = re.compile(r"\$([^$\n]{1,80})\$")
_COMMAND = re.compile(r"\\(?:mathbf|mathrm|text|mathit|bf|rm)\b|[\\{}]")
# The second half of an English word that a line's end cut: no word of its own, or hardly one behind a hyphen.
_ENDINGS = (
    "able|al|ally|ance|ances|ary|ation|ations|bers?|cal|cally|cant|ced|cent|cial|cially|cies|cil|cils|cing|cy|dent|dents|ders?|"
    "ding|ed|eign|ence|ences|ency|ent|ents|ered|ering|ers?|ery|ese|fic|fied|ful|fully|gan|ger|gers|ging|gion|gional|"
    "ible|ic|ical|ices?|ies|ing|ings|ion|ional|ions|ious|ished|ism|ist|ists|ital|ities|ity|ive|ives|ize|ized|izing|"
    "land's|less|ling|lion|lions|ly|mand|ment|mental|ments|mer|mers|mittee|mon|munity|nal|ners?|ness|nese|ning|nology|nomic|nomy|"
    "ous|pal|panies|pany|pects?|pers?|ple|ple's|ported|ports|posed|ration|reau|reaus|ried|ries|ring|ror|ry|sand|sands|sels?|"
    "ses|sible|sic|sident|sidents|sing|sion|sional|sions|sive|sons|tage|tain|tal|tant|ted|tee|tem|tems|ter|ters|tial|tic|tical|"
    "ties|tinued|ting|tion|tional|tions|tive|tives|tor|tors|tory|tral|tries|try|tural|ture|tures|turing|ty|ual|ued|"
    "uled|ure|ures|velop|veloped|velopment|ver|vers|versity|vice|vices|ville|vincial|ving"
)
_HYPHEN = re.compile(rf"(?<![A-Za-z-])([A-Za-z]{{2,}})-(\n?)((?:{_ENDINGS})(?![A-Za-z-]))")


def strip_markup(text: str) -> str:
    """Return `text` as it reads: without tags, entities as characters, invisible characters and pinyin gone.

    Also links without their addresses, Markdown pictures gone, LaTeX of numbers ($30\\%$) as numbers, and English
    words that a hyphen cut at a line's end put together where the second half is no word (govern-ment, not long-term).
    A text without any of these comes back as it is.
    """
    if not _UNREAD.search(text):
        return text
    if "<" in text:
        text = _HIDDEN.sub(" ", text)
        text = TAG.sub(lambda tag: "\n" if _BLOCK.match(tag.group()) else "", text)
    if "&" in text:
        text = ENTITY.sub(_character, text)
    if "](" in text:
        text = _LINK.sub(r"\1", IMAGE.sub("", text))
    if "$" in text:
        text = _FORMULA.sub(_number, text)
    text = _UNSEEN.sub("", text)
    readings = _PINYIN.findall(text)
    if any(tone in reading for reading in readings for tone in _TONED):
        text = _PINYIN.sub("", text)
    return _HYPHEN.sub(r"\1\3\2", text) if "-" in text else text


def _character(entity: re.Match[str]) -> str:
    char = html.unescape(entity.group())
    return " " if char == "\xa0" else char if char.isprintable() or char.isspace() else ""


def _number(formula: re.Match[str]) -> str:
    inside = _COMMAND.sub("", formula.group(1))
    if not re.fullmatch(r"[\d\s.,%+\-~×^_°]+", inside):
        return formula.group()
    return re.sub(r"\s+", "", inside)
