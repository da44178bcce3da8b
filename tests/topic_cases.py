"""A toy corpus with four themes, written down in cases/topics.json, and embeddings that know them."""

import json

import numpy as np

from locations import CASES as CASES_DIR

TOY = json.loads(CASES_DIR.joinpath("topics.json").read_text(encoding="utf-8"))
THEMES: dict[str, list[str]] = TOY["themes"]
METHODS = ("nmf", "lda", "bertopic")


def corpus(n: int, seed: int = 0, theme_share: float = 0.7) -> tuple[list[list[str]], np.ndarray, list[str]]:
    """Return tokens, embeddings (n, 8) with rows of length 1, and the theme of each of n sections of 20 to 40 words."""
    rng = np.random.default_rng(seed)
    names = list(THEMES)
    themes = [names[i % len(names)] for i in range(n)]
    tokens = [
        [str(rng.choice(THEMES[theme] if rng.random() < theme_share else TOY["common"])) for _ in range(length)]
        for theme, length in zip(themes, rng.integers(20, 41, n), strict=True)
    ]
    vectors = np.array([np.eye(8)[names.index(theme)] for theme in themes]).reshape(n, 8)
    vectors = vectors + 0.1 * rng.normal(size=(n, 8))
    return tokens, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), themes
