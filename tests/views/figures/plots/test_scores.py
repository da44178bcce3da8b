import numpy as np
import pandas as pd
import pytest

from banmian.views.figures.plots.scores import finding_of_scores, plot_intervals, plot_score_table
from plot_cases import frame


def test_each_name_has_its_interval_and_its_value_in_figures() -> None:
    data = frame("intervals")
    ax = plot_intervals(data, references=((0.2, "chance"),), highlight=data["name"].iloc[0])
    bars = [line.get_xdata() for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == 2][1:]
    assert [tuple(bar) for bar in bars] == list(zip(data["low"], data["high"], strict=True))
    assert [text.get_text() for text in ax.texts] == ["chance", "0.74", "0.66", "0.52", "0.11"]
    markers = [line.get_marker() for line in ax.lines if line.get_marker() in ("o", "D")]
    assert markers == ["D", "o", "o", "o"], "ours is told apart by its shape too"


def test_value_outside_its_interval_is_refused() -> None:
    data = pd.DataFrame({"name": ["NMF"], "value": [0.5], "low": [0.6], "high": [0.7]})
    with pytest.raises(ValueError, match="'NMF' lies outside its own interval"):
        plot_intervals(data)


def test_single_runs_stand_in_the_row_of_their_name() -> None:
    data = frame("intervals")
    runs = pd.DataFrame({"name": data["name"].iloc[[2, 0]].tolist(), "value": [0.5, 0.7]})
    ax = plot_intervals(data, runs=runs)
    assert ax.lines[0].get_xydata().tolist() == [[0.5, 2], [0.7, 0]]


def test_a_method_within_our_interval_is_no_worse() -> None:
    data = pd.DataFrame({"name": ["ours", "rules"], "value": [0.775, 0.783], "low": [0.58, 0.6], "high": [0.86, 0.9]})
    assert finding_of_scores(data, "ours")[1] == "No better than the best simple method: 0.775 and 0.783"
    apart = data.assign(value=[0.86, 0.6], low=[0.8, 0.5], high=[0.9, 0.7])
    assert finding_of_scores(apart, "ours")[1].startswith("Above")


def test_the_best_of_each_column_is_marked() -> None:
    ax = plot_score_table(frame("score_table"))
    assert sorted(text.get_text() for text in ax.texts if "★" in text.get_text()) == ["0.18 ★", "0.65 ★"]
