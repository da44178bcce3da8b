"""The fitting methods behind `banmian.models.topics.fit`: matrices in, matrices out, nothing chosen here.

A method is any function ``(parts, n_topics, random_state) -> Fitted``. Those in `METHODS` have names; another one, or
one of these with other settings (``functools.partial(bertopic, clusterer=...)``), is passed in as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA, LatentDirichletAllocation

from banmian.models.topics.matrices import guide_embeddings, inverse_document_frequency, seed_rows, shares, tf_idf
from banmian.models.topics.nmf import ROUGHLY, factorise, factorise_in_batches, load, main_directions

# From here on the mini-batch forms run: the plain ones look at every section in every round.
LARGE = 50_000
# BERTopic's UMAP keeps 5; the straight lines of a PCA need a few more to keep the same neighbours apart.
N_COMPONENTS = 10


@dataclass(frozen=True)
class Parts:
    """What a method may use: counts (n, n_vocab), embeddings (n, d) or None, seeds (n_sets, n_vocab) of 0 and 1."""

    tokens: list[list[str]]
    counts: sp.csr_matrix
    vocab: np.ndarray
    embeddings: np.ndarray | None
    seeds: sp.csr_matrix


class FitOutput(NamedTuple):
    """doc_topic (n, n_topics), topic_word (n_topics, n_vocab), and how to place new sections.

    A row of doc_topic that is all zero shares no word with any topic, or is an outlier where `outliers` (n,) says so.
    ``place(counts, embeddings)`` gives doc_topic rows.
    """

    doc_topic: np.ndarray
    topic_word: np.ndarray
    place: Callable[[sp.csr_matrix, np.ndarray | None], np.ndarray]
    outliers: np.ndarray | None = None


Method = Callable[[Parts, int, int], FitOutput]


def nmf(parts: Parts, n_topics: int, random_state: int) -> FitOutput:
    """Non-negative matrix factorisation of TF-IDF rows; nothing in it is drawn, so `random_state` has no effect."""
    idf = inverse_document_frequency(parts.counts)
    everything = _with_seeds(parts, idf)
    n, k = parts.counts.shape[0], min(n_topics, *(side - 1 for side in everything.shape))
    run = factorise_in_batches if n > LARGE else factorise
    loads, words = run(everything, k, parts.seeds.shape[0])
    return FitOutput(shares(loads[:n] * words.sum(axis=1)), shares(words), partial(_place_nmf, idf, words))


def nmf_words(parts: Parts, numbers: Sequence[int], dtype: type[np.floating] = np.float64) -> list[np.ndarray]:
    """Return the topic_word of `nmf` for several numbers of topics, nearly: to compare the numbers, not to keep.

    All start from the main directions of the largest number, and rounds stop earlier. On 1,000 broadcast items that
    took half the time and moved agreement over draws and coherence by 0.01, less than other draws do. float32 halves
    it again.
    """
    everything = _with_seeds(parts, inverse_document_frequency(parts.counts)).astype(dtype)
    within = [min(k, *(side - 1 for side in everything.shape)) for k in numbers]
    directions, n_anchors = main_directions(everything, max(within)), parts.seeds.shape[0]
    fits = [factorise(everything, k, n_anchors, ROUGHLY, directions)[1] for k in within]
    return [shares(words.astype(np.float64)) for words in fits]


def lda(parts: Parts, n_topics: int, random_state: int) -> FitOutput:
    """Latent Dirichlet allocation by variational Bayes (Hoffman, Blei & Bach 2010) on word counts."""
    # LDA draws its start, so the seed words must weigh more here: each set as much as one section in a hundred.
    weight = 0.01 * float(parts.counts.sum()) / np.sqrt(max(1, np.diff(parts.seeds.indptr).max(initial=1)))
    rows = sp.csr_matrix(sp.vstack([parts.counts, seed_rows(parts.seeds, weight)]))
    online = rows.shape[0] > LARGE
    model = LatentDirichletAllocation(
        n_topics,
        random_state=random_state,
        learning_method="online" if online else "batch",
        max_iter=5 if online else 20,
        batch_size=4096,
    )
    doc_topic = model.fit_transform(rows)[: parts.counts.shape[0]]
    return FitOutput(_with_words(doc_topic, parts.counts), shares(model.components_), partial(_place_lda, model))


def bertopic(
    parts: Parts, n_topics: int, random_state: int, reducer: Any | None = None, clusterer: Any | None = None
) -> FitOutput:
    """BERTopic (Grootendorst 2022, arXiv:2203.05794): clusters of embeddings, words by class-based TF-IDF.

    `reducer` and `clusterer` default to PCA and KMeans, which give the same topics on every processor.
    """
    # Imported here: it takes a second, and the other methods do without.
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    vectors = np.asarray(_needed(parts.embeddings), dtype=np.float64)
    n = len(vectors)
    vectors = guide_embeddings(vectors, parts.counts, parts.seeds)
    reducer = reducer or PCA(min(N_COMPONENTS, n - 1, vectors.shape[1]), svd_solver="full")
    model = BERTopic(
        language="multilingual",  # the default, English, deletes every Chinese character
        umap_model=reducer,
        hdbscan_model=clusterer or _kmeans(n_topics, n, random_state),
        vectorizer_model=CountVectorizer(
            tokenizer=split_words, token_pattern=None, lowercase=False, vocabulary=parts.vocab.tolist()
        ),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
    )
    labels = np.asarray(model.fit_transform([join_words(row) for row in parts.tokens], vectors)[0])
    if labels.max() < 0:
        raise ValueError(f"the clusterer called all {n} sections outliers; use method='nmf', or a smaller cluster size")
    weights = np.asarray(model.c_tf_idf_.todense(), dtype=np.float64)[int(labels.min() < 0) :]
    reduced = np.asarray(reducer.transform(vectors), dtype=np.float64)
    centres = np.array([reduced[labels == topic].mean(axis=0) for topic in range(labels.max() + 1)])
    spread = float(((reduced - centres[labels]) ** 2).sum(axis=1)[labels >= 0].mean())
    place = partial(_place_cluster, reducer, centres, max(spread, 1e-12))
    doc_topic = place(parts.counts, vectors) * (labels >= 0)[:, None]
    return FitOutput(_led_by(doc_topic, labels), shares(weights), place, labels < 0)


def umap_hdbscan(parts: Parts, n_topics: int, random_state: int) -> FitOutput:
    """BERTopic with UMAP and HDBSCAN, as its documentation starts; it finds its own number of topics.

    Needs umap-learn, which the locked environment takes without changing anything it has (the extra ``banmian[umap]``
    would bring all that BERTopic asks for, torch too). Seeded, and still not the same on another processor: read its
    stability in docs/benchmarks.md.
    """
    try:
        from umap import UMAP
    except ImportError:
        raise ValueError(
            "method 'umap' needs umap-learn; run: python -m pip install umap-learn, or use method='bertopic'"
        ) from None
    from sklearn.cluster import HDBSCAN

    n = parts.counts.shape[0]
    reducer = UMAP(n_neighbors=min(15, n - 1), n_components=5, min_dist=0.0, metric="cosine", random_state=random_state)
    return bertopic(parts, n_topics, random_state, reducer, HDBSCAN(min_cluster_size=max(2, min(10, n // 10))))


METHODS: dict[str, Method] = {"nmf": nmf, "lda": lda, "bertopic": bertopic, "umap": umap_hdbscan}


def join_words(words: list[str]) -> str:
    """Return the words as one text that `split_words` takes apart again; a space inside a word becomes a hard one."""
    return " ".join(word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)


def split_words(text: str) -> list[str]:
    """Undo `join_words`. A named function, because a vectoriser that holds a lambda cannot be saved."""
    return [word.replace("\N{NO-BREAK SPACE}", " ") for word in text.split(" ")]


def _with_seeds(parts: Parts, idf: np.ndarray) -> sp.csr_matrix:
    return sp.csr_matrix(sp.vstack([tf_idf(parts.counts, idf), seed_rows(parts.seeds, 1.0)]))


def _needed(embeddings: np.ndarray | None) -> np.ndarray:
    if embeddings is None:
        raise ValueError("clusters need embeddings; pass embeddings=embed(texts), or use method='nmf'")
    return embeddings


def _kmeans(n_topics: int, n: int, random_state: int) -> Any:
    if n > LARGE:
        return MiniBatchKMeans(n_topics, random_state=random_state, n_init=5, batch_size=4096)
    return KMeans(n_topics, random_state=random_state, n_init=10)


def _with_words(doc_topic: np.ndarray, counts: sp.csr_matrix) -> np.ndarray:
    """Set the rows of sections without words to zero; LDA would give them its prior."""
    return doc_topic * (np.diff(counts.indptr) > 0)[:, None]


def _led_by(doc_topic: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Raise the clusterer's own topic to the front where a nearer centre would beat it (HDBSCAN, not KMeans)."""
    led = doc_topic.copy()
    rows = np.flatnonzero((labels >= 0) & (doc_topic.argmax(axis=1) != labels))
    led[rows, labels[rows]] = doc_topic[rows].max(axis=1) * 1.01
    return shares(led)


def _place_nmf(idf: np.ndarray, words: np.ndarray, counts: sp.csr_matrix, embeddings: np.ndarray | None) -> np.ndarray:
    return shares(load(tf_idf(counts, idf), words) * words.sum(axis=1))


def _place_lda(model: Any, counts: sp.csr_matrix, embeddings: np.ndarray | None) -> np.ndarray:
    return _with_words(model.transform(counts), counts)


def _place_cluster(
    reducer: Any, centres: np.ndarray, spread: float, counts: sp.csr_matrix, embeddings: np.ndarray | None
) -> np.ndarray:
    """Return how near each cluster's centre is, as shares: a mixture of equal round Gaussians, (n, n_topics)."""
    reduced = np.asarray(reducer.transform(np.asarray(_needed(embeddings), dtype=np.float64)), dtype=np.float64)
    distances = ((reduced[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return shares(np.exp(-(distances - distances.min(axis=1, keepdims=True)) / spread))
