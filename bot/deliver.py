"""Delivering what is in the outbox: each message once, in order within its destination.

A message is marked as begun before its call and as sent after it. One that was begun and not marked further (the
process died, the answer was lost) may be in Slack: it is looked up there by its name before it is sent again.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from bot.sending.alert import alert, instead
from bot.sending.calls import Calls
from bot.sending.outcome import Again, Outcome, Refused, Sent
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import Outbound, now

POST = "chat.postMessage"
SETTLED_AFTER = timedelta(seconds=10)
"""A call is over within 8 seconds; what Slack took is readable after this time."""
LONGEST_WAIT = 300.0
GIVEN_UP_AFTER = timedelta(days=1)
SECONDS_TO_BEGIN = 2.0
"""A process that stood still for longer between its mark and its call leaves the call to others."""
log = logging.getLogger(__name__)


class Outbox:
    """Sends waiting messages over a Slack client."""

    def __init__(
        self,
        database: Database,
        calls: Calls,
        settings: Settings,
        clock: Callable[[], datetime] = now,
        settled: timedelta = SETTLED_AFTER,
    ) -> None:
        """Take the store, the calls, the settings (where alerts go), the clock, and after which time a call is over."""
        self._database, self._calls, self._settings = database, calls, settings
        self._clock, self._settled = clock, settled

    def deliver(self, destination: str, *, at_once: bool = False) -> datetime | None:
        """Send what waits for a destination, the oldest first.

        Gives the moment from which to try again, or None where nothing waits any more. `at_once` heeds no waiting
        times.
        """
        while True:
            marked = time.monotonic()
            taken = self._take(destination, at_once=at_once)
            if not isinstance(taken, Outbound):
                return taken
            later = self._settle(taken, self._send(taken, marked))
            if later is not None:
                return later

    def destinations(self) -> list[str]:
        """Where messages wait to go, those first that wait longest."""
        with self._database.reading() as session:
            rows = session.exec(select(Outbound.destination).where(_waits()).order_by(col(Outbound.id)))
            return list(dict.fromkeys(rows))

    def _take(self, destination: str, *, at_once: bool) -> Outbound | datetime | None:
        """The next message, marked as begun; or the moment from which it may be; or None.

        What is given keeps in `begun_at` when it was begun before, if ever.
        """
        with self._database.transaction() as session:
            query = select(Outbound).where(_waits(), Outbound.destination == destination)
            row = session.exec(query.order_by(col(Outbound.id)).limit(1).with_for_update()).first()
            if row is None:
                return None
            moment = self._clock()
            ready = max(row.not_before or moment, row.begun_at + self._settled if row.begun_at else moment)
            if ready > moment and not at_once:
                return ready
            taken = Outbound(**row.model_dump())
            taken.body = _addressed(session, row)
            row.begun_at, row.attempts = moment, row.attempts + 1
            session.add(row)
            return taken

    def _send(self, taken: Outbound, marked: float) -> Outcome:
        if not taken.body:
            return Refused("the message that it refers to was never sent")
        if taken.begun_at is not None and taken.method == POST:
            found = self._calls.find(taken.body, taken.name, taken.begun_at.timestamp())
            log.info("message %s of unknown fate: %s", taken.name, "not in Slack" if found is None else found)
            if found is not None:
                return Again(found.reason, found.seconds, unknown=True) if isinstance(found, Again) else found
            marked = self._mark(taken)
        if time.monotonic() - marked > SECONDS_TO_BEGIN:
            return Again("late", unknown=True)
        return self._calls.send(taken.method, taken.body, taken.name)

    def _mark(self, taken: Outbound) -> float:
        """Mark a message as begun anew; gives the moment on the process's own clock."""
        marked = time.monotonic()
        with self._database.transaction() as session:
            row = session.get_one(Outbound, taken.id)
            row.begun_at = self._clock()
            session.add(row)
        return marked

    def _settle(self, taken: Outbound, outcome: Outcome) -> datetime | None:
        """Write down what came of it; gives the moment of the next try, or None where the next message may go."""
        with self._database.transaction(lazy=True) as session:
            row = session.get_one(Outbound, taken.id)
            session.add(row)
            if isinstance(outcome, Again):
                if self._clock() - row.created_at < GIVEN_UP_AFTER:
                    return self._later(row, outcome)
                outcome = Refused(f"{outcome.reason} for a day")
            if isinstance(outcome, Sent):
                row.ts, row.channel, row.sent_at = outcome.ts, outcome.channel, self._clock()
            else:
                self._give_up(session, row, outcome.reason)
        return None

    def _later(self, row: Outbound, outcome: Again) -> datetime:
        wait = outcome.seconds if outcome.seconds is not None else min(LONGEST_WAIT, 2.0 ** min(row.attempts, 9) / 2)
        if outcome.unknown:
            wait = max(wait, self._settled.total_seconds())
        else:
            row.begun_at = None
        row.not_before = self._clock() + timedelta(seconds=wait)
        log.warning("message %s waits %.0f s: %s", row.name, wait, outcome.reason)
        return row.not_before

    def _give_up(self, session: Session, row: Outbound, reason: str) -> None:
        log.error("message %s is given up: %s", row.name, reason)
        row.given_up = reason
        session.add_all(instead(session, row) or alert(session, row, reason, self._settings, self._clock()))


def _addressed(session: Session, row: Outbound) -> dict[str, Any]:
    """What is sent, with the place of the earlier message that it refers to; nothing where that was never sent."""
    named = row.thread_of or row.in_place_of
    if named is None:
        return row.body
    earlier = session.exec(select(Outbound).where(Outbound.name == named)).first()
    if earlier is None or earlier.ts is None:
        return {}
    return {**row.body, "channel": earlier.channel, "thread_ts" if row.thread_of else "ts": earlier.ts}


def _waits() -> ColumnElement[bool]:
    return and_(col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
