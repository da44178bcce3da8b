import numpy as np
import pandas as pd

from banmian.views.figures.plots.calibration import plot_learning_curve, plot_reliability, plot_risk_coverage
from plot_cases import frame


def test_reliability_shows_the_diagonal_the_bins_and_their_sizes() -> None:
    data = frame("reliability")
    ax = plot_reliability(data)
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    dots = next(c for c in ax.collections if len(c.get_offsets()) == len(data))
    assert dots.get_offsets().tolist() == data[["confidence", "right"]].to_numpy().tolist()
    assert np.argsort(dots.get_sizes()).tolist() == np.argsort(data["n"].to_numpy()).tolist(), "n = 1 is drawn small"
    assert ax.get_aspect() == 1


def test_calibrated_and_uncalibrated_are_told_apart() -> None:
    data = frame("reliability")
    both = data.assign(method="calibrated"), data.assign(method="uncalibrated", confidence=data["confidence"] + 0.05)
    ax = plot_reliability(pd.concat(both, ignore_index=True))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names[1:] == ["calibrated", "uncalibrated"]
    assert "differ by" in ax.get_title(loc="left")


def test_risk_is_drawn_for_each_method_and_what_is_in_use_starred() -> None:
    data = frame("risk_coverage")
    ax = plot_risk_coverage(data)
    star = next(line for line in ax.lines if line.get_marker() == "*")
    chosen = data[data["chosen"]]
    assert star.get_xydata().tolist() == chosen[["coverage", "risk"]].to_numpy().tolist()
    assert len(ax.collections) == data["method"].nunique(), "a band each"
    curves = [line for line in ax.lines if line.get_marker() not in ("*",) and len(line.get_xdata()) > 2]
    assert all(line.get_marker() == "None" for line in curves), "no dot that could be taken for a measured point"


def test_learning_curve_is_logarithmic_and_begins_where_it_does_not_exaggerate() -> None:
    data = frame("learning_curve").query("method == 'TF-IDF'")[["sections", "score"]]
    ax = plot_learning_curve(data)
    assert ax.lines[0].get_xydata().tolist() == data.to_numpy().tolist()
    assert ax.get_xscale() == "log" and ax.get_ylim()[0] <= 0.4 and ax.get_ylim()[1] == 1
    assert ax.get_legend() is None
    assert len(ax.collections) == 0
