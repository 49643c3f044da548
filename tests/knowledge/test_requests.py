"""Requests of individuals are decided on the policy's own grounds and no others."""

from itertools import product
from pathlib import Path

import pytest

from knowledge import Pack, load_pack

NINE = (
    "beyond_purpose",
    "improper_acquisition",
    "illegal_use",
    "no_longer_needed",
    "sensitive_leak",
    "financial_leak",
    "malicious_leak",
    "mass_leak",
    "rights_infringed",
)
KEPT_BACK = ("harm", "operations", "not_personal")
UNMET = ("no_merit", "not_necessary")
NONE = (None,)
MAY = {
    "disclosure": {"granted": NONE, "partly": KEPT_BACK, "refused": KEPT_BACK},
    "correction": {"granted": NONE, "partly": UNMET, "refused": UNMET},
    "suspension": {"granted": NINE, "partly": NINE, "refused": ("none_holds",), "alternative": NONE},
}
OUTCOMES = ("granted", "partly", "refused", "alternative")


@pytest.mark.parametrize("kind", MAY)
def test_a_decision_names_a_ground_of_the_policy_and_no_other(kind: str, pack: Pack) -> None:
    rules = pack.requests[kind]
    grounds = (None, *NINE, *KEPT_BACK, *UNMET, "none_holds", "whim")
    for outcome, ground in product(OUTCOMES, grounds):
        assert rules.may_decide(outcome, ground) == (ground in MAY[kind].get(outcome, ())), (outcome, ground)


def test_the_grounds_of_9_1_are_those_that_a_requester_may_name(pack: Pack) -> None:
    rules = pack.requests["suspension"]
    assert [ground.id for ground in rules.grounds_to_name] == list(NINE)
    items = [clause.id for clause in pack.policy.clauses["9(1)"].clauses]
    assert [ground.clause for ground in rules.grounds_to_name] == items
    assert pack.requests["disclosure"].grounds_to_name == pack.requests["correction"].grounds_to_name == ()


def test_a_refused_disclosure_rests_on_the_listed_conditions(pack: Pack) -> None:
    grounds = pack.requests["disclosure"].grounds_of("refused")
    assert [ground.clause for ground in grounds] == ["7(1)(i)", "7(1)(ii)", "7(2)"]


def test_each_decision_rests_on_its_clause_and_is_notified(pack: Pack) -> None:
    rules = pack.requests
    assert {kind: one.notice for kind, one in rules.items()} == {
        "disclosure": "7(1)",
        "correction": "8(3)",
        "suspension": "9(3)",
    }
    assert {outcome.id: outcome.clause for outcome in rules["suspension"].outcomes} == {
        "granted": "9(2)",
        "partly": "9(2)",
        "refused": "9(2)",
        "alternative": "9(4)",
    }


def test_a_fee_is_charged_for_what_is_disclosed_and_for_nothing_else(pack: Pack) -> None:
    charged = [(kind, one) for kind, one in product(MAY, OUTCOMES) if pack.requests[kind].has_fee(one)]
    assert charged == [("disclosure", "granted"), ("disclosure", "partly")]


def test_the_named_ground_of_a_question_is_a_ground_of_the_form(pack: Pack) -> None:
    rules = pack.requests["suspension"]
    assert rules.fact is not None
    assert set(rules.may_name) == {*pack.facts[rules.fact].value_ids} - {"unstated"}


def test_labels_fit_an_option_of_a_slack_menu(pack: Pack) -> None:
    texts = [ground.label for rules in pack.requests.values() for ground in rules.grounds]
    texts += [outcome.label for rules in pack.requests.values() for outcome in rules.outcomes]
    assert [text for text in texts if max(len(text.en), len(text.ja)) > 75] == []


def test_another_policy_has_its_own_grounds() -> None:
    rules = load_pack(Path(__file__).parents[1] / "packs" / "nordlicht").requests
    assert rules["suspension"].may_decide("refused", "kept_by_law")
    assert not rules["suspension"].may_decide("refused", None)
    assert rules["disclosure"].may_decide("refused", None)
    assert not rules["disclosure"].has_fee("granted")


def test_a_pack_needs_no_rules_for_requests(tmp_path: Path) -> None:
    tiny = Path(__file__).parents[1] / "packs" / "tiny"
    for file in (*tiny.glob("*.yaml"), *tiny.glob("rules/*.yaml")):
        if file.name != "requests.yaml":
            copy = tmp_path / file.relative_to(tiny)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    assert load_pack(tmp_path).requests == {}
