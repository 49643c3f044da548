"""Readings are weighed together; a yes that is not sure enough is not said."""

from math import log

import pytest

from intents.confidence import Confidence
from intents.cues import Cues
from intents.fuse import LIKELY_INCIDENT, SURE_ENOUGH_FOR_YES, Fusion, Hypothesis
from intents.learned import Scores
from intents.questions import ACT, CLAUSE, OFF_TOPIC, UNCLEAR, UNMENTIONED, VERDICT
from knowledge import Pack, decide

DOUBTFUL = SURE_ENOUGH_FOR_YES - 0.01
SHARED = {"act": "share", "subject": "client", "recipient": "other"}


@pytest.fixture
def fusion(pack: Pack) -> Fusion:
    return Fusion(pack, None, claims=(), confidence=Confidence())


def hypotheses(lead: float = 1.0) -> list[Hypothesis]:
    yes = Hypothesis({**SHARED, "consent": "given"}, fit=lead, verdict="allowed")
    return [yes, Hypothesis(SHARED, fit=0.0, verdict="conditional")]


def test_a_sure_yes_is_said(fusion: Fusion) -> None:
    assert fusion.without_doubt(hypotheses(), SURE_ENOUGH_FOR_YES).facts["consent"] == "given"


def test_a_doubtful_yes_leaves_open_what_it_rests_on(fusion: Fusion, pack: Pack) -> None:
    chosen = fusion.without_doubt(hypotheses(), DOUBTFUL)
    assert chosen.facts == {**SHARED, "consent": None}
    assert decide(pack, chosen.facts).verdict == "conditional"


def test_readings_that_differ_in_the_act_leave_the_act_open(fusion: Fusion, pack: Pack) -> None:
    yes = Hypothesis({"act": "use", "subject": "client", "purpose": "billing"}, fit=0.1, verdict="allowed")
    other = Hypothesis({"act": "share", "subject": "client"}, fit=0.0, verdict="clarify")
    chosen = fusion.without_doubt([yes, other], DOUBTFUL)
    assert chosen.facts == {"subject": "client"}
    assert decide(pack, chosen.facts).verdict == "clarify"


def test_a_doubtful_yes_gives_way_to_what_a_person_must_see(fusion: Fusion) -> None:
    yes = Hypothesis({"act": "use", "subject": "client", "purpose": "billing"}, fit=0.1, verdict="allowed")
    incident = Hypothesis({"act": "incident"}, fit=0.0, verdict="incident")
    assert fusion.without_doubt([yes, incident], DOUBTFUL) == incident


def test_a_no_need_not_be_sure(fusion: Fusion) -> None:
    no = Hypothesis({**SHARED, "consent": "refused"}, fit=0.1, verdict="not_allowed")
    assert fusion.without_doubt([no, *hypotheses(lead=0.0)], DOUBTFUL) == no


def test_confidence_grows_with_the_lead_over_another_verdict(fusion: Fusion) -> None:
    confidences = [fusion.confidence(hypotheses(lead), scores={}) for lead in (0.0, 1.0, 5.0, 20.0)]
    assert confidences == sorted(set(confidences))
    assert all(0 < one < 1 for one in confidences)


def scores(incident: float) -> Scores:
    """What readers find of a message that seems to ask about sharing, and may tell of an incident."""
    return {
        ACT: {"share": -0.1, "incident": -2.5, UNCLEAR: -8.0, OFF_TOPIC: -8.0},
        VERDICT: {"clarify": log(1 - incident), "incident": log(incident)},
        CLAUSE: {UNMENTIONED: -1.0},
    }


@pytest.mark.parametrize(("more", "verdict"), [(0.01, "incident"), (-0.01, "clarify")])
def test_an_incident_that_is_likely_enough_is_heeded(more: float, verdict: str, fusion: Fusion) -> None:
    likely = scores(2.718281828459045**LIKELY_INCIDENT + more)
    assert fusion.choose(Cues(), likely)[0].verdict == verdict
