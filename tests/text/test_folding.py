"""Characters that stand for others are read as those; what is proper in a script is left alone."""

import pytest

from banmian.text.script import simplify
from banmian.words.segment import Segmenter


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        ("⽂化⼈⺠，⻓⻢", "文化人民，长马"),
        ("\uf914", "乐"),
        ("隨著看著，名著原著顯著，執著", "随着看着，名著原著显著，执着"),
        ("討論著，配合著，論著，（某人著）", "讨论着，配合着，论著，（某人著）"),
        ("林大山著《江城記》", "林大山著《江城记》"),
        ("乾安縣糧食，乾燥設備，乾隆", "乾安县粮食，干燥设备，乾隆"),
        ("豆乾安全，乾淨", "豆干安全，干净"),
        ("乾安县粮食，哪吒，蒜薹，宫商角徵羽", "乾安县粮食，哪吒，蒜薹，宫商角徵羽"),
        ("皇后与太后说", "皇后与太后说"),
        ("ﬁne", "ﬁne"),
    ],
)
def test_simplified(text: str, simplified: str) -> None:
    assert simplify(text) == simplified


def test_words_of_both_ways_to_print_are_the_same() -> None:
    taiwan = "隨著長輩人數增加，里長帶著志工沿著巷弄逐戶訪視，藉著關懷據點，盼望著人人都有人陪伴。"
    words = Segmenter().words
    assert words(taiwan) == words(taiwan.replace("著", "着"))
