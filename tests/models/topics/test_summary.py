"""Tables about topics, counted by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from banmian.models.topics.summary import section_places, shared_sections, topic_prevalence, topics_by_label


def fit(assignment: list[int], words: list[list[str]]) -> Any:
    return SimpleNamespace(assignment=np.array(assignment), word_lists=words)


def test_prevalence_is_of_characters_and_names_the_commonest_story() -> None:
    table = topic_prevalence(fit([0, 0, 1], []), ["甲", "乙"], ["a", "a", "b"], [10, 20, 70])
    assert table["number"].tolist() == [1, 2] and table["topic"].tolist() == ["甲", "乙"]
    assert table["share"].tolist() == pytest.approx([0.3, 0.7])
    assert table["one_story"].tolist() == [1.0, 1.0] and table["story"].tolist() == ["a", "b"]


def test_topics_meet_labels_where_both_are_known() -> None:
    table = topics_by_label(fit([0, 0, 1, -1, 1], []), ["甲", "乙"], ["culture", "other", "other", "other", None])
    rows = {(row.topic, row.label): (row.sections, row.share) for row in table.itertuples()}
    assert rows[("1 甲", "culture")] == (1, 0.5) and rows[("2 乙", "other")] == (1, 1.0)
    assert rows[("2 乙", "culture")] == (0, 0.0) and len(rows) == 4


def test_sections_that_two_fits_share_are_counted_once() -> None:
    left, right = fit([0, 0, 1], [["党"], ["城"]]), fit([1, 1, -1], [["甲"], ["乙", "丙"]])
    table = shared_sections(left, ["党建", "城市"], right)
    found = {(row.left, row.right): row.sections for row in table.itertuples()}
    assert found == {("1 党建", "乙 丙"): 2, ("2 城市", "—"): 1}


def test_places_come_with_the_variance_they_keep() -> None:
    places, variance = section_places(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]]))
    assert places.shape == (4, 2) and variance == 1.0
