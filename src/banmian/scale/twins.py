"""The same story in two partitions: sketches by partition, groups by range of keys, then the exact comparison.

The keys are those of `banmian.reading.duplicates`: the whole text's, and one for each band of its MinHash signature.
Only sections that share a key with another travel to the process that compares them, by that module's own functions.
"""

import hashlib
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from banmian.reading.duplicates import first_tellings
from banmian.scale.cluster import map_jobs
from banmian.tables import whole_file, write_parquet

SHINGLE, BANDS, ROWS = 5, 24, 3
# Letters below which two sections alike are a formula, as in `banmian.reading.duplicates`.
LEAST = 12
TELLING = ("headline", "body", "caption")
# One range of keys is sorted in memory: 25 keys of 20 bytes a section.
SECTIONS_A_RANGE = 2_000_000
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def tell_twins(files: list[Path], folder: Path, client: Any = None) -> dict[str, str]:
    """Return section_id → section_id of the earliest section that says the same, over all partition files.

    ``folder`` takes the sketches (about 500 bytes a section). What this misses and one process would find: a pair whose
    signatures agree in no band and that only a shared quotation proposes; at a Jaccard of 0.52, the least that passes
    for the same section, 3 in 100 pairs, and fewer the more alike they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sketches = map_jobs(client, partial(_sketch, folder=folder), list(enumerate(files)))
    total = sum(n for _, n in sketches)
    n_ranges = max(1, -(-total // SECTIONS_A_RANGE))
    edges = [i * (2**64 // n_ranges) for i in range(n_ranges)] + [2**64]
    ranges = list(pairwise(edges))
    met = map_jobs(client, partial(_meeting, paths=[path for path, _ in sketches]), ranges)
    places = np.unique(np.concatenate(met)) if met else np.zeros(0, np.int64)
    wanted = [(file, places[places >> 32 == number] & 0xFFFFFFFF) for number, file in enumerate(files)]
    frames = map_jobs(client, _rows, [(file, rows) for file, rows in wanted if len(rows)])
    if not frames:
        return {}
    sections = pd.concat(frames, ignore_index=True)
    told = first_tellings(sections)
    return {name: twin for name, twin in zip(sections["section_id"], told, strict=True) if isinstance(twin, str)}


def fill_twins(frame: pd.DataFrame, twins: dict[str, str]) -> pd.DataFrame:
    """Return the sections with ``duplicate_of`` filled in; a step for `run_parts`."""
    filled = [twins.get(name) for name in frame["section_id"]]
    return frame.assign(duplicate_of=pd.Series(filled, index=frame.index, dtype=object))


def keys_of(text: str) -> np.ndarray:
    """Return the keys of one Simplified text, uint64: its own, then one a band; none if it is too short to tell."""
    letters = "".join(filter(str.isalnum, text.lower()))
    if len(letters) < LEAST:
        return np.zeros(0, np.uint64)
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    shingles = np.zeros(len(codes) - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        shingles = (shingles + codes[place : len(codes) - SHINGLE + 1 + place]) * _GOLDEN
        shingles ^= shingles >> np.uint64(29)
    shingles = np.unique(shingles)
    signature = np.array([((shingles * m) >> np.uint64(32)).min() for m in _multipliers()])
    bands = [_hash(bytes([band]) + part.tobytes()) for band, part in enumerate(signature.reshape(BANDS, ROWS))]
    return np.array([_hash(b"\xff" + codes.tobytes()), *bands], np.uint64)


def _multipliers() -> np.ndarray:
    draw = np.random.default_rng(1)
    return draw.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def _sketch(job: tuple[int, Path], folder: Path) -> tuple[Path, int]:
    """Write the keys of one partition's sections, sorted, beside the place of each; return the file and how many."""
    number, file = job
    path = folder / f"keys-{number:05d}.parquet"
    frame = pd.read_parquet(file, columns=["kind", "simplified"])
    keys = [keys_of(text) if kind in TELLING else keys_of("") for kind, text in frame.itertuples(index=False)]
    places = np.repeat((number << 32) + np.arange(len(keys), dtype=np.int64), [len(found) for found in keys])
    table = pd.DataFrame({"key": np.concatenate([*keys, keys_of("")]), "place": places})
    with whole_file(path) as temporary:
        write_parquet([table.sort_values(["key", "place"], kind="stable")], temporary)
    return path, len(frame)


def _meeting(bounds: tuple[int, int], paths: list[Path]) -> np.ndarray:
    """Return the places that share a key of this range with another place."""
    low, high = bounds
    parts = []
    for path in paths:
        table = pd.read_parquet(path)
        start, stop = np.searchsorted(table["key"].to_numpy(), np.array([low, high - 1], np.uint64), side="left")
        stop = stop + int(stop < len(table) and int(table["key"].iloc[stop]) == high - 1)
        parts.append(table.iloc[start:stop])
    table = pd.concat(parts)
    return np.unique(table.loc[table["key"].duplicated(keep=False), "place"].to_numpy())


def _rows(job: tuple[Path, np.ndarray]) -> pd.DataFrame:
    file, rows = job
    return pd.read_parquet(file, columns=["section_id", "kind", "simplified"]).iloc[rows]
