"""Removing what is due, and showing it: the card of a purged ticket is replaced. A duty of `bot.duties`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.handling.tickets import card, card_name
from bot.handling.work import Office
from bot.replies import UPDATE
from bot.store.tables import Outbound, Ticket
from bot.tickets.retention import purge


def purge_some(session: Session, office: Office, at: datetime) -> dict[str, Sequence[Any]]:
    """Remove some of what is due at a moment, and put the new cards into the outbox; what it was, by kind."""
    done = purge(session, office.settings, at)
    if "tickets" in done:
        for ticket in session.exec(select(Ticket).where(col(Ticket.id).in_(done["tickets"]))):
            session.add_all(_cards(session, office, ticket, at))
    return done


def purge_duty(session: Session, office: Office, at: datetime) -> bool:
    """Remove some of what is due; True where more may be."""
    return bool(purge_some(session, office, at))


def _cards(session: Session, office: Office, ticket: Ticket, at: datetime) -> list[Outbound]:
    """The purged form of each card that stands in Slack."""
    beginning, day = card_name(ticket, 0).removesuffix("0"), office.clocks.day(at).isoformat()
    posted = select(Outbound).where(
        Outbound.ticket_id == ticket.id, col(Outbound.name).startswith(beginning), col(Outbound.ts).is_not(None)
    )
    return [
        Outbound(
            name=f"purged.{ticket.id}.{day}.{place}",
            ticket_id=ticket.id,
            method=UPDATE,
            body={"channel": one.channel, **card(office, ticket, at)},
            in_place_of=one.name,
            created_at=at,
        )
        for place, one in enumerate(session.exec(posted.order_by(col(Outbound.id))))
    ]
