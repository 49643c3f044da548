"""What reaches the desk, in the desk's own terms: Slack's payloads are translated once, at the edge."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "question", "edit", "command", "answer_fact", "not_meant", "ask_manager", "show_channel",
    "ticket_step", "report", "feedback", "provision", "withdraw_precedent",
]  # fmt: skip
Place = Literal["direct", "channel", "thread"]


class Incoming(BaseModel):
    """One thing that somebody sent to the desk.

    `ts` is the message's own id in its channel, `thread_ts` the thread that it stands in. `addressed` is True where
    the desk was meant for sure (a direct message, a mention, a command, a button). `shared` is True in a channel that
    is shared with another company, `outsider` where the person belongs to another one. `conversation`, `fact` and
    `value` come back from a button. `answer_url` is where Slack takes private answers for a short while. `ticket` and
    `step` come from a ticket's buttons and modals, `fields` from a modal that was filled in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    team: str
    channel: str
    user: str
    text: str = ""
    ts: str | None = None
    thread_ts: str | None = None
    direct: bool = False
    addressed: bool = True
    shared: bool = False
    outsider: bool = False
    has_files: bool = False
    answer_url: str | None = None
    message_ts: str | None = None
    conversation: str | None = None
    fact: str | None = None
    value: str | None = None
    ticket: int | None = None
    step: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    keys: tuple[str, ...] = ()
