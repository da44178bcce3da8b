from matplotlib.colors import to_hex

from banmian.views.figures.checks import find_overlaps
from banmian.views.figures.plots.words import plot_keyness, plot_lexicon_effect
from banmian.views.figures.style import LABEL_LOOKS
from plot_cases import frame


def test_keyness_bars_are_the_effects_in_the_colour_of_the_label() -> None:
    data = frame("keyness").query("group == 'culture'")
    ax = plot_keyness(data)
    assert [bar.get_width() for bar in ax.patches] == data["log_ratio"].tolist()
    assert {to_hex(bar.get_facecolor()).upper() for bar in ax.patches} == {LABEL_LOOKS["culture"].colour}
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0] == f"{data['word'].iloc[0]} ({data['count'].iloc[0]})"
    low, high = ax.get_ylim()
    assert low > high, "the first word stands on top"


def test_a_lexicon_that_changed_nothing_is_said_so() -> None:
    ax = plot_lexicon_effect(frame("lexicon").head(0))
    assert [text.get_text() for text in ax.texts] == ["这些版面里没有。 None in these pages."]
    assert find_overlaps(ax.figure) == []


def test_intervals_are_drawn_when_given() -> None:
    data = frame("keyness").head(3)
    without = plot_keyness(data)
    ax = plot_keyness(data.assign(low=data["log_ratio"] - 0.5, high=data["log_ratio"] + 1))
    assert len(without.collections) == 0
    ends = [tuple(segment[:, 0].round(6)) for segment in ax.collections[0].get_segments()]
    assert ends == [(round(x - 0.5, 6), round(x + 1, 6)) for x in data["log_ratio"]]


def test_lexicon_effect_shows_count_and_former_cut() -> None:
    data = frame("lexicon")
    ax = plot_lexicon_effect(data)
    assert [bar.get_width() for bar in ax.patches] == data["count"].tolist()
    assert ax.texts[0].get_text().split() == ["54", "新｜就业｜群体"]
