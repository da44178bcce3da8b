"""Fits one topic model several times and writes what came out: run by `benchmarks/topics.py`, in the peer's own venv.

    python topic_peers.py PEER FOLDER N_TOPICS OUTPUT N_SEEDS

FOLDER holds tokens.json, embeddings.npy, words.json with words.npy (the words' embeddings), draws.json (rows of the
fits that are not on all sections). OUTPUT: per fit the seconds by the clock and of the processor, each topic's first
ten words, the sections' topics (-1: outlier), and the process's greatest memory. Every peer gets the same tokens: where
it wants text, they are joined by spaces. A small fit comes first, so that compiling and lazy imports are not counted.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TOP = 10
Fit = tuple[list[list[str]], list[int]]
Peer = Callable[[list[list[str]], np.ndarray, int, int, Path], Fit]


def banmian(method: str, choosing: bool = False) -> Peer:
    def fit(tokens: list[list[str]], vectors: np.ndarray, n_topics: int, seed: int, folder: Path) -> Fit:
        from banmian.models.topics import fit_topics

        result = fit_topics(tokens, vectors, method, None if choosing else n_topics, random_state=seed)
        return result.word_lists, result.assignment.tolist()

    return fit


def bertopic_documented(tokens: list[list[str]], vectors: np.ndarray, n_topics: int, seed: int, folder: Path) -> Fit:
    """As the documentation starts: multilingual, everything else by default; no seed and no number of topics."""
    from bertopic import BERTopic

    return bertopic_fit(BERTopic(language="multilingual"), tokens, vectors)


def bertopic_tuned(tokens: list[list[str]], vectors: np.ndarray, n_topics: int, seed: int, folder: Path) -> Fit:
    """Seeded UMAP, larger clusters, the tokens as they are, frequent words reduced, merged to the number wanted."""
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    model = BERTopic(
        language="multilingual",
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        hdbscan_model=HDBSCAN(min_cluster_size=max(10, len(tokens) // 200), min_samples=5, prediction_data=True),
        vectorizer_model=CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False, min_df=2),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        nr_topics=n_topics + 1,  # the outliers count as one
    )
    return bertopic_fit(model, tokens, vectors)


def bertopic_fit(model: Any, tokens: list[list[str]], vectors: np.ndarray) -> Fit:
    topics, _ = model.fit_transform([" ".join(row) for row in tokens], vectors)
    found = sorted(set(topics) - {-1})
    return [[word for word, _ in model.get_topic(topic) if word][:TOP] for topic in found], [int(t) for t in topics]


def tomotopy_lda(tokens: list[list[str]], vectors: np.ndarray, n_topics: int, seed: int, folder: Path) -> Fit:
    import tomotopy

    model = tomotopy.LDAModel(k=n_topics, min_df=5, rm_top=20, seed=seed)
    kept = [number for number, row in enumerate(tokens) if row and model.add_doc(row) is not None]
    model.train(1000)
    topics = [-1] * len(tokens)
    for number, document in zip(kept, model.docs, strict=True):
        topics[number] = int(np.argmax(document.get_topic_dist()))
    return [[word for word, _ in model.get_topic_words(k, top_n=TOP)] for k in range(n_topics)], topics


def gensim_lda(tokens: list[list[str]], vectors: np.ndarray, n_topics: int, seed: int, folder: Path) -> Fit:
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    words = Dictionary(tokens)
    words.filter_extremes(no_below=5, no_above=0.5)
    bags = [words.doc2bow(row) for row in tokens]
    model = LdaModel(bags, id2word=words, num_topics=n_topics, passes=10, random_state=seed, alpha="auto", eta="auto")
    topics = [int(max(model.get_document_topics(bag, 0.0), key=lambda pair: pair[1])[0]) if bag else -1 for bag in bags]
    return [[word for word, _ in model.show_topic(k, TOP)] for k in range(n_topics)], topics


def turftopic_keynmf(tokens: list[list[str]], vectors: np.ndarray, n_topics: int, seed: int, folder: Path) -> Fit:
    """Turftopic's recommended model; its encoder is a table of the words' embeddings, made by the same model."""
    from sklearn.feature_extraction.text import CountVectorizer
    from turftopic import KeyNMF

    model = KeyNMF(
        n_topics,
        encoder=Table(folder),
        vectorizer=CountVectorizer(
            tokenizer=str.split, token_pattern=None, lowercase=False, vocabulary=content_words(folder)
        ),
        random_state=seed,
    )
    weights = model.fit_transform([" ".join(row) for row in tokens], embeddings=vectors.astype(np.float32))
    names = model.get_vocab()
    topics = [[str(names[i]) for i in np.argsort(-row, kind="stable")[:TOP]] for row in model.components_]
    return topics, [int(np.argmax(row)) if row.any() else -1 for row in np.asarray(weights)]


class Table:
    """What Turftopic calls an encoder: words in, their embeddings out."""

    def __init__(self, folder: Path) -> None:
        self.rows = {word: number for number, word in enumerate(content_words(folder))}
        self.vectors = np.load(folder / "words.npy")

    def encode(self, texts: list[str], **_: object) -> np.ndarray:
        return self.vectors[[self.rows[text] for text in texts]]


def content_words(folder: Path) -> list[str]:
    return json.loads((folder / "words.json").read_text(encoding="utf-8"))


PEERS: dict[str, Peer] = {
    "banmian nmf": banmian("nmf"),
    "banmian nmf, choosing the number": banmian("nmf", choosing=True),
    "banmian nmf, BERTopic's number": banmian("nmf"),
    "banmian bertopic": banmian("bertopic"),
    "banmian umap": banmian("umap"),
    "BERTopic documented": bertopic_documented,
    "BERTopic tuned": bertopic_tuned,
    "tomotopy LDA": tomotopy_lda,
    "gensim LDA": gensim_lda,
    "Turftopic KeyNMF": turftopic_keynmf,
}


def peak_megabytes() -> float:
    """Return this process's greatest resident memory (Linux). getrusage would carry over the parent's."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))


def main(peer: str, folder: Path, n_topics: int, output: Path, n_seeds: int) -> None:
    fit = PEERS[peer]
    tokens = json.loads((folder / "tokens.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "embeddings.npy")
    draws = json.loads((folder / "draws.json").read_text(encoding="utf-8"))
    fit(tokens[:400], vectors[:400], min(n_topics, 10), 0, folder)
    fits = []
    for seed, rows in [(seed, None) for seed in range(n_seeds)] + [(0, draw) for draw in draws]:
        some = tokens if rows is None else [tokens[i] for i in rows]
        some_vectors = vectors if rows is None else vectors[rows]
        started, started_cpu = time.perf_counter(), time.process_time()
        topics, assignment = fit(some, some_vectors, n_topics, seed, folder)
        spent = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - started_cpu}
        fits.append({**spent, "topics": topics, "assignment": assignment})
        if rows is None and seed == 0:
            peak = peak_megabytes()
    output.write_text(json.dumps({"peak_mb": peak, "fits": fits}, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
