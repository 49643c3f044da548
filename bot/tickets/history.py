"""The history of all tickets: only added to, and chained so that a later change shows.

Each event holds a digest over itself and over the digest of the event before, across all tickets. What people wrote is
in it as a commitment only (a hash with a salt), so that texts can be removed when their time is over and the chain
still holds. `verify` finds the first event that is missing or altered, and a ticket that is not what its history says.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from bot.store.tables import Counter, Ticket, TicketEvent

LEDGER = "ticket_event"
BEGINNING = "0" * 64
BATCH = 1000
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """The first thing in the history that is not as it was written: which event (None: a ticket) and what is wrong."""

    position: int | None
    ticket_id: int | None
    what: str


@dataclass(frozen=True)
class Verified:
    """What a check of the history found: how many events, the digest of the last one, and the first fault if any."""

    events: int
    head: str
    fault: Fault | None = None


def append(
    session: Session,
    ticket: Ticket,
    kind: str,
    actor_id: str,
    at: datetime,
    detail: Json | None = None,
    texts: Json | None = None,
) -> TicketEvent:
    """Add an event to the history, in the caller's transaction.

    `detail` is kept for good and must hold nothing personal beyond user ids; `texts` is what people wrote.
    """
    position, previous = _next_place(session)
    salt = secrets.token_hex(16) if texts else None
    assert ticket.id is not None  # noqa: S101 - the ticket has been written
    event = TicketEvent(
        position=position,
        ticket_id=ticket.id,
        at=at,
        actor_id=actor_id,
        kind=kind,
        state=ticket.state,
        detail={"due": _moment(ticket.due_at), "assignee": ticket.assignee_id, **(detail or {})},
        texts=dict(texts) if texts else None,
        salt=salt,
        commitment=commitment(salt, texts) if salt and texts else None,
        previous=previous,
        digest="",
    )
    event.digest = digest(event)
    session.add(event)
    session.flush()
    return event


def hold(session: Session) -> Counter:
    """Hold the history until the transaction ends: whoever writes tickets does so one after the other."""
    counter = session.get(Counter, LEDGER, with_for_update=True)
    if counter is None:
        counter = Counter(name=LEDGER, value=0)
        session.add(counter)
        session.flush()
    return counter


def _next_place(session: Session) -> tuple[int, str]:
    """The next position, and the digest before it."""
    counter = hold(session)
    last = session.exec(select(TicketEvent).where(TicketEvent.position == counter.value)).first()
    counter.value += 1
    session.add(counter)
    return counter.value, last.digest if last else BEGINNING


def commitment(salt: str, texts: Json) -> str:
    """The hash that stands for texts in the chain."""
    return sha256(f"{salt}{_canonical(texts)}".encode()).hexdigest()


def digest(event: TicketEvent) -> str:
    """The hash over an event and the one before it."""
    whole = {
        "position": event.position,
        "ticket": event.ticket_id,
        "at": _moment(event.at),
        "actor": event.actor_id,
        "kind": event.kind,
        "state": event.state,
        "detail": event.detail,
        "commitment": event.commitment,
        "previous": event.previous,
    }
    return sha256(_canonical(whole).encode()).hexdigest()


def verify(session: Session) -> Verified:
    """Check the whole history: complete, unaltered, and every ticket as its last event left it."""
    expected, previous = 1, BEGINNING
    left: dict[int, TicketEvent] = {}
    for event in _events(session):
        fault = _fault(event, expected, previous)
        if fault:
            return Verified(expected - 1, previous, fault)
        left[event.ticket_id] = event
        expected, previous = expected + 1, event.digest
    counter = session.get(Counter, LEDGER)
    count = counter.value if counter else 0
    fault = Fault(expected, None, "this event and all after it are missing") if count >= expected else None
    return Verified(expected - 1, previous, fault or _changed_ticket(session, left))


def _events(session: Session) -> Iterator[TicketEvent]:
    last = 0
    while True:
        query = select(TicketEvent).where(col(TicketEvent.position) > last).order_by(col(TicketEvent.position))
        batch = session.exec(query.limit(BATCH)).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].position
        session.expunge_all()


def _fault(event: TicketEvent, expected: int, previous: str) -> Fault | None:
    if event.position != expected:
        return Fault(expected, None, "this event is missing")
    if event.previous != previous or event.digest != digest(event):
        return Fault(event.position, event.ticket_id, "this event was altered")
    if event.texts is not None and event.commitment != commitment(event.salt or "", event.texts):
        return Fault(event.position, event.ticket_id, "what was written in this event was altered")
    return None


def _changed_ticket(session: Session, left: Mapping[int, TicketEvent]) -> Fault | None:
    for ticket in session.exec(select(Ticket).order_by(col(Ticket.id)).execution_options(yield_per=BATCH)):
        event = left.get(ticket.id or 0)
        if event is None:
            return Fault(None, ticket.id, f"ticket #{ticket.number} has no history")
        told = (event.state, event.detail.get("due"), event.detail.get("assignee"))
        if told != (ticket.state, _moment(ticket.due_at), ticket.assignee_id):
            return Fault(event.position, ticket.id, f"ticket #{ticket.number} is not as this last event left it")
    return None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
