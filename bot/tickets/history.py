"""The history of all tickets: only added to, and chained so that a later change shows.

Each event holds a digest over itself and over the digest of the event before, across all tickets. What people wrote is
in it as a commitment only (a hash with a salt), so that texts can be removed when their time is over and the chain
still holds. Each event also holds a print of the whole ticket as it left it, with the same salt. `verify` finds the
first event that is missing or altered, and a ticket that is not what its history says.
"""

import secrets
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.tables import Counter, Precedent, Provision, Ticket, TicketEvent
from bot.tickets.chain import (
    BEGINNING,
    BESIDE,
    FIXED,
    LEFT,
    OPENED_AS,
    Json,
    commitment,
    digest,
    moment,
    row_print,
    ticket_print,
)
from bot.tickets.proof import LEDGER, Verified, check

OPENED = "opened"


def append(  # noqa: PLR0913, PLR0917 - each is a part of the event
    session: Session,
    ticket: Ticket,
    kind: str,
    actor_id: str,
    at: datetime,
    detail: Json | None = None,
    texts: Json | None = None,
    beside: Precedent | Provision | None = None,
) -> TicketEvent:
    """Add an event to the history, in the caller's transaction, when the ticket has been changed.

    `detail` is kept for good and must hold nothing personal beyond user ids; `texts` is what people wrote. `beside` is
    a row that this event kept or changed: its print goes into the chain.
    """
    position, previous = _next_place(session)
    salt = secrets.token_hex(16)
    assert ticket.id is not None  # noqa: S101 - the ticket has been written
    prints = {LEFT: ticket_print(salt, ticket)}
    if kind == OPENED:
        prints[OPENED_AS] = ticket_print(salt, ticket, FIXED)
    if beside is not None:
        session.flush()
        prints |= {"row": str(beside.id), BESIDE: row_print(salt, beside)}
    event = TicketEvent(
        position=position,
        ticket_id=ticket.id,
        at=at,
        actor_id=actor_id,
        kind=kind,
        state=ticket.state,
        detail={"due": moment(ticket.due_at), "assignee": ticket.assignee_id, **(detail or {}), **prints},
        texts=dict(texts) if texts else None,
        salt=salt,
        commitment=commitment(salt, texts),
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
    last = session.exec(select(TicketEvent.digest).where(TicketEvent.position == counter.value)).first()
    counter.value += 1
    session.add(counter)
    return counter.value, last or BEGINNING


def verify(session: Session) -> Verified:
    """Check the whole history: complete, unaltered, and every ticket as its last event left it."""
    return check(session)


def position_of(session: Session, head: str) -> int | None:
    """Where an event with this digest stands in the chain; None where there is none."""
    return session.exec(select(TicketEvent.position).where(TicketEvent.digest == head)).first()


def of_ticket(session: Session, ticket_id: int) -> Iterator[TicketEvent]:
    """The events of a ticket, in order."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
    yield from session.exec(query.order_by(col(TicketEvent.position)))


def latest_kind(session: Session, ticket_id: int | None, kinds: Collection[str]) -> str | None:
    """Which of these kinds of events a ticket had last; None where it had none of them."""
    query = select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket_id, col(TicketEvent.kind).in_(kinds))
    return session.exec(query.order_by(col(TicketEvent.position).desc()).limit(1)).first()
