"""Precedents: an inquiry's question and answer, kept by a manager and shown when the same question comes again.

A precedent stands beside the clauses and never changes a verdict. The same question is one that is read into the same
facts, with nearly the same words.
"""

import json
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, utils
from sqlmodel import Session, col, select

from bot.answers import Answer
from bot.answers.form import Precedent as Shown
from bot.store.tables import Precedent, Ticket
from bot.tickets import history
from bot.tickets.masking import masked
from bot.tickets.proof import PRECEDENT_KEPT, PRECEDENT_WITHDRAWN

NEARLY_THE_SAME = 80
MOST_SHOWN = 2


def facts_key(answer: Answer) -> str:
    """What an answer's question is read into, as one text: the facts with their values."""
    return json.dumps(answer.reading.values(), sort_keys=True)


def keep_precedent(session: Session, ticket: Ticket, text: str, manager: str, at: datetime) -> Precedent:
    """Keep the question of an answered inquiry with its answer; once for a ticket, the last answer counts."""
    kept = session.exec(select(Precedent).where(Precedent.ticket_id == ticket.id)).first()
    assert ticket.id is not None  # noqa: S101 - the ticket has been written
    values: dict[str, Any] = {
        "language": ticket.language,
        "facts_key": facts_key(Answer.model_validate(ticket.answer)),
        "question": masked(ticket.question),
        "answer": masked(text),
        "policy_version": ticket.policy_version,
        "approved_by": manager,
        "approved_at": at,
        "withdrawn_at": None,
        "withdrawn_by": None,
    }
    kept = kept or Precedent(ticket_id=ticket.id, **values)
    for name, value in values.items():
        setattr(kept, name, value)
    session.add(kept)
    history.append(session, ticket, PRECEDENT_KEPT, manager, at, beside=kept)
    return kept


def cited(session: Session, answer: Answer) -> Answer:
    """The answer, with the precedents to the same question beside its clauses."""
    if not answer.reading.facts:
        return answer
    query = select(Precedent, Ticket.number).join(Ticket, col(Ticket.id) == col(Precedent.ticket_id))
    query = query.where(Precedent.facts_key == facts_key(answer), col(Precedent.withdrawn_at).is_(None))
    alike = [
        _shown(precedent, number)
        for precedent, number in session.exec(query.order_by(col(Precedent.approved_at).desc()))
        if _likeness(precedent.question, answer.question) >= NEARLY_THE_SAME
    ]
    return answer.model_copy(update={"precedents": tuple(alike[:MOST_SHOWN])})


def _likeness(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process)


def _shown(precedent: Precedent, number: int) -> Shown:
    return Shown(
        number=number,
        question=precedent.question,
        answer=precedent.answer,
        policy_version=precedent.policy_version,
        approved_on=precedent.approved_at.date().isoformat(),
    )


def listed(session: Session, *, withdrawn: bool = False) -> list[tuple[Precedent, int]]:
    """The precedents with the numbers of their tickets, the latest first; those that were withdrawn too, if asked."""
    query = select(Precedent, Ticket.number).join(Ticket, col(Ticket.id) == col(Precedent.ticket_id))
    if not withdrawn:
        query = query.where(col(Precedent.withdrawn_at).is_(None))
    return [(precedent, number) for precedent, number in session.exec(query.order_by(col(Ticket.number).desc()))]


def withdraw(session: Session, number: int, by: str, at: datetime) -> bool:
    """Withdraw the precedent of a ticket; False where it has none."""
    ticket = session.exec(select(Ticket).where(Ticket.number == number).with_for_update()).first()
    precedent = session.exec(select(Precedent).where(Precedent.ticket_id == ticket.id)).first() if ticket else None
    if ticket is None or precedent is None or precedent.withdrawn_at:
        return False
    precedent.withdrawn_by, precedent.withdrawn_at = by, at
    session.add(precedent)
    history.append(session, ticket, PRECEDENT_WITHDRAWN, by, at, beside=precedent)
    return True
