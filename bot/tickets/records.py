"""Tickets with all that belongs to them, read a few at a time: for an auditor, and for whoever moves elsewhere."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from bot.store.tables import Provision, Ticket, TicketEvent

BATCH = 500


@dataclass(frozen=True)
class Whole:
    """A ticket with its whole history, and the records of provision that were made in its conversation."""

    ticket: Ticket
    events: Sequence[TicketEvent]
    provisions: Sequence[Provision]


def whole_tickets(session: Session, since: datetime | None = None) -> Iterator[Whole]:
    """All tickets in the order of their numbers; with `since` those to which something happened from then on."""
    number = 0
    while tickets := _tickets(session, number, since):
        yield from _with_all(session, tickets)
        number = tickets[-1].number


def whole_ticket(session: Session, number: int) -> Whole | None:
    """One ticket by its number; None where there is no such ticket."""
    found = session.exec(select(Ticket).where(Ticket.number == number)).all()
    return next(iter(_with_all(session, found)), None)


def provisions_without_a_ticket(session: Session, since: datetime | None = None) -> Iterator[Provision]:
    """The records of provision whose conversation has no ticket, in the order in which they were made."""
    of_tickets = select(Ticket.id).where(Ticket.conversation_id == Provision.conversation_id).exists()
    query = select(Provision).where(~of_tickets)
    if since is not None:
        query = query.where(col(Provision.made_at) >= since)
    yield from session.exec(query.order_by(col(Provision.id)).execution_options(yield_per=BATCH))


def _tickets(session: Session, after: int, since: datetime | None) -> Sequence[Ticket]:
    query = select(Ticket).where(col(Ticket.number) > after)
    if since is not None:
        events = select(TicketEvent.id).where(TicketEvent.ticket_id == Ticket.id, col(TicketEvent.at) >= since)
        records = select(Provision.id).where(
            Provision.conversation_id == Ticket.conversation_id, col(Provision.made_at) >= since
        )
        query = query.where(or_(events.exists(), records.exists()))
    return session.exec(query.order_by(col(Ticket.number)).limit(BATCH)).all()


def _with_all(session: Session, tickets: Sequence[Ticket]) -> Iterator[Whole]:
    events, provisions = defaultdict[int | None, list[TicketEvent]](list), _provisions(session, tickets)
    query = select(TicketEvent).where(col(TicketEvent.ticket_id).in_([ticket.id for ticket in tickets]))
    for event in session.exec(query.order_by(col(TicketEvent.position))):
        events[event.ticket_id].append(event)
    for ticket in tickets:
        yield Whole(ticket, events[ticket.id], provisions[ticket.id])


def _provisions(session: Session, tickets: Sequence[Ticket]) -> dict[int | None, list[Provision]]:
    """The records of these tickets. Where a conversation has several tickets, its records go with the first."""
    places = [ticket.conversation_id for ticket in tickets]
    first = select(Ticket.conversation_id, func.min(Ticket.id)).where(col(Ticket.conversation_id).in_(places))
    owners = dict(session.exec(first.group_by(col(Ticket.conversation_id))).all())
    found = defaultdict[int | None, list[Provision]](list)
    query = select(Provision).where(col(Provision.conversation_id).in_(places))
    for provision in session.exec(query.order_by(col(Provision.id))):
        found[owners[provision.conversation_id]].append(provision)
    return found
