"""Learn what `banmian.reading.boundary_model` ships: counts of neighbours, and the weights of what is asked of an edge.

Run `python benchmarks/learn_edges.py`; it rewrites the two tables in src/banmian/reading/data. All is learned from the
exemplars, sections written for this project: no page that is measured is looked at.

An edge that carries on is a place inside a clause of an exemplar. One that does not is the end of a clause, its mark
taken off as a headline has none, before the beginning of a sentence of another exemplar. The counts beside an edge come
from the half of the exemplars that it is not in, or else every pair would have been seen.
"""

import json
import random
import re
from collections import Counter
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from banmian.config import ROOT
from banmian.reading.boundary_model import count_neighbours, edge_features, sentence_starts
from banmian.text.script import simplify

EXEMPLARS = ROOT / "src" / "banmian" / "models" / "classify" / "data" / "exemplars.jsonl"
DATA = ROOT / "src" / "banmian" / "reading" / "data"
SEED = 0
LEAST_COUNT = 2  # neighbours seen once are chance; they would double the file
LEAST_EDGES = 20  # edges that must bear a mark before it gets a weight of its own
STRENGTH = 0.1  # inverse of the L2 penalty; 0.03 and 0.3 were a little worse on the held-out half
_CLAUSE_END = re.compile(r"(?<=[\u4e00-\u9fff\dA-Za-z”》])[，。；！？]")
Edge = tuple[str, str, bool]


def read_exemplars() -> list[str]:
    """Return the texts of the exemplars in Simplified script."""
    rows = (json.loads(line) for line in EXEMPLARS.read_text(encoding="utf-8").splitlines())
    return [simplify(row["text"]) for row in rows]


def draw_edges(texts: list[str], per_text: int = 30) -> list[Edge]:
    """Return edges (before, after, carries on), as many that do as that do not, of texts in which both occur."""
    draw = random.Random(SEED)
    openings = [text[start:] for text in texts for start in sentence_starts(text)[:6]]
    openings += texts * 3  # what stands under a headline is more often a section's beginning than a sentence's
    edges: list[Edge] = []
    for text in texts:
        cuts = [place for place in range(5, len(text) - 5) if _inside_clause(text, place)]
        ends = [found.start() for found in _CLAUSE_END.finditer(text) if found.start() >= 5]
        for place in draw.sample(cuts, min(per_text, len(cuts))):
            edges.append((text[:place], text[place:], True))
        for place in draw.choices(ends, k=per_text) if ends else ():
            edges.append((text[:place], draw.choice(openings), False))
    return edges


def _inside_clause(text: str, place: int) -> bool:
    return text[place - 1].isalnum() and text[place].isalnum()


def features_of(texts: list[str], others: list[str]) -> tuple[list[dict[str, float]], list[bool]]:
    """Return features and answers of the edges of `texts`, with neighbours counted in `others`."""
    counts: Counter[str] = Counter()
    for text in others:
        counts.update(count_neighbours(text))
    edges = draw_edges(texts)
    return [edge_features(before, after, counts, Counter()) for before, after, _ in edges], [edge[2] for edge in edges]


def fit(features: list[dict[str, float]], answers: list[bool]) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit a logistic regression to the features that enough edges bear."""
    borne = Counter(name for bag in features for name in bag)
    kept = [{name: value for name, value in bag.items() if borne[name] >= LEAST_EDGES} for bag in features]
    vectorizer = DictVectorizer(sort=True).fit(kept)
    return vectorizer, LogisticRegression(C=STRENGTH, max_iter=3000).fit(vectorizer.transform(kept), answers)


def write_table(path: Path, title: str, rows: list[tuple[str, str]]) -> None:
    path.write_text(f"# {title}\n" + "".join(f"{key}\t{value}\n" for key, value in sorted(rows)), encoding="utf-8")


def main() -> None:
    """Learn, tell how well it does on the half that was not learned from, and write both tables."""
    texts = read_exemplars()
    halves = [features_of(texts[n::2], texts[1 - n :: 2]) for n in (0, 1)]
    vectorizer, model = fit(*halves[0])
    found = model.predict_proba(vectorizer.transform(halves[1][0]))[:, 1]
    print(f"held-out half: AUC {roc_auc_score(halves[1][1], found):.4f}, log loss {log_loss(halves[1][1], found):.4f}")
    vectorizer, model = fit(halves[0][0] + halves[1][0], halves[0][1] + halves[1][1])
    weights = {"bias": model.intercept_[0], **dict(zip(vectorizer.feature_names_, model.coef_[0], strict=True))}
    rows = [(name, f"{weight:.3f}") for name, weight in weights.items() if abs(weight) >= 0.005]
    write_table(DATA / "edge_weights.tsv", "Weights of edges, learned by benchmarks/learn_edges.py", rows)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(count_neighbours(text))
    pairs = [(key, str(n)) for key, n in counts.items() if n >= LEAST_COUNT and not re.search(r"\s", key)]
    title = "Neighbouring characters and sentence openings (^), counted in src/banmian/models/data/exemplars.jsonl"
    write_table(DATA / "neighbours.tsv", title, pairs)
    print(f"{len(rows):,} weights, {len(pairs):,} counts")


if __name__ == "__main__":
    main()
