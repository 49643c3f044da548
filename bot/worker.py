"""The worker: handles what was accepted, in the order of arrival, and delivers what follows from it.

It looks into the store, never at memory, so that what was accepted before a crash is handled after it.
"""

import logging
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.deliver import Deliver
from bot.handling import Handler
from bot.store.database import Database
from bot.store.inbox import unhandled

SECONDS_TO_TRY_AGAIN = 5.0
log = logging.getLogger(__name__)


class Worker:
    """One thread that works until it is stopped."""

    def __init__(self, database: Database, handler: Handler, deliver: Deliver) -> None:
        """Take the store, the handler and what delivers."""
        self._database, self._handler, self._deliver = database, handler, deliver
        self._woken, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin, with what was left from before."""
        self._woken.set()
        self._thread.start()

    def wake(self) -> None:
        """There is something new."""
        self._woken.set()

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def work(self) -> bool:
        """Handle and deliver everything that waits; False where something should be tried again later."""
        delivered = self._deliver() == 0
        with self._database.transaction() as session:
            waiting = unhandled(session)
        for inbound_id in waiting:
            self._handle(inbound_id)
            delivered = self._deliver() == 0
        return delivered

    def _handle(self, inbound_id: int) -> None:
        try:
            self._handler.handle(inbound_id)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("handling failed, reference %s", inbound_id)
            self._handler.give_up(inbound_id)

    def _run(self) -> None:
        done = True
        while not self._stopping.is_set():
            self._woken.wait(None if done else SECONDS_TO_TRY_AGAIN)
            self._woken.clear()
            try:
                done = self.work()
            except SQLAlchemyError as error:
                log.error("the database cannot be used: %s", type(error).__name__)
                done = False
