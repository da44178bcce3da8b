"""Drift in words: what differs from the training texts, and when not to trust the labels for that reason."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from banmian.models.drift.statistics import SampleStatistics

# Below this an interval spans most of what is possible, and silence would look like a clean bill.
FEW = 30
# How far the lower end of the interval may stand above the training texts before it is said. Seen there: People's Daily
# and CCTV 8 to 9 points more unknown words, government reports 11, general news of Taiwan 18, poems 46, English 75;
# sections without a topic: all newspapers less than none, poems 37.
UNKNOWN_MORE, OUTSIDE_MORE, ABSTAINED_MOST = 0.15, 0.15, 0.25


def summary_lines(table: pd.DataFrame, tally: SampleStatistics) -> list[str]:
    """Return a `drift_table` in a few lines; of labels and topics those whose share differs, greatest change first."""
    lines = []
    if tally.seen:
        lines.append(f"{tally.seen} of {tally.seen + tally.n} sections are training texts, left out of what follows")
    if not tally.n:
        return lines
    unknown, outside, abstained = (_row(table, what) for what in ("unknown words", "no topic", "abstained"))
    lines += [
        f"of a section's different words {_percent(unknown['here'])} stand in no training text; of a training text's, "
        f"{_percent(unknown['training'])} in no other ({_change(unknown)})",
        f"sections without a word of the training texts' topics: {_percent(outside['here'])}; of the training texts "
        f"{_percent(outside['training'])} ({_change(outside)})",
        f"abstained on {_percent(abstained['here'])} ({100 * abstained['low']:.0f} to {_percent(abstained['high'])})",
    ]
    for what in ("label", "topic"):
        moved = table[(table["what"] == what) & table["differs"]]
        order = (moved["here"] - moved["training"]).abs().sort_values(ascending=False, kind="stable").index[:5]
        shifts = [
            f"{row['name']} {_percent(row['training'])} → {_percent(row['here'])} ({_change(row)})"
            for row in moved.loc[order].to_dict("records")
        ]
        lines.append(f"{what}s with another share than in the training texts: {'; '.join(shifts) or 'none'}")
    return lines


def warnings_for(table: pd.DataFrame, tally: SampleStatistics) -> list[str]:
    """Return in plain words what speaks against trusting the labels on a tally's sections; empty if nothing does."""
    said = []
    if tally.seen > tally.n:
        said.append(
            "most of these sections taught the labeller, so their labels show what it learned by heart; "
            "how often it is wrong on new pages is another question (notebook 4)"
        )
    if tally.n < FEW:
        new = "new sections" if tally.seen else "sections"
        few = f"{tally.n} {new} are too few to say whether the labeller suits them; read the labels yourself"
        return [*said, few] if tally.n or not tally.seen else said
    unknown, outside, abstained = (_row(table, what) for what in ("unknown words", "no topic", "abstained"))
    left_out = table[table["what"] == "unknown words, corpus left out"]
    if len(left_out) and unknown["here"] > float(left_out["training"].iloc[0]) and unknown["low"] > 0:
        said.append(
            f"{_percent(unknown['here'])} of a section's words stand in no training text, more than in any of the "
            f"corpora that the labeller was tried on without having seen them (at most "
            f"{_percent(float(left_out['training'].iloc[0]))}): what it promises was not measured on pages like these; "
            "check fifty labels by hand"
        )
    elif unknown["low"] > UNKNOWN_MORE:
        said.append(
            f"{_percent(unknown['here'])} of a section's words stand in no training text, where "
            f"{_percent(unknown['training'])} would be usual: another language or field; check fifty labels by hand"
        )
    if outside["low"] > OUTSIDE_MORE:
        said.append(
            f"{_percent(outside['here'])} of the sections touch no topic of the training texts: "
            "expect confident labels on things that the labeller has never seen"
        )
    if abstained["low"] > ABSTAINED_MOST:
        said.append(
            f"it abstained on {_percent(abstained['here'])} of the sections: its share of right answers, measured "
            "on other texts, does not carry over; label some of these and train again"
        )
    return said


def _row(table: pd.DataFrame, what: str) -> dict[str, float]:
    found = table[table["what"] == what].iloc[0]
    return {name: float(found[name]) for name in ("training", "here", "low", "high")}


def _change(row: Mapping[Any, Any]) -> str:
    return f"{100 * row['low']:+.0f} to {100 * row['high']:+.0f} points"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
