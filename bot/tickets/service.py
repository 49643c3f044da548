"""Opening tickets. Everything happens in the caller's transaction, so that no ticket stands without its answer."""

from hashlib import sha256

from sqlmodel import Session, select

from bot.answers import Answer
from bot.store.tables import ConversationRow, Counter, Ticket, TicketEvent, now
from bot.tickets.deadlines import Deadlines

TICKETS = "ticket"


def open_ticket(
    session: Session, answer: Answer, conversation: ConversationRow, deadlines: Deadlines, kind: str | None = None
) -> tuple[Ticket, bool]:
    """The ticket for an answer, and whether it is new.

    One conversation opens one ticket of a kind for a question: asking again gives the same ticket. `kind` is that of
    the answer, unless the asker wants a person ("inquiry").
    """
    kind = kind or (answer.ticket.kind if answer.ticket else "inquiry")
    occasion = sha256((conversation.question_ts or answer.question).encode()).hexdigest()[:16]
    there = session.exec(
        select(Ticket).where(
            Ticket.conversation_id == conversation.id, Ticket.kind == kind, Ticket.occasion == occasion
        )
    ).first()
    if there:
        return there, False
    opened_at = now()
    ticket = Ticket(
        number=_next_number(session),
        kind=kind,
        urgency=answer.ticket.urgency if answer.ticket else "normal",
        conversation_id=conversation.id,
        occasion=occasion,
        requester_id=conversation.user_id,
        team_id=conversation.team_id,
        channel_id=conversation.channel_id,
        thread_ts=conversation.thread_ts,
        language=answer.language,
        question=answer.question,
        answer=answer.model_dump(mode="json"),
        policy_version=answer.policy.version,
        opened_at=opened_at,
        due_at=deadlines.due(kind, opened_at),
    )
    session.add(ticket)
    session.flush()
    assert ticket.id is not None  # noqa: S101 - the database has just given it
    session.add(TicketEvent(ticket_id=ticket.id, at=opened_at, actor_id=conversation.user_id, kind="opened"))
    return ticket, True


def _next_number(session: Session) -> int:
    counter = session.exec(select(Counter).where(Counter.name == TICKETS).with_for_update()).first()
    if counter is None:
        counter = Counter(name=TICKETS, value=0)
    counter.value += 1
    session.add(counter)
    return counter.value
