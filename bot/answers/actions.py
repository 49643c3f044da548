"""The buttons under answers and on cards: their ids, and what each carries. A modal carries the same."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[int, Field(ge=1, lt=2**31)]
"""As a database can look it up."""
Id = Annotated[str, Field(pattern=r"^[\w-]{1,64}$")]


class Action(StrEnum):
    """Ids of buttons under answers. The one that answers a question back is followed by the number of its option."""

    ANSWER_FACT = "answer_fact"
    NOT_MEANT = "not_meant"
    ASK_MANAGER = "ask_manager"
    SHOW_CHANNEL = "show_channel"
    RECORD = "record_form"
    FEEDBACK = "feedback"


class TicketAction(StrEnum):
    """Ids of buttons of tickets. The first two are followed by the step ("ticket_step.take")."""

    STEP = "ticket_step"
    FORM = "ticket_form"
    DETAILS = "ticket_details"
    GIVE_DETAILS = "give_details"
    WITHDRAW = "withdraw_precedent"


class _Carried(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def text(self) -> str:
        """As Slack keeps it in the button (at most 2,000 characters) or in a modal's metadata."""
        return self.model_dump_json(exclude_none=True)


class Carried(_Carried):
    """What a button under an answer brings back.

    The conversation; for an answered question the fact and its value; for feedback the answer and whether it is right.
    """

    conversation: Id
    fact: Id | None = None
    value: Annotated[str, Field(max_length=64)] | None = None
    answer: Number | None = None
    right: bool | None = None


class TicketCarried(_Carried):
    """What a ticket's button brings back: the ticket's number."""

    ticket: Number
