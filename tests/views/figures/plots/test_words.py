from matplotlib.colors import to_hex

from banmian.views.figures.checks import find_overlaps
from banmian.views.figures.plots.words import plot_collocates, plot_frequencies, plot_keyness, plot_lexicon_effect
from banmian.views.figures.style import ACCENT, LABEL_LOOKS
from plot_cases import frame


def test_keyness_bars_are_the_effects_in_the_colour_of_the_label() -> None:
    data = frame("keyness").query("group == 'culture'")
    ax = plot_keyness(data)
    assert [bar.get_width() for bar in ax.patches] == sorted(data["log_ratio"], reverse=True), "the longest on top"
    assert {to_hex(bar.get_facecolor()).upper() for bar in ax.patches} == {LABEL_LOOKS["culture"].colour}
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0] == f"{data['word'].iloc[0]} ({data['count'].iloc[0]}/{data['texts'].iloc[0]})"
    low, high = ax.get_ylim()
    assert low > high, "the first word stands on top"


def test_a_lexicon_that_changed_nothing_is_said_so() -> None:
    ax = plot_lexicon_effect(frame("lexicon").head(0))
    assert [text.get_text() for text in ax.texts] == ["这些版面里没有。 None in these pages."]
    assert find_overlaps(ax.figure) == []


def test_lexicon_effect_shows_count_and_former_cut() -> None:
    data = frame("lexicon")
    ax = plot_lexicon_effect(data)
    assert [bar.get_width() for bar in ax.patches] == data["count"].tolist()
    assert ax.texts[0].get_text().split() == ["54", "新｜就业｜群体"]


def test_only_the_first_terms_are_drawn_and_all_are_counted() -> None:
    data = frame("lexicon")
    ax = plot_lexicon_effect(data, n=3)
    assert len(ax.patches) == 3
    assert ax.get_title(loc="left").startswith(f"词典保住{len(data)}个完整的词")


def test_words_of_few_documents_are_marked() -> None:
    ax = plot_frequencies(frame("frequencies"))
    assert [to_hex(bar.get_facecolor()).upper() == ACCENT.upper() for bar in ax.patches] == [False, True, False]


def test_collocates_that_are_not_there_are_said_so() -> None:
    assert "None in these pages" in plot_collocates(frame("collocates").head(0), node="龙舟").texts[0].get_text()
