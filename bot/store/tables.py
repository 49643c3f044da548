"""The tables. Times are UTC; JSON columns hold the pydantic models of the layer that wrote them."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Index, TypeDecorator, UniqueConstraint, event, text
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the time zone; this gives it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To the database, in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database, with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """Give this moment, in UTC."""
    return datetime.now(UTC)


def _where(condition: str, name: str, *columns: str) -> Index:
    """An index over the rows that meet a condition: however many others there are, these stay few."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class Inbound(SQLModel, table=True):
    """Something that people sent to the desk, stored before it is acknowledged; handled once.

    Here and below `purged_at` is when the texts were removed because their time was over.
    """

    __table_args__ = (_where("purged_at IS NULL", "ix_inbound_to_purge", "handled_at"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    received_at: datetime = Field(default_factory=now, sa_type=Moment)
    handled_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    purged_at: datetime | None = Field(default=None, sa_type=Moment)


class InboundKey(SQLModel, table=True):
    """One name by which Slack may deliver the same thing again."""

    __tablename__ = "inbound_key"

    key: str = Field(primary_key=True)
    inbound_id: int = Field(foreign_key="inbound.id", index=True)


class ConversationRow(SQLModel, table=True):
    """One conversation: where it takes place, with whom, and what it has come to."""

    __tablename__ = "conversation"
    __table_args__ = (_where("state IS NOT NULL", "ix_conversation_to_purge", "updated_at"),)

    id: str = Field(primary_key=True)
    team_id: str
    channel_id: str
    thread_ts: str | None = None
    user_id: str
    question_ts: str | None = None
    state: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    language: str = "en"
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)


class AnswerRow(SQLModel, table=True):
    """One answer that was given, in its stable form."""

    __tablename__ = "answer"
    __table_args__ = (_where("purged_at IS NULL", "ix_answer_to_purge", "given_at"),)

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id", unique=True)
    question_ts: str | None = None
    form: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    given_at: datetime = Field(default_factory=now, sa_type=Moment)
    purged_at: datetime | None = Field(default=None, sa_type=Moment)


class Counter(SQLModel, table=True):
    """The last number given out. Taken inside the transaction that uses it, so that no number is left out."""

    name: str = Field(primary_key=True)
    value: int


RUNNING = "state != 'closed'"
TO_PURGE = "state = 'closed' AND (purged_at IS NULL OR purged_at < closed_at)"


class Ticket(SQLModel, table=True):
    """What a person must handle. Times are UTC.

    `details` is what the requester gave in a form, the only place where contact data is kept as it was written.
    `waiting_since` is set while the requester has been asked something; `known_at` is when an incident became known,
    as a person said; `classes` are the classes of the duty to report that apply to an incident; `outcome` and `ground`
    are the decision on a request.
    """

    __table_args__ = (
        UniqueConstraint("conversation_id", "kind", "occasion"),
        _where(RUNNING, "ix_ticket_due", "due_at"),
        _where(RUNNING, "ix_ticket_kind_due", "kind", "due_at"),
        _where(RUNNING, "ix_ticket_state_due", "state", "due_at"),
        _where(RUNNING, "ix_ticket_assignee_due", "assignee_id", "due_at"),
        _where(TO_PURGE, "ix_ticket_to_purge", "kind", "closed_at"),
        Index("ix_ticket_state_number", "state", "number"),
        Index("ix_ticket_requester_number", "requester_id", "number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)
    kind: str
    urgency: str
    state: str = "open"
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    occasion: str
    requester_id: str
    team_id: str
    channel_id: str
    thread_ts: str | None = None
    language: str
    question: str
    answer: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    policy_version: str
    assignee_id: str | None = None
    opened_at: datetime = Field(default_factory=now, sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    details: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    waiting_since: datetime | None = Field(default=None, sa_type=Moment)
    known_at: datetime | None = Field(default=None, sa_type=Moment)
    classes: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    outcome: str | None = None
    ground: str | None = None
    merged_into: int | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    purged_at: datetime | None = Field(default=None, sa_type=Moment)


class TicketEvent(SQLModel, table=True):
    """One step of a ticket. Rows are only ever added; `bot.tickets.history` chains them.

    `position` counts all events of all tickets without a gap. `detail` is what the record keeps for good, with prints
    of the ticket (hashes with `salt`); `texts` is what people wrote. `texts` and `salt` are removed when their time is
    over: `commitment` is the hash over them, and stays.
    `previous` is the digest of the event before, `digest` that of this one.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_ticket_position", "ticket_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    position: int = Field(unique=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    at: datetime = Field(default_factory=now, sa_type=Moment)
    actor_id: str
    kind: str
    state: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    texts: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    salt: str | None = None
    commitment: str | None = None
    previous: str
    digest: str


class Outbound(SQLModel, table=True):
    """A message on its way to Slack, written in the transaction that decided on it.

    `name` is unique, so that handling the same thing again writes it once; it also goes out as opaque metadata.
    `thread_of` and `in_place_of` name an earlier message: this one goes into its thread, or changes it. `channel` and
    `ts` are where Slack put it.
    It waits until `begun_at` is set; from then until `sent_at` or `given_up` is set its fate is not known.
    """

    __table_args__ = (
        Index("ix_outbound_destination_sent_at", "destination", "sent_at"),
        _where("purged_at IS NULL", "ix_outbound_to_purge", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    inbound_id: int | None = Field(default=None, foreign_key="inbound.id", index=True)
    conversation_id: str | None = Field(default=None, index=True)
    ticket_id: int | None = Field(default=None, index=True)
    method: str
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    thread_of: str | None = None
    in_place_of: str | None = None
    destination: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    begun_at: datetime | None = Field(default=None, sa_type=Moment)
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    given_up: str | None = None
    purged_at: datetime | None = Field(default=None, sa_type=Moment)
    channel: str | None = None
    ts: str | None = Field(default=None, index=True)


class Feedback(SQLModel, table=True):
    """What an asker thought of an answer; one for each answer and person, the last one counts."""

    __table_args__ = (
        UniqueConstraint("answer_id", "user_id"),
        _where("reason IS NOT NULL", "ix_feedback_reason_at", "at"),
        Index("ix_feedback_at_right", "at", "right"),
    )

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    user_id: str
    right: bool
    reason: str | None = None
    at: datetime = Field(default_factory=now, sa_type=Moment)


class Precedent(SQLModel, table=True):
    """A question with the manager's answer, kept to be cited when the same question comes again."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    language: str
    facts_key: str = Field(index=True)
    question: str
    answer: str
    policy_version: str
    approved_by: str
    approved_at: datetime = Field(default_factory=now, sa_type=Moment)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class Provision(SQLModel, table=True):
    """A record of personal data given to a third party (APPI Articles 29 and 30)."""

    __table_args__ = (_where("record IS NOT NULL", "ix_provision_to_purge", "keep_until"),)

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    made_by: str
    made_at: datetime = Field(default_factory=now, sa_type=Moment)
    keep_until: date
    record: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


@event.listens_for(Outbound, "before_insert")
def _fill_in_destination(_mapper: object, _connection: object, row: Outbound) -> None:
    row.destination = row.destination or destination_of(row.method, row.body) or row.name


def destination_of(method: str, body: dict[str, Any]) -> str:
    """Where a message goes: a channel, a person's home, or an answer URL (as its hash: it is a secret). "" if nowhere.

    Messages to one destination go out in order and wait for one another; those to others do not.
    """
    if method == "respond":
        return f"answer:{sha256(str(body.get('url')).encode()).hexdigest()[:16]}"
    return str(body.get("channel") or body.get("user_id") or "")


class Executor(SQLModel, table=True):
    """One process that works on this database, and when it was last seen alive."""

    id: str = Field(primary_key=True)
    seen_at: datetime = Field(default_factory=now, sa_type=Moment)
