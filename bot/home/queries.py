"""What the home pages ask of the store. Each question is answered from an index or from the tallies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bot.store.search import with_words
from bot.store.tables import Feedback, Outbound, Ticket
from bot.tickets.course import State
from bot.tickets.service import number_in, tallies


@dataclass(frozen=True)
class Filter:
    """Which tickets of a workspace are wanted: of a kind, state, assignee or requester, overdue, with these words."""

    team: str
    kind: str | None = None
    state: str | None = None
    assignee: str | None = None
    requester: str | None = None
    overdue: bool = False
    text: str | None = None


def counts(session: Session) -> Mapping[str, int]:
    """How many tickets are in each state."""
    found: dict[str, int] = {}
    for (_, state), number in tallies(session).items():
        found[state] = found.get(state, 0) + number
    return found


def due_before(session: Session, moment: datetime, after: datetime | None = None) -> int:
    """How many tickets that nobody waits for are due before a moment (and after another)."""
    query = select(func.count()).select_from(Ticket).where(*_running(), col(Ticket.due_at) < moment)
    if after is not None:
        query = query.where(col(Ticket.due_at) >= after)
    return session.exec(query).one()


def tickets(session: Session, wanted: Filter, now: datetime, limit: int, offset: int) -> Sequence[Ticket]:
    """A page of tickets: those that need somebody by their due dates, own and closed ones by their numbers."""
    query: Any = select(Ticket).where(*_conditions(wanted, now))
    if wanted.text:
        query = _with_text(session, query, wanted.text)
    else:
        by_number = wanted.requester or wanted.state == State.CLOSED
        query = query.order_by(col(Ticket.number).desc() if by_number else col(Ticket.due_at))
    found: Sequence[Ticket] = session.exec(query.limit(limit).offset(offset)).all()
    return found


def card_places(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Where the first card of each ticket stands: its channel and ts."""
    names = {f"card.{one}.0": one for one in ticket_ids}
    rows = session.exec(select(Outbound).where(col(Outbound.name).in_(names), col(Outbound.ts).is_not(None)))
    return {names[row.name]: (row.channel or "", row.ts or "") for row in rows}


def feedback(session: Session, since: datetime, limit: int) -> tuple[int, int, Sequence[Feedback]]:
    """How many answers were called right and not right since then, and the latest reasons."""
    query = select(Feedback.right, func.count()).where(col(Feedback.at) >= since).group_by(col(Feedback.right))
    found = {bool(right): count for right, count in session.exec(query)}
    reasons = select(Feedback).where(col(Feedback.reason).is_not(None)).order_by(col(Feedback.at).desc())
    return found.get(True, 0), found.get(False, 0), session.exec(reasons.limit(limit)).all()


def _running() -> tuple[ColumnElement[bool], ...]:
    return col(Ticket.state) != State.CLOSED, col(Ticket.waiting_since).is_(None)


def _conditions(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[Any] = [Ticket.team_id == wanted.team]
    if wanted.requester:
        found.append(Ticket.requester_id == wanted.requester)
    elif wanted.state:
        found.append(Ticket.state == wanted.state)
        if wanted.state != State.CLOSED:
            found.append(col(Ticket.state) != State.CLOSED)  # says to the database which index is enough
    elif not wanted.text:
        found.append(col(Ticket.state) != State.CLOSED)
    if wanted.kind:
        found.append(Ticket.kind == wanted.kind)
    if wanted.assignee:
        found.append(Ticket.assignee_id == wanted.assignee)
    if wanted.overdue:
        found += [col(Ticket.due_at) < now, col(Ticket.waiting_since).is_(None)]
    return found


def _with_text(session: Session, query: Any, text: str) -> Any:
    """The ticket of that number, or those with these words in their questions."""
    number = number_in(text)
    if number is not None:
        return query.where(col(Ticket.number) == number)
    return with_words(session, query, text)
