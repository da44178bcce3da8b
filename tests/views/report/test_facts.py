"""Tables small enough to count by hand; the facts are what a person counts."""

from pathlib import Path

import pytest

from banmian.views.report.facts import all_facts, label_facts, page_facts, topic_facts, word_facts

TABLES = {
    "01_composition": "doc_id,kind,characters\n000,body,60\n000,notice,20\n001,body,20\n",
    "01_repair": "doc_id,decision,runs\n000,join,4\n000,space,7\n001,join,1\n001,space,9\n001,word,3\n",
    "01_duplicates_pairs": "section_a,section_b,kind\na/1,b/1,section\na/2,b/1,section\n"
    "a/3,b/2,section\na/1,c/9,quote\n",
    "02_lexicon": "word,before,count\n基层治理,基层｜治理,5\n新就业群体,新｜就业｜群体,3\n少见长词,少｜见｜长｜词,1\n",
    "02_keyness": "group,word\nculture,文化\nculture,885\nculture,城市\nculture,旅游\ncommerce,产业\n",
    "03_topic_labels": "label,sections,topic\nculture,4,甲\nother,1,甲\nculture,2,乙\ncommerce,2,乙\nother,3,丙\n",
    "03_stability_spans": 'name,value,low,high\n"nmf, seed",1,1,1\n"nmf, bootstrap",0.5,0.3,0.7\n',
    "04_scores": "name,score,value,low,high\nkeyword rules,macro_f1,0.5,0.4,0.6\nkeyword rules,accuracy,0.95,0.9,1\n"
    "most frequent label,macro_f1,0.1,0,0.2\nbanmian,macro_f1,0.6,0.5,0.7\nbanmian,accuracy,0.8,0.7,0.9\n",
    "04_confusion": "truth,predicted,sections,share\nculture,culture,9,0.9\nculture,other,1,0.1\n"
    "other,commerce,3,0.3\n",
    "04_reliability": "bin,n,confidence,right\n0.5,1,0.4,0\n1,3,0.8,1\n",
    "04_abstention": "label,outcome,sections\nculture,abstained,2\nculture,right,5\nother,right,1\nother,wrong,2\n",
    "04_learning_curve": "sections,score\n50,0.4\n400,0.6\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return tmp_path


def test_pages(folder: Path) -> None:
    facts = {"documents": 2, "body_share": 0.8, "joined": 5, "spaces": 16, "narrow_spaces": 9}
    assert page_facts(2, folder) == facts | {"repeated": 2, "quoted": 1}


def test_pages_without_stray_spaces(folder: Path) -> None:
    (folder / "01_repair.csv").write_text("doc_id,decision,runs\n000,word,4\n", encoding="utf-8-sig")
    assert {name: page_facts(2, folder)[name] for name in ("joined", "spaces", "narrow_spaces")} == {
        "joined": 0,
        "spaces": 0,
        "narrow_spaces": 0,
    }


def test_words(folder: Path) -> None:
    facts = word_facts(n_words=3, n_shown=2, folder=folder)
    assert (facts["kept"], facts["kept_times"]) == (3, 9)
    assert (facts["example"], facts["pieces"]) == ("新就业群体", "新 / 就业 / 群体"), "the longest cut in the figure"
    assert facts["culture_words"] == "文化、885、城市"
    assert facts["commerce_words"] == "产业"
    assert facts["party_building_words"] == "—", "a label without key words leaves no hole in a sentence"


def test_topics(folder: Path) -> None:
    facts = topic_facts(folder=folder)
    assert (facts["topics"], facts["topic_names"]) == (3, "甲、乙、丙")
    assert facts["purity"] == 9 / 12
    assert facts["never_zh"] == "党建、基层治理、商业", "a tie in 乙 goes to the row that comes first"
    assert facts["never_en"] == "party-building, grassroots governance, commerce"
    assert [facts[f"same_{name}"] for name in ("seed", "pages", "low", "high")] == [1, 0.5, 0.3, 0.7]


def test_labels(folder: Path) -> None:
    facts = label_facts("banmian", folder)
    assert (facts["right"], facts["ours"], facts["ours_low"], facts["ours_high"]) == (0.8, 0.6, 0.5, 0.7)
    assert (facts["other"], facts["other_name"]) == (0.5, "keyword rules"), "macro-F1, not accuracy"
    assert (facts["mistaken"], facts["truth_en"], facts["taken_en"]) == (3, "none of these", "commerce")
    assert facts["stated"] == pytest.approx(0.7)
    assert facts["left"] == 0.2
    assert facts["given_wrong"] == 0.25
    assert facts["exemplars"] == 400


def test_a_labeller_of_another_name(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"04_scores\.csv: no rows of 'ours'; it has keyword rules, most frequent"):
        label_facts("ours", folder)


def test_a_missing_table_names_its_notebook(folder: Path) -> None:
    (folder / "02_lexicon.csv").unlink()
    with pytest.raises(ValueError, match=r"02_lexicon.csv: not in .*; run 02_words.ipynb first"):
        word_facts(folder=folder)


def test_a_notebook_that_did_not_suit_the_pages_gives_no_facts(folder: Path) -> None:
    known = all_facts(7, 3, "nmf", "banmian", folder=folder)
    assert known["documents"] == 7, "as told: many documents share a row of the figure"
    (folder / "02_keyness.csv").unlink()
    fewer = all_facts(7, 3, "nmf", "banmian", strict=False, folder=folder)
    words = {"kept", "kept_times", "example", "pieces"}
    assert set(known) - set(fewer) == words | {name for name in known if name.endswith("_words")}
    with pytest.raises(ValueError, match="02_keyness"):
        all_facts(7, 3, "nmf", "banmian", folder=folder)
    (folder / "01_repair.csv").unlink()
    with pytest.raises(ValueError, match="01_repair"):
        all_facts(7, 3, "nmf", "banmian", strict=False, folder=folder)
