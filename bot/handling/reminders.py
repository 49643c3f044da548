"""Reminders of due dates, and cards that have become overdue. A duty of `bot.duties`.

Each message has a name made of the ticket, the reminder and the due date, so that it goes out once: also when the desk
was down at its moment, when the duty runs twice, and again when the due date is another one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlmodel import Session, col, select

from bot.handling.tickets import NO_UNFURL, card, card_name
from bot.handling.work import Office
from bot.replies import POST, UPDATE, manager_channels
from bot.store.tables import Outbound, Ticket
from bot.tickets.course import State
from bot.tickets.reminders import LONGEST_BEFORE, current_reminder
from bot.words import say

AT_ONCE, LOOKED_UP_AT_ONCE = 100, 500
"""How many tickets are written about in one transaction, and how many names are looked up in one query."""
OVERDUE_CARD = "card_overdue"


def remind(session: Session, office: Office, at: datetime) -> bool:
    """Put the reminders and the marked cards that are due at this moment into the outbox; True where more wait.

    Closed tickets and those that wait for their requester are left alone.
    """
    wanted = list(islice(_not_yet_said(session, office, at), AT_ONCE + 1))
    for ticket_id, stage in wanted[:AT_ONCE]:
        ticket = session.get_one(Ticket, ticket_id)
        say_it = _marked_cards if stage == OVERDUE_CARD else _reminders
        for message in say_it(session, office, ticket, stage, at):
            message.ticket_id, message.created_at = ticket_id, at
            session.add(message)
    return len(wanted) > AT_ONCE


def _not_yet_said(session: Session, office: Office, at: datetime) -> Iterator[tuple[int, str]]:
    """The tickets with what must be said of each: a reminder, or that its card is overdue."""
    due = [
        (ticket_id, stage, f"{_name(office, stage, ticket_id, due_at)}.0")
        for ticket_id, opened_at, due_at in _candidates(session, office, at)
        for stage in _stages(office, opened_at, due_at, at)
    ]
    for first in range(0, len(due), LOOKED_UP_AT_ONCE):
        some = due[first : first + LOOKED_UP_AT_ONCE]
        said = _said(session, [name for _, _, name in some])
        yield from ((ticket_id, stage) for ticket_id, stage, name in some if name not in said)


def _candidates(session: Session, office: Office, at: datetime) -> Sequence[Any]:
    """Id, opening and due date of the tickets that somebody can be reminded of."""
    query = select(Ticket.id, Ticket.opened_at, Ticket.due_at).where(
        col(Ticket.state) != State.CLOSED,
        col(Ticket.waiting_since).is_(None),
        col(Ticket.due_at) < at + LONGEST_BEFORE,
    )
    if not manager_channels(office.settings):
        query = query.where(col(Ticket.assignee_id).is_not(None))
    return session.exec(query.order_by(col(Ticket.due_at))).all()


def _stages(office: Office, opened_at: datetime, due_at: datetime, at: datetime) -> Iterator[str]:
    if due_at < at and manager_channels(office.settings):
        yield OVERDUE_CARD
    stage = current_reminder(office.clocks, opened_at, due_at, at)
    if stage:
        yield stage


def _name(office: Office, stage: str, ticket_id: int, due_at: datetime) -> str:
    return f"remind.{ticket_id}.{stage}.{office.clocks.day(due_at).isoformat()}"


def _said(session: Session, names: Sequence[str]) -> set[str]:
    return set(session.exec(select(Outbound.name).where(col(Outbound.name).in_(names))))


def _marked_cards(session: Session, office: Office, ticket: Ticket, stage: str, at: datetime) -> list[Outbound]:
    """The cards, marked as overdue; posted where there is none, since nobody has seen the ticket then."""
    name, shown = _name(office, stage, ticket.id or 0, ticket.due_at), card(office, ticket, at)
    channels = manager_channels(office.settings)
    there = _said(session, [card_name(ticket, place) for place, _ in enumerate(channels)])
    made = []
    for place, channel in enumerate(channels):
        one, body = card_name(ticket, place), {"channel": channel, **shown}
        if one in there:
            made.append(Outbound(name=f"{name}.{place}", method=UPDATE, body=body, in_place_of=one))
        else:
            made.append(Outbound(name=one, method=POST, body=body))
    return made


def _reminders(session: Session, office: Office, ticket: Ticket, stage: str, at: datetime) -> list[Outbound]:  # noqa: ARG001 - as the cards
    """A reminder for the managers, under the card and in the channel too, and one for the assignee directly.

    `reply_broadcast` shows a reply of a thread to the whole channel (Slack's reference of chat.postMessage).
    """
    name, text = _name(office, stage, ticket.id or 0, ticket.due_at), _text(office, ticket, stage)
    channels = list(manager_channels(office.settings))
    cards = _said(session, [card_name(ticket, place) for place, _ in enumerate(channels)])
    if ticket.assignee_id and ticket.assignee_id not in channels:
        channels.append(ticket.assignee_id)
    made = []
    for place, channel in enumerate(channels):
        thread_of = card_name(ticket, place) if card_name(ticket, place) in cards else None
        body = {"channel": channel, "text": text, **({"reply_broadcast": True} if thread_of else {}), **NO_UNFURL}
        made.append(Outbound(name=f"{name}.{place}", method=POST, body=body, thread_of=thread_of))
    return made


def _text(office: Office, ticket: Ticket, stage: str) -> str:
    language = ticket.language
    return say(
        language,
        f"letter.reminder.{stage}",
        kind=say(language, f"ticket.kind.{ticket.kind}"),
        number=f"#{ticket.number}",
        due=office.clocks.day(ticket.due_at).isoformat(),
        assignee=f"<@{ticket.assignee_id}>" if ticket.assignee_id else say(language, "letter.nobody"),
    )
