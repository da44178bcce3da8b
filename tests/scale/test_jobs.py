"""Partitions: what is cut, done, resumed and set aside. On a cluster: test_scale_cluster.py."""

import json
import os
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from banmian.io.rows import BROKEN
from banmian.io.tables import write_rows
from banmian.partitions import KINDS, ChangedInputError, find_partitions, open_corpus, read_partition
from banmian.pipeline.rows import apply_step, body_rows, map_rows, read_sections
from banmian.scale import jobs
from banmian.scale.executor import open_folder, read_results, run_parts
from scale_cases import SETTINGS, hundred_rows, lengths, note_and_stop


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return hundred_rows(tmp_path / "rows.parquet")


def rows_of(out: Path) -> pd.DataFrame:
    return pd.concat(read_results(out), ignore_index=True)


def small_path(table: Path) -> pd.DataFrame:
    return lengths(pd.read_parquet(table).rename(columns={"id": "section_id"}))


def test_a_second_start_does_only_what_is_missing(table: Path, tmp_path: Path) -> None:
    parts, out, notes = find_partitions(open_corpus(table), part_rows=10), tmp_path / "out", tmp_path / "notes"
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


def test_a_broken_step_is_not_blamed_on_the_rows(table: Path) -> None:
    def broken(frame: pd.DataFrame) -> pd.DataFrame:
        raise ValueError("model missing")

    with pytest.raises(ValueError, match="model missing"):
        list(apply_step(broken, pd.read_parquet(table), []))


def test_results_of_other_input_or_settings_are_not_mixed(table: Path, tmp_path: Path) -> None:
    parts, out = find_partitions(open_corpus(table), part_rows=50), tmp_path / "out"
    with open_folder(out):
        run_parts(parts, out, lengths, SETTINGS)
        with pytest.raises(ValueError, match="other settings"):
            run_parts(parts, out, lengths, {"step": "another"})
        os.utime(table, (1, 1))
        with pytest.raises(ValueError, match="other input"):
            run_parts(find_partitions(open_corpus(table), part_rows=50), out, lengths, SETTINGS)


def test_input_that_changes_during_a_run_stops_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.jsonl").write_text(json.dumps({"id": name, "text": "茶"}), encoding="utf-8")

    def rewrite(frame: pd.DataFrame) -> pd.DataFrame:
        if "a" in set(frame["section_id"]):
            (folder / "b.jsonl").write_text('{"id": "other", "text": "茶"}\n', encoding="utf-8")
        return frame

    parts = find_partitions(open_corpus(folder))
    with (
        open_folder(tmp_path / "out"),
        pytest.raises(ValueError, match=r"after 1 of 2 .*b\.jsonl: changed since the run"),
    ):
        run_parts(parts, tmp_path / "out", rewrite, SETTINGS)
    assert not (tmp_path / "out" / "_manifest.json").exists()
    with pytest.raises(ChangedInputError, match="changed since the run"):
        list(read_partition(parts[1]))


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
    parts = find_partitions(open_corpus(path), part_rows=3)
    frames = [frame for part in parts for frame in read_partition(part)]
    whole = pd.concat(frames)
    assert whole.index.tolist() == [0, 1, 3, 4, 5, 6]
    assert whole["section_id"].tolist() == ["0", "1", "3", "4", None, "6"]
    assert whole[BROKEN].dropna().index.tolist() == [5]
    assert b"".join(path.read_bytes()[part.start : part.stop] for part in parts) == path.read_bytes()


def test_a_folder_of_several_kinds_is_read_as_pages_and_the_rest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no \.txt, .* file in this folder"):
        find_partitions(open_corpus(tmp_path))
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text("{}", encoding="utf-8")
    assert [(part.kind, part.paths) for part in find_partitions(open_corpus(tmp_path))] == [
        ("pages", (str(tmp_path / "a.txt"),))
    ]
    assert open_corpus(tmp_path).skipped == (f"'b.jsonl' (not {', '.join(KINDS['pages'])})",)


def test_web_pages_and_text_files_of_a_folder_go_one_way_in_partitions_and_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("茶园里的春天来得早。", encoding="utf-8")
    (folder / "b.HTML").write_text("<p>社区里的灯亮了。</p><p>居民都说好。</p>", encoding="utf-8")
    with open_folder(tmp_path / "out"):
        manifest = jobs.run_sections(open_corpus(folder), tmp_path / "out")
    assert manifest["set_aside"] == 0
    small = read_sections(open_corpus(folder), [])
    assert pd.concat(read_results(tmp_path / "out"))["text"].tolist() == small["text"].tolist()
    assert set(small["doc_id"]) == {"a", "b"}


def test_sections_written_as_json_lines_are_read_back_as_sections(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("记者 李平\n\n茶园里的春天来得早，山下的茶铺一早就开了门。", encoding="utf-8")
    found = read_sections(open_corpus(tmp_path / "page.txt"), [])
    write_rows([found], tmp_path / "sections.jsonl")
    body = pd.concat(map_rows(open_corpus(tmp_path / "sections.jsonl"), body_rows, []))
    assert body["section_id"].tolist() == found.loc[found["kind"] == "body", "section_id"].tolist()
    assert len(body) < len(found) and body["simplified"].tolist() == body["text"].tolist()


def test_pages_set_aside_are_told_whatever_is_made_of_the_others(tmp_path: Path) -> None:
    folder, out = tmp_path / "pages", tmp_path / "out"
    folder.mkdir()
    (folder / "bad.txt").touch()
    with open_folder(out), pytest.raises(ValueError, match="none of its pages could be read"):
        jobs.run_topics(open_corpus(folder), out, n_topics=1)
    (folder / "good.txt").write_text("茶园里的春天来得早。\n\n社区里的灯亮了。", encoding="utf-8")
    for step, name in ((jobs.run_sections, "a"), (partial(jobs.run_topics, n_topics=1), "b")):
        with open_folder(tmp_path / name):
            made = step(open_corpus(folder), tmp_path / name)
        manifest = made[0] if isinstance(made, tuple) else made
        assert manifest == json.loads((tmp_path / name / "_manifest.json").read_text(encoding="utf-8"))
        assert manifest["set_aside"] == 1
        (aside,) = (tmp_path / name / "_set_aside").iterdir()
        rejected = json.loads(aside.read_text(encoding="utf-8"))
        assert rejected["source"].endswith("bad.txt") and rejected["error"].startswith("empty file")


def test_half_files_go_where_a_note_of_a_run_says_that_they_are_ours(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with open_folder(out):
        run_parts(find_partitions(open_corpus(table)), out, lengths, SETTINGS)
    mark = ".banmian-00000000-7-abc.part"
    ours = [out / f".part-00001.parquet{mark}", out / "_receipts" / f".part-00001.json{mark}"]
    theirs = [out / ".movie.part", out / f".single.parquet{mark}", out / "_mine" / f".part-00001.parquet{mark}"]
    for path in (*ours, *theirs):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with open_folder(out):
        pass
    assert [path.exists() for path in (*ours, *theirs)] == [False, False, True, True, True]


@pytest.mark.parametrize("name", ["part-x.parquet", "_manifest.json", "_receipts/a.json", "_set_aside/b.jsonl"])
def test_a_folder_that_is_not_ours_is_refused_and_stays_as_it_is(table: Path, tmp_path: Path, name: str) -> None:
    foreign = tmp_path / "out" / name
    foreign.parent.mkdir(parents=True)
    half = tmp_path / "out" / ".part-00001.parquet.banmian-00000000-7-abc.part"
    for path in (foreign, half):
        path.write_text("theirs", encoding="utf-8")
    with open_folder(tmp_path / "out"), pytest.raises(ValueError, match="did not write"):
        run_parts(find_partitions(open_corpus(table)), tmp_path / "out", lengths, SETTINGS)
    assert foreign.read_text(encoding="utf-8") == half.read_text(encoding="utf-8") == "theirs"


def test_the_sample_does_not_depend_on_partitions_or_order(tmp_path: Path) -> None:
    rows = pd.DataFrame({"id": range(50), "text": [f"第{i % 40}段" for i in range(50)]})
    write_rows([rows], tmp_path / "a.parquet")
    write_rows([rows.iloc[::-1]], tmp_path / "b.parquet")
    one = jobs.sample_texts(find_partitions(open_corpus(tmp_path / "a.parquet"), part_rows=7), 15)
    other = jobs.sample_texts(find_partitions(open_corpus(tmp_path / "b.parquet"), part_rows=50), 15)
    assert one == other
    assert len(one) == 15
    # Of many rows few more than are asked for are ever brought together.
    write_rows([pd.DataFrame({"id": range(2000), "text": "茶"})], tmp_path / "many.parquet")
    (part,) = find_partitions(open_corpus(tmp_path / "many.parquet"))
    assert 400 < len(jobs._below(part, 0.25)) < 600 and len(jobs._below(part, 1.5)) == 2000
