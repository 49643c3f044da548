"""What deciding hands over: a verdict with everything that it rests on."""

from enum import StrEnum

from knowledge.base import Frozen


class Verdict(StrEnum):
    """The answers that the desk can give."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    NOT_ALLOWED = "not_allowed"
    ESCALATE = "escalate"
    REQUEST = "request"
    INCIDENT = "incident"
    INFORM = "inform"
    CLARIFY = "clarify"
    OUT_OF_SCOPE = "out_of_scope"


FOR_A_PERSON = (Verdict.INCIDENT, Verdict.REQUEST, Verdict.ESCALATE)
"""The verdicts that a person must see, the most urgent first."""


class Condition(Frozen):
    """One smallest way to make it allowed: open facts, the values they must take, and the clauses that say so."""

    facts: dict[str, str]
    clauses: tuple[str, ...]


class Assumption(Frozen):
    """A fact taken as absent because nobody mentioned it, and the clause that would apply otherwise."""

    fact: str
    value: str
    clause: str


class FollowUp(Frozen):
    """The one fact to ask for next: the fact's id, and the ids of the values to offer."""

    fact: str
    options: tuple[str, ...]


class TicketOrder(Frozen):
    """The ticket that a finding calls for. Kind and urgency as in the ticket's course."""

    kind: str
    urgency: str = "normal"


class Finding(Frozen):
    """The policy's answer to a set of facts, whole: nobody downstream decides anything again.

    `citations` are clause ids, the deciding one first, at most three. `rules` are the ids of the rules and
    exceptions that decided, for explanations. `open_facts` are those that could still change the verdict.
    """

    verdict: Verdict
    rules: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    open_facts: tuple[str, ...] = ()
    follow_up: FollowUp | None = None
    ticket: TicketOrder | None = None
