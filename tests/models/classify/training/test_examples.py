"""Examples as people hand them over: what is wrong is reported with its rows, what is odd but clear is taken."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from banmian.models.classify.training.examples import check_examples
from banmian.models.classify.training.tables import EXAMPLES


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["一", "二"], ["a"], "2 texts but 1 labels"),
        (["一", " "], ["a", "b"], r"text is missing in row 1 \(counted from 0\)"),
        (["一", "\u3000\n"], ["a", "b"], "text is missing in row 1"),
        (["一", None], ["a", "b"], "text is missing in row 1"),
        (["一", float("nan"), pd.NA, pd.NaT], ["a", "b", "a", "b"], "text is missing in rows 1, 2, 3"),
        (["一", 2], ["a", "b"], "text is not a string in row 1"),
        (["一", "二"], ["a", "a"], r"two to 1000 different labels are needed, got 1: \['a'\]"),
        (["一", "二", "三"], ["a", np.nan, "b"], r"label is missing in row 1 \(counted from 0\)"),
        (["一", "二", "三"], ["a", None, pd.NA], "label is missing in rows 1, 2"),
        (["一", "二", "三"], ["a", "b", " "], "label is missing in row 2"),
        (["一"] * 9, [None] * 8 + ["a"], "label is missing in rows 0, 1, 2, 3, 4 and 3 more"),
        (["一", "二"], [["a"], ["b"]], "label is neither text nor a whole number in rows 0, 1"),
        (["一", "二"], [0.5, 1.5], "label is neither text nor a whole number in rows 0, 1"),
        (["一", "二"], ["a", 1], "some labels are text and some are numbers"),
        ("一二", ["a", "b"], "texts is one string"),
        (["一", "二"], "ab", "labels is one string"),
    ],
)
def test_what_is_wrong_is_reported_with_its_rows(texts: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        check_examples(texts, labels)
    assert "\n" not in str(caught.value)


def test_labels_of_any_kind_come_back_in_it() -> None:
    texts = pd.Series(["路灯坏了", "工地太吵"], index=[7, 3])
    for labels in (
        pd.Series([2, 1], index=[7, 3]),
        pd.Series([2, 1], dtype="Int64"),
        pd.Series(["市政/路灯", "环保 噪音"], dtype="category"),
        np.array([2.0, 1.0]),
        [True, False],
    ):
        found = check_examples(texts, labels)[1]
        assert found == list(labels)
        assert {type(label) for label in found} <= {int, str, bool}


def test_equal_texts_with_different_labels_are_reported() -> None:
    with pytest.warns(UserWarning, match=r"equal texts with different labels in rows 0 \(a\) and 2 \(b\) "):
        check_examples(["路灯坏了", "太吵", "路燈壞了"], ["a", "b", "b"])


def test_hotline_records_pass() -> None:
    table = pd.read_csv(EXAMPLES, dtype=str)
    texts, labels = table["text"], table["label"]
    assert check_examples(texts, labels) == (texts.tolist(), labels.tolist())
