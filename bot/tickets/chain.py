"""The hashes that hold the history together: of an event, of what was written in it, and of the ticket it left.

They are computed from values alone, so that they come out the same for an object that is about to be stored and for a
row that was read back.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Protocol

from bot.store.tables import Ticket

Json = Mapping[str, Any]
BEGINNING = "0" * 64
"""Stands for the digest before the first event."""
LEFT, OPENED_AS, BESIDE = "left", "opened_as", "beside"
"""Under these names an event's detail keeps prints: of its ticket, of what never changes in it, of a row beside it."""
COLUMNS = tuple(column.name for column in Ticket.__table__.columns)  # type: ignore[attr-defined]
FIXED = (
    "id", "number", "kind", "urgency", "conversation_id", "occasion", "requester_id", "team_id", "channel_id",
    "thread_ts", "language", "question", "answer", "policy_version", "opened_at",
)  # fmt: skip


class Event(Protocol):
    """What a digest is made of: an event of the history, stored or about to be."""

    position: int
    ticket_id: int
    at: datetime
    actor_id: str
    kind: str
    state: str
    detail: dict[str, Any]
    commitment: str | None
    previous: str


def digest(event: Event) -> str:
    """The hash over an event and the one before it."""
    whole = {
        "position": event.position,
        "ticket": event.ticket_id,
        "at": moment(event.at),
        "actor": event.actor_id,
        "kind": event.kind,
        "state": event.state,
        "detail": event.detail,
        "commitment": event.commitment,
        "previous": event.previous,
    }
    return _hash("", whole)


def commitment(salt: str, texts: Json | None) -> str:
    """The hash that stands in the chain for what was written. Without the salt nothing can be guessed from it."""
    return _hash(salt, texts or {})


def ticket_print(salt: str, ticket: Any, columns: tuple[str, ...] = COLUMNS) -> str:
    """The hash over a ticket's columns."""
    return _hash(salt, {name: getattr(ticket, name) for name in columns})


def row_print(salt: str, row: Any) -> str:
    """The hash over a row that is kept beside a ticket: a precedent, a record of provision."""
    return _hash(salt, {column.name: getattr(row, column.name) for column in row.__table__.columns})


def moment(value: datetime) -> str:
    """A moment as it stands in hashes."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _text(value: date) -> str:
    return moment(value) if isinstance(value, datetime) else value.isoformat()


def _hash(salt: str, value: Json) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_text)
    return sha256(f"{salt}{text}".encode()).hexdigest()
