"""Deciding: from the facts that are stated to a finding.

The verdict is computed over every way of completing the facts, so that it is never a yes unless each completion is a
yes, and never a no unless each is a no. `knowledge.check` proves this of a pack by enumeration.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import combinations, product

from knowledge.cases import Leaf, Outcome, Rulebook
from knowledge.facts import Fact, Values
from knowledge.finding import FOR_A_PERSON, Assumption, Condition, Finding, FollowUp, TicketOrder, Verdict
from knowledge.pack import Pack
from knowledge.rules import Exemption, Rule

MOST_CITATIONS = 3
MOST_FACTS_IN_A_CONDITION = 3
URGENT = {Verdict.INCIDENT}


class Decider:
    """Decides by one pack. Findings are remembered: the same facts give the same finding."""

    def __init__(self, pack: Pack) -> None:
        """Prepare the pack's rules."""
        self._pack = pack
        self._rulebook = Rulebook(pack.facts, pack.rules)
        self._decide = lru_cache(maxsize=20_000)(self._decide_anew)

    def decide(self, values: Values) -> Finding:
        """The finding for the stated facts. Raises KeyError or ValueError for a fact or value the pack lacks."""
        for fact, value in values.items():
            if value is not None and value not in self._pack.facts[fact].value_ids:
                raise ValueError(f"the fact '{fact}' has no value '{value}'")
        return self._decide(frozenset(values.items()))

    def _decide_anew(self, stated: frozenset[tuple[str, str | None]]) -> Finding:
        leaves = tuple(self._rulebook.leaves(dict(stated)))
        verdicts = {leaf.outcome.verdict for leaf in leaves}
        open_facts = _ordered({fact for leaf in leaves for fact in leaf.split}, self._pack.facts)
        missing = [fact for fact in open_facts if self._pack.facts[fact].essential and _matters(fact, leaves)]
        if missing:
            return self._clarify(leaves, missing, open_facts)
        if verdicts == {Verdict.ALLOWED, Verdict.NOT_ALLOWED}:
            return self._conditional(leaves, open_facts)
        if len(verdicts) == 1:
            return self._settled(leaves, leaves[0].outcome.verdict, open_facts)
        return self._settled(leaves, _strictest(verdicts), open_facts)

    def _settled(self, leaves: Sequence[Leaf], verdict: Verdict, open_facts: tuple[str, ...]) -> Finding:
        deciding = [leaf for leaf in leaves if leaf.outcome.verdict == verdict]
        first = deciding[0].outcome
        order = next((rule.ticket for rule in first.rules if rule.ticket and rule.verdict == verdict), None)
        if verdict == Verdict.ESCALATE:
            order = order or "inquiry"
        agreed = _in_all(deciding)
        clauses = [clause for part in (*agreed, *first.aside) for clause in (part.clause, *part.see) if clause]
        return Finding(
            verdict=verdict,
            rules=tuple(part.id for part in agreed),
            citations=_first(clauses),
            assumed=self._assumptions(leaves),
            open_facts=open_facts,
            ticket=TicketOrder(kind=order, urgency="urgent" if verdict in URGENT else "normal") if order else None,
        )

    def _clarify(self, leaves: Sequence[Leaf], missing: list[str], open_facts: tuple[str, ...]) -> Finding:
        return Finding(
            verdict=Verdict.CLARIFY,
            open_facts=open_facts,
            follow_up=_narrowest(missing, leaves, self._pack.facts),
        )

    def _conditional(self, leaves: Sequence[Leaf], open_facts: tuple[str, ...]) -> Finding:
        conditions = _conditions(leaves, open_facts, self._pack.facts)
        rules = leaves[0].outcome.rules
        leading = [condition.clauses[0] for condition in conditions if condition.clauses]
        others = [clause for condition in conditions for clause in condition.clauses]
        defaults = [clause for rule in rules for clause in (rule.clause, *rule.see) if clause]
        asked = list(dict.fromkeys(fact for condition in conditions for fact in condition.facts))
        return Finding(
            verdict=Verdict.CONDITIONAL,
            rules=tuple(rule.id for rule in rules),
            citations=_first([*leading[:2], *defaults[:1], *leading[2:], *others, *defaults]),
            conditions=conditions,
            assumed=self._assumptions(leaves),
            open_facts=open_facts,
            follow_up=_narrowest(asked or list(open_facts), leaves, self._pack.facts),
        )

    def _assumptions(self, leaves: Sequence[Leaf]) -> tuple[Assumption, ...]:
        """The facts taken as absent that would bring in another exception, each with its clause."""
        assumed: dict[str, Assumption] = {}
        for leaf in leaves:
            for exception in (exception for rule in leaf.outcome.rules for exception in rule.exceptions):
                for fact, values in exception.when.items():
                    if fact in leaf.assumed and leaf.case[fact] not in values:
                        value = leaf.case[fact]
                        assumed.setdefault(fact, Assumption(fact=fact, value=value, clause=exception.clause))
        return tuple(assumed[fact] for fact in self._pack.facts if fact in assumed)


@cache
def decider_of(pack: Pack) -> Decider:
    """The decider of a pack, made once."""
    return Decider(pack)


def _strictest(verdicts: set[Verdict]) -> Verdict:
    """What stands where completions differ in more than yes and no: what a person has to see, comes first."""
    if verdicts <= {Verdict.NOT_ALLOWED, Verdict.ESCALATE}:
        return Verdict.NOT_ALLOWED
    return next(verdict for verdict in FOR_A_PERSON if verdict in verdicts)


def _in_all(leaves: Sequence[Leaf]) -> list[Exemption | Rule]:
    """The exceptions and rules that decide every one of the leaves, or the first leaf's where they share none."""
    first, *others = (leaf.outcome.parts for leaf in leaves)
    return [part for part in first if all(part in other for other in others)] or list(first)


def _ordered(facts: Iterable[str], vocabulary: Mapping[str, Fact]) -> tuple[str, ...]:
    wanted = set(facts)
    return tuple(fact for fact in vocabulary if fact in wanted)


def _first(clauses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clauses))[:MOST_CITATIONS]


def _agreeing(leaves: Sequence[Leaf], facts: dict[str, str]) -> list[Leaf]:
    """The leaves that stand for cases with these facts."""
    return [leaf for leaf in leaves if _agrees(leaf, facts)]


def _agrees(leaf: Leaf, facts: dict[str, str]) -> bool:
    return all(leaf.case.get(fact, value) == value for fact, value in facts.items())


def _matters(fact: str, leaves: Sequence[Leaf]) -> bool:
    """Whether some case would have another verdict for another value of this fact, all else the same."""
    taking = [leaf for leaf in leaves if fact in leaf.split]
    if len({leaf.outcome.verdict for leaf in taking}) < 2:
        return False
    return any(_differ_in(fact, one, other) for some in _siblings(fact, taking) for one, other in combinations(some, 2))


def _siblings(fact: str, leaves: Sequence[Leaf]) -> Iterable[Sequence[Leaf]]:
    """The leaves that are the same up to where this fact was split on: only these can differ in it alone."""
    found: dict[tuple[tuple[str, str], ...], list[Leaf]] = {}
    for leaf in leaves:
        before = leaf.split[: leaf.split.index(fact)]
        found.setdefault(tuple((one, leaf.case[one]) for one in before), []).append(leaf)
    return found.values()


def _differ_in(fact: str, one: Leaf, other: Leaf) -> bool:
    """Whether two leaves with different verdicts stand for cases that are the same but for this fact."""
    if one.outcome.verdict == other.outcome.verdict:
        return False
    return all(other.case.get(shared, value) == value for shared, value in one.case.items() if shared != fact)


def _verdicts_by_value(fact: Fact, leaves: Sequence[Leaf]) -> list[int]:
    """For each value of a fact, how many verdicts remain possible."""
    whatever: set[Verdict] = set()
    by_value: dict[str, set[Verdict]] = {}
    for leaf in leaves:
        value = leaf.case.get(fact.id)
        found = whatever if value is None else by_value.setdefault(value, set())
        found.add(leaf.outcome.verdict)
    return [len(whatever | by_value.get(value, set())) for value in fact.value_ids]


def _asked_again(fact: Fact, others: Sequence[str], leaves: Sequence[Leaf]) -> float:
    """The share of a fact's values after which another of these facts would still have to be asked for."""
    if not others:
        return 0.0
    left = [[leaf for leaf in leaves if leaf.case.get(fact.id, value) == value] for value in fact.value_ids]
    return sum(any(_matters(other, some) for other in others) for some in left) / len(left)


def _narrowest(candidates: Sequence[str], leaves: Sequence[Leaf], vocabulary: Mapping[str, Fact]) -> FollowUp | None:
    """The fact whose answer leaves the least to ask, and then the fewest verdicts, on average over its values."""
    if not candidates:
        return None

    def left_open(fact: str) -> tuple[float, float]:
        others = [other for other in candidates if other != fact and vocabulary[other].essential]
        verdicts = _verdicts_by_value(vocabulary[fact], leaves)
        return _asked_again(vocabulary[fact], others, leaves), sum(verdicts) / len(verdicts)

    chosen = min(candidates, key=left_open) if len(candidates) > 1 else candidates[0]
    return FollowUp(fact=chosen, options=vocabulary[chosen].value_ids)


def _conditions(
    leaves: Sequence[Leaf], open_facts: tuple[str, ...], vocabulary: Mapping[str, Fact]
) -> tuple[Condition, ...]:
    """The smallest sets of open facts, with their values, that make every completion allowed."""
    found: list[dict[str, str]] = []
    denied = [leaf for leaf in leaves if leaf.outcome.verdict != Verdict.ALLOWED]
    for size in range(1, MOST_FACTS_IN_A_CONDITION + 1):
        for facts in combinations(open_facts, size):
            for values in product(*(vocabulary[fact].value_ids for fact in facts)):
                candidate = dict(zip(facts, values, strict=True))
                if any(known.items() <= candidate.items() for known in found):
                    continue
                if any(_agrees(leaf, candidate) for leaf in denied):
                    continue
                if any(_agrees(leaf, candidate) for leaf in leaves):
                    found.append(candidate)
    ranked = sorted(found, key=lambda facts: _rank(leaves, facts))
    return tuple(Condition(facts=facts, clauses=_clauses_of(_plainest(leaves, facts).outcome)) for facts in ranked)


def _clauses_of(outcome: Outcome) -> tuple[str, ...]:
    """The clauses that a condition rests on: those of the exceptions that it fulfils."""
    cited = [clause for exception in outcome.exceptions for clause in (exception.clause, *exception.see)]
    return tuple(dict.fromkeys(cited)) or outcome.clauses


def _plainest(leaves: Sequence[Leaf], facts: dict[str, str]) -> Leaf:
    """The leaf in which as little as possible beside these facts speaks for a yes."""
    return min(_agreeing(leaves, facts), key=lambda leaf: (len(leaf.outcome.exceptions), _beside(leaf, facts)))


def _beside(leaf: Leaf, facts: dict[str, str]) -> int:
    deciding = {fact for exception in leaf.outcome.exceptions for fact in exception.when}
    return len(deciding.intersection(leaf.split) - set(facts))


def _rank(leaves: Sequence[Leaf], facts: dict[str, str]) -> int:
    """Where the exception that a condition fulfils stands in its rule."""
    outcome = _plainest(leaves, facts).outcome
    ids = [exception.id for rule in outcome.rules for exception in rule.exceptions]
    return min((ids.index(exception.id) for exception in outcome.exceptions), default=len(ids))
