"""The policy's text as data is the policy's text."""

import re
from pathlib import Path

from knowledge import Pack

SOURCE = Path(__file__).parents[1] / "data" / "policy.txt"
LABELS = Path(__file__).parents[1] / "data" / "clauses.txt"


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def without_numbers(text: str) -> str:
    """The source without its numbers and dashes at the start of lines, which the data keeps as ids."""
    return re.sub(r"(?m)^(?:\d+\.|-)\s", "", text)


def test_the_data_is_the_source_character_by_character(pack: Pack) -> None:
    policy = pack.policy
    parts = [policy.title, policy.preamble]
    for section in policy.sections:
        for clause in section.walk():
            parts += [clause.title, clause.text]
    parts += ["Last modified", policy.last_modified_text]
    assert squeezed("".join(parts)) == squeezed(without_numbers(SOURCE.read_text(encoding="utf-8")))


def test_every_clause_that_people_cite_is_there(pack: Pack) -> None:
    cited = LABELS.read_text(encoding="utf-8").split()
    assert [clause for clause in cited if clause not in pack.policy.clauses] == []


def test_title_version_and_contact(pack: Pack) -> None:
    policy = pack.policy
    assert (policy.company, policy.title, policy.version) == ("ATRUSTIA LLC.", "Privacy Policy", "2026-02-09")
    assert policy.last_modified.isoformat() == "2026-02-09"
    assert policy.contact
    assert len(policy.sections) == 13
