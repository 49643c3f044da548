"""What an answer quotes: cited clauses as passages of the policy, so that no list's first words stand alone.

A clause such as "except in the following cases:" is followed by the items of it that are cited too; where none is, or
where the list itself was asked for, by as many of its items as fit. What is left out is marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.form import Answer, Citation, Item
from knowledge import Verdict

LEFT_OUT = "[…]"
SHORT, WHOLE = 160, 2400
"""Characters of items: beside a verdict, and where the policy's text is what was asked for."""


@dataclass(frozen=True)
class Passage:
    """A part of the policy, to the letter: the cited clauses in it, the title of their section, its lines."""

    clauses: tuple[str, ...]
    title: str
    lines: tuple[str, ...]


def passages(answer: Answer) -> tuple[Passage, ...]:
    """The passages of an answer, the deciding one first."""
    found: list[Passage] = []
    for citation in answer.citations:
        if not any(citation.clause in passage.clauses for passage in found):
            asked_for = answer.verdict == Verdict.INFORM and not found
            found.append(_around(citation, answer.citations, whole=asked_for))
    return tuple(found)


def _around(citation: Citation, cited: Sequence[Citation], *, whole: bool) -> Passage:
    """The passage that a citation stands in: that of the longest cited list which has it as an item.

    `whole`: where the list itself is cited first, all of it.
    """
    lists = [one for one in cited if any(item.clause == citation.clause for item in one.items)]
    head = max(lists, key=lambda one: len(one.items), default=citation)
    inside = {head.clause, *(item.clause for item in head.items)}
    chosen = [item for item in head.items if any(one.clause == item.clause for one in cited)]
    clauses = tuple(one.clause for one in cited if one.clause in inside)
    if not chosen or (whole and head is citation):
        chosen = _fitting(head.items, WHOLE if whole else SHORT)
    lines = (line for line in (head.quote, *_lines(head, chosen)) if line)
    return Passage(clauses, head.title, tuple(lines))


def _fitting(items: Sequence[Item], limit: int) -> list[Item]:
    fitting: list[Item] = []
    for item in items:
        limit -= len(item.quote)
        if limit < 0:
            break
        fitting.append(item)
    return fitting


def _lines(head: Citation, chosen: Sequence[Item]) -> list[str]:
    """The chosen items of a list in their order, each with its number; a mark for each run that is left out."""
    lines: list[str] = []
    for item in head.items:
        if item in chosen:
            lines.append(f"{item.clause.removeprefix(head.clause).strip()} {item.quote}")
        elif not lines or lines[-1] != LEFT_OUT:
            lines.append(LEFT_OUT)
    return lines
