"""Kinship of texts: what rare pairs they share, not how long or how alike in small words they are."""

from banmian.reading.themes import kinship, word_pairs

BRIDGE = word_pairs("江城新桥今天上午通车，大桥全长三千二百米，桥头建有观景平台和公交枢纽。")
RAIL = word_pairs("公交枢纽设在桥头，从观景平台可以看到大桥全貌，江城新桥的夜灯也亮了。")
FISH = word_pairs("渔民把刚捕的银鱼装进木桶，天不亮就运到码头的市场，收购商排起了队。")


def test_two_halves_of_a_story_are_kin_and_two_stories_are_not() -> None:
    assert kinship(BRIDGE, RAIL) > 0.2 > 0.02 > kinship(BRIDGE, FISH)


def test_kinship_is_a_cosine() -> None:
    assert abs(kinship(BRIDGE, BRIDGE) - 1) < 1e-9
    assert kinship(BRIDGE, RAIL) == kinship(RAIL, BRIDGE)
    assert kinship(BRIDGE, frozenset()) == 0


def test_a_rare_pair_tells_more_than_a_usual_one() -> None:
    """Both texts share one pair of the same length; 我们 stands in every other section, 观鸟 in none."""
    usual = kinship(word_pairs("我们，修桥"), word_pairs("我们，捕鱼"))
    rare = kinship(word_pairs("观鸟，修桥"), word_pairs("观鸟，捕鱼"))
    assert rare > 1.5 * usual > 0


def test_pairs_do_not_reach_over_marks() -> None:
    assert word_pairs("江城，新桥A通车 了") == {"江城", "新桥", "通车"}
