"""Kinship of texts: what rare pairs they share, not how long or how alike in small words they are."""

import math

import pytest

from banmian.reading.articles.cohesion import cohesion, han_bigrams, index_bigrams

BRIDGE = "江城新桥今天上午通车，大桥全长三千二百米，桥头建有观景平台和公交枢纽。"
RAIL = "公交枢纽设在桥头，从观景平台可以看到大桥全貌，江城新桥的夜灯也亮了。"
FISH = "渔民把刚捕的银鱼装进木桶，天不亮就运到码头的市场，收购商排起了队。"


def kin(one: str, other: str) -> float:
    return cohesion(index_bigrams([one, other]), 0, 1, 2)[0]


def test_two_halves_of_a_story_are_kin_and_two_stories_are_not() -> None:
    assert kin(BRIDGE, RAIL) > 0.2 > 0.02 > kin(BRIDGE, FISH)


def test_kinship_is_a_cosine() -> None:
    assert kin(BRIDGE, BRIDGE) == pytest.approx(1)
    assert kin(BRIDGE, RAIL) == pytest.approx(kin(RAIL, BRIDGE))
    assert kin(BRIDGE, "") == kin("", BRIDGE) == kin("", "") == 0


def test_a_rare_pair_tells_more_than_a_usual_one() -> None:
    """Both texts share one pair of the same length; 我们 stands in every other section, 观鸟 in none."""
    usual, rare = kin("我们，修桥", "我们，捕鱼"), kin("观鸟，修桥", "观鸟，捕鱼")
    assert rare > 1.5 * usual > 0
    # Two pairs on either side, none ever counted, one of them shared.
    assert kin("龘鱻，鱻龘", "龘鱻，龘龘") == pytest.approx(0.5)


def test_only_what_stands_in_the_two_stretches_counts_and_a_pair_counts_once() -> None:
    """The same as between bags of the two sides, whatever stands before, after and between the repetitions."""
    texts = [FISH, BRIDGE, RAIL, RAIL, BRIDGE[:20], FISH, BRIDGE]
    found, n_pairs = cohesion(index_bigrams(texts), 1, 3, 6)
    before, after = (
        han_bigrams(BRIDGE) | han_bigrams(RAIL),
        han_bigrams(RAIL) | han_bigrams(BRIDGE[:20]) | han_bigrams(FISH),
    )
    assert n_pairs == min(len(before), len(after))
    assert found == pytest.approx(kin("，".join(sorted(before)), "，".join(sorted(after))))
    assert 0 < found < 1


def test_pairs_do_not_reach_over_marks_or_paragraphs() -> None:
    assert han_bigrams("江城，新桥A通车 了") == {"江城", "新桥", "通车"}
    trail = index_bigrams(["江城，新桥A通车 了", "", "江", "\ud800城江城"])
    assert trail.bounds.tolist() == [0, 3, 3, 3, 5]
    assert trail.last.tolist() == [-1, -1, -1, -1, 0]
    assert trail.idf.max() <= math.log(1300)
