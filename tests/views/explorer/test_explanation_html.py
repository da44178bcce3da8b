"""What the labeller says of a section, as HTML."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from banmian.views.explorer.explanation_html import probability_bars, reasons_html, telling_terms


def terms(*effects: float) -> SimpleNamespace:
    names = [f"词{n}" for n in range(len(effects))]
    return SimpleNamespace(terms=pd.DataFrame({"term": names, "effect": list(effects)}))


def test_terms_are_weighed_against_the_strongest() -> None:
    """Where the labeller is very sure all effects are tiny, and some still carry it."""
    assert telling_terms(terms(0.3, 0.02, -0.1)) == [("词0", 0.3), ("词2", -0.1)]
    assert telling_terms(terms(1e-5, 9e-6)) == [("词0", 1e-5), ("词1", 9e-6)]
    assert telling_terms(terms(0.0)) == telling_terms(terms()) == []


def test_shares_stand_highest_first_and_doubt_is_told() -> None:
    said = pd.Series({"confidence": 0.6, "abstained": True, "p_culture": 0.4, "p_<b>": 0.6})
    html = probability_bars(said)
    assert html.index("&lt;b&gt;") < html.index("文化 culture")
    assert "<b>" not in html and "abstains" in html
    assert "abstains" not in probability_bars(pd.Series({**said, "abstained": False}))


def test_nothing_said_is_nothing_shown() -> None:
    assert probability_bars(pd.Series({"confidence": np.nan, "abstained": False, "p_culture": np.nan})) == ""
    assert probability_bars(pd.Series({"confidence": 0.5, "abstained": False})) == ""
    assert reasons_html([]) == ""


def test_terms_and_texts_are_escaped() -> None:
    nearest = pd.DataFrame({"similarity": [0.5], "label": ["<i>"], "opening": ["<img src=x>"]})
    html = reasons_html([("<u>", 0.1)], nearest)
    assert html.count("<") == html.count("<p>") + html.count("</p>") == 4
