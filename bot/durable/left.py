"""Leftovers: what waits in the store although no job is on its way to it. A net under the engine, which seldom catches.

It catches what an earlier release accepted, what the engine could not note while the disk was full, and jobs that the
engine holds for begun although this process no longer has them in hand.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, or_, select

from bot.durable.engine import DurableEngine
from bot.durable.jobs import GIVE_UP, Job, delivery_later, handling
from bot.store.database import Database
from bot.store.tables import Inbound, Outbound, now

AT_MOST = 200
KEPT = timedelta(days=7)
"""How long the engine's records of what was done are kept. They hold ids, and nothing that anybody wrote."""
log = logging.getLogger(__name__)


class Left:
    """Looks for leftovers and asks for them again."""

    def __init__(self, database: Database, engine: DurableEngine, in_hand: Callable[[str], bool]) -> None:
        """Take the store, the engine, and whether a subject is in hand here."""
        self._database, self._engine, self._in_hand = database, engine, in_hand

    def look(self, age: float) -> None:
        """Ask for what has waited for so many seconds, and forget records of long ago."""
        before = now() - timedelta(seconds=age)
        with self._database.reading() as session:
            jobs = self._accepted(session, before) + self._unsent(session, before)
        for job in jobs:
            self._engine.ask_now(job)
        for name, kind, subject in self._engine.begun(before):
            if not self._in_hand(subject):
                log.warning("the job %s was begun and lost; running it again", name)
                self._engine.run_again(name, kind)
        self._engine.forget((datetime.now(UTC) - KEPT).isoformat())

    def _accepted(self, session: Session, before: datetime) -> list[Job]:
        query = select(Inbound).where(col(Inbound.handled_at).is_(None), col(Inbound.received_at) < before)
        jobs = [handling(row) for row in session.exec(query.order_by(col(Inbound.id)).limit(AT_MOST))]
        states = self._engine.states([job.name for job in jobs])
        again = [job for job in jobs if states.get(job.name) not in ("waiting", "deadly")]
        deadly = [job for job in jobs if states.get(job.name) == "deadly"]
        for job in deadly:
            log.error("accepted %s is given up: several processes died of it", job.subject)
        turn = time.time_ns() // 1000
        return [Job(job.kind, f"{job.name}-{turn}", job.lane, job.subject) for job in again] + [
            Job(job.kind, f"{job.name}-gone", job.lane, f"{GIVE_UP}{job.subject}") for job in deadly
        ]

    def _unsent(self, session: Session, before: datetime) -> list[Job]:
        query = (
            select(Outbound.destination)
            .where(col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
            .where(col(Outbound.created_at) < before)
            .where(or_(col(Outbound.not_before).is_(None), col(Outbound.not_before) < before))
        )
        turn = time.time_ns() // 1000
        places = session.exec(query.distinct().limit(AT_MOST)).all()
        return [delivery_later(place, turn, None) for place in places]
