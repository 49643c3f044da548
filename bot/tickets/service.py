"""Opening tickets and taking them forward.

Everything happens in the caller's transaction, so that no ticket stands without its answer, and no step without its
event in the history.
"""

from hashlib import sha256

from sqlalchemy import case
from sqlmodel import Session, col, select

from bot.answers import Answer
from bot.store.counters import count, counted
from bot.store.tables import ConversationRow, Ticket, now
from bot.tickets import history
from bot.tickets.changes import Act, Change, change_of
from bot.tickets.clocks import Clocks
from bot.tickets.course import Kind, State, Step, after
from bot.tickets.masking import masked
from bot.tickets.proof import TICKETS

TALLY = "tickets."
LONGEST_NUMBER = 10
"""Digits that no ticket's number has: what is longer is something else, such as a phone number."""


def open_ticket(
    session: Session, answer: Answer, conversation: ConversationRow, clocks: Clocks, kind: str | None = None
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
    history.hold(session)
    opened_at = now()
    ticket = Ticket(
        number=count(session, TICKETS),
        kind=kind,
        urgency=answer.ticket.urgency if answer.ticket else "normal",
        conversation_id=conversation.id,
        occasion=occasion,
        requester_id=conversation.user_id,
        team_id=conversation.team_id,
        channel_id=conversation.channel_id,
        thread_ts=conversation.thread_ts,
        language=answer.language,
        question=masked(answer.question),
        answer=answer.model_dump(mode="json"),
        policy_version=answer.policy.version,
        opened_at=opened_at,
        due_at=clocks.due(kind, opened_at),
    )
    session.add(ticket)
    session.flush()
    _tally(session, ticket, 1)
    detail = {"kind": kind, "policy": answer.policy.version, "verdict": answer.verdict.value}
    history.append(
        session, ticket, history.OPENED, conversation.user_id, opened_at, detail, {"question": ticket.question}
    )
    return ticket, True


def _tally(session: Session, ticket: Ticket, by: int) -> None:
    """Count a ticket under its kind and state, so that home pages need not count."""
    count(session, f"{TALLY}{ticket.kind}.{ticket.state}", by)


def tallies(session: Session) -> dict[tuple[str, str], int]:
    """How many tickets there are of each kind in each state."""
    named = {name.partition("."): number for name, number in counted(session, TALLY).items()}
    return {(kind, state): number for (kind, _, state), number in named.items()}


def number_in(written: str) -> int | None:
    """The number of a ticket as people write it, "12" or "#12"; None for anything else."""
    digits = written.strip().lstrip("#＃")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < LONGEST_NUMBER else None


def locked(session: Session, number: int | None, team: str) -> Ticket | None:
    """The ticket of that number in a workspace, held until the transaction ends.

    So of two steps at once one comes first.
    """
    query = select(Ticket).where(Ticket.number == number, Ticket.team_id == team)
    return session.exec(query.with_for_update()).first()


def of_conversation(session: Session, conversation_id: str, named: int | None = None) -> Ticket | None:
    """The ticket of a conversation that a reply is for, held until the transaction ends; None where all are closed.

    That is the one with the id `named`, else one that waits for its requester, else the latest.
    """
    nearness = case((col(Ticket.id) == named, 0), (col(Ticket.waiting_since).is_not(None), 1), else_=2)
    return session.exec(
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id, Ticket.state != State.CLOSED)
        .order_by(nearness, col(Ticket.number).desc())
        .with_for_update()
    ).first()


def first_of(session: Session, conversation_id: str) -> Ticket | None:
    """The first ticket of a conversation, to which its records belong, held until the transaction ends."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(col(Ticket.id))
    return session.exec(query.with_for_update()).first()


def take_step(session: Session, step: Step, act: Act) -> Change:
    """Take a ticket one step further and write it into the history.

    Answering an open inquiry also takes it, as a step of its own. Raises CourseError where the course does not allow
    the step, and RefusedError where what was filled in cannot be taken; nothing is changed then.
    """
    history.hold(session)
    ticket = act.ticket
    if step == Step.ANSWER and ticket.state == State.OPEN and ticket.kind == Kind.INQUIRY:
        _write_step(session, Step.TAKE, act)
    return _write_step(session, step, act)


def _write_step(session: Session, step: Step, act: Act) -> Change:
    ticket = act.ticket
    state, change = after(Kind(ticket.kind), State(ticket.state), step), change_of(step, act)
    _tally(session, ticket, -1)
    ticket.state = state
    _tally(session, ticket, 1)
    for column, value in change.columns.items():
        setattr(ticket, column, value)
    session.add(ticket)
    session.flush()
    history.append(session, ticket, step, act.actor, act.at, change.detail, change.texts or None)
    return change
