"""The facts that matter to a policy: a closed vocabulary, each value with its meaning in words."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from knowledge.base import Frozen, Identifier, Text

ValueId = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
Values = Mapping[str, str | None]
"""Facts as stated: fact id to value id; None where a fact was raised and left unsettled."""


def _as_tuple(values: object) -> object:
    return (values,) if isinstance(values, str) else values


ValueSet = Annotated[
    tuple[ValueId, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | list[str]), Field(min_length=1)
]
Test = dict[Identifier, ValueSet]
"""A test over facts: it holds when every fact named has one of the values listed."""


class FactValue(Frozen):
    """One value of a fact.

    `label` names it on a button; `condition` completes the sentence "this is allowed only if ...", for the values
    that can be a condition.
    """

    id: ValueId
    label: Text
    condition: Text | None = None


class Fact(Frozen):
    """A fact, its values and how the desk treats it when nobody mentions it.

    - essential: without it nothing useful can be said, so the desk asks for it.
    - assume: taken to have this value unless mentioned; `open_when` lists the cases in which it is open all the same.
    - neither: open. Every value is considered.
    """

    id: Identifier
    label: Text
    ask: Text
    values: tuple[FactValue, ...] = Field(min_length=2)
    essential: bool = False
    assume: ValueId | None = None
    open_when: tuple[Test, ...] = ()

    @property
    def value_ids(self) -> tuple[str, ...]:
        """The ids of the values, in the order of the file."""
        return tuple(value.id for value in self.values)

    def value(self, value_id: str) -> FactValue:
        """The value of that id. Raises KeyError if the fact has none."""
        for value in self.values:
            if value.id == value_id:
                return value
        raise KeyError(value_id)
