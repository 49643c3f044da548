"""Lists of tickets for the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.tables import Ticket, now
from bot.tickets.course import State

BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """Which tickets are wanted; None and False for any."""

    kind: str | None = None
    state: str | None = None
    assignee: str | None = None
    overdue: bool = False


def listed(session: Session, wanted: Wanted, at: datetime | None = None) -> Iterator[Ticket]:
    """The tickets that are wanted, the newest first. Overdue is what is late at a moment (None: now)."""
    query = select(Ticket)
    for column, value in (("kind", wanted.kind), ("state", wanted.state), ("assignee_id", wanted.assignee)):
        if value:
            query = query.where(getattr(Ticket, column) == value)
    if wanted.overdue:
        query = query.where(col(Ticket.due_at) < (at or now()), col(Ticket.waiting_since).is_(None))
        query = query.where(col(Ticket.state) != State.CLOSED)
    yield from session.exec(query.order_by(col(Ticket.number).desc()).execution_options(yield_per=BATCH))
