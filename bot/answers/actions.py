"""The buttons under an answer: their ids, and what each carries."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Action(StrEnum):
    """Ids of buttons. The one that answers a question back is followed by the number of its option."""

    ANSWER_FACT = "answer_fact"
    NOT_MEANT = "not_meant"
    ASK_MANAGER = "ask_manager"
    SHOW_CHANNEL = "show_channel"


class Carried(BaseModel):
    """What a button brings back: the conversation, and for an answered question the fact and its value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation: str
    fact: str | None = None
    value: str | None = None

    def text(self) -> str:
        """As Slack keeps it in the button (at most 2,000 characters)."""
        return self.model_dump_json(exclude_none=True)
