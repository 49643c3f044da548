"""Requests of individuals as the policy decides them: who may name which ground, which outcomes there are, on what."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from knowledge.base import Frozen, Identifier, Text
from knowledge.facts import Fact
from knowledge.policy import ClauseId, Policy
from knowledge.strict_yaml import Place

RequestKind = Literal["disclosure", "correction", "suspension"]
OutcomeId = Literal["granted", "partly", "refused", "alternative"]
Fault = tuple[Place, str, str]
"""Where in the file, what is wrong, and what to do."""


class Ground(Frozen):
    """A ground in the policy's own terms: for a request, or for a decision on it."""

    id: Identifier
    clause: ClauseId
    label: Text


class Outcome(Frozen):
    """One way to decide. Where `grounds` lists any, the decision must name one of them; otherwise it names none."""

    id: OutcomeId
    clause: ClauseId
    label: Text
    grounds: tuple[Identifier, ...] = ()


class Fee(Frozen):
    """The fee that the policy charges, and the outcomes for which it does."""

    clause: ClauseId
    outcomes: tuple[OutcomeId, ...] = Field(min_length=1)


class RequestRules(Frozen):
    """How one kind of request is decided.

    `clause` gives the right, `notice` asks to notify the individual. `may_name` are the grounds that a requester may
    name. `fact` is the fact by which a question names one of them: its values are ids of grounds.
    """

    kind: RequestKind
    clause: ClauseId
    notice: ClauseId | None = None
    fee: Fee | None = None
    fact: Identifier | None = None
    grounds: tuple[Ground, ...] = ()
    may_name: tuple[Identifier, ...] = ()
    outcomes: tuple[Outcome, ...] = Field(min_length=1)

    def ground(self, ground_id: str) -> Ground:
        """The ground of that id. Raises KeyError if there is none."""
        return {ground.id: ground for ground in self.grounds}[ground_id]

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome of that id. Raises KeyError if this kind of request has none."""
        by_id: dict[str, Outcome] = {outcome.id: outcome for outcome in self.outcomes}
        return by_id[outcome_id]

    @property
    def grounds_to_name(self) -> tuple[Ground, ...]:
        """The grounds that a requester may name, in the order of the policy."""
        return tuple(ground for ground in self.grounds if ground.id in self.may_name)

    def grounds_of(self, outcome_id: str) -> tuple[Ground, ...]:
        """The grounds of which a decision must name one. Raises KeyError for an outcome that does not exist."""
        return tuple(ground for ground in self.grounds if ground.id in self.outcome(outcome_id).grounds)

    def may_decide(self, outcome_id: str, ground_id: str | None) -> bool:
        """Whether the policy lets a request be decided so, on that ground (None: on none)."""
        if outcome_id not in {outcome.id for outcome in self.outcomes}:
            return False
        grounds = self.outcome(outcome_id).grounds
        return ground_id in grounds if grounds else ground_id is None

    def has_fee(self, outcome_id: str) -> bool:
        """Whether the policy charges a fee when a request is decided so."""
        return self.fee is not None and outcome_id in self.fee.outcomes


class RequestFile(Frozen):
    """The optional file `requests.yaml`."""

    requests: tuple[RequestRules, ...] = ()

    def faults(self, policy: Policy, facts: Mapping[str, Fact]) -> Iterator[Fault]:
        """What does not fit the policy, the facts or itself."""
        yield from _twice(("requests",), "kind", [rules.kind for rules in self.requests])
        for index, rules in enumerate(self.requests):
            place = ("requests", index)
            yield from _clause_faults(place, rules, policy)
            yield from _twice((*place, "grounds"), "id", [ground.id for ground in rules.grounds])
            yield from _twice((*place, "outcomes"), "id", [outcome.id for outcome in rules.outcomes])
            yield from _ground_faults(place, rules)
            yield from _fact_faults(place, rules, facts)
            yield from _fee_faults(place, rules)


def _twice(place: Place, key: str, ids: list[str]) -> Iterator[Fault]:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            yield (*place, index, key), f"'{one}' stands here twice", "rename or remove one"


def _clause_faults(place: Place, rules: RequestRules, policy: Policy) -> Iterator[Fault]:
    cited: list[tuple[Place, str | None]] = [((*place, "clause"), rules.clause), ((*place, "notice"), rules.notice)]
    cited += [((*place, "fee", "clause"), rules.fee.clause if rules.fee else None)]
    cited += [((*place, "grounds", index, "clause"), ground.clause) for index, ground in enumerate(rules.grounds)]
    cited += [((*place, "outcomes", index, "clause"), outcome.clause) for index, outcome in enumerate(rules.outcomes)]
    for where, clause in cited:
        if clause is not None and clause not in policy.clauses:
            yield where, f"the policy has no clause '{clause}'", "clause ids are those of policy.yaml"


def _ground_faults(place: Place, rules: RequestRules) -> Iterator[Fault]:
    known = {ground.id for ground in rules.grounds}
    named = [((*place, "may_name", index), ground) for index, ground in enumerate(rules.may_name)]
    for index, outcome in enumerate(rules.outcomes):
        named += [((*place, "outcomes", index, "grounds", at), ground) for at, ground in enumerate(outcome.grounds)]
    for where, ground in named:
        if ground not in known:
            yield where, f"there is no ground '{ground}'", f"grounds are: {', '.join(sorted(known)) or 'none'}"


def _fact_faults(place: Place, rules: RequestRules, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    if rules.fact is None:
        return
    if rules.fact not in facts:
        yield (*place, "fact"), f"there is no fact '{rules.fact}'", f"facts are: {', '.join(facts)}"
        return
    for index, ground in enumerate(rules.may_name):
        if ground not in facts[rules.fact].value_ids:
            hint = f"its values are: {', '.join(facts[rules.fact].value_ids)}"
            yield (*place, "may_name", index), f"the fact '{rules.fact}' has no value '{ground}'", hint


def _fee_faults(place: Place, rules: RequestRules) -> Iterator[Fault]:
    known = {outcome.id for outcome in rules.outcomes}
    for index, outcome in enumerate(rules.fee.outcomes if rules.fee else ()):
        if outcome not in known:
            where = (*place, "fee", "outcomes", index)
            yield where, f"there is no outcome '{outcome}'", f"outcomes are: {', '.join(sorted(known))}"
