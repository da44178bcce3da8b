"""Tables small enough to count by hand; the facts are what a person counts."""

import io

import pandas as pd
import pytest

from banmian.views.report import facts


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


COMPOSITION = table("doc_id,kind,characters\n甲,body,60\n甲,notice,20\n乙,body,20\n")
SCRIPTS = table("script,characters\nhans,700\nhant,230\nen,65\nmixed,5\n")


def test_corpus() -> None:
    pages = pd.DataFrame({"date": ["2025-02", "2024-11-06", ""]})
    found = facts.corpus_facts(pages, COMPOSITION, SCRIPTS)
    assert (found["characters"], found["body_share"]) == (100, 0.8)
    assert (found["documents_zh"], found["documents_en"]) == ("三份", "3 documents")
    assert found["span_zh"] == "2024-11-06至2025-02（1份日期不详）"
    assert (found["scripts_zh"], found["scripts_en"]) == (
        "简体、繁体与少量英文",
        "in Simplified and Traditional script with some English",
    )


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("en,100", "英文", "in English"),
        ("hans,995\nhant,5", "简体", "in Simplified script"),
        ("hant,50\nen,50", "繁体与英文", "in Traditional script and English"),
    ],
)
def test_scripts(text: str, zh: str, en: str) -> None:
    assert facts._scripts(table(f"script,characters\n{text}\n")) == (zh, en)


def test_repair_says_where_most_spaces_stood() -> None:
    rows = table("doc_id,decision,runs\n甲,join,4\n甲,space,7\n乙,join,1\n乙,space,9\n乙,word,3\n")
    found = facts.repair_facts(rows)
    assert (found["joined"], found["spaces"], found["most_spaces_zh"]) == (5, 16, "其中9个在乙")
    assert facts.repair_facts(rows[rows["doc_id"] == "乙"])["most_spaces_en"] == "all in 乙"
    assert facts.repair_facts(table("doc_id,decision,runs\n甲,word,4\n")) == {"joined": 0, "spaces": 0}


def test_repeats_count_a_section_once_and_name_the_two_documents() -> None:
    pairs = table("section_a,section_b,kind\na/1,b/1,section\na/2,b/1,section\na/3,b/2,section\na/1,c/9,quote\n")
    documents = table("later,earlier,sections,share\n丙,甲,1,0.1\n乙,甲,2,0.5\n")
    found = facts.repeat_facts(pairs, documents)
    assert found == {"repeated": 2, "quoted": 1, "later": "乙", "earlier": "甲", "shared": 0.5}


def test_labels_name_every_leading_one() -> None:
    rows = table("document,label,sections,characters\n甲,culture,2,50\n乙,commerce,1,50\n")
    found = facts.label_facts(rows)
    assert (found["leading_zh"], found["leading_en"], found["leading_share"]) == (
        "文化、商业",
        "culture and commerce",
        0.5,
    )
    assert found["labels_zh"] == "文化2段（50%）、商业1段（50%）"


def test_the_lexicon_s_example_is_among_those_shown() -> None:
    rows = table("word,before,count\n基层治理,基层｜治理,5\n新就业群体,新｜就业｜群体,3\n少见长词,少｜见｜长｜词,1\n")
    found = facts.lexicon_facts(rows, n_shown=2)
    assert (found["kept"], found["kept_times"], found["example_zh"]) == (3, 9, "新就业群体")
    assert found["example_en"] == "新就业群体 (gig workers)" and found["pieces"] == "新 / 就业 / 群体"
    assert facts.lexicon_facts(rows.head(0)) == {}


def test_labels_without_key_words_are_named() -> None:
    rows = table("group,word,log_likelihood\nculture,城市,9\nculture,文化,12\ncommerce,销售,8\n")
    found = facts.keyness_facts(rows, 2)
    assert found["key_words_zh"] == "文化多用文化、城市；商业多用销售；党建、基层治理没有够格的词"
    assert str(found["key_words_en"]).startswith("culture: 文化 (culture) and 城市 (city); commerce: 销售 (sales)")


def test_topics_that_are_one_story_and_labels_that_lead_none_are_named() -> None:
    prevalence = table("name_zh,name_en,one_story\n甲,a,1.0\n乙,b,0.3\n丙,c,0.8\n")
    crossed = table("label,sections,topic\nculture,4,甲\nother,1,甲\nculture,2,乙\ncommerce,2,乙\nother,3,丙\n")
    found = facts.topic_facts(prevalence, crossed)
    assert (found["topics"], found["single"], found["single_zh"]) == (3, 2, "甲、丙")
    assert found["purity"] == 9 / 12
    assert found["never_zh"] == "党建、基层治理", "a tie in 乙 counts for both"
    assert found["topic_names_en"] == "a, b and c"


def test_stability_is_of_the_first_method() -> None:
    found = facts.stability_facts(table("name,value,low,high\nNMF 种子,1,1,1\nNMF 重抽,0.5,0.3,0.7\nLDA,0,0,0\n"))
    assert found == {"same_seed": 1.0, "same_pages": 0.5, "same_low": 0.3, "same_high": 0.7}


def test_scores_say_when_the_rules_are_no_worse() -> None:
    rows = table(
        "method,name_zh,name_en,score,value,low,high\nrules,规则,rules,macro_f1,0.783,0.7,0.8\n"
        "rules,规则,rules,accuracy,0.95,0.9,1\nours_both,本,ours,macro_f1,0.775,0.58,0.86\n"
        "ours_both,本,ours,accuracy,0.78,0.7,0.9\nours_pages,本,ours,macro_f1,0.9,0.9,0.9\n"
    )
    found = facts.score_facts(rows, "ours_both")
    assert (found["ours"], found["other"], found["other_zh"]) == (0.775, 0.783, "规则"), "macro-F1, not accuracy"
    assert found["verdict_zh"] == "在这些版面上不分高下"
    with pytest.raises(ValueError, match="no rows of 'ours'; there are rules, ours_both, ours_pages"):
        facts.score_facts(rows, "ours")


def test_equally_common_mistakes_are_all_named() -> None:
    rows = table(
        "truth,predicted,sections\nculture,culture,9\ngrassroots_governance,party_building,4\n"
        "grassroots_governance,other,4\nother,commerce,3\n"
    )
    found = facts.error_facts(rows)
    assert (found["errors"], found["mistaken"]) == (11, 4)
    assert found["mistakes_zh"] == "基层治理判为党建、基层治理判为其他各"
    assert str(found["mistakes_en"]).endswith("taken for none of these (each)")
    assert facts.error_facts(rows.head(1)) == {}


def test_confidence_is_the_calibrated_one() -> None:
    bins = table("method,n,confidence,right\n校准后,1,0.4,0\n校准后,3,0.8,1\n未校准,4,0.1,1\n")
    outcomes = table("label,outcome,sections\nculture,abstained,2\nculture,right,5\nother,right,1\nother,wrong,2\n")
    found = facts.confidence_facts(bins, outcomes)
    assert found["stated"] == pytest.approx(0.7) and found["accuracy"] == 0.75
    assert (found["left"], found["given_wrong"]) == (0.2, 0.25)
