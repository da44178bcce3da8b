"""The explorer as one HTML file that opens from the disk: search in both scripts, pages, map, words in context.

Nothing is loaded and nothing is sent: style and script are in the file and are the only ones that its policy lets run.
Documents are data in it, never markup.
"""

import base64
import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from banmian.labels.scheme import LABELS
from banmian.text.script import simplify
from banmian.views.bilingual import bilingual, languages
from banmian.views.document_names import document_names
from banmian.views.figures.style import KINDS, SCRIPTS, display_name

STATIC = Path(__file__).resolve().parent / "static"
FILTERS = {
    "document": ("文件", "document"),
    "kind_name": ("类别", "kind"),
    "script_name": ("简繁", "script"),
    "label": ("标签", "label"),
    "topic": ("话题", "topic"),
}
_WORDS = {
    "sections": ("段", "sections"),
    "times": ("次", "times"),
    "one_word": ("请在检索框里写一个词", "write one word into the search box"),
    "abstained": ("弃答，请人工判断", "abstained: read it yourself"),
    "reasons": ("理由", "reasons"),
}
_COLUMNS = (
    ("篇段", "section"),
    ("文件", "document"),
    ("日期", "date"),
    ("类别", "kind"),
    ("标签", "label"),
    ("置信度", "conf."),
    ("话题", "topic"),
    ("文字", "text"),
)
_VIEWS = {"list": ("列表", "list"), "kwic": ("上下文", "in context"), "map": ("地图", "map")}


def explorer_html(documents: pd.DataFrame, table: pd.DataFrame, pages: pd.DataFrame, title: str = "") -> str:
    """Return the page.

    Parameters
    ----------
    documents : DataFrame
        doc_id and text, as `read_documents` gives them.
    table : DataFrame
        As `banmian.views.explorer.search.join_results` gives it; an optional column reasons (text) is shown with the
        label.
    pages : DataFrame
        As `page_metadata` gives them: names and dates of the documents.
    title : of the page, shown as text.

    The file holds every document once as received and every section once as repaired.
    """
    style, script = ((STATIC / f"standalone.{ending}").read_text(encoding="utf-8") for ending in ("css", "js"))
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"
    language = "en" if languages() == ("en",) else "zh-Hans"
    rows = _sections(table, pages)
    name = escape(title or bilingual("版面阅读器", "Explorer of pages"))
    content = {
        "sections": rows,
        "raw": dict(zip(documents["doc_id"], documents["text"], strict=True)),
        "labels": {
            label.id: {"name": bilingual(label.chinese, label.english), "colour": label.colour}
            for label in LABELS.values()
        },
        "filters": list(FILTERS),
        "fold": _folds("".join(table["text"]) + "".join(table["heading"])),
        "words": {name: bilingual(*pair) for name, pair in _WORDS.items()},
    }
    # Only "<" can end a script element; as an escape it is the same character to a JSON reader.
    packed = json.dumps(content, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{style}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{_body(rows)}\n"
        f'<script type="application/json" id="data">{packed}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def _sections(table: pd.DataFrame, pages: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what the page knows of each section; numbers that are not known are null."""
    names, dates = document_names(pages, most=len(pages)), dict(zip(pages["doc_id"], pages["date"], strict=True))
    rows = []
    for row in table.to_dict("records"):
        rows.append(
            {
                "number": row["section_id"].rpartition("/")[2],
                "doc": row["doc_id"],
                "document": names[row["doc_id"]],
                "date": dates[row["doc_id"]],
                "kind_name": display_name(KINDS, row["kind"]),
                "script_name": display_name(SCRIPTS, row["script"]),
                "heading": row["heading"] or "",
                "text": row["text"],
                "spans": [[int(start), int(end)] for start, end in row["spans"]],
                "label": row["label"],
                "confidence": _number(row["confidence"], 3),
                "abstained": bool(row["abstained"]),
                "topic": row["topic"],
                "x": _number(row["x"], 4),
                "y": _number(row["y"], 4),
                "reasons": str(row.get("reasons") or ""),
            }
        )
    return rows


def _number(value: Any, digits: int) -> float | None:
    return None if value is None or value != value else round(float(value), digits)


def _folds(text: str) -> dict[str, str]:
    """Return Traditional → Simplified character, for those whose Simplified form stands in the text."""
    there = set(simplify(text))
    return {old: new for old, new in _all_folds().items() if new in there}


@cache
def _all_folds() -> dict[str, str]:
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    pairs = zip(characters, simplify("\n".join(characters)).split("\n"), strict=True)
    return {old: new for old, new in pairs if old != new}


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _body(rows: list[dict[str, Any]]) -> str:
    """Return the controls and the empty panes, which the script fills."""
    shown = pd.DataFrame(rows, columns=list(FILTERS))
    selects = "".join(
        f'<label>{escape(bilingual(*words))}<select id="{name}">{_options(name, shown[name])}</select></label>'
        for name, words in FILTERS.items()
    )
    search = escape(bilingual("检索（简繁皆可）", "search, either script"))
    dates = [(bilingual("从", "from"), "from"), (bilingual("到", "to"), "to")]
    fields = "".join(
        f'<label>{escape(text)}<input id="{name}" size="9" placeholder="2024-11"></label>' for text, name in dates
    )
    sure = escape(bilingual("置信度至少", "confidence from"))
    views = "".join(
        f'<button type="button" id="show-{name}">{escape(bilingual(*words))}</button>' for name, words in _VIEWS.items()
    )
    heads = "".join(f"<th>{escape(bilingual(*pair, '/'))}</th>" for pair in _COLUMNS)
    page, repaired = escape(bilingual("原版面", "as received")), escape(bilingual("修复后", "as repaired"))
    return (
        f'<form><label>{search}<input id="query" type="search"></label>{selects}{fields}'
        f'<label>{sure}<input id="confidence" type="number" min="0" max="1" step="0.05" value="0"></label></form>'
        f'<p class="note" id="count" aria-live="polite"></p><nav>{views}</nav>'
        '<h2 class="note" id="title"></h2><div id="panes" hidden>'
        f'<div><p class="note">{page}</p><pre id="page"></pre></div>'
        f'<div><p class="note">{repaired}</p><pre id="text"></pre><div id="said"></div></div></div>'
        f'<div id="list"><table><thead><tr>{heads}</tr></thead><tbody id="rows"></tbody></table>'
        '<p class="note"><button type="button" id="back">←</button> <span id="where"></span> '
        '<button type="button" id="next">→</button></p></div>'
        '<div id="kwic" hidden><p class="note" id="hits"></p><table><tbody id="lines"></tbody></table></div>'
        '<div id="map" hidden><svg id="points" viewBox="0 0 1000 400" role="img"></svg></div>'
    )


def _options(name: str, values: pd.Series) -> str:
    found = sorted({str(value) for value in values} - {""})
    if name == "label":
        found = [label for label in LABELS if label in found] + [value for value in found if value not in LABELS]
    shown = {label.id: bilingual(label.chinese, label.english) for label in LABELS.values()} if name == "label" else {}
    options = [f'<option value="">{escape(bilingual("全部", "any"))}</option>']
    return "".join([*options, *(f'<option value="{escape(v)}">{escape(shown.get(v, v)[:60])}</option>' for v in found)])
