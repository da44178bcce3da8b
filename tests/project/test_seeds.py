"""The documents that ship: as received, every body section labelled, both readings known."""

import hashlib

import pandas as pd
import pytest

from banmian.labels.scheme import IN_SCOPE, kappa, read_labels
from banmian.reading.corpus import read_documents
from banmian.reading.layout import split_sections
from locations import SEEDS

DIGESTS = {
    "000": "06c9f8ab155ae973",
    "001": "bf23aae249646098",
    "002": "36db0a3a776c568b",
    "003": "c37f6bac97fb4bce",
    "004": "f0f25247a780d3dc",
}


@pytest.fixture(scope="module")
def sections() -> pd.DataFrame:
    return split_sections(read_documents(SEEDS))


def test_seeds_are_as_received() -> None:
    """SHA-256 of the five files on the day they came."""
    digests = {path.name[:3]: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in SEEDS.glob("*.txt")}
    assert digests == DIGESTS


def test_every_body_section_is_labelled(sections: pd.DataFrame) -> None:
    labelled = read_labels(SEEDS / "labels.csv", sections)
    body = sections[sections["kind"] == "body"]
    missing = body[~body["section_id"].isin(labelled["section_id"])]
    assert missing.empty, f"add rows to seeds/labels.csv for {missing['section_id'].tolist()}"
    assert set(labelled["label"]) == {*IN_SCOPE, "other"}


def test_two_readers_agree(sections: pd.DataFrame) -> None:
    """Landis and Koch (1977) call a kappa above 0.81 almost perfect."""
    labelled = read_labels(SEEDS / "labels.csv", sections)
    assert kappa(labelled["label_a"].tolist(), labelled["label_b"].tolist()) > 0.81


def test_a_story_and_its_twin_carry_the_same_label(sections: pd.DataFrame) -> None:
    """Script plays no part in a label: what reads the same in Simplified is labelled the same."""
    labelled = read_labels(SEEDS / "labels.csv", sections)
    labelled["ending"] = labelled["simplified"].str[-20:]  # the wire's beginnings differ by its dateline
    wire, twin = (labelled[labelled["doc_id"].str.startswith(n)].set_index("ending")["label"] for n in ("002", "003"))
    shared = wire.index.intersection(twin.index)
    assert len(shared) >= 6
    assert wire[shared].to_dict() == twin[shared].to_dict()
