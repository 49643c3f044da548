"""Every incomplete case that a question can state, walked without those in which nothing matters any more."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.table import CaseTable, Rows, union

Stated = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Partial:
    """What a question states, and the rows of the case table that complete it."""

    stated: Stated
    completions: Rows


MOST_STATED_BESIDE_A_GAP = 2


def partial_cases(table: CaseTable) -> Iterator[Partial]:
    """Each way of stating, leaving unsettled or not mentioning the facts that can still change the verdict.

    Where every essential fact in play is stated, all combinations of the others are walked. Where one is missing,
    the desk has to ask unless all else agrees; there, up to two further facts are stated at a time.
    """
    yield from _walk(table, {}, (), table.all)


def _walk(table: CaseTable, stated: Stated, settled: tuple[str, ...], rows: Rows) -> Iterator[Partial]:
    fact_id = _next_fact(table, stated, settled, rows)
    if fact_id is None:
        yield Partial(stated, _nothing_else_mentioned(table, stated, rows))
        return
    fact, settled = table.pack.facts[fact_id], (*settled, fact_id)
    yield from _walk(table, stated, settled, rows & table.unmentioned(fact_id, stated))
    if _asks_anyway(table, stated, settled):
        return
    if fact.assume is not None:
        yield from _walk(table, {**stated, fact_id: None}, settled, rows)
    for value in fact.value_ids:
        yield from _walk(table, {**stated, fact_id: value}, settled, rows & table.agreeing(fact_id, value))


def _nothing_else_mentioned(table: CaseTable, stated: Stated, rows: Rows) -> Rows:
    for fact in table.pack.facts:
        if fact not in stated:
            rows &= table.unmentioned(fact, stated)
    return rows


def _next_fact(table: CaseTable, stated: Stated, settled: tuple[str, ...], rows: Rows) -> str | None:
    """The fact that most cases still turn on, or None where none can change the verdict."""
    if len(table.verdicts_in(rows)) == 1:
        return None
    turning = {fact: rows & table.mentions[fact] for fact in table.pack.facts if fact not in settled}
    following = max(turning, key=lambda fact: turning[fact].bit_count(), default=None)
    if following is None or not turning[following]:
        return None
    gap = any(table.pack.facts[fact].essential and fact not in stated for fact in settled)
    decided = rows & ~union(turning.values())
    return None if gap and len(table.verdicts_in(decided)) > 1 else following


def _asks_anyway(table: CaseTable, stated: Stated, settled: tuple[str, ...]) -> bool:
    essential = {fact for fact in settled if table.pack.facts[fact].essential}
    return bool(essential - stated.keys()) and len(stated.keys() - essential) >= MOST_STATED_BESIDE_A_GAP
