"""Labels by document and over time: shares of characters, counts written in, findings named."""

import pandas as pd
import pytest

from banmian.views.figures import count_labels, plot_labels_by_document, plot_labels_over_time
from banmian.views.figures.checks import find_overlaps
from plot_cases import frame


def test_sections_and_characters_are_counted_where_the_group_is_known() -> None:
    sections = pd.DataFrame(
        {"period": ["2025-02", "", "2025-02", None], "label": ["culture"] * 4, "characters": [10, 20, 30, 40]}
    )
    assert count_labels(sections, "period").to_numpy().tolist() == [["2025-02", "culture", 2, 40]]


def test_every_bar_is_full_and_the_leading_label_is_named() -> None:
    ax = plot_labels_by_document(frame("by_document"))
    ends = {round(b.get_y() + b.get_height() / 2): b.get_x() + b.get_width() for b in ax.patches}
    assert list(ends.values()) == pytest.approx([1.0, 1.0])
    assert ax.get_title(loc="left").startswith("基层治理最多，占46%；2份中有1份以它为主")
    assert find_overlaps(ax.figure) == []


def test_periods_stand_in_time_with_their_number_of_sections() -> None:
    ax = plot_labels_over_time(frame("over_time"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2024-11\nn = 13", "2025-02\nn = 10"]
    assert "商业从2024-11的0%变为2025-02的83%" in ax.get_title(loc="left")
    assert "None in these pages" in plot_labels_over_time(frame("over_time").head(0)).texts[0].get_text()
