"""Another company's policy works with no change to Python: other people, other sections, other exceptions."""

from pathlib import Path

import pytest
import yaml

from bot.desk import Desk
from intents import load_understanding
from intents.lexicon import load_lexicon
from intents.lexicon_check import lexicon_proofs
from knowledge import load_pack
from knowledge.check import check_pack

TESTS = Path(__file__).parents[1]
FOLDER = TESTS / "packs" / "nordlicht"
CASES = yaml.safe_load((TESTS / "cases" / "nordlicht.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def nordlicht() -> Desk:
    pack = load_pack(FOLDER)
    return Desk(pack, load_understanding(pack))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_questions_are_answered_by_its_own_clauses(case: dict[str, str], nordlicht: Desk) -> None:
    answer, _ = nordlicht.ask(case["text"])
    assert answer.verdict == case["verdict"]
    assert (answer.citations[0].clause if answer.citations else None) == case["clause"]


def test_the_stated_retention_period_is_quoted(nordlicht: Desk) -> None:
    answer, _ = nordlicht.ask("How long do we keep driver data?")
    assert answer.citations[0].quote.endswith("driver data three years after the contract ends.")
    assert answer.ticket is None


def test_a_reply_completes_a_question(nordlicht: Desk) -> None:
    _, earlier = nordlicht.ask("Can I share driver data with a journalist?")
    answer, _ = nordlicht.ask("yes, he has consented", earlier=earlier)
    assert answer.verdict == "allowed"


def test_its_properties_hold() -> None:
    report = check_pack(FOLDER, lexicon_proofs(load_lexicon(load_pack(FOLDER))))
    assert report.ok, list(report.lines())
