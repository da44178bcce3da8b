"""Markdown and Word files come in as their readers see them."""

import io

import pytest

from banmian.reading.corpus import read_documents, read_text
from banmian.reading.layout import split_sections
from banmian.reading.markup import is_markdown, read_docx, read_markdown
from locations import ROOT

CASES = ROOT / "tests" / "cases"
PAGE = """---
title: "旧书屋"
url: "https://www.example.com/a"
---

# 旧书屋

开业四十年的**旧书屋**下月结业，见[街坊的联署](https://www.example.com/b)。

![](images/3f2a.jpg)

| 年 | 册 |
| - | - |

---

- 全年销量 $30\\%$ ，其中诗集 $1 . 2$ 万册。
"""


def test_markup_is_blanked_and_every_place_stays() -> None:
    text = read_markdown(PAGE)
    assert len(text) == len(PAGE)
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    assert lines == ["# 旧书屋", "开业四十年的 旧书屋 下月结业，见 街坊的联署 。", "全年销量 30% ，其中诗集 1.2 万册。"]
    assert text.index("下月") == PAGE.index("下月")


def test_what_is_no_markdown_stays_as_it_is() -> None:
    for page in ("# 号楼的居民\n说：“5 * 3”", "——编者\n---\n1 * 2", "| 表 |"):
        assert not is_markdown(page)
    assert is_markdown(PAGE)
    assert is_markdown("# 题\n\n![](a.jpg)\n正文")


@pytest.mark.parametrize("name", ["mineru.txt", "front_matter.md"])
def test_no_mark_of_a_page_in_markdown_reaches_a_section(name: str) -> None:
    sections = split_sections(read_documents(CASES / "markdown" / name), find_twins=False)
    whole = "\n".join(sections["text"])
    assert not any(mark in whole for mark in ("<", "http", "jpg", "title:", "$", "**"))
    assert sections["kind"].iloc[0] == "headline"
    assert "caption" not in set(sections["kind"])


def test_a_word_file_gives_paragraphs_rows_and_free_headings() -> None:
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_heading("夜市开街", 1)
    document.add_paragraph("河东夜市昨晚开街。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "街区", "摊位"
    stored = io.BytesIO()
    document.save(stored)
    text = read_docx(stored.getvalue())
    assert [line for line in text.split("\n") if line] == ["夜市开街", "河东夜市昨晚开街。", "街区 摊位"]


def test_other_files_are_refused_in_one_line(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    for name, data, fact in (
        ("a.docx", b"PK", "not an Office file"),
        ("a.rtf", b"{\\rtf1 abc}", "Rich Text"),
        ("a.txt", b"%PDF-1.4", "PDF under another ending"),
    ):
        (folder / name).write_bytes(data)
        with pytest.raises(ValueError, match=fact) as error:
            read_text(folder / name)
        assert str(error.value).startswith(f"{folder / name}: ")
