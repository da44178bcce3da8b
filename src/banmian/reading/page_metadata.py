"""What is known of each page besides its text: a short name, the paper, the date, the district.

From ``pages.csv`` beside the pages where there is one, from columns of a table of pages, from the file's name, and from
the dateline printed on the page, in this order. What was found nowhere stays empty and is reported.
"""

import re
from collections import Counter
from pathlib import Path

import pandas as pd

from banmian.text.script import simplify

FILE = "pages.csv"
COLUMNS = ("doc_id", "name", "name_en", "paper", "date", "district")
_NAME_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])?(?!\d)")
_DATE = re.compile(r"^(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$")
# 新华社北京11月6日电, 本报讯…2月8日: day and month; the year stands in full only now and then.
_FULL = re.compile(r"((?:19|20)\d\d)\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})")
_DATELINE = re.compile(r"(?:社|[报報网網])[\u4e00-\u9fff]{0,6}?(\d{1,2})月(\d{1,2})日\s*[电電讯訊]")
_HEAD = 2_000  # characters from the top in which a page's date stands


def page_metadata(documents: pd.DataFrame, folder: Path | str | None = None) -> pd.DataFrame:
    """Return one row a document: doc_id, name, name_en, paper, date, district, dateline, date_from.

    Parameters
    ----------
    documents : DataFrame
        doc_id and text, as `read_documents` gives them; columns name, paper, date or district of a table of pages are
        used where they are there.
    folder : Path, optional
        Where the pages are; its ``pages.csv`` (columns doc_id and any of name, name_en, paper, date, district; UTF-8)
        goes before everything else.

    Returns
    -------
    date is "2024-11-06", "2024-11", "2024" or ""; date_from says where it comes from: ``pages.csv``, ``column``, ``file
    name``, ``text``, or "". dateline is the day and month that the page prints where it prints no year ("11-06"): no
    year is invented for it. name is the short name, else a beginning of the file's name that tells it from the others.

    Raises ``ValueError`` naming file, row and value: a date of another form, a doc_id that no page has, or one twice.
    """
    given = _given(Path(folder) / FILE if folder is not None else None, documents["doc_id"].tolist())
    rows = []
    for record in documents.to_dict("records"):
        doc_id, own = str(record["doc_id"]), given.get(str(record["doc_id"]), {})
        row = {column: own.get(column) or _cell(record.get(column)) for column in COLUMNS[1:]}
        date, date_from = own.get("date", ""), FILE
        if not date:
            date, date_from = (row["date"], "column") if _DATE.match(row["date"]) else ("", "")
        if not date:
            date, date_from = _of_name(doc_id), "file name"
        text_date, dateline = _of_text(str(record.get("text", "")))
        if not date:
            date, date_from = text_date, "text"
        rows.append(
            row | {"doc_id": doc_id, "date": date, "dateline": dateline, "date_from": date_from if date else ""}
        )
    columns = [*COLUMNS, "dateline", "date_from"]
    return pd.DataFrame(rows, columns=columns).fillna("").reset_index(drop=True)


def metadata_report(pages: pd.DataFrame) -> str:
    """Say in one line how many dates and papers were found, where, and how many were not."""
    places = Counter(where for where in pages["date_from"] if where)
    found = ", ".join(f"{count} from {where}" for where, count in sorted(places.items()))
    missing = pages[pages["date"] == ""]
    partly = int((missing["dateline"] != "").sum())
    line = f"dates: {len(pages) - len(missing)} of {len(pages)} documents" + (f" ({found})" if found else "")
    if partly:
        line += f"; {partly} more print day and month but no year"
    if len(missing) - partly:
        line += f"; none in {len(missing) - partly}"
    return f"{line}; papers: {int((pages['paper'] != '').sum())} of {len(pages)}"


def _given(path: Path | None, doc_ids: list[str]) -> dict[str, dict[str, str]]:
    if path is None or not path.is_file():
        return {}
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"{path}: no CSV table in UTF-8 ({error}); save it as one") from error
    if "doc_id" not in table:
        raise ValueError(f"{path}: no column doc_id; expected {', '.join(COLUMNS)}")
    known, found = set(doc_ids), {}
    for number, row in enumerate(table.to_dict("records"), start=2):
        doc_id, date = row["doc_id"], row.get("date", "")
        if doc_id not in known:
            raise ValueError(f"{path}, row {number}: no page is called {doc_id!r}; use file names without their ending")
        if doc_id in found:
            raise ValueError(f"{path}, row {number}: {doc_id!r} stands in an earlier row; keep one")
        if date and not _DATE.match(date):
            raise ValueError(f"{path}, row {number}: date {date!r}; write 2024-11-06, 2024-11 or 2024")
        found[doc_id] = {str(key): str(value).strip() for key, value in row.items()}
    return found


def _cell(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()


def _of_name(doc_id: str) -> str:
    match = _NAME_DATE.search(doc_id)
    return "-".join(part for part in match.groups() if part) if match else ""


def _of_text(text: str) -> tuple[str, str]:
    """Return the full date at the top of a page, or "", and the month and day of its first dateline, or ""."""
    head = simplify(text[:_HEAD])
    line = _DATELINE.search(head)
    dateline = _day(*line.groups()) if line else ""
    for year, month, day in _FULL.findall(head):
        if _day(month, day):
            return f"{year}-{_day(month, day)}", dateline
    return "", dateline


def _day(month: str, day: str) -> str:
    return f"{int(month):02d}-{int(day):02d}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else ""
