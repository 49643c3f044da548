"""Deciding: the properties of DESIGN, on cases by hand and against a slow twin."""

import naive
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pack import TINY

from knowledge import Pack, Values, Verdict, decide, load_pack

ATRUSTIA, TINY_PACK = load_pack("atrustia"), load_pack(TINY)
HEAVY = {"topic", "suspension_ground", "incident_kind", "disclosure_ground"}


@st.composite
def stated(draw: st.DrawFn, pack: Pack, fewest: int) -> Values:
    """Facts as a question might state them: so many at least, some unsettled."""
    facts = draw(st.lists(st.sampled_from(sorted(pack.facts)), unique=True, min_size=fewest))
    return {fact: draw(st.sampled_from([None, *pack.facts[fact].value_ids])) for fact in facts}


@st.composite
def nearly_complete(draw: st.DrawFn) -> Values:
    """Facts of which only a few are open, so that the slow twin can write out every completion."""
    case: dict[str, str | None] = {fact.id: draw(st.sampled_from(fact.value_ids)) for fact in ATRUSTIA.facts.values()}
    for fact in draw(st.lists(st.sampled_from(sorted(set(ATRUSTIA.facts) - HEAVY)), unique=True, max_size=3)):
        if draw(st.booleans()):
            case[fact] = None
        else:
            del case[fact]
    return case


def agrees(pack: Pack, values: Values) -> None:
    """The finding keeps its word, judged by the slow twin."""
    finding, possible = decide(pack, values), naive.verdicts(pack, values)
    if finding.verdict == Verdict.ALLOWED:
        assert possible == {Verdict.ALLOWED}
    if finding.verdict == Verdict.NOT_ALLOWED:
        assert possible <= {Verdict.NOT_ALLOWED, Verdict.ESCALATE}
    if len(possible) == 1:
        assert finding.verdict in possible
    if finding.verdict == Verdict.CONDITIONAL:
        assert possible == {Verdict.ALLOWED, Verdict.NOT_ALLOWED}
        for condition in finding.conditions:
            assert naive.verdicts(pack, {**values, **condition.facts}) == {Verdict.ALLOWED}


@given(stated(TINY_PACK, 0))
def test_the_tiny_pack_decides_as_its_slow_twin(values: Values) -> None:
    agrees(TINY_PACK, values)


@settings(max_examples=60, deadline=None)
@given(nearly_complete())
def test_the_atrustia_pack_decides_as_its_slow_twin(values: Values) -> None:
    agrees(ATRUSTIA, values)


@settings(max_examples=200, deadline=None)
@given(stated(ATRUSTIA, 0))
def test_a_finding_is_whole_whatever_is_stated(values: Values) -> None:
    finding = decide(ATRUSTIA, values)
    assert len(finding.citations) <= 3
    assert set(finding.citations) <= set(ATRUSTIA.policy.clauses)
    assert (finding.verdict == Verdict.CONDITIONAL) == bool(finding.conditions)
    if finding.verdict in (Verdict.REQUEST, Verdict.INCIDENT, Verdict.ESCALATE):
        assert finding.ticket is not None
    if finding.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.NOT_ALLOWED, Verdict.INFORM):
        assert finding.citations


SHARE = {"act": "share", "recipient": "co_host"}


def test_consent_given_turns_a_condition_into_a_yes() -> None:
    assert decide(ATRUSTIA, SHARE).verdict == Verdict.CONDITIONAL
    assert decide(ATRUSTIA, {**SHARE, "consent": "given"}).verdict == Verdict.ALLOWED
    assert decide(ATRUSTIA, {**SHARE, "consent": "refused"}).verdict == Verdict.NOT_ALLOWED
    assert decide(ATRUSTIA, {**SHARE, "consent": None}).verdict == Verdict.CONDITIONAL


def test_the_clause_that_decides_comes_first() -> None:
    assert decide(ATRUSTIA, SHARE).citations[0] == "6(4)"
    assert decide(ATRUSTIA, {"act": "share", "recipient": "licensor"}).citations[0] == "6(3)"
    assert decide(ATRUSTIA, {"act": "disclosure"}).citations[0] == "7(1)"


def test_what_is_rare_is_assumed_absent_and_said() -> None:
    assumed = {one.fact: one.clause for one in decide(ATRUSTIA, SHARE).assumed}
    assert assumed["legal_order"] == "6(1)(iii)"
    assert assumed["danger"] == "6(1)(iv)"


def test_the_missing_fact_is_asked_for() -> None:
    finding = decide(ATRUSTIA, {"act": "share"})
    assert finding.verdict == Verdict.CLARIFY
    assert finding.follow_up is not None
    assert finding.follow_up.fact == "recipient"


def test_a_value_that_the_pack_lacks_is_refused() -> None:
    for values, error in (({"act": "eat"}, ValueError), ({"deed": "share"}, KeyError)):
        try:
            decide(ATRUSTIA, values)
        except error:
            continue
        raise AssertionError(f"{values} was taken")
