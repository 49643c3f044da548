"""Removes what people wrote when its time is over, and keeps the record that something was handled.

Numbers, kinds, states, dates, verdicts and the chain of the history stay. What belongs to a ticket stays until some
time after its closing; everything of an open ticket and of its conversation stays. Precedents stay until they are
withdrawn. What is removed at one time is little, so that nobody waits for the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, update
from sqlmodel import Session, col, select

from bot.settings import Settings
from bot.store import search
from bot.store.tables import (
    AnswerRow,
    ConversationRow,
    Feedback,
    Inbound,
    Outbound,
    Precedent,
    Provision,
    Ticket,
    TicketEvent,
)
from bot.tickets import history
from bot.tickets.clocks import Clocks
from bot.tickets.course import REQUESTS, Kind, State

PURGED, BY_THE_DESK = "purged", "desk"
TICKETS_AT_ONCE, ROWS_AT_ONCE = 20, 500
IN_THE_INDEX = "words in the index"
NEVER_SENT = "its time was over before it was sent"


@dataclass(frozen=True)
class Part:
    """Rows of one table whose time can be over: which ids, and how their texts are removed."""

    name: str
    due: Callable[[Settings, datetime], Select[Any]]
    remove: Callable[[Session, Sequence[Any], datetime], None]
    at_once: int = ROWS_AT_ONCE


def purge(session: Session, settings: Settings, at: datetime) -> dict[str, Sequence[Any]]:
    """Remove some of what is due at a moment: the ids of the rows, by what they are. Empty where nothing is due.

    When no rows are left, what remains of them in the index of words goes too.
    """
    for part in PARTS:
        ids = session.scalars(part.due(settings, at).limit(part.at_once)).all()
        if ids:
            part.remove(session, ids, at)
            return {part.name: ids}
    return {IN_THE_INDEX: ()} if search.forget(session) else {}


def due(session: Session, settings: Settings, at: datetime) -> dict[str, int]:
    """How many rows of each kind are due at a moment."""
    counted = {part.name: select(func.count()).select_from(part.due(settings, at).subquery()) for part in PARTS}
    return {name: session.exec(query).one() for name, query in counted.items()}


def _due_tickets(settings: Settings, at: datetime) -> Select[Any]:
    days = {
        Kind.INQUIRY: settings.privacy_desk_keep_inquiry_days,
        **dict.fromkeys(sorted(REQUESTS), settings.privacy_desk_keep_request_days),
        Kind.INCIDENT: settings.privacy_desk_keep_incident_days,
    }
    over = [
        and_(col(Ticket.kind) == kind, col(Ticket.closed_at) < at - timedelta(days=kept)) for kind, kept in days.items()
    ]
    return select(Ticket.id).where(col(Ticket.state) == State.CLOSED, _has_texts(), or_(*over))


def _has_texts() -> ColumnElement[bool]:
    """Whether a closed ticket has not been purged since it was last closed."""
    return or_(col(Ticket.purged_at).is_(None), col(Ticket.purged_at) < col(Ticket.closed_at))


def _kept_by_a_ticket(*of: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a ticket keeps a row: one that is open, or whose time is not over."""
    kept = or_(col(Ticket.state) != State.CLOSED, _has_texts())
    return or_(*(select(Ticket.id).where(one, kept).exists() for one in of))


def _before(settings: Settings, at: datetime) -> datetime:
    return at - timedelta(days=settings.privacy_desk_keep_questions_days)


def _due_conversations(settings: Settings, at: datetime) -> Select[Any]:
    query = select(ConversationRow.id).where(col(ConversationRow.updated_at) < _before(settings, at))
    kept = _kept_by_a_ticket(col(Ticket.conversation_id) == col(ConversationRow.id))
    return query.where(col(ConversationRow.state).is_not(None), ~kept)


def _due_answers(settings: Settings, at: datetime) -> Select[Any]:
    query = select(AnswerRow.id).where(col(AnswerRow.given_at) < _before(settings, at))
    kept = _kept_by_a_ticket(col(Ticket.conversation_id) == col(AnswerRow.conversation_id))
    return query.where(col(AnswerRow.purged_at).is_(None), ~kept)


def _due_outbound(settings: Settings, at: datetime) -> Select[Any]:
    query = select(Outbound.id).where(col(Outbound.created_at) < _before(settings, at))
    kept = _kept_by_a_ticket(
        col(Ticket.conversation_id) == col(Outbound.conversation_id), col(Ticket.id) == col(Outbound.ticket_id)
    )
    return query.where(col(Outbound.purged_at).is_(None), ~kept)


def _due_inbound(settings: Settings, at: datetime) -> Select[Any]:
    """What arrived was handled then, and is never read again: what a ticket needs of it is in the ticket."""
    query = select(Inbound.id).where(col(Inbound.handled_at) < _before(settings, at))
    return query.where(col(Inbound.purged_at).is_(None))


def _due_feedback(settings: Settings, at: datetime) -> Select[Any]:
    query = select(Feedback.id).join(AnswerRow, col(AnswerRow.id) == col(Feedback.answer_id))
    kept = _kept_by_a_ticket(col(Ticket.conversation_id) == col(AnswerRow.conversation_id))
    return query.where(col(Feedback.reason).is_not(None), col(Feedback.at) < _before(settings, at), ~kept)


def _due_provisions(settings: Settings, at: datetime) -> Select[Any]:
    today = Clocks.of(settings).day(at)
    return select(Provision.id).where(col(Provision.keep_until) < today, col(Provision.record).is_not(None))


def _due_precedents(settings: Settings, at: datetime) -> Select[Any]:
    query = select(Precedent.id).where(col(Precedent.withdrawn_at) < _before(settings, at))
    return query.where(or_(col(Precedent.question) != "", col(Precedent.answer) != ""))


def _remove_tickets(session: Session, ids: Sequence[int], at: datetime) -> None:
    history.hold(session)
    for ticket in session.exec(select(Ticket).where(col(Ticket.id).in_(ids)).order_by(col(Ticket.id))).all():
        texts = update(TicketEvent).where(col(TicketEvent.ticket_id) == ticket.id)
        session.exec(texts.values(texts=None, salt=None))
        ticket.question, ticket.answer, ticket.details = "", without_texts(ticket.answer), None
        ticket.purged_at = at
        session.add(ticket)
        session.flush()
        history.append(session, ticket, PURGED, BY_THE_DESK, at)
        _remove_around(session, ticket, at)


def _remove_around(session: Session, ticket: Ticket, at: datetime) -> None:
    """Remove what belongs to a ticket, or to its conversation where no other ticket keeps that."""
    of_it = [col(Outbound.ticket_id) == ticket.id]
    if not session.exec(select(_kept_by_a_ticket(col(Ticket.conversation_id) == ticket.conversation_id))).one():
        of_it.append(col(Outbound.conversation_id) == ticket.conversation_id)
        _remove_conversations(session, [ticket.conversation_id], at)
        answers = select(AnswerRow.id).where(AnswerRow.conversation_id == ticket.conversation_id)
        _remove_answers(session, session.scalars(answers).all(), at)
    sent = session.exec(select(Outbound.id, Outbound.inbound_id).where(or_(*of_it))).all()
    _remove_outbound(session, [row for row, _ in sent if row], at)
    _remove_inbound(session, sorted({inbound for _, inbound in sent if inbound}), at)


def _remove_conversations(session: Session, ids: Sequence[str], at: datetime) -> None:  # noqa: ARG001 - as all parts
    session.exec(update(ConversationRow).where(col(ConversationRow.id).in_(ids)).values(state=None))


def _remove_answers(session: Session, ids: Sequence[int], at: datetime) -> None:
    for answer in session.exec(select(AnswerRow).where(col(AnswerRow.id).in_(ids))).all():
        answer.form, answer.purged_at = without_texts(answer.form), at
        session.add(answer)
    session.exec(update(Feedback).where(col(Feedback.answer_id).in_(ids)).values(reason=None))
    inbound = select(AnswerRow.inbound_id).where(col(AnswerRow.id).in_(ids), col(AnswerRow.inbound_id).is_not(None))
    _remove_inbound(session, session.scalars(inbound).all(), at)


def _remove_outbound(session: Session, ids: Sequence[int], at: datetime) -> None:
    rows = update(Outbound).where(col(Outbound.id).in_(ids))
    waiting = rows.where(col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
    session.exec(waiting.values(given_up=NEVER_SENT))
    session.exec(rows.values(body={}, purged_at=at))


def _remove_inbound(session: Session, ids: Sequence[int], at: datetime) -> None:
    handled = update(Inbound).where(col(Inbound.id).in_(ids), col(Inbound.handled_at).is_not(None))
    session.exec(handled.values(payload={}, purged_at=at))


def _remove_feedback(session: Session, ids: Sequence[int], at: datetime) -> None:  # noqa: ARG001 - as all parts
    session.exec(update(Feedback).where(col(Feedback.id).in_(ids)).values(reason=None))


def _remove_provisions(session: Session, ids: Sequence[int], at: datetime) -> None:  # noqa: ARG001 - as all parts
    session.exec(update(Provision).where(col(Provision.id).in_(ids)).values(record=None))


def _remove_precedents(session: Session, ids: Sequence[int], at: datetime) -> None:  # noqa: ARG001 - as all parts
    session.exec(update(Precedent).where(col(Precedent.id).in_(ids)).values(question="", answer=""))


def without_texts(form: dict[str, Any]) -> dict[str, Any]:
    """An answer's stable form without what anybody wrote: verdict, clauses and facts stay."""
    reading = form.get("reading") or {}
    facts = {fact: {**one, "evidence": ""} for fact, one in (reading.get("facts") or {}).items()}
    return {**form, "question": "", "precedents": [], "reading": {**reading, "facts": facts}}


PARTS = (
    Part("tickets", _due_tickets, _remove_tickets, TICKETS_AT_ONCE),
    Part("conversations", _due_conversations, _remove_conversations),
    Part("answers", _due_answers, _remove_answers),
    Part("messages", _due_outbound, _remove_outbound),
    Part("arrivals", _due_inbound, _remove_inbound),
    Part("feedback", _due_feedback, _remove_feedback),
    Part("records of provision", _due_provisions, _remove_provisions),
    Part("withdrawn precedents", _due_precedents, _remove_precedents),
)
