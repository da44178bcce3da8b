"""Fit the weights of `banmian.reading.lines.unwrap`: which printed line goes on with the one before it.

Run `python benchmarks/fit_joins.py`; it prints how well the weights do and rewrites data/line_joins.tsv. Edges are
those of the even development pages of 2023 and 1998, broken in way C in the `SETTINGS` in turn and, as lines that are
paragraphs, in way B. Two logistic regressions: the form of all edges, then the language of those that the form leaves
in doubt.
"""

import argparse
from itertools import product

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from banmian.config import ROOT
from banmian.reading.lines import unwrap
from banmian.reading.lines.spans import printed_lines
from banmian.reading.lines.view import reading_view
from page_breaker import Setting, break_page
from reading import read_pages

TABLE = ROOT / "src" / "banmian" / "reading" / "data" / "line_joins.tsv"
STRENGTH = 1.0  # inverse of the L2 penalty
SETTINGS = [
    Setting(widths=w, blank=b, titles=t, indent=i)
    for w, b, (t, i) in product(
        ("page", "article", "paragraph"), ("both", "neither"), (("all", False), ("all", True), ("none", False))
    )
]
SETTINGS += [
    Setting(widths=w, blank=b, hanging=False, lost=lost, half=half)
    for w, b, (lost, half) in product(
        ("article", "page"), ("both", "articles"), ((False, False), (True, False), (False, True))
    )
]


def edges_of(
    text: str, runs: list[tuple[int, int, str]]
) -> tuple[list[int], np.ndarray, list[tuple[str, str]], list[bool]]:
    """Return codes, measures, texts and answers of the edges of one page that no blank line or indent decides."""
    plain = reading_view(text)
    lines = list(printed_lines(plain))
    texts = [plain[line.start : line.end] for line in lines]
    codes, measures, possible = unwrap.edge_form(lines, texts)
    joins = {start for start, _, gold in runs if gold == "join"}
    places = [n for n in np.flatnonzero(possible).tolist() if not unwrap.opens_by_form(texts[n + 1])]
    return (
        codes[places].tolist(),
        measures[places],
        [(texts[n], texts[n + 1]) for n in places],
        [lines[n].end in joins for n in places],
    )


def collect(
    pages: list[dict], take: int
) -> tuple[np.ndarray, np.ndarray, list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Return the edges of all pages in all settings; every page is set in `take` settings, drawn in turn."""
    codes, measures, texts, answers, groups = [], [], [], [], []
    for n, page in enumerate(pages):
        for k in range(take):
            setting = SETTINGS[(n * take + k) % len(SETTINGS)]
            for way in ("C", "B") if k % 4 == 0 else ("C",):
                broken = break_page(page, way, 0, setting)
                some = edges_of(broken.text, broken.runs)
                codes += some[0]
                measures.append(some[1])
                texts += some[2]
                answers += some[3]
                groups += [n] * len(some[3])
    return np.array(codes), np.vstack(measures), texts, np.array(answers), np.array(groups)


def form_matrix(codes: np.ndarray, measures: np.ndarray) -> np.ndarray:
    """Return one column a form, then the measures."""
    return np.hstack([np.eye(len(unwrap.form_names()), dtype=np.float32)[codes], measures.astype(np.float32)])


def main() -> None:
    """Fit, print what pages that were not fitted to give, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--take", type=int, default=6, help="settings a page is set in")
    take = parser.parse_args().take
    pages = {year: read_pages(year)[::2] for year in ("2023", "1998")}
    data = {year: collect(some, take) for year, some in pages.items()}
    for one, other in (("2023", "1998"), ("1998", "2023")):
        model = fit_form(*data[one][:2], data[one][3])
        right = model.predict(form_matrix(*data[other][:2])) == data[other][3]
        print(f"form fitted on {one}, scored on {other}: {right.mean():.4f} of {len(right):,} edges")
    codes, measures, answers = (np.concatenate([data[year][k] for year in data]) for k in (0, 1, 3))
    groups = np.concatenate([data["2023"][4], 1000 + data["1998"][4]])
    texts = [pair for year in data for pair in data[year][2]]
    form = fit_form(codes, measures, answers)
    folds = GroupKFold(5)
    odds = cross_val_predict(
        new_model(), form_matrix(codes, measures), answers, groups=groups, cv=folds, method="decision_function"
    )
    print(f"form alone, five folds by page: {((odds > 0) == answers).mean():.4f} of {len(odds):,} edges")
    doubt = np.flatnonzero(np.abs(odds) < unwrap._DOUBT)
    language = np.array([unwrap.edge_language(*texts[n]) for n in doubt])
    both = np.hstack([odds[doubt][:, None], language])
    found = cross_val_predict(new_model(False), both, answers[doubt], groups=groups[doubt], cv=folds)
    alone, with_both = ((odds[doubt] > 0) == answers[doubt]).mean(), (found == answers[doubt]).mean()
    print(f"in doubt {len(doubt):,}: form {alone:.4f}, with language {with_both:.4f}")
    second = new_model(False).fit(both, answers[doubt])
    write_table(form, second, len(answers), len(doubt))


def new_model(intercept: bool = True) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000, fit_intercept=intercept)


def fit_form(codes: np.ndarray, measures: np.ndarray, answers: np.ndarray) -> LogisticRegression:
    return new_model().fit(form_matrix(codes, measures), answers)


def write_table(form: LogisticRegression, second: LogisticRegression, n_edges: int, n_doubt: int) -> None:
    """Write the weights; the form's intercept is part of every form."""
    names = unwrap.form_names()
    rows = [(name, weight + form.intercept_[0]) for name, weight in zip(names, form.coef_[0], strict=False)]
    rows += list(zip(unwrap.MEASURES, form.coef_[0][len(names) :], strict=True))
    rows += list(zip(("form's odds", *unwrap.LANGUAGE), second.coef_[0], strict=True))
    head = f"# Weights of edges between printed lines, fitted by benchmarks/fit_joins.py to {n_edges} edges, "
    head += f"{n_doubt} of them in doubt\n"
    head += "# mark at the end|width of the line before|after|beyond, then measures, then language\n"
    TABLE.write_text(head + "".join(f"{name}\t{weight:.3f}\n" for name, weight in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
