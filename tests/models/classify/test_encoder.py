"""The fine-tuned encoder: its rows depend on their texts alone, and it knows the hand-labelled sections."""

import socket

import numpy as np
import pytest

from banmian.models.classify.encoder import ENCODER_LABELS, WINDOW, encoder_log_probs, encoder_view, windows
from banmian.models.classify.features import clean
from banmian.models.classify.pretrained import training_texts

TEXTS = [
    "社区网格员上门走访独居老人，调解邻里漏水纠纷，为居民代办证件。",
    "党支部召开组织生活会，新发展党员三名，书记为全体党员讲党课。",
    "博物馆新展开幕，青铜器与书画二百余件首次展出，讲解员每日导览。",
    "商场客流回升，企业订单增长两成，外贸出口额创新高。",
    "今晨有雾，气温五至十二度，北风三级。",
]


@pytest.fixture(scope="module")
def log_probs():
    return encoder_log_probs(TEXTS)


def test_probabilities_sum_to_one_and_vectors_are_finite(log_probs):
    assert log_probs.shape == (5, 5)
    np.testing.assert_allclose(np.exp(log_probs).sum(axis=1), 1, atol=1e-5)
    view = encoder_view(TEXTS)
    assert view.shape == (5, 768)
    assert np.isfinite(view).all()


def test_plain_sentences_get_their_labels(log_probs):
    labels = [ENCODER_LABELS[i] for i in log_probs.argmax(axis=1)]
    assert labels == ["grassroots_governance", "party_building", "culture", "commerce", "other"]


def test_sections_of_the_seeds_get_their_labels():
    texts = training_texts()
    seeds = texts[texts["is_real"]]
    rows = encoder_log_probs([clean(text) for text in seeds["text"]])
    labels = [ENCODER_LABELS[i] for i in rows.argmax(axis=1)]
    assert np.mean(labels == seeds["label"]) >= 0.8


def test_neither_order_nor_neighbours_change_a_row(log_probs):
    long = "。".join(TEXTS) * 10
    np.testing.assert_allclose(encoder_log_probs([long, *reversed(TEXTS)])[:0:-1], log_probs, atol=1e-5)
    np.testing.assert_allclose(encoder_log_probs(TEXTS[:1])[0], log_probs[0], atol=1e-5)
    np.testing.assert_allclose(encoder_view([long, TEXTS[2]])[1], encoder_view(TEXTS)[2], atol=1e-4)


def test_equal_texts_get_equal_rows():
    one, other = encoder_view([TEXTS[3], TEXTS[3]])
    assert (one == other).all()


def test_a_long_text_is_read_to_its_end():
    weather, party = TEXTS[4] * 20, TEXTS[1] * 40
    column = ENCODER_LABELS.index("party_building")
    first, both = encoder_log_probs([weather, weather + party])[:, column]
    assert both > first + 0.5


def test_an_empty_text_says_nothing():
    np.testing.assert_allclose(encoder_log_probs(["", " ", TEXTS[0]])[:2], -np.log(5), atol=1e-6)
    assert not encoder_view(["", TEXTS[0]])[0].any()
    assert encoder_log_probs([]).shape == (0, 5)


def test_traditional_reads_as_simplified(log_probs):
    twin = "社區網格員上門走訪獨居老人，調解鄰里漏水糾紛，為居民代辦證件。"
    np.testing.assert_allclose(encoder_log_probs([clean(twin)])[0], log_probs[0], atol=1e-5)


def test_broken_characters_are_read_past():
    assert np.isfinite(encoder_log_probs(["\ud800社区\0服务\U00020000", "a" * 5000, "🙂"])).all()


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_):
        raise AssertionError("the encoder must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    encoder_log_probs(["这一句从未读过。"])


def test_windows_are_as_equal_as_can_be():
    assert windows(np.arange(0)) == []
    assert [len(part) for part in windows(np.arange(WINDOW))] == [WINDOW]
    parts = windows(np.arange(WINDOW + 2))
    assert [len(part) for part in parts] == [WINDOW // 2 + 1, WINDOW // 2 + 1]
    assert np.concatenate(parts).tolist() == list(range(WINDOW + 2))
