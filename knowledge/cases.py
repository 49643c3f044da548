"""The rules over cases: what they say once enough is known, and which fact they need next.

A case is a set of facts, some of them settled. `Rulebook.leaves` walks every way of completing it, splitting only on
facts that still matter, so that each leaf stands for all complete cases that agree with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.facts import Fact, Test, Values
from knowledge.finding import Verdict
from knowledge.rules import Exemption, Rule

Case = dict[str, str]
Conjunction = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say of a case: a verdict, and the rules and exceptions that say so.

    `aside` are the rules that gave way to another: what the policy says nearest to a point on which it is silent.
    """

    verdict: Verdict
    rules: tuple[Rule, ...]
    exceptions: tuple[Exemption, ...]
    aside: tuple[Rule, ...] = ()

    @property
    def parts(self) -> tuple[Exemption | Rule, ...]:
        """What says so: the exceptions that hold, then the rules."""
        return (*self.exceptions, *self.rules)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses to cite, the deciding one first."""
        cited = [clause for part in self.parts for clause in (part.clause, *part.see) if clause]
        return tuple(dict.fromkeys(cited))


@dataclass(frozen=True, slots=True)
class Leaf:
    """One outcome and the facts that it took: `split` were open, `assumed` were taken as absent."""

    case: Case
    split: tuple[str, ...]
    assumed: tuple[str, ...]
    outcome: Outcome


class GapError(Exception):
    """A case on which no rule speaks. Its argument is the case."""


class ContradictionError(Exception):
    """A case on which two rules, or two exceptions of a rule, disagree. Its arguments: their ids, and the case."""


class _NeedsError(Exception):
    """Deciding needs this fact."""

    def __init__(self, fact: str) -> None:
        self.fact = fact


def _compiled(test: Test) -> Conjunction:
    return tuple((fact, frozenset(values)) for fact, values in test.items())


def _holds(conjunction: Conjunction, case: Mapping[str, str]) -> bool | str:
    """True, False, or the fact that is needed to tell."""
    needed = ""
    for fact, values in conjunction:
        value = case.get(fact)
        if value is None:
            needed = needed or fact
        elif value not in values:
            return False
    return needed or True


def _any_holds(tests: Iterable[Conjunction], case: Mapping[str, str]) -> bool | str:
    """Whether one of several tests holds: True, False, or a fact that is needed to tell."""
    needed: bool | str = False
    for test in tests:
        held = _holds(test, case)
        if held is True:
            return True
        needed = needed or held
    return needed


class _Prepared:
    """A rule with its tests ready to run."""

    __slots__ = ("exceptions", "overridden_by", "rule", "tests")

    def __init__(self, rule: Rule, rules: Mapping[str, Rule]) -> None:
        self.rule = rule
        self.tests = tuple(_compiled(test) for test in rule.tests)
        self.exceptions = tuple((exception, _compiled(exception.when)) for exception in rule.exceptions)
        self.overridden_by = frozenset(other.id for other in rules.values() if rule.id in other.overrides)


@dataclass(frozen=True, slots=True)
class _Node:
    """A case on the way to its leaves, with the rules that can still apply to it."""

    case: Case
    split: tuple[str, ...]
    assumed: tuple[str, ...]
    rules: tuple[_Prepared, ...]

    def narrowed(self) -> "_Node":
        """Without the rules that this case has ruled out."""
        possible = tuple(one for one in self.rules if _any_holds(one.tests, self.case) is not False)
        return _Node(self.case, self.split, self.assumed, possible)

    def with_split(self, fact: str, value: str) -> "_Node":
        """The same case with one value of an open fact."""
        return _Node({**self.case, fact: value}, (*self.split, fact), self.assumed, self.rules)

    def with_assumed(self, fact: str, value: str) -> "_Node":
        """The same case with a fact taken as absent."""
        return _Node({**self.case, fact: value}, self.split, (*self.assumed, fact), self.rules)


class Rulebook:
    """All rules of a pack, ready to be asked."""

    def __init__(self, facts: Mapping[str, Fact], rules: Mapping[str, Rule], *, verdicts_only: bool = False) -> None:
        """Prepare the rules; those that override others are asked first.

        With `verdicts_only`, cases that differ in the clauses alone are one leaf.
        """
        self._facts = facts
        self._verdicts_only = verdicts_only
        prepared = [_Prepared(rule, rules) for rule in rules.values()]
        self._rules = tuple(sorted(prepared, key=lambda one: len(one.overridden_by)))
        self._open_when = {fact.id: tuple(_compiled(test) for test in fact.open_when) for fact in facts.values()}

    def leaves(self, stated: Values) -> Iterator[Leaf]:
        """Every way of completing the stated facts, each with its outcome. Raises GapError or ContradictionError."""
        case = {fact: value for fact, value in stated.items() if value is not None}
        return self._explore(_Node(case, (), (), self._rules), stated)

    def _explore(self, node: "_Node", stated: Values) -> Iterator[Leaf]:
        node = node.narrowed()
        try:
            outcome = self._outcome(node)
        except _NeedsError as need:
            fact, value = self._settle(need.fact, node.case, stated)
            if value is not None:
                yield from self._explore(node.with_assumed(fact, value), stated)
                return
            for each in self._facts[fact].value_ids:
                yield from self._explore(node.with_split(fact, each), stated)
            return
        yield Leaf(node.case, node.split, node.assumed, outcome)

    def _outcome(self, node: "_Node") -> Outcome:
        """What the rules say of a case. Raises GapError, ContradictionError, or the need for one more fact."""
        applying: dict[str, _Prepared] = {}
        aside: list[Rule] = []
        needed = ""
        for prepared in node.rules:
            if not applying.keys().isdisjoint(prepared.overridden_by):
                if _any_holds(prepared.tests, node.case) is True:
                    aside.append(prepared.rule)
                continue
            held = _any_holds(prepared.tests, node.case)
            if held is True:
                applying[prepared.rule.id] = prepared
            else:
                needed = needed or str(held)
        if needed:
            raise _NeedsError(needed)
        if not applying:
            raise GapError(node.case)
        outcomes = [_outcome_of(prepared, node.case, self._verdicts_only) for prepared in applying.values()]
        return _agreed(outcomes, tuple(aside), node.case)

    def _settle(self, fact: str, case: Case, stated: Values) -> tuple[str, str | None]:
        """The fact to settle next (another one where that decides whether this one is open), and its assumed value."""
        assume = self._facts[fact].assume
        if assume is None or fact in stated:
            return fact, None
        opened = _any_holds(self._open_when[fact], case)
        if opened is True:
            return fact, None
        return (fact, assume) if opened is False else self._settle(opened, case, stated)


def _outcome_of(prepared: _Prepared, case: Mapping[str, str], verdicts_only: bool) -> Outcome:
    held: list[Exemption] = []
    possible: list[tuple[Exemption, str]] = []
    for exception, test in prepared.exceptions:
        result = _holds(test, case)
        if result is True:
            held.append(exception)
        elif result:
            possible.append((exception, str(result)))
    if len({exception.verdict for exception in held}) > 1:
        raise ContradictionError([exception.id for exception in held], dict(case))
    verdict = held[0].verdict if held else prepared.rule.verdict
    for exception, needed in possible:
        if exception.verdict != verdict or not (held or verdicts_only):
            raise _NeedsError(needed)
    return Outcome(Verdict(verdict), (prepared.rule,), tuple(held))


def _agreed(outcomes: list[Outcome], aside: tuple[Rule, ...], case: Mapping[str, str]) -> Outcome:
    if len({outcome.verdict for outcome in outcomes}) > 1:
        raise ContradictionError([rule.id for outcome in outcomes for rule in outcome.rules], dict(case))
    rules = tuple(rule for outcome in outcomes for rule in outcome.rules)
    exceptions = tuple(exception for outcome in outcomes for exception in outcome.exceptions)
    return Outcome(outcomes[0].verdict, rules, exceptions, aside)
