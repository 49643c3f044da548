"""Readings are weighed together; a yes that is not sure enough is not said."""

import pytest

from intents.fuse import Fusion, Hypothesis, confidence_in
from knowledge import Pack, decide

SHARED = {"act": "share", "subject": "client", "recipient": "other"}


@pytest.fixture
def fusion(pack: Pack) -> Fusion:
    return Fusion(pack, None, claims=())


def hypotheses(lead: float) -> list[Hypothesis]:
    yes = Hypothesis({**SHARED, "consent": "given"}, fit=lead, verdict="allowed")
    return [yes, Hypothesis(SHARED, fit=0.0, verdict="conditional")]


def test_a_yes_far_ahead_is_said(fusion: Fusion) -> None:
    assert fusion.without_doubt(hypotheses(lead=20.0)).facts["consent"] == "given"


def test_a_yes_hardly_ahead_leaves_open_what_it_rests_on(fusion: Fusion, pack: Pack) -> None:
    chosen = fusion.without_doubt(hypotheses(lead=0.1))
    assert chosen.facts == {**SHARED, "consent": None}
    assert decide(pack, chosen.facts).verdict == "conditional"


def test_readings_that_differ_in_the_act_leave_the_act_open(fusion: Fusion, pack: Pack) -> None:
    yes = Hypothesis({"act": "use", "subject": "client", "purpose": "billing"}, fit=0.1, verdict="allowed")
    other = Hypothesis({"act": "share", "subject": "client"}, fit=0.0, verdict="clarify")
    chosen = fusion.without_doubt([yes, other])
    assert chosen.facts == {"subject": "client"}
    assert decide(pack, chosen.facts).verdict == "clarify"


def test_a_no_needs_no_lead(fusion: Fusion) -> None:
    no = Hypothesis({**SHARED, "consent": "refused"}, fit=0.1, verdict="not_allowed")
    assert fusion.without_doubt([no, *hypotheses(lead=0.0)]) == no


def test_confidence_grows_with_the_lead_over_another_verdict() -> None:
    confidences = [confidence_in(hypotheses(lead)) for lead in (0.0, 1.0, 5.0, 20.0)]
    assert confidences == sorted(set(confidences))
    assert all(0 < one < 1 for one in confidences)
