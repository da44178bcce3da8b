"""Whole commands over partitions: pages to sections, sections to labels, sections to topics, each into a folder."""

import hashlib
import json
import shutil
from dataclasses import replace
from functools import partial
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from banmian.io.atomic import atomic_write
from banmian.models.classify.persistence import environment_fingerprint
from banmian.models.classify.pretrained import PRETRAINED
from banmian.models.drift.statistics import SampleStatistics
from banmian.models.topics.fit import fit_topics
from banmian.models.topics.result import TopicResult
from banmian.partitions import Corpus, Partition, file_stamp, find_partitions, open_corpus, read_partition
from banmian.pipeline.labels import add_statistics, label_step
from banmian.pipeline.rows import apply_step, body_rows, check_pages, checked_rows, row_sections
from banmian.pipeline.topics import place_topics
from banmian.pipeline.words import hash_text, words_to_fit
from banmian.scale.cluster import map_jobs
from banmian.scale.executor import ALONE, MANIFEST, SECTIONS, TWINS, run_parts, write_manifest
from banmian.scale.near_duplicates import fill_twins, find_across_partitions
from banmian.scale.worker import SET_ASIDE

if TYPE_CHECKING:
    from distributed import Client

    from banmian.models.classify.labeller import Reasons

# Topics are fitted on this many sections; the words of a topic settle long before (docs/benchmarks.md).
SAMPLE = 20_000
# Enough to see a shift of one point; the words of more would take the one process that waits for all longer.
DRIFT_SECTIONS = 20_000
PAST_THE_END = 2**62


def page_sections(pages: pd.DataFrame) -> pd.DataFrame:
    """Split pages into sections: files named in the column ``path``, or rows of a table; a `Step`.

    Duplicates are found later, over all.
    """
    from banmian.reading.corpus import read_documents
    from banmian.reading.layout import COLUMNS, split_sections

    if "text" in pages.columns:
        return row_sections(checked_rows(pages))
    found = [split_sections(read_documents(path), find_twins=False) for path in pages["path"]]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def run_sections(corpus: Corpus, out: Path, client: "Client | None" = None, progress: bool = False) -> dict[str, Any]:
    """Split pages into sections, partition by partition, then fill in duplicate_of across all of them.

    The sections before that stay in the folder ``_alone`` of ``out``, the sketches in ``_twins``; both may be deleted
    when all is done. Returns the manifest as `run_parts` does.
    """
    check_pages(corpus)
    parts = find_partitions(corpus)
    alone = _inner_folder(out, ALONE)
    first = run_parts(parts, alone, page_sections, _settings("sections", client), client, progress)
    if first["lost"]:
        return first
    files = [alone / receipt["file"] for receipt in first["parts"] if receipt["file"]]
    twins = find_across_partitions(files, out / TWINS, client)
    step: Any = partial(fill_twins, twins=twins)
    step = step if client is None else client.submit(_same, step, pure=False)
    # One partition in, one out: the partitions of the pages, not new ones of so many rows.
    filled = [
        Partition(number, "table", (str(file),), 0, PAST_THE_END, stamps=(file_stamp(file),))
        for number, file in enumerate(files)
    ]
    manifest = run_parts(filled, out, step, _settings("twins", client), client, progress)
    return _with_aside(manifest | {"rows_in": first["rows_in"]}, first, alone, out)


def run_labels(
    corpus: Corpus,
    out: Path,
    client: "Client | None" = None,
    progress: bool = False,
    *,
    model: Path | None = None,
    reasons: "Reasons" = "short",
    fast: bool = False,
) -> dict[str, Any]:
    """Label body sections. Pages are split first, into the folder ``_sections`` of ``out``, which stays there.

    Parameters
    ----------
    model : a labeller's file that every worker can read; by default the shipped one.
    reasons, fast : as for `banmian.models.classify.labeller.Labeller.predict`.
    """
    parts, first = _section_parts(corpus, out, client, progress)
    learned = hashlib.sha256((PRETRAINED if model is None else model).read_bytes()).hexdigest()[:16]
    settings = _settings("label", client) | {"labeller": learned, "reasons": reasons, "fast": fast}
    step = partial(label_step, model=None if model is None else str(model.resolve()), reasons=reasons, fast=fast)
    manifest = run_parts(parts, out, step, settings, client, progress)
    return _with_aside(manifest, first, out / SECTIONS, out)


def drift_of(out: Path, most: int = DRIFT_SECTIONS) -> SampleStatistics:
    """Count the labelled sections of a finished run for drift: all, or evenly spaced partitions of about ``most``."""
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    files = [receipt["file"] for receipt in manifest["parts"] if receipt["file"]]
    step = max(1, manifest["rows"] // most)
    tally = SampleStatistics()
    for file in files[::step]:
        add_statistics(pd.read_parquet(out / file, columns=["section_id", "text", "label", "abstained"]), tally)
    return tally


def run_topics(
    corpus: Corpus,
    out: Path,
    client: "Client | None" = None,
    progress: bool = False,
    sample: int = SAMPLE,
    **options: Any,
) -> tuple[dict[str, Any], TopicResult]:
    """Fit topics to a sample of the body sections and place every section among them.

    The sample is the ``sample`` sections with the smallest hashes of id and text, so it does not depend on how the
    input is cut or ordered. ``options`` go to `fit_topics`. Returns the manifest and the fit (of the sample).
    """
    parts, first = _section_parts(corpus, out, client, progress)
    texts = sample_texts(parts, sample, client)
    result = fit_topics(words_to_fit(texts), **options)
    # What the sample's sections are about is not needed to place others, and would travel to every worker.
    small = replace(result, doc_topic=result.doc_topic[:0], assignment=result.assignment[:0], grid=None)
    step: Any = partial(place_topics, result=small)
    if client is not None:
        # As a task, not a scattered value: if the workers that hold it die, the scheduler makes it again.
        step = client.submit(_same, step, pure=False)
    settings = _settings("topics", client) | {"sample": sample, "options": {k: repr(v) for k, v in options.items()}}
    manifest = run_parts(parts, out, step, settings, client, progress)
    return _with_aside(manifest, first, out / SECTIONS, out), result


def sample_texts(parts: list[Partition], most: int, client: "Client | None" = None) -> list[str]:
    """Return the texts of the ``most`` body sections with the smallest SHA-256 of id and text, in that order.

    Counted first, so that no more than these and a few are ever brought together here.
    """
    total = sum(map_jobs(client, _count, parts))
    share = (most + 6 * sqrt(most) + 10) / max(total, 1)  # of the rows, so that hardly ever too few are drawn
    drawn = pd.DataFrame({"hash": [], "text": []}, dtype=object)
    while len(drawn) < min(most, total):
        drawn = pd.concat(map_jobs(client, partial(_below, share=share), parts))
        share *= 2
    return [str(text) for text in drawn.sort_values("hash", kind="stable")["text"].head(most)]


def _count(part: Partition) -> int:
    return sum(len(rows) for batch in read_partition(part) for rows in apply_step(body_rows, batch, []))


def _below(part: Partition, share: float) -> pd.DataFrame:
    """Return hash and text of a partition's rows whose hash lies in the lowest ``share`` of all hashes."""
    bound = f"{int(share * 2**64):016x}" if share < 1 else "g"  # after every hexadecimal digit
    found = []
    for batch in read_partition(part):
        for rows in apply_step(body_rows, batch, []):
            hashes = [hash_text(f"{name}\0{text}") for name, text in zip(rows["section_id"], rows["text"], strict=True)]
            both = pd.DataFrame({"hash": hashes, "text": rows["text"].tolist()}, dtype=object)
            found.append(both[both["hash"] < bound])
    return pd.concat(found) if found else pd.DataFrame({"hash": [], "text": []}, dtype=object)


def _section_parts(
    corpus: Corpus, out: Path, client: "Client | None", progress: bool
) -> tuple[list[Partition], dict[str, Any]]:
    """Return the partitions of sections; of pages they are made first, and the manifest of that comes along."""
    if corpus.kind != "pages":
        return find_partitions(corpus), {"set_aside": 0, "lost": []}
    folder = _inner_folder(out, SECTIONS)
    first = run_sections(corpus, folder, client, progress)
    if first["lost"]:
        raise ValueError(
            f"{corpus.path}: {len(first['lost'])} partitions of pages took down their workers; see {folder}"
        )
    if not first["rows"]:
        raise ValueError(f"{corpus.path}: none of its pages could be read; see {folder / SET_ASIDE}")
    return find_partitions(open_corpus(folder)), first


def _with_aside(manifest: dict[str, Any], first: dict[str, Any], folder: Path, out: Path) -> dict[str, Any]:
    """Add what an earlier stage in ``folder`` set aside to a run's manifest and to its folder of such rows."""
    for file in sorted((folder / SET_ASIDE).glob("*.jsonl")):
        with atomic_write(out / SET_ASIDE / f"pages-{file.name.removeprefix('pages-')}") as temporary:
            shutil.copyfile(file, temporary)
    manifest = manifest | {"set_aside": manifest["set_aside"] + first["set_aside"]}
    if not manifest["lost"]:
        write_manifest(out, manifest)
    return manifest


def _inner_folder(out: Path, name: str) -> Path:
    """Make a folder of a stage inside the output; the output's lock guards it too."""
    (out / name).mkdir(parents=True, exist_ok=True)
    return out / name


def _settings(step: str, client: "Client | None") -> dict[str, Any]:
    """Return what the results depend on; raises ``ValueError`` when a worker would compute with other versions."""
    here = environment_fingerprint()
    if client is not None:
        for worker, there in client.run(environment_fingerprint).items():
            if there != here:
                different = sorted(name for name in here if there.get(name) != here[name])
                raise ValueError(f"{worker}: has another {', '.join(different)} than this process; install the same")
    return {"step": step, "environment_fingerprint": here}


def _same(value: Any) -> Any:
    return value
