"""Which answers ask for a record of provision to a third party (APPI Articles 29 and 30), told in the pack's own facts.

The law asks for one where consent lets data go to a third party. It asks for none in the exceptions of Article 27(1),
in the cases of 27(5) (outsourcing, succession, joint use), for public bodies and for statistics.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from pydantic import Field

from knowledge.base import Frozen, Identifier
from knowledge.facts import Fact, Test
from knowledge.strict_yaml import Place

RecordField = Literal["recipient", "persons", "items"]


class ProvisionRules(Frozen):
    """When to offer the record, and with what it is filled in.

    `when` tests the stated facts: data goes to a third party. `consent` are the exceptions that rest on consent; any
    other exception needs no record. `fields` says which fact fills in which field.
    """

    when: Test
    consent: tuple[Identifier, ...] = Field(min_length=1)
    fields: dict[RecordField, Identifier] = Field(default_factory=dict)


class RecordFile(Frozen):
    """The optional file `records.yaml`."""

    provision: ProvisionRules

    def faults(self, facts: Mapping[str, Fact], exceptions: Collection[str]) -> Iterator[tuple[Place, str, str]]:
        """What does not fit the facts and the exceptions: where, what is wrong, what to do."""
        for index, exception in enumerate(self.provision.consent):
            if exception not in exceptions:
                hint = f"exceptions are: {', '.join(sorted(exceptions))}"
                yield ("provision", "consent", index), f"there is no exception '{exception}'", hint
        for field, fact in self.provision.fields.items():
            if fact not in facts:
                yield ("provision", "fields", field), f"there is no fact '{fact}'", f"facts are: {', '.join(facts)}"
