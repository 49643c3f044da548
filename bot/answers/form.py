"""The answer's stable form, which the command line prints, Slack shows and the store keeps."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge import Verdict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Part):
    """One way to make it allowed, in words, with the clauses that say so."""

    text: str
    clauses: tuple[str, ...]


class Item(_Part):
    """A clause below a cited one, in the policy's own words."""

    clause: str
    quote: str


class Citation(_Part):
    """A clause in the policy's own words, to the letter, and the list that its words lead to."""

    clause: str
    title: str
    quote: str
    items: tuple[Item, ...] = ()


class Assumed(_Part):
    """A fact that nobody mentioned and that was taken as absent, and the clause that would apply otherwise.

    `text` says all of it, `short` the fact and its value.
    """

    fact: str
    value: str
    clause: str
    text: str
    short: str = ""


class Option(_Part):
    """One answer to a question back."""

    value: str
    label: str


class FollowUp(_Part):
    """The one question back, with its answers."""

    fact: str
    question: str
    options: tuple[Option, ...]


class Ticket(_Part):
    """The ticket that the answer opens."""

    kind: Literal["inquiry", "disclosure", "correction", "suspension", "incident"]
    urgency: Literal["normal", "urgent"]


class Precedent(_Part):
    """An earlier question with the manager's answer, shown beside the clauses. It changes no verdict."""

    number: int
    question: str
    answer: str
    policy_version: str
    approved_on: str


class ReadFact(_Part):
    """One fact as read: its value (None: raised and left unsettled), both in words, and the evidence."""

    value: str | None
    evidence: str
    confidence: float
    label: str
    text: str
    reader: str


class ReadBack(_Part):
    """How the question was read."""

    act: str | None
    facts: dict[str, ReadFact]

    def values(self) -> dict[str, str | None]:
        """The facts as deciding takes them: fact id to value, None where it was left unsettled."""
        return {fact: one.value for fact, one in self.facts.items()}


class PolicyVersion(_Part):
    """The policy under which the answer was given."""

    id: str
    version: str


class Answer(_Part):
    """One answer. More keys may be added to this form; none is renamed or left out."""

    id: str | None = None
    question: str
    language: Literal["en", "ja"]
    verdict: Verdict
    headline: str
    reasons: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    citations: tuple[Citation, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    follow_up: FollowUp | None = None
    ticket: Ticket | None = None
    reading: ReadBack
    policy: PolicyVersion
    rules: tuple[str, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    confidence: float = 1.0
