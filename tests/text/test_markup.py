"""What is not read goes before words are counted; what only looks like it stays."""

import pytest

from banmian.text.markup import strip_markup
from banmian.words.segment import Segmenter


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('<p style="a:b">&ldquo;村晚&rdquo;上，<strong>皮影戏</strong>&#12289;秧歌</P>', "\n“村晚”上，皮影戏、秧歌\n"),
        ("甲&amp;乙&nbsp;丙", "甲&乙 丙"),
        ("<script>var a=1;</script>正文", " 正文"),
        ("占 $30\\%$，$\\mathbf{2 8 \\%}$", "占 30%，28%"),
        ("政務(wù)熱線(xiàn)的(de)（社区）", "政務熱線的（社区）"),
        ("全体党\u200b员", "全体党员"),
        ("the govern-ment of the coun-try", "the government of the country"),
        ("见[区图书馆](https://example.com/a)", "见区图书馆"),
        ("![](images/3f.jpg)正文", "正文"),
    ],
)
def test_markup_goes(text: str, read: str) -> None:
    assert strip_markup(text) == read


@pytest.mark.parametrize(
    "text", ["a<b 且 c>d", "《<人民>》", "AT&T; R&D", "long-term and state-owned", "中国(china)", "[1](注)", "$A股$"]
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert strip_markup(text) == text


def test_words_hold_no_markup() -> None:
    segmenter = Segmenter()
    marked = "<p>&nbsp;&ldquo;村晚&rdquo;舞台上，皮影戏&#12289;秧歌轮番登场，文化站請来老艺人教孩子剪纸。<br></p>"
    plain = "“村晚”舞台上，皮影戏、秧歌轮番登场，文化站請来老艺人教孩子剪纸。"
    assert segmenter.words(marked) == segmenter.words(plain)
    assert "".join(segmenter.tokens(marked)) == marked
