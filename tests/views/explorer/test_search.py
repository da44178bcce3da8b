"""Finding sections: by words in either script, by what is known of them, by likeness."""

import numpy as np
import pandas as pd
import pytest

from banmian.views.explorer.search import find_sections, join_results, sections_like

TEXTS = {"a/s1": "加强基层治理。", "a/s2": "加強基層治理。", "b/s1": "Community work.", "b/s2": "博物馆夜场。"}


def sections() -> pd.DataFrame:
    frame = pd.DataFrame({"section_id": list(TEXTS), "text": list(TEXTS.values())})
    return frame.assign(
        doc_id=frame["section_id"].str[0],
        kind=["body", "body", "body", "headline"],
        heading=["", "會議", "", ""],
        simplified=["加强基层治理。", "加强基层治理。", "Community work.", "博物馆夜场。"],
        script=["hans", "hant", "en", "hans"],
        spans=[[[0, 7]]] * 4,
        duplicate_of=[None, "a/s1", None, None],
    )


def table() -> pd.DataFrame:
    said = pd.DataFrame({"section_id": ["a/s1", "a/s2", "b/s1"], "label": ["culture", "other", "other"]})
    said = said.assign(confidence=[0.9, 0.6, 0.3], abstained=[False, False, True], p_culture=[0.9, 0.4, 0.2])
    topics = pd.DataFrame({"section_id": ["a/s1"], "topic": ["治理 · 社区"]})
    return join_results(sections(), said, topics, pd.DataFrame({"section_id": ["a/s1"], "x": [1.0], "y": [2.0]}))


def found(**wanted: object) -> list[str]:
    return find_sections(table(), **wanted)["section_id"].tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["基层治理", "基層治理", "治理 加強", " 基层 "])
def test_one_search_for_both_scripts(words: str) -> None:
    assert found(words=words) == ["a/s1", "a/s2"]


def test_search_reads_headings_and_latin_in_either_case() -> None:
    assert found(words="会议") == found(words="會議") == ["a/s2"]
    assert found(words="COMMUNITY") == ["b/s1"]
    assert found(words="没有 治理") == []


def test_filters_narrow_together() -> None:
    assert found(script="hans") == ["a/s1", "b/s2"]
    assert found(script="hans", kind="body") == ["a/s1"]
    assert found(label="other", at_least=0.5) == ["a/s2"]
    assert found(topic="治理 · 社区") == ["a/s1"]
    assert found() == list(TEXTS)


def test_the_full_range_keeps_what_has_no_confidence_and_a_narrower_one_does_not() -> None:
    assert "b/s2" in found(at_least=0.0, at_most=1.0)
    assert "b/s2" not in found(at_least=0.05)


def test_unknown_filter_is_named() -> None:
    with pytest.raises(ValueError, match="colour"):
        found(colour="red")


def test_nothing_said_is_empty_not_missing() -> None:
    row = table().set_index("section_id").loc["b/s2"]
    assert (row["label"], row["topic"], row["abstained"]) == ("", "", False)
    assert np.isnan(row["confidence"]) and np.isnan(row["x"])


def test_sections_alone_make_a_table() -> None:
    assert join_results(sections())["label"].tolist() == [""] * 4


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (pd.DataFrame({"section_id": ["z/s1"], "label": ["other"]}), "no section is called 'z/s1'"),
        (pd.DataFrame({"section_id": ["a/s1", "a/s1"], "label": ["other"] * 2}), "stands in two rows"),
        (pd.DataFrame({"label": ["other"]}), r"columns \['section_id'\] are missing"),
    ],
)
def test_what_does_not_fit_the_sections_is_refused(said: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        join_results(sections(), said)


def test_like_sections_are_of_the_same_kind_nearest_first_without_itself() -> None:
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.6, 0.8], [1.0, 0.0]])
    like = sections_like(table(), vectors, "a/s1")
    assert like["section_id"].tolist() == ["a/s2", "b/s1"]
    assert like["likeness"].tolist() == [1.0, 0.6]
    assert sections_like(table(), vectors, "b/s2").empty


def test_vectors_of_other_sections_are_refused() -> None:
    with pytest.raises(ValueError, match="3 vectors for 4 sections"):
        sections_like(table(), np.zeros((3, 2)), "a/s1")
    with pytest.raises(ValueError, match="no section is called"):
        sections_like(table(), np.zeros((4, 2)), "z")
