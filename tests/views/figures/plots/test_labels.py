import pytest
from matplotlib.figure import Figure

from banmian.views.figures.plots.labels import plot_abstention, plot_confusion
from plot_cases import DRAWN, frame


@pytest.mark.mpl_image_compare(style="default", savefig_kwargs={"dpi": 60}, tolerance=4)
def test_confusion_looks_as_it_did() -> Figure:
    return DRAWN["confusion"]()


def test_truth_runs_down_and_guesses_across() -> None:
    ax = plot_confusion(frame("confusion"))
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    # 3 of 40 party-building sections were taken for grassroots governance, 4 of 55 the other way round.
    assert cells[(1.5, 0.5)] == "3\n8%"
    assert cells[(0.5, 1.5)] == "4\n7%"
    assert ax.yaxis.get_inverted()
    assert ax.get_yticklabels()[1].get_text().startswith("基层治理\ngrassroots governance\n召回/recall")
    assert ax.get_xticklabels()[-1].get_text().startswith("弃答")


def test_every_label_fills_its_bar() -> None:
    data = frame("abstention")
    ax = plot_abstention(data)
    ends = [round(bar.get_x() + bar.get_width(), 3) for bar in ax.patches[-5:]]
    assert ends == [1.0] * 5, "right, abstained and wrong add up to all sections"
    keys = [text.get_text() for text in ax.get_legend().get_texts()]
    assert keys == ["正确 right", "弃答（留给人工） abstained (left to a person)", "错误 wrong"]
