"""Proves the history complete and unaltered, and every ticket to be what its history says.

Read in batches, so that a large database needs no more memory than a small one. Whoever may write the whole database
can also write a new chain; against that an earlier head, kept elsewhere, is looked for in the chain.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.store.tables import Counter, Precedent, Provision, Ticket, TicketEvent
from bot.tickets.chain import (
    BEGINNING,
    BESIDE,
    FIXED,
    LEFT,
    OPENED_AS,
    commitment,
    digest,
    moment,
    row_print,
    ticket_print,
)

LEDGER, TICKETS = "ticket_event", "ticket"
"""The counters of events and of tickets."""
PRECEDENT_KEPT, PRECEDENT_WITHDRAWN, RECORD_KEPT = "precedent_kept", "precedent_withdrawn", "record_kept"
"""Events that keep or change a row beside their ticket."""
BATCH = 1000
EVENTS: Any = TicketEvent.__table__  # type: ignore[attr-defined]
ALL_TICKETS: Any = Ticket.__table__  # type: ignore[attr-defined]
Row = Any
"""A row of one of these tables, by column names: many times as fast to read as an object."""


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


def check(session: Session) -> Verified:
    """Check the events one after the other, then the tickets; ends at the first fault."""
    expected, previous = 1, BEGINNING
    for batch in _batches(session):
        purged = _purged(session, batch)
        for event in batch:
            fault = _event_fault(event, expected, previous, purged)
            if fault:
                return Verified(expected - 1, previous, fault)
            expected, previous = expected + 1, event.digest
    fault = _count_fault(session, expected) or _ticket_fault(session) or _orphan_fault(session)
    fault = fault or _beside_fault(session)
    return Verified(expected - 1, previous, fault)


def _batches(session: Session) -> Iterator[Sequence[Row]]:
    last = 0
    while batch := _after(session, last):
        yield batch
        last = batch[-1].position


def _after(session: Session, position: int) -> Sequence[Row]:
    query = EVENTS.select().where(EVENTS.c.position > position).order_by(EVENTS.c.position)
    return session.connection().execute(query.limit(BATCH)).all()


def _purged(session: Session, batch: Sequence[Row]) -> Mapping[int, Any]:
    """When the tickets of those events whose texts are gone were purged."""
    ids = {event.ticket_id for event in batch if event.commitment and event.salt is None}
    query = select(Ticket.id, Ticket.purged_at).where(col(Ticket.id).in_(ids))
    return {ticket_id: at for ticket_id, at in session.exec(query) if ticket_id and at} if ids else {}


def _event_fault(event: Row, expected: int, previous: str, purged: Mapping[int, Any]) -> Fault | None:
    if event.position != expected:
        return Fault(expected, None, "this entry is missing")
    if event.previous != previous or event.digest != digest(event):
        return Fault(event.position, event.ticket_id, "this entry was altered")
    if event.salt is None and event.texts is None:
        gone = event.commitment is None or (event.ticket_id in purged and event.at <= purged[event.ticket_id])
        return None if gone else Fault(event.position, event.ticket_id, "what was written in this entry was removed")
    if event.commitment != commitment(event.salt or "", event.texts):
        return Fault(event.position, event.ticket_id, "what was written in this entry was altered")
    return None


def _count_fault(session: Session, expected: int) -> Fault | None:
    counted = _counter(session, LEDGER)
    if counted >= expected:
        return Fault(expected, None, "this entry and all after it are missing")
    if counted < expected - 1:
        return Fault(counted + 1, None, "this entry and all after it are not counted")
    return None


def _counter(session: Session, name: str) -> int:
    counter = session.get(Counter, name)
    return counter.value if counter else 0


def _ticket_fault(session: Session) -> Fault | None:
    """The first ticket, by its number, that is missing or is not what its first and its last event say."""
    expected = 1
    while batch := _tickets(session, expected):
        ends = _ends(session, [ticket.id for ticket in batch])
        for ticket in batch:
            if ticket.number != expected:
                return Fault(None, None, f"ticket #{expected} is missing")
            fault = _altered(ticket, *ends.get(ticket.id, (None, None)))
            if fault:
                return fault
            expected += 1
    if _counter(session, TICKETS) >= expected:
        return Fault(None, None, f"ticket #{expected} and all after it are missing")
    return None


def _tickets(session: Session, number: int) -> Sequence[Row]:
    query = ALL_TICKETS.select().where(ALL_TICKETS.c.number >= number).order_by(ALL_TICKETS.c.number)
    return session.connection().execute(query.limit(BATCH)).all()


def _ends(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Row, Row]]:
    """The first and the last event of each of these tickets."""
    place = col(TicketEvent.position)
    query = select(TicketEvent.ticket_id, func.min(place), func.max(place))
    places = session.exec(query.where(col(TicketEvent.ticket_id).in_(ids)).group_by(col(TicketEvent.ticket_id))).all()
    wanted = {position for _, *both in places for position in both}
    found = session.connection().execute(EVENTS.select().where(EVENTS.c.position.in_(wanted)))
    events = {event.position: event for event in found}
    return {ticket_id: (events[first], events[last]) for ticket_id, first, last in places}


def _altered(ticket: Row, first: Row | None, last: Row | None) -> Fault | None:
    name = f"ticket #{ticket.number}"
    if first is None or last is None:
        return Fault(None, ticket.id, f"{name} has no history")
    if first.kind != "opened":
        return Fault(first.position, ticket.id, f"the history of {name} does not begin with its opening")
    if first.texts and first.texts.get("question") != ticket.question:
        return Fault(first.position, ticket.id, f"the question of {name} is not the one in this entry")
    opened_as = first.detail.get(OPENED_AS)
    if opened_as and first.salt and opened_as != ticket_print(first.salt, ticket, FIXED):
        return Fault(first.position, ticket.id, f"{name} is not the one that was opened in this entry")
    if not _as_left(ticket, last):
        return Fault(last.position, ticket.id, f"{name} is not as this last entry left it")
    return None


def _as_left(ticket: Row, last: Row) -> bool:
    if LEFT in last.detail:
        return bool(last.salt) and last.detail[LEFT] == ticket_print(last.salt, ticket)
    told = (last.state, last.detail.get("due"), last.detail.get("assignee"))  # before there were prints
    return bool(told == (ticket.state, moment(ticket.due_at), ticket.assignee_id))


def _orphan_fault(session: Session) -> Fault | None:
    query = select(TicketEvent.position, TicketEvent.ticket_id).join(
        Ticket, col(Ticket.id) == col(TicketEvent.ticket_id), isouter=True
    )
    found = session.exec(query.where(col(Ticket.id).is_(None)).order_by(col(TicketEvent.position)).limit(1)).first()
    return Fault(found[0], found[1], "the ticket of this entry is missing") if found else None


def _beside_fault(session: Session) -> Fault | None:
    """The first precedent or record of provision that is not as the last event about it left it.

    Nothing can be said of those that were purged themselves, or whose event lost its salt when its ticket was.
    """
    for (table, row_id), event in _last_beside(session).items():
        row: Any = session.get(table, row_id)
        if row is None:
            return Fault(event.position, event.ticket_id, "what was kept by this entry is missing")
        if event.salt and not _purged_itself(row) and event.detail[BESIDE] != row_print(event.salt, row):
            return Fault(event.position, event.ticket_id, "what was kept by this entry was altered")
    return None


def _last_beside(session: Session) -> Mapping[tuple[Any, int], Row]:
    """The last event about each row beside the tickets."""
    kinds = (PRECEDENT_KEPT, PRECEDENT_WITHDRAWN, RECORD_KEPT)
    query = EVENTS.select().where(EVENTS.c.kind.in_(kinds)).order_by(EVENTS.c.position)
    events = session.connection().execute(query).all()
    return {(Provision if one.kind == RECORD_KEPT else Precedent, int(one.detail["row"])): one for one in events}


def _purged_itself(row: Precedent | Provision) -> bool:
    if isinstance(row, Provision):
        return row.record is None
    return row.withdrawn_at is not None and not row.question and not row.answer
