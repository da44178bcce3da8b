"""The classifier is an estimator as scikit-learn expects one, and the labeller that it holds gives the same answers."""

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from banmian.models.classify import SectionClassifier, train_labeller
from banmian.models.classify.training.tables import EXAMPLES

TABLE = pd.read_csv(EXAMPLES)
TEXTS, LABELS = TABLE["text"].tolist(), TABLE["label"].tolist()
CHEAP = {"ngrams": 30.0, "fields": 0.3}  # no network, so that folds take no time


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def cheap(**options: object) -> SectionClassifier:
    return SectionClassifier(penalties=CHEAP, **options)  # type: ignore[arg-type]


def test_it_is_cloned_and_described_by_its_parameters() -> None:
    model = cheap(error_rate=0.2)
    assert clone(model).get_params() == model.get_params()
    assert model.get_params()["error_rate"] == 0.2 and is_classifier(model)
    assert "error_rate=0.2" in repr(model)


def test_it_works_in_cross_validation_grids_and_pipelines() -> None:
    groups = [i // 2 for i in range(len(TEXTS))]
    found = cross_val_predict(cheap(calibrate=False), TEXTS, LABELS, groups=groups, cv=GroupKFold(3))
    assert set(found) <= set(LABELS) and (found == np.array(LABELS)).mean() > 0.4  # five labels, 48 texts
    grid = GridSearchCV(cheap(calibrate=False), {"min_texts": [1, 3]}, cv=2).fit(TEXTS, LABELS)
    assert set(grid.best_params_) == {"min_texts"}
    pipe = make_pipeline(FunctionTransformer(lambda texts: [text.strip() for text in texts]), cheap(calibrate=False))
    assert pipe.fit(TEXTS, LABELS).predict(TEXTS[:2]).tolist() == LABELS[:2]


def test_predictions_are_those_of_the_labeller_that_it_holds() -> None:
    model = cheap().fit(TEXTS, LABELS)
    table = model.labeller_.predict(TEXTS)
    assert model.classes_.tolist() == sorted(set(LABELS)) == model.labeller_.labels
    np.testing.assert_array_equal(model.predict_proba(TEXTS), table.filter(like="p_").to_numpy())
    np.testing.assert_array_equal(model.predict(TEXTS), table["label"].to_numpy())
    assert model.score(TEXTS, LABELS) > 0.95


def test_labels_keep_their_type_and_a_series_of_any_index_will_do() -> None:
    numbers = pd.Series([sorted(set(LABELS)).index(label) * 10 for label in LABELS], index=range(100, 160))
    model = cheap().fit(pd.Series(TEXTS, index=range(5, 65)), numbers)
    assert model.predict(TEXTS[:5]).dtype.kind == "i"
    table = model.labeller_.predict(TEXTS[:5])
    assert all(type(label) is int for label in table["label"])
    assert [name for name in table if name.startswith("p_")] == ["p_0", "p_10", "p_20", "p_30", "p_40"]


def test_the_order_of_the_rows_does_not_matter_to_the_labels() -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))
    one = cheap(calibrate=False).fit(TEXTS, LABELS).predict_proba(TEXTS)
    other = cheap(calibrate=False).fit([TEXTS[i] for i in order], [LABELS[i] for i in order]).predict_proba(TEXTS)
    np.testing.assert_allclose(one, other, atol=0.02)


def test_a_weight_of_nothing_teaches_nothing() -> None:
    weights = np.ones(len(TEXTS))
    weights[-5:] = 1e-9
    wrong = [*LABELS[:-5], *[LABELS[0]] * 5]
    mine = LABELS[-4:]  # of labels other than that one
    assert LABELS[0] not in mine
    believed = cheap(calibrate=False).fit(TEXTS, wrong)
    weighted = cheap(calibrate=False).fit(TEXTS, wrong, weights)
    column = believed.classes_.tolist().index(LABELS[0])
    gain = believed.predict_proba(TEXTS[-4:])[:, column] - weighted.predict_proba(TEXTS[-4:])[:, column]
    assert (gain > 0.2).all()


def test_a_label_that_is_right_is_given_with_few_examples_too() -> None:
    table = cheap().fit(TEXTS, LABELS).labeller_.predict(TEXTS)
    assert table["abstained"].mean() < 0.5


def test_one_example_a_label_is_enough_to_begin() -> None:
    first = {label: text for text, label in zip(reversed(TEXTS), reversed(LABELS), strict=True)}
    with pytest.warns(UserWarning, match="fewer than 10 texts for .*none held out"):
        model = train_labeller(list(first.values()), list(first))
    assert model.predict(list(first.values()))["label"].tolist() == list(first)
    assert not model.predict(TEXTS)["abstained"].any(), "nothing was measured, so nothing is promised"
