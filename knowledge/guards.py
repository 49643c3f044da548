"""Guards: what must hold of every case of a pack, stated apart from its rules so that the rules can be held to it."""

from knowledge.base import Frozen, Identifier, Text
from knowledge.facts import Test
from knowledge.policy import ClauseId
from knowledge.rules import RuleVerdict


class Guard(Frozen):
    """In the cases of `when`, the verdict `verdict` stands only where one of `needs_one_of` holds."""

    id: Identifier
    title: Text
    when: Test
    verdict: RuleVerdict
    needs_one_of: tuple[Test, ...]


class GuardFile(Frozen):
    """The file `guards.yaml`. `explanation_only` lists the clauses that no case needs to reach."""

    explanation_only: tuple[ClauseId, ...] = ()
    guards: tuple[Guard, ...] = ()
