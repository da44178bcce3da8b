"""What the classifier says of a section, as HTML: its shares as bars, the terms and the labelled texts behind them."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from banmian.labels.scheme import LABELS

# A term with less than a tenth of the strongest one's effect is left out. Not a fixed bound: where the classifier is
# very sure no single term moves the probability by a hundredth, and yet some carry it.
_LEAST = 0.1
_OTHER_COLOUR = "#56B4E9"  # for labels of another set than ours


def probability_bars(prediction: pd.Series) -> str:
    """Return a prediction's probabilities as bars, the highest first; empty where nothing was predicted.

    ``prediction`` has confidence, abstained, and the ``p_`` columns.
    """
    found = {name.removeprefix("p_"): float(prediction[name]) for name in prediction.index if name.startswith("p_")}
    if not found or pd.isna(prediction["confidence"]):
        return ""
    bars = []
    for label, share in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])):
        look = LABELS.get(label)
        name, colour = (f"{look.chinese} {look.english}", look.colour) if look else (label, _OTHER_COLOUR)
        width = f"width:{100 * share:.0f}%;background:{colour}"
        bars.append(f'<tr><td>{escape(name)}</td><td>{share:.2f}</td><td><div style="{width}"></div></td></tr>')
    doubt = (
        "<p>弃答，请人工判断。 The classifier abstains here: read it yourself.</p>" if prediction["abstained"] else ""
    )
    return f'<table class="bm-shares">{"".join(bars)}</table>{doubt}'


def telling_terms(explanation: Any) -> list[tuple[str, float]]:
    """Return the terms of an explanation with their effects, the strongest for the label first, idle ones left out."""
    pairs = zip(explanation.terms["term"], explanation.terms["effect"], strict=True)
    found = [(str(term), float(effect)) for term, effect in pairs]
    least = _LEAST * max((abs(effect) for _, effect in found), default=0)
    return sorted((pair for pair in found if abs(pair[1]) >= least > 0), key=lambda pair: (-pair[1], pair[0]))


def reasons_html(terms: Sequence[tuple[str, float]], nearest: pd.DataFrame | None = None, n: int = 3) -> str:
    """Return the terms and the ``n`` nearest labelled texts (similarity, label, opening) as two lines."""
    words = "、".join(f"{escape(term)} ({effect:+.2g})" for term, effect in terms)
    lines = [f"<p>理由 Reasons: {words}</p>"] if words else []
    if nearest is not None and len(nearest):
        rows = zip(nearest["opening"], nearest["label"], nearest["similarity"], strict=True)
        texts = [f"{escape(str(text))} ({escape(str(label))} {share:.2f})" for text, label, share in rows]
        lines.append(f"<p>最相近的训练文字 Nearest training texts: {' · '.join(texts[:n])}</p>")
    return "".join(lines)
