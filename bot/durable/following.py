"""Each accepted thing and each message to send brings its job with it, in the same transaction, whoever adds it."""

from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from bot.durable.engine import DurableEngine
from bot.durable.jobs import Job, delivery, handling
from bot.store.database import Database
from bot.store.tables import Inbound, Outbound


def follow(database: Database, engine: DurableEngine) -> None:
    """From now on ask the engine for the jobs of all rows that are added through this database."""

    @event.listens_for(database.sessions, "after_flush")
    def _ask(session: Session, _context: Any) -> None:
        for job in jobs_of(session):
            engine.ask(session.connection(), job)


def jobs_of(session: Session) -> list[Job]:
    """The jobs of what a session has just written, in the order of writing."""
    inbound = [row for row in session.new if isinstance(row, Inbound) and row.handled_at is None]
    outbound = sorted((row for row in session.new if isinstance(row, Outbound)), key=lambda row: row.id or 0)
    last = {row.destination: row for row in outbound}
    return [handling(row) for row in inbound] + [delivery(row) for row in last.values()]
