import pytest

from banmian.views.figures.checks import check_glyphs, find_overlaps, freeze_layout
from banmian.views.figures.style import new_axes, use_style
from plot_cases import DRAWN


@pytest.mark.parametrize("language", ["both", "zh", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_no_plot_cuts_or_covers_words(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANMIAN_LANG", language)
    figure = DRAWN[name]()
    freeze_layout(figure)
    check_glyphs(figure)
    assert find_overlaps(figure) == []


@pytest.mark.parametrize("name", [name for name in DRAWN if name not in ("topic_words", "page_strip")])
def test_plots_fit_a_slide(name: str) -> None:
    """Eight panels of topic words, or a page's worth of lines, are more than a slide holds."""
    use_style("slide")
    figure = DRAWN[name]()
    freeze_layout(figure)
    assert find_overlaps(figure) == []


def test_problems_are_found() -> None:
    ax = new_axes(None, 2.0)
    ax.text(0.5, 0.5, "枫桥经验")
    ax.text(0.51, 0.52, "一老一小")
    ax.text(0.9, 0.2, "巴蜀文化旅游走廊巴蜀文化旅游走廊")
    ax.text(0.98, 0.8, "高地", clip_on=True)
    ax.text(0.98, 0.95, "两企")  # beyond the axes but drawn whole, in the margin
    ax.set_position((0.1, 0.1, 0.8, 0.8))
    assert find_overlaps(ax.figure) == [
        "'巴蜀文化旅游走廊巴蜀文化旅游走廊' leaves the figure",
        "'枫桥经验' overlaps '一老一小'",
        "'高地' leaves its axes",
    ]


def test_ticks_beyond_the_axis_are_not_read() -> None:
    ax = new_axes(None, 2.0)
    ax.set_xticks([0, 0.001, 5], ["零", "远", "五"])
    ax.set_xlim(4, 6)
    freeze_layout(ax.figure)
    assert find_overlaps(ax.figure) == []


def test_missing_glyphs_are_named() -> None:
    ax = new_axes(None, 2.0)
    ax.set_title("版面📰与𣈶")
    with pytest.raises(ValueError, match=r"'版面📰与𣈶': no glyph for '📰' \(U\+1F4F0\), '𣈶' \(U\+23236\) in"):
        check_glyphs(ax.figure)


def test_dollar_signs_are_not_formulas() -> None:
    ax = new_axes(None, 2.0)
    ax.set_title(r"$\消费{$ 与 100")
    check_glyphs(ax.figure)
    freeze_layout(ax.figure)


def test_forgotten_style_is_an_error() -> None:
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    ax.set_title("话题")
    with pytest.raises(
        ValueError, match=r"no glyph for '话'.* in DejaVu Sans; call banmian\.views\.figures\.style\.use_style"
    ):
        check_glyphs(ax.figure)


def test_layout_is_frozen_on_a_grid() -> None:
    figure = DRAWN["keyness"]()
    freeze_layout(figure)
    places = [ax.get_position().bounds for ax in figure.axes]
    figure.axes[0].set_ylabel("两行\n文字")
    figure.draw_without_rendering()
    assert [ax.get_position().bounds for ax in figure.axes] == places, "nothing moves afterwards"
    for ax in figure.axes:
        assert all(abs(1000 * edge - round(1000 * edge)) < 1e-6 for edge in ax.get_position().bounds)
