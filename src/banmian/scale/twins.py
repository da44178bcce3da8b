"""The same story in two partitions: sketches by partition, meetings by range of keys, then the exact comparison.

The keys are those of `banmian.reading.duplicates`, and sections that share one are compared by its own functions, so
many at a time, a section always together with the earliest that share a key with it.
No process ever holds more than a range of keys or one job's texts; the driver holds the pairs, 16 bytes each.
"""

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from banmian.reading.duplicates import TELLING_KINDS, duplicate_keys, first_tellings
from banmian.scale.cluster import map_jobs
from banmian.tables import whole_file, write_parquet

# One range of keys is sorted in memory: 25 keys of 16 bytes a section.
SECTIONS_A_RANGE = 200_000
# Of many sections with one key each meets the first few only: the earliest that says the same is what is asked for.
LEADERS = 8
# Texts that are compared together: about 50 KB each at work.
PLACES_A_JOB = 20_000
# Rows of a sketch that are read together: a range of keys reads no more of a file than it needs.
KEYS_A_GROUP = 8_192


def tell_twins(files: list[Path], folder: Path, client: Any = None) -> dict[str, str]:
    """Return section_id → section_id of the earliest section that says the same, over all partition files.

    ``folder`` takes the sketches (about 500 bytes a section). What this misses and one process would find: a pair whose
    signatures agree in no band and that only a shared quotation proposes; at a Jaccard of 0.52, the least that passes
    for the same section, 3 in 100 pairs, and fewer the more alike they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sketches = map_jobs(client, partial(_sketch, folder=folder), list(enumerate(files)))
    n_ranges = max(1, -(-sum(n for _, n in sketches) // SECTIONS_A_RANGE))
    edges = [i * (2**64 // n_ranges) for i in range(n_ranges)] + [2**64]
    met = map_jobs(client, partial(_meeting, paths=[path for path, _ in sketches]), list(pairwise(edges)))
    told = map_jobs(client, partial(_compared, files=files), _jobs(pd.concat(met).drop_duplicates()))
    return {name: twin for part in told for name, twin in part.items()}


def fill_twins(frame: pd.DataFrame, twins: dict[str, str]) -> pd.DataFrame:
    """Return the sections with ``duplicate_of`` filled in; a step for `run_parts`."""
    filled = [twins.get(name) for name in frame["section_id"]]
    return frame.assign(duplicate_of=pd.Series(filled, index=frame.index, dtype=object))


def _sketch(job: tuple[int, Path], folder: Path) -> tuple[Path, int]:
    """Write the keys of one partition's sections, sorted, beside the place of each; return the file and how many."""
    number, file = job
    path = folder / f"keys-{number:05d}.parquet"
    frame = pd.read_parquet(file, columns=["kind", "simplified"])
    keys = [duplicate_keys(text if kind in TELLING_KINDS else "") for kind, text in frame.itertuples(index=False)]
    places = np.repeat((number << 32) + np.arange(len(keys), dtype=np.int64), [len(found) for found in keys])
    table = pd.DataFrame({"key": np.concatenate([*keys, duplicate_keys("")]), "place": places})
    table = table.sort_values(["key", "place"], kind="stable")
    groups = [table.iloc[start : start + KEYS_A_GROUP] for start in range(0, max(1, len(table)), KEYS_A_GROUP)]
    with whole_file(path) as temporary:
        write_parquet(groups, temporary)
    return path, len(frame)


def _meeting(bounds: tuple[int, int], paths: list[Path]) -> pd.DataFrame:
    """Return earlier and later: places that share a key of this range, each with the key's first `LEADERS`."""
    low, high = np.uint64(bounds[0]), np.uint64(bounds[1] - 1)
    wanted = [("key", ">=", low), ("key", "<=", high)]
    table = pd.concat([pd.read_parquet(path, filters=wanted) for path in paths])
    table = table.sort_values(["key", "place"], kind="stable", ignore_index=True)
    key, place = table["key"].to_numpy(), table["place"].to_numpy()
    new = np.concatenate([[True], key[1:] != key[:-1]])[: len(key)]
    start = np.flatnonzero(new)[np.cumsum(new) - 1]
    rank = np.arange(len(key)) - start
    met = [pd.DataFrame({"earlier": np.zeros(0, np.int64), "later": np.zeros(0, np.int64)})]
    for leader in range(LEADERS):
        rows = np.flatnonzero(rank > leader)
        met.append(pd.DataFrame({"earlier": place[start[rows] + leader], "later": place[rows]}).drop_duplicates())
    return pd.concat(met).drop_duplicates()


def _jobs(pairs: pd.DataFrame) -> list[pd.DataFrame]:
    """Cut pairs into jobs of so many texts: a family of sections that meet stays together, to be read once.

    A family too large for one job is cut between its later sections, each with its own earlier ones.
    """
    places, numbers = np.unique(pairs.to_numpy(), return_inverse=True)
    ends = numbers.reshape(-1, 2)
    graph = coo_array((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(len(places), len(places)))
    family = connected_components(graph, directed=False)[1] if len(pairs) else np.zeros(0, np.int64)
    size = np.bincount(family)[family[ends[:, 0]]] if len(pairs) else family
    ordered = pairs.assign(family=family[ends[:, 0]], size=size)
    ordered = ordered.sort_values(["family", "later", "earlier"], kind="stable", ignore_index=True)
    large = ordered["size"] > PLACES_A_JOB
    # What may stay together, and how many texts it adds: a whole family, or one later section of a large one.
    unit = ordered.groupby(["family", ordered["later"].where(large, -1)], sort=False).agg(
        pairs=("later", "size"), size=("size", "first")
    )
    texts = unit["size"].where(unit["size"] <= PLACES_A_JOB, unit["pairs"] + 1).to_numpy()
    jobs, start, held, stop = [], 0, 0, 0
    for n_pairs, n_texts in zip(unit["pairs"], texts, strict=True):
        if held + n_texts > PLACES_A_JOB and stop > start:
            jobs.append(ordered.iloc[start:stop][["earlier", "later"]])
            start, held = stop, 0
        held, stop = held + n_texts, stop + n_pairs
    return [*jobs, ordered.iloc[start:][["earlier", "later"]]] if start < len(ordered) else jobs


def _compared(pairs: pd.DataFrame, files: list[Path]) -> dict[str, str]:
    """Return section_id → earliest section that says the same, of the later sections of a job."""
    places = np.unique(pairs.to_numpy())
    frames = []
    for number in np.unique(places >> 32):
        rows = places[places >> 32 == number] & 0xFFFFFFFF
        frames.append(pd.read_parquet(files[number], columns=["section_id", "kind", "simplified"]).iloc[rows])
    told = first_tellings(pd.concat(frames, ignore_index=True))
    names = pd.concat(frames)["section_id"].tolist()
    asked = np.isin(places, pairs["later"])
    return {name: twin for name, twin, ask in zip(names, told, asked, strict=True) if ask and isinstance(twin, str)}
