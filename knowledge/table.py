"""All cases of a pack in one table, for proofs: one row for each leaf of the completely open case.

Sets of rows are integers, one bit a row, so that a question about thousands of rows costs one operation.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import prod

from knowledge.cases import Leaf, Rulebook
from knowledge.facts import Test, Values
from knowledge.finding import Verdict
from knowledge.pack import Pack

Rows = int


class CaseTable:
    """Every case on which the rules tell one thing from another, with its verdict."""

    def __init__(self, pack: Pack, *, verdicts_only: bool = False) -> None:
        """Enumerate the pack's cases. Raises cases.GapError or cases.ContradictionError where the rules fail."""
        self.pack = pack
        rulebook = Rulebook(pack.facts, pack.rules, verdicts_only=verdicts_only)
        self.leaves: tuple[Leaf, ...] = tuple(rulebook.leaves(dict.fromkeys(pack.facts)))
        self.all: Rows = (1 << len(self.leaves)) - 1
        self.mentions = {fact: _rows(fact in leaf.case for leaf in self.leaves) for fact in pack.facts}
        self._having = {
            (fact.id, value): _rows(leaf.case.get(fact.id) == value for leaf in self.leaves)
            for fact in pack.facts.values()
            for value in fact.value_ids
        }
        self.verdicts = {verdict: _rows(leaf.outcome.verdict == verdict for leaf in self.leaves) for verdict in Verdict}

    def agreeing(self, fact: str, value: str) -> Rows:
        """The rows that stand for at least one case in which the fact has the value."""
        return self._having[fact, value] | (self.all & ~self.mentions[fact])

    def unmentioned(self, fact_id: str, stated: Values) -> Rows:
        """The rows left when nobody mentions a fact: those with its assumed value, or all where it is open."""
        fact = self.pack.facts[fact_id]
        if fact.assume is None:
            return self.all
        opened = union(self.meeting(test) for test in fact.open_when if _possible(test, stated))
        return opened | self.agreeing(fact_id, fact.assume)

    def meeting(self, test: Test) -> Rows:
        """The rows that stand for at least one case in which the test holds."""
        rows = self.all
        for fact, values in test.items():
            rows &= union(self.agreeing(fact, value) for value in values)
        return rows

    def always_meeting(self, test: Test) -> Rows:
        """The rows in all of whose cases the test holds."""
        rows = self.all
        for fact, values in test.items():
            rows &= union(self._having[fact, value] for value in values)
        return rows

    def verdicts_in(self, rows: Rows) -> set[Verdict]:
        """The verdicts that occur in a set of rows."""
        return {verdict for verdict, with_verdict in self.verdicts.items() if rows & with_verdict}

    def example(self, rows: Rows) -> Mapping[str, str]:
        """The case of one of the rows."""
        return self.leaves[(rows & -rows).bit_length() - 1].case

    @cached_property
    def complete_cases(self) -> int:
        """How many complete assignments of all facts the rows stand for together."""
        sizes = {fact.id: len(fact.values) for fact in self.pack.facts.values()}
        return sum(prod(size for fact, size in sizes.items() if fact not in leaf.case) for leaf in self.leaves)


def _possible(test: Test, stated: Values) -> bool:
    """Whether a test can hold, given what is stated."""
    return all(stated.get(fact) is None or stated[fact] in values for fact, values in test.items())


def _rows(wanted: Iterable[bool]) -> Rows:
    return sum(1 << index for index, one in enumerate(wanted) if one)


def union(sets: Iterable[Rows]) -> Rows:
    """The rows that are in any of the sets."""
    rows = 0
    for one in sets:
        rows |= one
    return rows
