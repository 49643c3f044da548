"""The policy's own text: sections and clauses, found by the ids that people cite, such as 6(1)(i)."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import Field

from knowledge.base import Frozen, Identifier

ClauseId = Annotated[str, Field(pattern=r"^\S(.{0,38}\S)?$")]


class Clause(Frozen):
    """A numbered part of the policy: a section, a paragraph or an item, with those below it."""

    id: ClauseId
    title: str = ""
    text: str = ""
    clauses: tuple["Clause", ...] = ()

    def walk(self) -> Iterator["Clause"]:
        """Give this clause and all below it, in the order of the text."""
        yield self
        for clause in self.clauses:
            yield from clause.walk()


class Policy(Frozen):
    """One policy, to the letter, with what a citation needs to name it."""

    id: Identifier
    company: str
    title: str
    version: str
    last_modified: date
    last_modified_text: str
    language: str
    contact: str
    preamble: str
    sections: tuple[Clause, ...]

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Every clause by its id."""
        return {clause.id: clause for section in self.sections for clause in section.walk()}

    def section_of(self, clause_id: str) -> Clause:
        """The section that a clause stands in. Raises KeyError for an unknown id."""
        return self._sections[clause_id]

    @cached_property
    def _sections(self) -> dict[str, Clause]:
        return {clause.id: section for section in self.sections for clause in section.walk()}
