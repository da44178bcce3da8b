"""Partitions on a cluster of two workers give what one process gives, and nothing is lost or doubled on the way.

Every test has a time to end in: a cluster that waits for ever is a failure with its stack, not a stuck run.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dask
import pandas as pd
import psutil
import pytest

from banmian.config import ROOT
from banmian.partitions import find_partitions, open_corpus
from banmian.pipeline.rows import read_sections
from banmian.pipeline.topics import fit_corpus_topics
from banmian.scale import cluster as clusters
from banmian.scale import jobs
from banmian.scale.cluster import map_jobs, open_cluster
from banmian.scale.executor import open_folder, read_results, run_parts
from scale_cases import SETTINGS, at_most, hundred_rows, kill_always, kill_if_odd, kill_once, lengths, refuse

SEEDS = ROOT / "seeds"
# On two idle cores the slowest test takes ten seconds; a machine at load 5 is six times as slow.
SECONDS = 120


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes on loopback, made once for this file."""
    with at_most(SECONDS):
        opened = open_cluster(workers=2)
        client = opened.__enter__()
    yield client
    with at_most(SECONDS):
        opened.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _in_time(cluster: Any) -> Iterator[None]:
    with at_most(SECONDS):
        yield


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return hundred_rows(tmp_path / "rows.parquet")


def pages(folder: Path, n: int = 6) -> Path:
    """A folder of n pages, cut from one seed so that their sections differ."""
    folder.mkdir()
    text = max((path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))), key=len)
    size = len(text) // n
    for i in range(n):
        (folder / f"页 {i}.txt").write_text(text[i * size : (i + 1) * size], encoding="utf-8")
    for i in (0, 1):  # a second edition of the first two, in other partitions
        (folder / f"页 {n + i}.txt").write_text(
            text[i * size : (i + 1) * size].replace("的", "之", 3), encoding="utf-8"
        )
    return folder


def rows_of(out: Path) -> pd.DataFrame:
    return pd.concat(read_results(out), ignore_index=True)


def small_path(table: Path) -> pd.DataFrame:
    return lengths(pd.read_parquet(table).rename(columns={"id": "section_id"}))


def test_a_cluster_gives_the_rows_of_one_process_in_the_same_order(table: Path, tmp_path: Path, cluster: Any) -> None:
    parts = find_partitions(open_corpus(table), part_rows=10)
    assert len(parts) == 10
    manifests = []
    for name, client in (("alone", None), ("together", cluster)):
        with open_folder(tmp_path / name):
            manifests.append(run_parts(parts, tmp_path / name, lengths, SETTINGS, client))
        pd.testing.assert_frame_equal(rows_of(tmp_path / name), small_path(table))
    hashes = [[receipt["sha256"] for receipt in manifest["parts"]] for manifest in manifests]
    assert hashes[0] == hashes[1]
    assert manifests[1]["rows_in"] == manifests[1]["rows"] == 100


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(table: Path, tmp_path: Path, cluster: Any) -> None:
    step = partial(kill_once, flag=tmp_path / "killed")
    out = tmp_path / "out"
    with open_folder(out):
        manifest = run_parts(find_partitions(open_corpus(table), part_rows=10), out, step, SETTINGS, cluster)
    assert (tmp_path / "killed").exists()
    assert manifest["lost"] == []
    pd.testing.assert_frame_equal(rows_of(out), small_path(table))
    assert not [path for path in out.rglob("*") if path.name.endswith(".part")]


def test_a_partition_that_kills_its_workers_is_told_and_the_rest_goes_on(
    table: Path, tmp_path: Path, cluster: Any
) -> None:
    out = tmp_path / "out"
    with open_folder(out):
        manifest = run_parts(find_partitions(open_corpus(table), part_rows=25), out, kill_always, SETTINGS, cluster)
    assert [lost["part"] for lost in manifest["lost"]] == [1]
    assert manifest["rows"] == 75
    with pytest.raises(ValueError, match="has not finished; start the same command again"):
        find_partitions(open_corpus(out))


def test_a_worker_that_is_slow_to_come_back_is_not_given_up(cluster: Any) -> None:
    # Dask's own 15 s ended with no worker at all, and a client that waited for ever, when starting one took longer.
    assert dask.utils.parse_timedelta(dask.config.get("distributed.deploy.lost-worker-timeout")) > 86_400
    # Nothing waits behind another task, to be blamed with it.
    assert dask.config.get("distributed.scheduler.worker-saturation") == 1.0


def test_a_job_that_kills_its_workers_is_one_error(cluster: Any) -> None:
    assert map_jobs(cluster, kill_if_odd, [4, 2, 0]) == [4, 2, 0]
    with pytest.raises(ValueError, match="took down 3 workers"):
        map_jobs(cluster, kill_if_odd, [0, 1])


def test_a_cluster_without_workers_is_an_error_and_no_endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import Client, LocalCluster

    monkeypatch.setattr(clusters, "NO_WORKERS_SECONDS", 1)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,
        Client(empty) as client,
        pytest.raises(ValueError, match="no workers for 1 seconds"),
    ):
        map_jobs(client, len, ["甲"])


def test_a_worker_elsewhere_embeds_on_its_own_threads_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib import cpu_count

    worker = SimpleNamespace(state=SimpleNamespace(nthreads=1))
    monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))  # what it sets is to be gone after the test
    clusters._use_own_threads(worker)
    assert cpu_count() == 1
    os.environ["LOKY_MAX_CPU_COUNT"] = "7"  # who set it himself keeps it
    clusters._use_own_threads(worker)
    assert os.environ["LOKY_MAX_CPU_COUNT"] == "7"


def test_poisoned_rows_are_set_aside_with_their_error(table: Path, tmp_path: Path, cluster: Any) -> None:
    bad = frozenset({"r3", "r4", "r77"})
    out = tmp_path / "out"
    with open_folder(out):
        manifest = run_parts(
            find_partitions(open_corpus(table), part_rows=10), out, partial(refuse, bad=bad), SETTINGS, cluster
        )
    assert (manifest["rows_in"], manifest["rows"], manifest["set_aside"]) == (100, 97, 3)
    expected = small_path(table)
    pd.testing.assert_frame_equal(rows_of(out), expected[~expected["section_id"].isin(bad)].reset_index(drop=True))
    aside = [json.loads(line) for path in sorted((out / "_set_aside").iterdir()) for line in path.open()]
    assert [(row["row"], row["error"]) for row in aside] == [(i, "ArithmeticError: too hot") for i in (4, 5, 78)]
    assert json.loads(aside[2]["content"]) == {"section_id": "r77", "text": "第77段"}


def test_sections_and_topics_of_pages_are_those_of_the_small_path(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pages(tmp_path / "pages")
    monkeypatch.setattr(jobs, "find_partitions", partial(find_partitions, part_rows=2))
    out = tmp_path / "out"
    with open_folder(out):
        manifest = jobs.run_sections(open_corpus(folder), out, cluster)
    assert len(manifest["parts"]) == 4
    small = read_sections(open_corpus(folder), [])
    many = rows_of(out)
    assert many["duplicate_of"].fillna("").tolist() == small["duplicate_of"].fillna("").tolist()
    assert many["duplicate_of"].notna().sum() >= 10  # the last two pages repeat the first two
    for name in set(small.columns) - {"spans", "duplicate_of"}:
        assert many[name].tolist() == small[name].tolist(), name
    assert [[list(span) for span in spans] for spans in many["spans"]] == [[list(s) for s in x] for x in small["spans"]]

    with open_folder(tmp_path / "topics"):
        _, fit = jobs.run_topics(open_corpus(out), tmp_path / "topics", cluster, n_topics=3)
    rows, small_fit = fit_corpus_topics(open_corpus(out), [], n_topics=3)
    assert fit.names == small_fit.names
    placed = rows_of(tmp_path / "topics")
    assert placed["section_id"].tolist() == rows["section_id"].tolist()
    # Placing a section again is not fitting it: one between two topics may fall to the other side.
    assert (placed["topic"] == rows["topic"]).mean() >= 0.9


SLOW = """
import sys
if __name__ == "__main__":  # a worker imports this file too, and should be ready soon
    sys.path.insert(0, sys.argv[3])
    from pathlib import Path
    from banmian.cli.terminal import raise_on_termination
    from banmian.scale.cluster import open_cluster
    from banmian.scale.executor import open_folder, run_parts
    from banmian.partitions import find_partitions, open_corpus
    from scale_cases import SETTINGS, slowly
    out = Path(sys.argv[2])
    with raise_on_termination(), open_folder(out), open_cluster(workers=2) as client:
        run_parts(find_partitions(open_corpus(Path(sys.argv[1])), part_rows=5), out, slowly, SETTINGS, client)
"""


def test_an_interrupted_run_leaves_whole_files_and_is_taken_up(table: Path, tmp_path: Path) -> None:
    out, script, said = tmp_path / "out", tmp_path / "slow.py", tmp_path / "said"
    script.write_text(SLOW, encoding="utf-8")
    command = [sys.executable, str(script), str(table), str(out), str(ROOT / "tests")]
    with said.open("wb") as errors:  # a pipe would stay open as long as any worker holds it
        process = subprocess.Popen(command, stderr=errors)
    try:
        while len(list(out.glob("part-*.parquet"))) < 3:
            assert process.poll() is None, said.read_text(encoding="utf-8")[-2000:]
            time.sleep(0.05)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 143
    finally:
        process.kill()
    assert len(family) >= 2
    assert psutil.wait_procs(family, timeout=30)[1] == []
    files = sorted(out.glob("part-*.parquet"))
    assert 3 <= len(files) < 20
    assert [len(pd.read_parquet(path)) for path in files] == [5] * len(files)
    assert not [path for path in out.rglob("*") if path.name.endswith(".part")]
    with open_folder(out):
        run_parts(find_partitions(open_corpus(table), part_rows=5), out, lengths, SETTINGS)
    pd.testing.assert_frame_equal(rows_of(out), small_path(table))


def test_a_local_cluster_listens_on_loopback_alone(cluster: Any) -> None:
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    listening = {c.laddr.ip for p in family for c in p.net_connections("tcp") if c.status == "LISTEN"}
    assert listening == {"127.0.0.1"}


STRANGER = """
import sys
from distributed import Client, Security
security = Security.temporary() if sys.argv[2] == "own certificate" else None
client = Client(sys.argv[1], timeout=5, security=security)
print("ran", client.run_on_scheduler(lambda: "code of a stranger"), flush=True)
"""


@pytest.mark.parametrize("shown", ["own certificate", "none", "plain"])
def test_a_stranger_on_this_machine_is_refused(cluster: Any, shown: str) -> None:
    address = cluster.scheduler_info()["address"]
    workers = list(cluster.scheduler_info()["workers"])
    assert workers and all(each.startswith("tls://127.0.0.1:") for each in (address, *workers))
    if shown == "plain":
        address = address.replace("tls://", "tcp://")
    command = [sys.executable, "-c", STRANGER, address, shown]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as stranger:
        try:
            told, _ = stranger.communicate(timeout=30)
        except subprocess.TimeoutExpired:  # Dask's own client may wait for an answer that never comes
            stranger.kill()
            told, _ = stranger.communicate()
    assert b"ran" not in told and stranger.returncode != 0
