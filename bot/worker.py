"""The worker: handles what was accepted and delivers what follows from it, by whichever process lives.

What is to be done stands in the store; the engine says when, in which order, and in which process.
"""

import logging
from collections.abc import Callable
from threading import Event

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.deliver import Outbox
from bot.durable.duties import Duties, Duty
from bot.durable.jobs import GIVE_UP, delivery_later
from bot.durable.process import Pace, Process
from bot.handling import Handler
from bot.hurry import Hurry
from bot.store.database import Database
from bot.store.inbox import unhandled
from bot.store.tables import now

GONE = (OperationalError, InterfaceError, NoConnection)
"""Faults of the database that pass: it is locked, full, or away."""
SECONDS_TO_TRY_AGAIN = 2.0
TRIES = 3
log = logging.getLogger(__name__)


class Worker:
    """All that the desk does behind its listeners."""

    def __init__(self, database: Database, handler: Handler, outbox: Outbox, hurry: Hurry | None = None) -> None:
        """Take the store, what handles, what delivers, and to whom all that gives way."""
        self._database, self._handler, self._outbox = database, handler, outbox
        self._hurry = hurry or Hurry()
        self.duties = Duties()
        self._process: Process | None = None
        self._stopping = Event()

    def start(self, pace: Pace | None = None) -> None:
        """Work from now on, beside all other processes on the same database, beginning with what is left."""
        self._process = Process(self._database, self.duties, pace or Pace())
        self._process.start({"handle": self.handle, "deliver": self.deliver, "duty": self._duty})

    def stop(self) -> None:
        """Finish what is in hand, then end. What is left goes to other processes, or to the next one."""
        self._stopping.set()
        if self._process:
            self._process.stop()

    def working(self) -> bool:
        """Whether this process does its work: it has shown a sign of life just now."""
        return self._process is None or self._process.alive()

    def work(self) -> bool:
        """Handle and deliver everything that waits, here and without the engine; False if some still waits."""
        with self._database.transaction() as session:
            waiting = unhandled(session)
        for inbound_id in waiting:
            self._handle(inbound_id)
        before: list[str] = []
        while (waiting_for := self._outbox.destinations()) and waiting_for != before:
            before = [where for where in waiting_for if self._outbox.deliver(where, at_once=True) is not None]
        return not waiting_for

    def handle(self, subject: str) -> None:
        """Handle one accepted thing, however long the database is away; or give it up, if the subject says so."""
        give_up, inbound_id = subject.startswith(GIVE_UP), int(subject.removeprefix(GIVE_UP))
        self._persist(lambda: self._handler.give_up(inbound_id) if give_up else self._handle(inbound_id))

    def deliver(self, destination: str) -> None:
        """Send what waits for a destination; what must wait longer becomes a later job."""

        def send() -> None:
            later = self._outbox.deliver(destination)
            if later is not None and self._process:
                delay = max(0.0, (later - now()).total_seconds())
                self._process.ask(delivery_later(destination, int(later.timestamp() * 1000), delay))

        self._persist(send)

    def _handle(self, inbound_id: int, tries: int = TRIES) -> None:
        try:
            self._handler.handle(inbound_id)
        except GONE:
            raise
        except Exception as error:
            if isinstance(error, IntegrityError) and tries > 1:  # two processes wrote one row in the same moment
                self._handle(inbound_id, tries - 1)
                return
            log.exception("handling failed, reference %s", inbound_id)
            self._handler.give_up(inbound_id)

    def _duty(self, name: str) -> None:
        duty = self.duties.known.get(name)
        if duty is None:
            return
        try:
            while self._turn(duty) and not self._stopping.is_set():
                pass
        except Exception:
            log.exception("the duty %s failed; it runs again at its next turn", name)

    def _turn(self, duty: Duty) -> bool:
        with self._database.transaction() as session:
            return bool(duty.work(session))

    def _persist(self, work: Callable[[], None]) -> None:
        """Do it, again and again while the database is away. What is not done at the end is left for others."""
        while True:
            try:
                with self._hurry.giving_way():
                    work()
                return
            except GONE as error:
                log.error("the database cannot be used: %s; trying again", type(error).__name__)
                if self._stopping.wait(SECONDS_TO_TRY_AGAIN):
                    raise
            except Exception:
                log.exception("a job failed")
                return
