"""Topics as tables for people: how common each is, which labels it meets, which topics of another method it shares."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

from banmian.models.topics.result import TopicResult
from banmian.models.topics.stability import single_source_share


def topic_prevalence(
    result: TopicResult, names: Sequence[str], stories: Sequence[str], characters: Sequence[int]
) -> pd.DataFrame:
    """Return one row a topic that has sections: number, topic, sections, share, one_story, story.

    Parameters
    ----------
    names : of the topics, in their order.
    stories, characters : of each section that was fitted.

    number counts topics from 1; share is of all characters, 0..1; story is the one that most of the topic's sections
    come from, one_story the share of its sections that do.
    """
    table = single_source_share(result.assignment, list(stories))
    total = pd.Series(list(characters), dtype=float).groupby(result.assignment).sum()
    share = table["topic"].map(total) / max(float(np.sum(characters)), 1.0)
    return pd.DataFrame(
        {
            "number": table["topic"] + 1,
            "topic": [names[topic] for topic in table["topic"]],
            "sections": table["n_sections"],
            "share": share,
            "one_story": table["share"],
            "story": table["story"],
        }
    )


def topics_by_label(result: TopicResult, names: Sequence[str], labels: Sequence[str | None]) -> pd.DataFrame:
    """Return topic ("3 name"), label, sections and share of the topic's labelled sections; one row for each pair.

    Sections without a topic or a label are left out.
    """
    known = pd.DataFrame({"number": result.assignment + 1, "label": list(labels)}).dropna()
    table = pd.crosstab(known["number"], known["label"])
    table = table[table.index > 0].reset_index().melt("number", var_name="label", value_name="sections")
    table = table.sort_values(["number", "label"], kind="stable", ignore_index=True)
    table.insert(0, "topic", [f"{number} {names[number - 1]}" for number in table.pop("number")])
    return table.assign(share=table["sections"] / table.groupby("topic")["sections"].transform("sum"))


def shared_sections(left: TopicResult, left_names: Sequence[str], right: TopicResult, n_words: int = 4) -> pd.DataFrame:
    """Return left ("3 name"), right (the first words of a topic of the other fit) and the sections that both have.

    Both fits are of the same sections in the same order; "—" stands for sections without a topic.
    """
    both = pd.DataFrame({"left": left.assignment, "right": right.assignment}).value_counts(sort=False)
    table = both.rename("sections").reset_index()
    words = [" ".join(first[:n_words]) for first in right.word_lists]
    table["left"] = [f"{topic + 1} {left_names[topic]}" if topic >= 0 else "—" for topic in table["left"]]
    return table.assign(right=[words[topic] if topic >= 0 else "—" for topic in table["right"]])


def section_places(vectors: np.ndarray) -> tuple[pd.DataFrame, float]:
    """Return x and y of each section on the first two principal components, and their share of the variance."""
    pca = PCA(2, svd_solver="full")
    places = pca.fit_transform(np.asarray(vectors, dtype=np.float64)).round(3)
    return pd.DataFrame(places, columns=["x", "y"]), round(float(pca.explained_variance_ratio_.sum()), 3)
