"""The pack check proves each property, and can fail for each."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_pack import TINY, BreakPack

from knowledge import Finding, Pack, Values, Verdict, load_pack
from knowledge.check import check_pack
from knowledge.finding import Condition, FollowUp
from knowledge.properties import CLAIMS, Decide, Tables, clauses_exist, incomplete_cases, rules_decide

BROKEN: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "bad_packs" / "properties.yaml").read_text())


def test_the_tiny_pack_holds() -> None:
    report = check_pack(TINY)
    assert report.ok, list(report.lines())
    assert len(report.proofs) == 10


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken["property"])
def test_a_broken_property_is_named_with_a_counterexample(broken: dict[str, Any], break_pack: BreakPack) -> None:
    report = check_pack(break_pack(broken["file"], broken["find"], broken["put"]))
    failed = [proof for proof in report.proofs if proof.counterexample]
    assert not report.ok
    assert any(proof.name.startswith(broken["property"]) for proof in failed), list(report.lines())
    told = " ".join(proof.counterexample for proof in failed)
    assert [word for word in broken["says"] if word not in told] == []


def test_the_atrustia_pack_holds() -> None:
    report = check_pack("atrustia")
    assert report.ok, list(report.lines())


def always(verdict: Verdict) -> Callable[[Values], Finding]:
    return lambda _: Finding(verdict=verdict)


def always_yes(_: Pack) -> Callable[[Values], Finding]:
    return always(Verdict.ALLOWED)


def always_no(_: Pack) -> Callable[[Values], Finding]:
    return always(Verdict.NOT_ALLOWED)


def too_much_asked(pack: Pack) -> Callable[[Values], Finding]:
    """Conditions that hold more than they must."""

    def decide(values: Values) -> Finding:
        finding = rules_decide(pack)(values)
        larger = tuple(Condition(facts={**c.facts, "law": "yes"}, clauses=c.clauses) for c in finding.conditions)
        return finding.model_copy(update={"conditions": larger})

    return decide


def asks_what_was_said(pack: Pack) -> Callable[[Values], Finding]:
    """A question back for a fact that is settled."""

    def decide(values: Values) -> Finding:
        settled = [fact for fact, value in values.items() if value]
        asked = FollowUp(fact=settled[0], options=("a",)) if settled else None
        return rules_decide(pack)(values).model_copy(update={"follow_up": asked})

    return decide


@pytest.mark.parametrize(
    ("claim", "decide"),
    [
        ("never a yes", always_yes),
        ("never a no", always_no),
        ("what every completion agrees on", always_yes),
        ("each condition shown", too_much_asked),
        ("a question back", asks_what_was_said),
    ],
)
def test_a_way_of_deciding_that_breaks_its_word_is_found(claim: str, decide: Decide) -> None:
    proofs = incomplete_cases(Tables(load_pack(TINY)), decide)
    assert [p.name for p in proofs] == list(CLAIMS)
    assert [p.counterexample for p in proofs if p.name.startswith(claim) and p.counterexample]


def test_a_condition_of_more_facts_than_can_be_shown_is_found(tmp_path: Path) -> None:
    many = "".join(
        f"  - {{id: f{n}, label: {{en: f, ja: f}}, ask: {{en: f, ja: f}}, values: "
        f"[{{id: a, label: {{en: a, ja: a}}}}, {{id: b, label: {{en: b, ja: b}}}}]}}\n"
        for n in range(4)
    )
    shutil.copytree(TINY, tmp_path / "pack")
    with (tmp_path / "pack" / "facts.yaml").open("a") as facts:
        facts.write(many)
    rules = tmp_path / "pack" / "rules" / "rules.yaml"
    rules.write_text(rules.read_text().replace("when: {consent: given}", "when: {f0: a, f1: a, f2: a, f3: a}"))
    failed = [p for p in incomplete_cases(Tables(load_pack(tmp_path / "pack"))) if p.counterexample]
    assert [p.name.split(" shown")[0] for p in failed] == ["each condition"]


def test_a_clause_that_does_not_exist_is_found() -> None:
    pack = load_pack(TINY)
    pack.rules["using"] = pack.rules["using"].model_copy(update={"clause": "9(9)"})
    assert clauses_exist(Tables(pack)).counterexample == "there is no clause 9(9)"
