"""The rules: each a default with its clause, and the exceptions to it, as tests over facts."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from knowledge.base import Frozen, Identifier, Text
from knowledge.facts import Test
from knowledge.finding import Verdict
from knowledge.policy import ClauseId

RuleVerdict = Literal[
    Verdict.ALLOWED, Verdict.NOT_ALLOWED, Verdict.ESCALATE, Verdict.REQUEST, Verdict.INCIDENT, Verdict.INFORM
]
"""What a rule may say. Conditional, clarify and out of scope are computed, never written."""

TicketKind = Literal["inquiry", "disclosure", "correction", "suspension", "incident"]


class Exemption(Frozen):
    """An exception to a rule: where its test holds too, its verdict stands instead of the rule's."""

    id: Identifier
    clause: ClauseId
    title: Text
    because: Text
    when: Test
    see: tuple[ClauseId, ...] = ()
    verdict: RuleVerdict = Verdict.ALLOWED


class RuleHead(Frozen):
    """What a rule says, without the cases in which it says so.

    A rule without a clause speaks where the policy is silent; it can only escalate. `overrides` are rules that give
    way where both apply. `ticket` is the kind of ticket that its own verdict opens.
    """

    id: Identifier
    clause: ClauseId | None = None
    title: Text
    because: Text
    verdict: RuleVerdict
    see: tuple[ClauseId, ...] = ()
    overrides: tuple[Identifier, ...] = ()
    ticket: TicketKind | None = None


class Rule(RuleHead):
    """A rule ready for use: it applies when one of `tests` holds."""

    tests: tuple[Test, ...]
    exceptions: tuple[Exemption, ...]


def _form(value: object) -> str:
    return "shared" if isinstance(value, str) else "written"


class WrittenRule(RuleHead):
    """A rule as it stands in a file.

    `scope` names a set of tests of the same file of which one must hold besides `when`. An exception is written out,
    or is the id of a shared one.
    """

    scope: Identifier | None = None
    when: Test
    exceptions: tuple[
        Annotated[Annotated[Exemption, Tag("written")] | Annotated[Identifier, Tag("shared")], Discriminator(_form)],
        ...,
    ] = ()

    def tests(self, scopes: Mapping[str, tuple[Test, ...]]) -> Iterator[Test]:
        """The tests of which one must hold: the rule's own, joined with each of its scope."""
        for scope in scopes[self.scope] if self.scope else ({},):
            joined: Test = dict(self.when)
            for fact, values in scope.items():
                joined[fact] = tuple(value for value in values if value in joined.get(fact, values))
            if all(joined.values()):
                yield joined


class RuleFile(Frozen):
    """One file of rules, with the scopes and the shared exceptions that it defines."""

    scopes: dict[Identifier, tuple[Test, ...]] = Field(default_factory=dict)
    exceptions: tuple[Exemption, ...] = ()
    rules: tuple[WrittenRule, ...] = ()
