"""Fit the weights of article starts: at headings (data/heading_starts.tsv) and without (data/untitled_starts.tsv).

Run `python benchmarks/fit_headings.py`; it prints how well the weights do and rewrites both tables. Pages are the even
development pages of 2023 and 1998, broken in way C with all titles, with those of long articles and without any. Two
logistic regressions, cross-validated by page, and once fitted on either year and scored on the other. Headings' weights
are drawn towards `PRIOR`, values set by hand: the pages are one paper's, and forms that it seldom prints (a column's
name, a standing head) keep theirs. What a set of headings shares ("likeness", "lone") is not fitted.
"""

import argparse
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from banmian.config import ROOT
from banmian.reading import layout
from banmian.reading.articles import block_types, headings, untitled
from banmian.reading.articles.cohesion import index_bigrams
from banmian.reading.lines.view import reading_view
from banmian.reading.paragraphs.join import join_lines
from page_breaker import Setting, break_page
from reading import read_pages

DATA = ROOT / "src" / "banmian" / "reading" / "data"
STRENGTH = 0.3  # inverse of the L2 penalty of paragraphs' weights
BOLDER = 0.7  # added to the log odds of paragraphs where no headlines are: F1 is best below even odds
SELDOM = 40  # headings; a clue that fewer have keeps the hand's weight
DRAW = 1.0  # how strongly headings' weights are drawn towards the hand's
PRIOR = {
    "any": -1.5, "nothing before it": 4.0, "after a closing line": 4.0, "after a byline": 1.0,
    "after a note that hands over": 3.0, "after a colon": -3.0, "column's name": 1.0, "goes on from another page": 4.0,
    "over a dateline": 4.0, "over a byline": 2.0, "over a date alone": -4.0, "over a picture's story": 4.0,
    "standing head": 6.0, "dependent head": -6.0, "ends in a bracket": 5.0, "who, then what": 4.0, "open end": -4.0,
    "numbered": -4.0, "quoted": -2.0, "two parts": 1.5, "three parts": 3.0, "comma": -1.0, "16 wide": 0.5,
    "25 wide": 0.5, "short": -1.0, "announced": -4.0, "new words": 1.0,
}  # fmt: skip
CHAIN = {"likeness": 1.0, "lone": -2.5}
SETTINGS = (Setting(), Setting(titles="long", widths="article"), Setting(titles="none"))
Rows = list[tuple[dict[str, float], bool, int]]


def blocks_of(text: str) -> list[headings.Block]:
    """Return the blocks of a page as `block_types` has them before articles are parted."""
    plain = reading_view(text)
    paragraphs, judge = join_lines(plain)
    paragraphs = layout.reading_order.restore_order(plain, paragraphs, judge.score)
    blocks = block_types.first_kinds(text, plain, list(layout._split_glued(plain, paragraphs)))
    return block_types._advertisements(block_types._by_place(blocks))


def collect(pages: Sequence[dict]) -> tuple[Rows, Rows]:
    """Return clues, answer and page of every heading, and of every paragraph that might begin an article."""
    titled: Rows = []
    bare: Rows = []
    for n, page in enumerate(pages):
        for setting in SETTINGS:
            broken = break_page(page, "C", 0, setting)
            starts = set(broken.starts)
            blocks = blocks_of(broken.text)
            trail = index_bigrams([block.plain[:2000] for block in blocks])
            lead: Sequence[headings.Block] = ()
            for group in headings.heading_groups(blocks):
                answer = any(block.paragraph.start in starts for block in blocks[group.start : group.end])
                titled.append((headings.heading_clues(blocks, trail, group, lead), answer, n))
                if answer:
                    lead = blocks[group.end : min(group.end + 5, group.until)]
            named = block_types.split_articles(block_types._name_headings(blocks))
            clues = untitled.PageClues(named)
            gold = [
                block_types.replace(block, starts=block.starts or block.paragraph.start in starts) for block in named
            ]
            for place in untitled.untitled_places(named):
                bare.append((clues.of(gold, place), named[place].paragraph.start in starts, n))
    return titled, bare


def fit_towards(rows: Rows, prior: dict[str, float]) -> dict[str, float]:
    """Return maximum a posteriori weights: logistic loss and the squared distance from the prior."""
    names = list(prior)
    x = np.array([[clues.get(name, 0.0) for name in names] for clues, _, _ in rows])
    draw = np.where((x != 0).sum(axis=0) < SELDOM, 1e6, DRAW)
    y, start = np.array([answer for _, answer, _ in rows]), np.array([prior[name] for name in names])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        value = np.logaddexp(0, z).sum() - z[y].sum() + (draw / 2 * (w - start) ** 2).sum()
        return value, x.T @ (1 / (1 + np.exp(-z)) - y) + draw * (w - start)

    return dict(zip(names, minimize(loss, start, jac=True).x, strict=True))


def fit_plain(rows: Rows) -> dict[str, float]:
    """Return the weights of a logistic regression; its intercept is the clue "any"."""
    names = list(rows[0][0])
    x = np.array([[clues[name] for name in names] for clues, _, _ in rows])
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=3000).fit(x, [answer for _, answer, _ in rows])
    return dict(zip(names, model.coef_[0], strict=True))


def score(rows: Rows, weights: dict[str, float]) -> str:
    """Return accuracy and F1 of the starts."""
    found = [sum(weights.get(name, 0.0) * value for name, value in clues.items()) > 0 for clues, _, _ in rows]
    answers = [answer for _, answer, _ in rows]
    hits = sum(a and b for a, b in zip(found, answers, strict=True))
    right = np.mean([a == b for a, b in zip(found, answers, strict=True)])
    return f"accuracy {right:.4f}, F1 {2 * hits / max(1, sum(found) + sum(answers)):.4f} of {len(rows):,}"


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=1000, help="pages a year")
    sample = parser.parse_args().sample
    data = {year: collect(read_pages(year)[::2][:sample]) for year in ("2023", "1998")}
    fits = (
        ("heading_starts", 0, lambda rows: fit_towards(rows, PRIOR), CHAIN),
        ("untitled_starts", 1, fit_plain, {}),
    )
    for name, kind, fit, more in fits:
        for one, other in (("2023", "1998"), ("1998", "2023")):
            print(f"{name}, fitted on {one}, scored on {other}: {score(data[other][kind], fit(data[one][kind]))}")
        rows = data["2023"][kind] + [(clues, answer, 1000 + n) for clues, answer, n in data["1998"][kind]]
        if kind == 0:
            print(f"{name}, the hand's weights: {score(rows, PRIOR)}")
        weights = fit(rows) | more
        if kind == 1:
            weights = weights | {"any": weights["any"] + BOLDER, "headed page": weights["headed page"] - BOLDER}
        print(f"{name}, fitted on both and scored on them: {score(rows, weights)}")
        for fold in range(3):
            rest, held = [r for r in rows if r[2] % 3 != fold], [r for r in rows if r[2] % 3 == fold]
            print(f"  fold {fold}: {score(held, fit(rest))}")
        head = f"# Log odds of a start, fitted by benchmarks/fit_headings.py to {len(rows)} places of 2023 and 1998\n"
        text = head + "".join(f"{clue}\t{weight:.3f}\n" for clue, weight in weights.items())
        (DATA / f"{name}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
