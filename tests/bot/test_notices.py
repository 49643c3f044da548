"""The notice to the individual: the decision, its ground in the policy's own words, the fee, whom to contact.

After a change that is meant: `UPDATE_GOLDEN=1 make test`, then read the difference before committing it.
"""

import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.notices import draft
from knowledge import Pack, load_pack

GOLDEN = Path(__file__).parent / "golden" / "notices"
NORDLICHT = Path(__file__).parents[1] / "packs" / "nordlicht"
EXPLANATION = {
    "en": "We looked through all systems of the HR department.",
    "ja": "人事部のすべてのシステムを確認いたしました。",
}


def decisions(pack: Pack) -> list[tuple[str, str, str | None]]:
    """Every kind, outcome and ground that the policy allows."""
    return [
        (rules.kind, outcome.id, ground)
        for rules in pack.requests.values()
        for outcome in rules.outcomes
        for ground in (outcome.grounds or (None,))
    ]


ATRUSTIA = load_pack("atrustia")
SHOWN = {(kind, outcome): ground for kind, outcome, ground in reversed(decisions(ATRUSTIA))}


def is_golden(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("kind", "outcome"), SHOWN)
def test_notices_look_as_they_should(kind: str, outcome: str, language: str) -> None:
    text = draft(ATRUSTIA, kind, language, outcome, SHOWN[kind, outcome], EXPLANATION[language])
    is_golden(f"{kind}.{outcome}.{language}", text)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_another_company_writes_by_its_own_policy(language: str) -> None:
    text = draft(load_pack(NORDLICHT), "suspension", language, "refused", "kept_by_law", "")
    is_golden(f"nordlicht.suspension.refused.{language}", text)


@pytest.mark.parametrize(("kind", "outcome", "ground"), decisions(ATRUSTIA))
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_ground_stands_in_the_policys_own_words_with_its_clause(
    kind: str, outcome: str, ground: str | None, language: str
) -> None:
    text = draft(ATRUSTIA, kind, language, outcome, ground, "")
    rules = ATRUSTIA.requests[kind]
    assert rules.outcome(outcome).clause in text
    if ground:
        clause = rules.ground(ground).clause
        assert clause in text
        assert f"“{ATRUSTIA.policy.clauses[clause].text}”" in text
    else:
        assert "“" not in text


@pytest.mark.parametrize(("word", "language"), [("fee", "en"), ("手数料", "ja")])
def test_only_what_is_disclosed_has_a_fee(word: str, language: str) -> None:
    with_fee = {
        (kind, outcome)
        for kind, outcome, ground in decisions(ATRUSTIA)
        if word in draft(ATRUSTIA, kind, language, outcome, ground, "")
    }
    assert with_fee == {("disclosure", "granted"), ("disclosure", "partly")}


@given(
    st.sampled_from(decisions(ATRUSTIA)),
    st.sampled_from(["en", "ja"]),
    st.one_of(st.text(), st.integers(2000, 9000).map("a".__mul__), st.just("{{ 7 }} {% x %} <b>&")),
)
def test_a_notice_fits_an_input_and_takes_any_explanation(
    decision: tuple[str, str, str | None], language: str, explanation: str
) -> None:
    kind, outcome, ground = decision
    text = draft(ATRUSTIA, kind, language, outcome, ground, explanation)
    assert len(text) <= 2900
    assert text.endswith("以上") if language == "ja" else "Contact Form" in text[-60:]
    if len(explanation) < 1000:
        assert explanation.strip() in text


@pytest.mark.parametrize(
    ("kind", "outcome", "ground"),
    [
        (kind, outcome, ground)
        for kind, outcome, ground in product(
            ("disclosure", "correction", "suspension"),
            ("granted", "partly", "refused", "alternative"),
            (None, "harm", "mass_leak", "none_holds", "whim"),
        )
        if not ATRUSTIA.requests[kind].may_decide(outcome, ground)
    ],
)
def test_no_notice_of_a_decision_that_the_policy_does_not_know(kind: str, outcome: str, ground: str | None) -> None:
    with pytest.raises(ValueError, match="cannot be decided"):
        draft(ATRUSTIA, kind, "en", outcome, ground, "")
