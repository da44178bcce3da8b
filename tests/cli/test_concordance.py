"""`banmian concordance`: both scripts from one word, lines on standard output, files that a spreadsheet can open."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from banmian import cli
from banmian.config import ROOT

PAGES = ROOT / "seeds"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.commands, [str(a) for a in arguments], catch_exceptions=False)


def test_lines_come_on_standard_output_whichever_script_is_asked_for() -> None:
    one, other = run("concordance", "枫桥经验", PAGES), run("concordance", "楓橋經驗", PAGES)
    assert one.stdout == other.stdout and one.exit_code == 0
    head, *lines = one.stdout.splitlines()
    assert head == "section_id\tleft\tword\tright"
    assert all(line.count("\t") == 3 for line in lines)
    assert f"{len(lines)} places" in one.stderr


def test_files_are_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "=1+1", "text": "社区调解"}, ensure_ascii=False), "utf-8")
    run("concordance", "调解", rows, "-o", tmp_path / "lines.csv", "--width", "2")
    assert (tmp_path / "lines.csv").read_text("utf-8-sig").splitlines()[1] == "'=1+1,2,社区,调解,"


def test_words_near_it_carry_their_measures(tmp_path: Path) -> None:
    found = run("concordance", "基层治理", PAGES, "--collocates", "-o", tmp_path / "near.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "near.jsonl").read_text("utf-8").splitlines()]
    assert rows[0]["word"] == "党建引领" and 0 < rows[0]["score"] <= 14
    assert f"{len(rows)} words near it" in found.stderr
