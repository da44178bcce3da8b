import numpy as np
import pandas as pd
import pytest

from banmian.views.figures.plots.scores import plot_intervals, plot_learning_curve, plot_reliability, plot_risk_coverage
from plot_cases import frame


def test_each_name_has_its_interval_and_its_value_in_figures() -> None:
    data = frame("intervals")
    ax = plot_intervals(data, reference=0.2, highlight=data["name"].iloc[0])
    bars = [line.get_xdata() for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == 2][1:]
    assert [tuple(bar) for bar in bars] == list(zip(data["low"], data["high"], strict=True))
    assert [text.get_text() for text in ax.texts] == ["0.74", "0.66", "0.52", "0.11"]
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


def test_reliability_shows_the_diagonal_the_bins_and_their_sizes() -> None:
    data = frame("reliability")
    ax = plot_reliability(data)
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert ax.lines[1].get_xydata().tolist() == data[["confidence", "right"]].to_numpy().tolist()
    assert [text.get_text() for text in ax.texts] == [str(n) for n in data["n"]]
    assert ax.get_aspect() == 1
    plain = plot_reliability(data[["confidence", "right", "n"]])
    assert not any(len(c.get_segments()) for c in plain.collections if hasattr(c, "get_segments"))


def test_risk_is_drawn_for_each_method_and_the_threshold_starred() -> None:
    data = frame("risk_coverage")
    ax = plot_risk_coverage(data)
    star = next(line for line in ax.lines if line.get_marker() == "*")
    chosen = data[data["chosen"]]
    assert star.get_xydata().tolist() == chosen[["coverage", "risk"]].to_numpy().tolist()
    assert len(ax.collections) == data["method"].nunique(), "a band each"


def test_learning_curve_without_bands_or_methods() -> None:
    data = frame("learning_curve").query("method == 'TF-IDF'")[["sections", "score"]]
    ax = plot_learning_curve(data)
    assert ax.lines[0].get_xydata().tolist() == data.to_numpy().tolist()
    assert ax.get_legend() is None
    assert len(ax.collections) == 0
