"""The lexicon is data that a privacy manager can extend; a fault in it is told with file and line."""

import shutil
from pathlib import Path

import pytest
from small_pack import TINY

from intents import load_understanding
from intents.lexicon import load_lexicon
from intents.lexicon_check import lexicon_proofs
from knowledge import PackError, load_pack

GOOD = "act:\n  share:\n    - [hand over, give ... to, disclos*]\nconsent:\n  given:\n    - [agreed]\n"


def with_lexicon(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(TINY, folder)
    (folder / "lexicon").mkdir()
    (folder / "lexicon" / "words.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("may I hand over the list", "share"),
        ("may I give the whole list to them", "share"),
        ("about disclosing the list", "share"),
        ("may I handover the list", None),
        ("they were forgiven and went to bed", None),
    ],
)
def test_phrases_gaps_and_endings(text: str, act: str | None, tmp_path: Path) -> None:
    understanding = load_understanding(load_pack(with_lexicon(tmp_path, GOOD)))
    read = understanding.read(text).facts.get("act")
    assert (read.value if read else None) == act


def test_a_pack_with_a_lexicon_needs_no_python(tmp_path: Path) -> None:
    understanding = load_understanding(load_pack(with_lexicon(tmp_path, GOOD)))
    assert understanding.read("give it to them, all agreed").values() == {"act": "share", "consent": "given"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("deed:\n  share:\n    - [x y]\n", "there is no fact 'deed'"),
        ("act:\n  eat:\n    - [x y]\n", "the fact 'act' has no value 'eat'"),
        ("act:\n  share: [x]\n", "lists of phrases"),
        ("act: [share]\n", "names with lists"),
        ("act:\n  share:\n    - ['']\n", "a phrase is empty"),
        ("claims: [deed]\n", "list of facts"),
    ],
)
def test_a_fault_is_told_with_file_and_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=says) as error:
        load_understanding(load_pack(with_lexicon(tmp_path, text)))
    assert "words.yaml:" in str(error.value)


def test_a_phrase_that_means_two_things_is_found(tmp_path: Path) -> None:
    folder = with_lexicon(tmp_path, "act:\n  use: [[work with]]\n  share: [[hand out, work with]]\n")
    agree, can_match = lexicon_proofs(load_lexicon(load_pack(folder)))
    assert agree.counterexample == "'work with' stands for share and for use of act: keep one"
    assert can_match.counterexample == ""


def test_a_phrase_that_no_message_can_hold_is_found(tmp_path: Path) -> None:
    folder = with_lexicon(tmp_path, "act:\n  share: [[hand out, 'send **it** over', '... away']]\n")
    _, can_match = lexicon_proofs(load_lexicon(load_pack(folder)))
    assert "for act = share: write it as people do" in can_match.counterexample


def test_the_shipped_lexicon_has_no_fault() -> None:
    assert [proof.counterexample for proof in lexicon_proofs(load_lexicon(load_pack("atrustia")))] == ["", ""]
