"""What `banmian report` says of any pages: their labels, key words, topics and repeats."""

from typing import Any

import pandas as pd

from banmian.partitions import Corpus
from banmian.pipeline.rows import Rejected
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections

# Words of a label count when they stand in so many sections, surely enough (p < 0.01) and twice as often as elsewhere.
_MIN_TEXTS, _MIN_LOG_LIKELIHOOD, _MIN_LOG_RATIO, _N_WORDS = 3, 6.63, 1.0, 8
_MIN_CHARACTERS = 60  # shorter sections are lists of attendees and logistics, which make topics of their own
_NAME_WORDS = 2  # of a topic's words, in a sentence that lists topics
_FEWEST_SECTIONS = 10  # of fewer no topics are fitted


def read_pages(corpus: Corpus, rejected: list[Rejected]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the documents and their sections with the column characters (printed ones); bad pages go to ``rejected``.

    Raises ``ValueError``, that of the first page, if none can be read.
    """
    documents, errors = [], []
    for number, file in enumerate(corpus.files, start=1):
        try:
            documents.append(read_documents(file))
        except ValueError as error:
            errors.append(error)
            found: Rejected = {"source": str(file), "row": number, "error": str(error), "content": '{"path": ""}'}
            rejected.append(found)
    if not documents:
        raise errors[0]
    pages = pd.concat(documents, ignore_index=True)
    sections = split_sections(pages, progress=True)
    return pages, sections.assign(characters=[len("".join(text.split())) for text in sections["text"]])


def label_pages(documents: pd.DataFrame, sections: pd.DataFrame) -> dict[str, Any]:
    """Return sections (with label), predictions, repair, pairs and story, for the report and the explorer."""
    from banmian.models.classify.pretrained import load_pretrained
    from banmian.reading.audit import whitespace_decisions
    from banmian.reading.near_duplicates import find_duplicates, leakage_groups

    body = sections[sections["kind"] == "body"]
    found = load_pretrained().predict(body["text"].tolist(), reasons="short", progress=True).set_index(body.index)
    found["reasons"] = ["、".join(reason["term"] for reason in row["terms"]) for row in found["reasons"]]
    return {
        "sections": sections.assign(label=found["label"].reindex(sections.index).fillna("")),
        "predictions": found.assign(section_id=body["section_id"]),
        "repair": whitespace_decisions(documents, sections),
        "pairs": find_duplicates(sections),
        "story": leakage_groups(sections),
    }


def key_words(sections: pd.DataFrame) -> pd.DataFrame:
    """Return the words that set each label apart (`keyness`), of those in three sections or more; none of one label."""
    from banmian.words.segment import Segmenter
    from banmian.words.term_extraction import keyness

    chinese = sections[(sections["label"] != "") & (sections["script"] != "en")]
    groups = {str(label): rows["text"].tolist() for label, rows in chinese.groupby("label")}
    segmenter = Segmenter()
    if len(groups) < 2:
        return sections.head(0)
    keys = keyness({label: segmenter.content_words(texts) for label, texts in groups.items()}, n=1000)
    enough = (keys["texts"] >= _MIN_TEXTS) & (keys["log_likelihood"] > _MIN_LOG_LIKELIHOOD)
    keys = keys[enough & (keys["log_ratio"] >= _MIN_LOG_RATIO)]
    return keys.groupby("group", sort=False).head(_N_WORDS).reset_index(drop=True)


def topics_of(
    sections: pd.DataFrame, story: "pd.Series[str]", n_topics: int | None
) -> tuple[pd.DataFrame | None, pd.DataFrame | None, dict[str, pd.DataFrame]]:
    """Return each section's topic and place on the map, and the tables of the topic figures; none of few sections."""
    from banmian.models.embed import embed
    from banmian.models.topics import fit_topics
    from banmian.models.topics.summary import section_places, topic_prevalence, topics_by_label
    from banmian.words.segment import Segmenter

    long = (sections["kind"] == "body") & (sections["script"] != "en") & (sections["characters"] >= _MIN_CHARACTERS)
    body = sections[long]
    if len(body) < _FEWEST_SECTIONS:
        return None, None, {}
    vectors = embed(body["simplified"].tolist(), keep=True)
    result = fit_topics(Segmenter().content_words(body["text"].tolist()), vectors, n_topics=n_topics)
    prevalence = topic_prevalence(result, result.names, story[long].tolist(), body["characters"].tolist())
    short = [" ".join(name.split(" · ")[:_NAME_WORDS]) for name in prevalence["topic"]]
    prevalence = prevalence.assign(name_zh=short, name_en=short)
    words = result.words[result.words["rank"] <= _N_WORDS]
    words = words.assign(topic=[result.names[topic] for topic in words["topic"]])
    crossed = topics_by_label(result, result.names, body["label"].tolist())
    ids = body[["section_id"]].reset_index(drop=True)
    named = [f"{topic + 1} {result.names[topic]}" if topic >= 0 else "" for topic in result.assignment]
    tables = {"prevalence": prevalence, "crossed": crossed, "topic_words": words}
    return ids.assign(topic=named), ids.join(section_places(vectors)[0]), tables
