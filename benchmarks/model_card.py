"""Write the measured numbers of docs/model_card.md and README.md from benchmarks/results/labels.json.

    python benchmarks/model_card.py                                   (part of make bench-labels)

What stands between the two comment lines of the page is made here; a test compares it with the results.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CARD, RESULTS = ROOT / "docs" / "model_card.md", ROOT / "benchmarks" / "results" / "labels.json"
README = ROOT / "README.md"
ROW = "| labels, macro-F1 of five labels |"
BEGIN, END = "<!-- begin: benchmarks/model_card.py -->", "<!-- end -->"


def render(results: dict[str, Any]) -> str:
    """Return the tables in Markdown."""
    n_corpora = len(results["views"]["all views"]["by_corpus"])
    lines = [
        f"Leave-one-corpus-out on {results['sections']:,} real sections of {n_corpora} corpora "
        f"({results['documents']:,} documents); intervals at 95 % by documents.",
        "",
        "| what | macro-F1 of five | four in scope | Traditional |",
        "| --- | --- | --- | --- |",
    ]
    for name, found in {**results.get("baselines", {}), **results["views"]}.items():
        lines.append(
            f"| {name} | {found['macro_f1']:.3f} ({found['low']:.3f} to {found['high']:.3f}) | "
            f"{found['in_scope_f1']:.3f} | {found['traditional_f1']:.3f} |"
        )
    lines += [
        "",
        "Promised (mean confidence; of ten labels given nine right) against observed, calibrated on the other corpora:",
        "",
        "| corpus left out | sections | confidence | right | calibration error | given | right of those |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in results["promise selective"]:
        lines.append(
            f"| {row['corpus'] or 'all'} | {row['n']:,} | {row['confidence']:.2f} | {row['accuracy']:.2f} | "
            f"{row['calibration_error']:.3f} | {100 * row['coverage']:.0f} % | {100 * row['right']:.0f} % |"
        )
    cascade = results["cascade"]
    shares = ", ".join(f"{100 * stage['share']:.0f} %" for stage in cascade["stages"])
    lines += [
        "",
        f"Of the sections {shares} are decided by the first, second and later stages; "
        f"{100 * cascade['same_label_as_all_views']:.1f} % get the label that all views together give.",
    ]
    if dev := results.get("dev"):
        lines.append(
            f"On the 110 development sections, looked at once: macro-F1 {dev['macro_f1']:.2f}, four in scope "
            f"{dev['in_scope_f1']:.2f}, {100 * dev['coverage']:.0f} % given, {100 * dev['right']:.0f} % of those right."
        )
    return "\n".join(lines)


def render_row(results: dict[str, Any]) -> str:
    """Return the row of README.md's table that states how well the labels hold."""
    ours = results["views"]["all views"]
    rules, plain = results["baselines"]["keyword rules"], results["views"]["ngrams alone"]
    score = f"{ours['macro_f1']:.2f} ({ours['low']:.2f} to {ours['high']:.2f})"
    return (
        f"{ROW} {score} | keyword rules {rules['macro_f1']:.2f}, "
        f"characters alone {plain['macro_f1']:.2f} | {results['sections']:,} sections, each corpus left out in turn | "
        "`make bench-labels` |"
    )


def main() -> None:
    card = CARD.read_text(encoding="utf-8")
    before, rest = card.split(BEGIN)
    after = rest.split(END)[1]
    table = render(json.loads(RESULTS.read_text(encoding="utf-8")))
    row = render_row(json.loads(RESULTS.read_text(encoding="utf-8")))
    lines = README.read_text(encoding="utf-8").split("\n")
    README.write_text("\n".join(row if line.startswith(ROW) else line for line in lines), encoding="utf-8")
    CARD.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
