"""Deciding in the slow and obvious way: write out every complete case, look at each rule, and compare."""

from collections.abc import Iterator, Mapping
from itertools import product

from knowledge import Pack, Values, Verdict
from knowledge.facts import Test
from knowledge.rules import Rule


def verdicts(pack: Pack, stated: Values) -> set[Verdict]:
    """The verdicts of every complete case that agrees with what is stated."""
    return {verdict_of(pack, case) for case in completions(pack, stated)}


def completions(pack: Pack, stated: Values) -> Iterator[dict[str, str]]:
    """Every complete case. A fact that is assumed has its assumed value, unless stated or open in the case."""
    facts = list(pack.facts.values())
    choices = [(value,) if (value := stated.get(fact.id)) else fact.value_ids for fact in facts]
    for values in product(*choices):
        case = dict(zip((fact.id for fact in facts), values, strict=True))
        if all(
            fact.assume is None
            or fact.id in stated
            or case[fact.id] == fact.assume
            or any(meets(case, test) for test in fact.open_when)
            for fact in facts
        ):
            yield case


def meets(case: Mapping[str, str], test: Test) -> bool:
    return all(case[fact] in values for fact, values in test.items())


def verdict_of(pack: Pack, case: Mapping[str, str]) -> Verdict:
    applying = [rule for rule in pack.rules.values() if any(meets(case, test) for test in rule.tests)]
    standing = [rule for rule in applying if not any(rule.id in other.overrides for other in applying)]
    (verdict,) = {_said(rule, case) for rule in standing}
    return verdict


def _said(rule: Rule, case: Mapping[str, str]) -> Verdict:
    held = {exception.verdict for exception in rule.exceptions if meets(case, exception.when)}
    return Verdict(held.pop() if held else rule.verdict)
