"""The factorisation: no negative entries, never worse than its start, as good as scikit-learn's, batches agree."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.decomposition import NMF

from banmian.models.topics import nmf
from banmian.models.topics.matrices import count_words, inverse_document_frequency, tf_idf, vocabulary
from topic_cases import corpus


def rows_of(n: int, theme_share: float = 0.6) -> sp.csr_matrix:
    tokens, _, _ = corpus(n, theme_share=theme_share)
    counts = count_words(tokens, vocabulary(tokens, lambda word: True))
    return tf_idf(counts, inverse_document_frequency(counts))


def loss(rows: sp.csr_matrix, loads: np.ndarray, words: np.ndarray) -> float:
    return float(((rows.toarray() - loads @ words) ** 2).sum())


@pytest.mark.parametrize(("n", "k"), [(6, 2), (60, 4), (300, 4), (300, 12)])
def test_loss_is_as_low_as_scikit_learns(n: int, k: int) -> None:
    rows = rows_of(n)
    loads, words = nmf.factorise(rows, k)
    assert loads.min() >= 0 and words.min() >= 0 and np.isfinite(loads).all() and np.isfinite(words).all()
    peer = NMF(k, init="nndsvda", max_iter=2000, tol=1e-5, random_state=0)
    assert loss(rows, loads, words) <= 1.01 * loss(rows, peer.fit_transform(rows), peer.components_)


def test_a_product_of_two_small_matrices_is_found_again() -> None:
    rng = np.random.default_rng(0)
    rows = sp.csr_matrix(rng.random((50, 3)) * (rng.random((50, 3)) > 0.5) @ rng.random((3, 20)))
    loads, words = nmf.factorise(rows, 3)
    assert loss(rows, loads, words) < 0.01 * float((rows.data**2).sum())


def test_loads_on_fixed_words_are_the_least_squares() -> None:
    rows = rows_of(60)
    _, words = nmf.factorise(rows, 4)
    loads = nmf.load(rows, words)
    slope = (loads @ words - rows.toarray()) @ words.T  # Karush-Kuhn-Tucker: 0 where the load is free, else positive
    assert slope[loads > 0] == pytest.approx(0, abs=1e-6) and slope.min() > -1e-6


def test_batches_find_what_the_whole_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(600)
    monkeypatch.setattr(nmf, "BATCH", 150)
    whole, batches = nmf.factorise(rows, 4), nmf.factorise_in_batches(rows, 4)
    assert loss(rows, *batches) <= 1.01 * loss(rows, *whole)


def test_another_order_of_sums_changes_only_the_last_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another processor does, seen on this one: the blocks' products are summed up in another order."""
    rows = rows_of(120)
    whole = nmf.factorise(rows, 5)
    monkeypatch.setattr(nmf, "BLOCK", 7)
    assert nmf.factorise(rows, 5)[0] == pytest.approx(whole[0], abs=1e-9)


def test_anchors_start_topics_of_their_own() -> None:
    """A word too rare to be a direction of its own gets its topic when it is asked for."""
    tokens, _, _ = corpus(200)
    for row in tokens[:6]:
        row += ["消防", "消防"]
    counts = count_words(tokens, vocabulary(tokens, lambda word: True))
    rows = tf_idf(counts, inverse_document_frequency(counts))
    vocab = vocabulary(tokens, lambda word: True)
    anchor = sp.csr_matrix((vocab == "消防").astype(float).reshape(1, -1))
    plain = nmf.factorise(rows, 4)[1]
    guided = nmf.factorise(sp.csr_matrix(sp.vstack([rows, anchor])), 5, n_anchors=1)[1]
    assert not any(vocab[row.argmax()] == "消防" for row in plain)
    assert any(vocab[row.argmax()] == "消防" for row in guided)
