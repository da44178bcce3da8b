"""Partitions on a cluster of two workers give what one process gives, and nothing is lost or doubled on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from banmian.paths import ROOT
from banmian.scale import runs
from banmian.scale.engine import open_cluster, open_folder, read_results, run_parts
from banmian.scale.parts import find_parts, left_out, read_part
from banmian.scale.steps import body_batches, small_sections
from banmian.scale.work import apply_step
from banmian.tables import write_parquet, write_rows

SEEDS = ROOT / "seeds"
SETTINGS = {"step": "test"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes on loopback, made once for this file."""
    with open_cluster(workers=2) as client:
        yield client


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """100 rows in row groups of 7, so that partitions of 10 begin and end inside them."""
    path = tmp_path / "rows.parquet"
    rows = pd.DataFrame({"id": [f"r{i}" for i in range(100)], "text": [f"第{i}段" for i in range(100)]})
    write_parquet((rows[i : i + 7] for i in range(0, 100, 7)), path)
    return path


def lengths(frame: pd.DataFrame) -> pd.DataFrame:
    """A step: the length of each text."""
    return frame.assign(length=frame["text"].str.len())


def refuse(frame: pd.DataFrame, bad: frozenset[str]) -> pd.DataFrame:
    """A step that cannot take some rows, and does not say which."""
    if bad & set(frame["id"]):
        raise ArithmeticError("too hot")
    return lengths(frame)


def kill_once(frame: pd.DataFrame, flag: Path) -> pd.DataFrame:
    """A step in which the worker is killed as by the kernel, at row r42, the first time."""
    if "r42" in set(frame["id"]) and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return lengths(frame)


def kill_always(frame: pd.DataFrame) -> pd.DataFrame:
    """A step that takes down every worker which meets row r42."""
    if "r42" in set(frame["id"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return lengths(frame)


def note_and_stop(frame: pd.DataFrame, notes: Path, stop_at: str) -> pd.DataFrame:
    """A step that notes the rows it saw and meets a full disk at one of them."""
    if stop_at in set(frame["id"]):
        raise OSError(28, "No space left on device")
    with notes.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{name}\n" for name in frame["id"])
    return lengths(frame)


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
    return lengths(pd.read_parquet(table))


def test_a_cluster_gives_the_rows_of_one_process_in_the_same_order(table: Path, tmp_path: Path, cluster: Any) -> None:
    parts = find_parts(table, part_rows=10)
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
        manifest = run_parts(find_parts(table, part_rows=10), out, step, SETTINGS, cluster)
    assert (tmp_path / "killed").exists()
    assert manifest["lost"] == []
    pd.testing.assert_frame_equal(rows_of(out), small_path(table))
    assert not [path for path in out.rglob("*") if path.name.endswith(".part")]


def test_a_partition_that_kills_its_workers_is_told_and_the_rest_goes_on(
    table: Path, tmp_path: Path, cluster: Any
) -> None:
    out = tmp_path / "out"
    with open_folder(out):
        manifest = run_parts(find_parts(table, part_rows=25), out, kill_always, SETTINGS, cluster)
    assert [lost["part"] for lost in manifest["lost"]] == [1]
    assert manifest["rows"] == 75
    with pytest.raises(ValueError, match="has not finished; start the same command again"):
        find_parts(out)


def test_a_second_start_does_only_what_is_missing(table: Path, tmp_path: Path) -> None:
    parts, out, notes = find_parts(table, part_rows=10), tmp_path / "out", tmp_path / "notes"
    full_disk = partial(note_and_stop, notes=notes, stop_at="r45")
    with (
        open_folder(out),
        pytest.raises(ValueError, match=r"stopped after 4 of 10 partitions: .*No space left") as caught,
    ):
        run_parts(parts, out, full_disk, SETTINGS)
    assert "start the same command again" in str(caught.value)
    first = notes.read_text(encoding="utf-8").split()
    assert first == [f"r{i}" for i in range(40)]
    (out / "part-00002.parquet").write_bytes(b"PAR1 half")  # as after a power cut
    notes.unlink()
    with open_folder(out):
        run_parts(parts, out, partial(note_and_stop, notes=notes, stop_at="none"), SETTINGS)
    again = notes.read_text(encoding="utf-8").split()
    assert again == [f"r{i}" for i in [*range(20, 30), *range(40, 100)]]
    pd.testing.assert_frame_equal(rows_of(out), small_path(table))


def test_poisoned_rows_are_set_aside_with_their_error(table: Path, tmp_path: Path, cluster: Any) -> None:
    bad = frozenset({"r3", "r4", "r77"})
    out = tmp_path / "out"
    with open_folder(out):
        manifest = run_parts(find_parts(table, part_rows=10), out, partial(refuse, bad=bad), SETTINGS, cluster)
    assert (manifest["rows_in"], manifest["rows"], manifest["set_aside"]) == (100, 97, 3)
    expected = small_path(table)
    pd.testing.assert_frame_equal(rows_of(out), expected[~expected["id"].isin(bad)].reset_index(drop=True))
    aside = [json.loads(line) for path in sorted((out / "_set_aside").iterdir()) for line in path.open()]
    assert [(row["row"], row["error"]) for row in aside] == [(i, "ArithmeticError: too hot") for i in (3, 4, 77)]
    assert json.loads(aside[2]["content"]) == {"id": "r77", "text": "第77段"}


def test_a_broken_step_is_not_blamed_on_the_rows(table: Path) -> None:
    def broken(frame: pd.DataFrame) -> pd.DataFrame:
        raise ValueError("model missing")

    with pytest.raises(ValueError, match="model missing"):
        list(apply_step(broken, pd.read_parquet(table), []))


def test_results_of_other_input_or_settings_are_not_mixed(table: Path, tmp_path: Path) -> None:
    parts, out = find_parts(table, part_rows=50), tmp_path / "out"
    with open_folder(out):
        run_parts(parts, out, lengths, SETTINGS)
        with pytest.raises(ValueError, match="other settings"):
            run_parts(parts, out, lengths, {"step": "another"})
        os.utime(table, (1, 1))
        with pytest.raises(ValueError, match="other input"):
            run_parts(parts, out, lengths, SETTINGS)


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with open_folder(tmp_path / "out"), pytest.raises(ValueError, match="another run"), open_folder(tmp_path / "out"):
        pass


def test_an_unwritable_folder_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="cannot be written"), open_folder(tmp_path / "file" / "out"):
        pass


def test_json_lines_are_cut_at_lines_and_keep_their_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [json.dumps({"id": i, "text": f"第{i}段"}, ensure_ascii=False) for i in range(7)]
    lines[2], lines[5] = "", "党建"
    path.write_text("\n".join(lines), encoding="utf-8")
    parts = find_parts(path, part_rows=3)
    frames = [frame for part in parts for frame in read_part(part)]
    whole = pd.concat(frames)
    assert whole.index.tolist() == [0, 1, 3, 4, 5, 6]
    assert whole["id"].tolist() == [0, 1, 3, 4, None, 6]
    assert whole["broken"].dropna().index.tolist() == [5]
    assert b"".join(path.read_bytes()[part.start : part.stop] for part in parts) == path.read_bytes()


def test_a_folder_of_several_kinds_is_read_as_pages_and_the_rest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no \.txt, \.parquet, \.jsonl file in this folder"):
        find_parts(tmp_path)
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text("{}", encoding="utf-8")
    assert [(part.kind, part.paths) for part in find_parts(tmp_path)] == [("pages", (str(tmp_path / "a.txt"),))]
    assert left_out(tmp_path) == ["'b.jsonl' (not .txt)"]


def test_sections_and_topics_of_pages_are_those_of_the_small_path(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pages(tmp_path / "pages")
    monkeypatch.setattr(runs, "find_parts", partial(find_parts, part_rows=2))
    out = tmp_path / "out"
    with open_folder(out):
        manifest = runs.run_sections(folder, out, cluster)
    assert len(manifest["parts"]) == 4
    small = small_sections(folder)
    many = rows_of(out)
    assert many["duplicate_of"].fillna("").tolist() == small["duplicate_of"].fillna("").tolist()
    assert many["duplicate_of"].notna().sum() >= 10  # the last two pages repeat the first two
    for name in set(small.columns) - {"spans", "duplicate_of"}:
        assert many[name].tolist() == small[name].tolist(), name
    assert [[list(span) for span in spans] for spans in many["spans"]] == [[list(s) for s in x] for x in small["spans"]]

    with open_folder(tmp_path / "topics"):
        _, fit = runs.run_topics(out, tmp_path / "topics", cluster, n_topics=3)
    rows, small_fit = runs.small_topics(body_batches(out), n_topics=3)
    assert fit.names == small_fit.names
    placed = rows_of(tmp_path / "topics")
    assert placed["section_id"].tolist() == rows["section_id"].tolist()
    # Placing a section again is not fitting it: one between two topics may fall to the other side.
    assert (placed["topic"] == rows["topic"]).mean() >= 0.9


def test_the_sample_does_not_depend_on_partitions_or_order(tmp_path: Path) -> None:
    rows = pd.DataFrame({"id": range(50), "text": [f"第{i % 40}段" for i in range(50)]})
    write_rows([rows], tmp_path / "a.parquet")
    write_rows([rows.iloc[::-1]], tmp_path / "b.parquet")
    one = runs.sample_texts(find_parts(tmp_path / "a.parquet", part_rows=7), 15)
    other = runs.sample_texts(find_parts(tmp_path / "b.parquet", part_rows=50), 15)
    assert one == other
    assert len(one) == 15


SLOW = """
import sys, time
from pathlib import Path
from banmian.cli import interruptible
from banmian.paths import ROOT
from banmian.scale import runs
from banmian.scale.engine import open_cluster, open_folder, run_parts
from banmian.scale.parts import find_parts
sys.path.insert(0, sys.argv[3])
from test_scale import slowly, SETTINGS
if __name__ == "__main__":
    out = Path(sys.argv[2])
    interruptible()
    with open_folder(out), open_cluster(workers=2) as client:
        run_parts(find_parts(Path(sys.argv[1]), part_rows=5), out, slowly, SETTINGS, client)
"""


def slowly(frame: pd.DataFrame) -> pd.DataFrame:
    """A step that takes a while, as real ones do."""
    time.sleep(0.3)
    return lengths(frame)


@pytest.mark.parametrize("sent", [signal.SIGTERM])
def test_an_interrupted_run_leaves_whole_files_and_is_taken_up(table: Path, tmp_path: Path, sent: int) -> None:
    out, script = tmp_path / "out", tmp_path / "slow.py"
    script.write_text(SLOW, encoding="utf-8")
    command = [sys.executable, str(script), str(table), str(out), str(Path(__file__).parent)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    for _ in range(2400):  # a busy machine takes long to start three processes
        if len(list(out.glob("part-*.parquet"))) >= 3:
            break
        time.sleep(0.05)
    process.send_signal(sent)
    process.communicate(timeout=180)
    assert process.returncode != 0
    files = sorted(out.glob("part-*.parquet"))
    assert 3 <= len(files) < 20
    assert [len(pd.read_parquet(path)) for path in files] == [5] * len(files)
    assert not [path for path in out.rglob("*") if path.name.endswith(".part")]
    with open_folder(out):
        run_parts(find_parts(table, part_rows=5), out, lengths, SETTINGS)
    pd.testing.assert_frame_equal(rows_of(out), small_path(table))


def test_a_local_cluster_listens_on_loopback_alone(cluster: Any) -> None:
    import psutil

    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    listening = {c.laddr.ip for p in family for c in p.net_connections("tcp") if c.status == "LISTEN"}
    assert listening == {"127.0.0.1"}
