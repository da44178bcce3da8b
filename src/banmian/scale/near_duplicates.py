"""The same story in two partitions: sketches of partitions, meetings by range of keys, then the exact comparison.

The keys are those of `reading.near_duplicates`; sections that share one are compared by its own `is_duplicate`, the
earliest first, until one says the same. Sections are numbered through all files, so that a pair is one number of 64
bits: the later section, a bit that is 0 where they share the key of the whole wording, the earlier section. Pairs go
through files; no process holds more than a range of keys or one job's shingles, and the driver only the answer.
"""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

from banmian.io.atomic import atomic_write
from banmian.io.tables import write_parquet
from banmian.reading.near_duplicates import CONTENT_KINDS, duplicate_keys, is_duplicate, sorted_shingles
from banmian.scale.cluster import map_jobs

# Files whose keys are sorted into one sketch: every range opens every sketch.
FILES_A_SKETCH = 8
# One range of keys is sorted in memory: 25 keys a section, some 100 bytes each at work (1.03 GB a process, measured).
SECTIONS_A_RANGE = 250_000
# Of many sections with one key each meets the first few only: the earliest that says the same is what is asked for.
LEADERS = 8
# Later sections that are compared in one job: 2.5 KB of shingles each.
LATER_A_JOB = 100_000
# Rows of a sketch or of pairs that are read together: who wants a range reads no more of a file than it needs.
ROWS_A_GROUP = 8_192
MOST_SECTIONS = 2**31
Story = tuple[str, np.ndarray]  # section_id, sorted shingles


def find_across_partitions(files: list[Path], folder: Path, client: Any = None) -> dict[str, str]:
    """Return section_id → section_id of the earliest section that says the same, over all partition files.

    ``folder`` takes the sketches (about 300 bytes a section) and the pairs. What this misses and one process would
    find: a pair whose signatures agree in no band and that only a shared quotation proposes; at a Jaccard of 0.52, the
    least that passes for the same section, 3 in 100 pairs, and fewer the more alike they are (1 of 31,635 in 100,000
    sections of news); and a section that, under every key it shares with the later one, comes after `LEADERS` others.

    Raises ``ValueError`` from 2**31 sections on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts = np.cumsum([0, *(parquet.read_metadata(file).num_rows for file in files)])
    if starts[-1] >= MOST_SECTIONS:
        raise ValueError(f"{folder}: {starts[-1]} sections are more than {MOST_SECTIONS - 1}; compare them in two runs")
    if not starts[-1]:
        return {}
    numbers = [range(first, min(first + FILES_A_SKETCH, len(files))) for first in range(0, len(files), FILES_A_SKETCH)]
    sketches = map_jobs(client, partial(_sketch, files=files, starts=starts, folder=folder), numbers)
    n_ranges = -(-int(starts[-1]) // SECTIONS_A_RANGE)
    edges = [i * (2**64 // n_ranges) for i in range(n_ranges)] + [2**64]
    met = map_jobs(client, partial(_meeting, sketches=sketches, starts=starts, folder=folder), list(pairwise(edges)))
    # A later section counts once for each range in which it met another: jobs get smaller than need be, never larger.
    later = np.cumsum([0, *sum(counts for _, counts in met)])
    cuts = [0, *(np.flatnonzero(np.diff(later // LATER_A_JOB)) + 1).tolist(), len(files)]
    jobs = [(int(starts[first]), int(starts[stop])) for first, stop in pairwise(cuts)]
    found = map_jobs(client, partial(_compared, files=files, starts=starts, pairs=[path for path, _ in met]), jobs)
    return {name: twin for part in found for name, twin in part.items()}


def fill_twins(frame: pd.DataFrame, twins: dict[str, str]) -> pd.DataFrame:
    """Return the sections with ``duplicate_of`` filled in; a step for `run_parts`."""
    filled = [twins.get(name) for name in frame["section_id"]]
    return frame.assign(duplicate_of=pd.Series(filled, index=frame.index, dtype=object))


def _sketch(numbers: range, files: list[Path], starts: np.ndarray, folder: Path) -> Path:
    """Write the keys of some files' sections, sorted, beside the section of each; return where."""
    keys, sizes = [duplicate_keys("")], []
    for number in numbers:
        frame = pd.read_parquet(files[number], columns=["kind", "simplified"])
        found = [duplicate_keys(text if kind in CONTENT_KINDS else "") for kind, text in frame.itertuples(index=False)]
        keys += found
        sizes += [len(own) for own in found]
    place = np.repeat(np.arange(starts[numbers.start], starts[numbers.stop]), sizes)
    table = pd.DataFrame({"key": np.concatenate(keys), "place": place.astype(np.uint32)})
    table["whole"] = _differs(place)  # the first key of each is that of its whole wording
    path = folder / f"keys-{numbers.start:05d}.parquet"
    _write(table.sort_values("key", kind="stable"), path)
    return path


def _meeting(
    bounds: tuple[int, int], sketches: list[Path], starts: np.ndarray, folder: Path
) -> tuple[Path, np.ndarray]:
    """Write the pairs that share a key of this range, each section with the key's first `LEADERS`.

    Returns where, and how many sections of each file met an earlier one.
    """
    key, place, whole = _between(sketches, "key", bounds)
    order = np.argsort(key, kind="stable")  # sketches come in the order of their sections: each key's stay in order
    key, place, whole = key[order], place[order].astype(np.uint64), whole[order]
    first = np.flatnonzero(_differs(key))
    start = np.repeat(first, np.diff(first, append=len(key)))
    rank = np.arange(len(key)) - start
    pairs = [np.zeros(0, np.uint64)]
    for leader in range(LEADERS):
        # Copies of a wording need its first only.
        rows = np.flatnonzero((rank > leader) & (~whole | (leader == 0)))
        of_band = (~whole[rows]).astype(np.uint64) << np.uint64(32)
        pairs.append(_distinct(place[rows] << np.uint64(33) | of_band | place[start[rows] + leader]))
    pair = _distinct(np.concatenate(pairs))
    path = folder / f"pairs-{bounds[0]:020d}.parquet"
    _write(pd.DataFrame({"pair": pair}), path)
    return path, np.diff(np.searchsorted(_distinct(pair >> np.uint64(33)), starts))


def _compared(bounds: tuple[int, int], files: list[Path], starts: np.ndarray, pairs: list[Path]) -> dict[str, str]:
    """Return section_id → earliest section that says the same, of the later sections within these bounds."""
    pair = _distinct(_between(pairs, "pair", (bounds[0] << 33, bounds[1] << 33))[0])
    later, earlier = (pair >> np.uint64(33)).astype(np.int64), (pair & np.uint64(2**32 - 1)).astype(np.int64)
    copies = pair & np.uint64(1 << 32) == 0
    # As in one process: a copy, letter for letter, is paired with the first of its wording and with nothing else.
    asked = np.flatnonzero(copies | ~np.isin(later, later[copies]))
    asked = asked[np.argsort(earlier[asked], kind="stable")]
    later, earlier = later[asked], earlier[asked]
    stories: dict[int, Story] = {}
    each = _distinct(later)
    for number, rows in _by_file(each, starts):
        stories |= _stories(files[number], int(starts[number]), each[rows].tolist())
    twins: dict[int, str] = {}
    for number, rows in _by_file(earlier, starts):
        open_pairs = zip(earlier[rows].tolist(), later[rows].tolist(), strict=True)
        waiting = [(one, other) for one, other in open_pairs if other not in twins]
        first_of = _stories(files[number], int(starts[number]), sorted({one for one, _ in waiting}))
        for one, other in waiting:
            if other not in twins and is_duplicate(first_of[one][1], stories[other][1]):
                twins[other] = first_of[one][0]
    return {stories[other][0]: name for other, name in twins.items()}


def _by_file(places: np.ndarray, starts: np.ndarray) -> Iterator[tuple[int, slice]]:
    """Yield the number of each file that holds some of these sorted places, and which of them."""
    cuts = np.searchsorted(places, starts)
    for number in np.flatnonzero(np.diff(cuts)).tolist():
        yield number, slice(cuts[number], cuts[number + 1])


def _stories(file: Path, start: int, places: list[int]) -> dict[int, Story]:
    """Return place → section_id and shingles, of some sections of a file whose first section has the place `start`."""
    if not places:
        return {}
    table = parquet.ParquetFile(file).read(["section_id", "simplified"]).take([place - start for place in places])
    names, texts = table["section_id"].to_pylist(), table["simplified"].to_pylist()
    return {place: (name, sorted_shingles(text)) for place, name, text in zip(places, names, texts, strict=True)}


def _distinct(numbers: np.ndarray) -> np.ndarray:
    """Return the numbers sorted, each once; np.unique hashes them first, which takes four times as long here."""
    ordered = np.sort(numbers)
    return ordered[_differs(ordered)]


def _differs(ordered: np.ndarray) -> np.ndarray:
    """Tell of each number whether the one before it is another; of the first, that it is."""
    return np.concatenate([np.ones(len(ordered[:1]), bool), ordered[1:] != ordered[:-1]])


def _write(table: pd.DataFrame, path: Path) -> None:
    with atomic_write(path) as temporary:
        write_parquet([table.iloc[i : i + ROWS_A_GROUP] for i in range(0, max(1, len(table)), ROWS_A_GROUP)], temporary)


def _between(paths: list[Path], column: str, bounds: tuple[int, int]) -> list[np.ndarray]:
    """Return the columns of these files' rows where one column is from the first bound to below the second."""
    wanted = [(column, ">=", np.uint64(bounds[0])), (column, "<=", np.uint64(bounds[1] - 1))]
    table = pa.concat_tables(parquet.read_table(path, filters=wanted) for path in paths)
    return [found.to_numpy() for found in table.columns]
