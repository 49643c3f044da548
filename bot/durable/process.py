"""One process among the others: it shows that it lives, takes over from those that do not, and sees to the duties.

DBOS gives the unfinished work of a process back only to a process of the same name, or through its console. So each
process has a name of its own and leaves a sign of life in the database; whoever finds another's too old takes over.
"""

import logging
import os
import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Lock, Thread
from uuid import uuid4

from bot.durable.duties import Duties
from bot.durable.engine import Do, DurableEngine
from bot.durable.following import follow
from bot.durable.jobs import Job, Kind, duty_turn
from bot.durable.left import Left
from bot.store import executors
from bot.store.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often a process shows that it lives, after how long it counts as gone, and how often it looks for leftovers.

    All in seconds. `gone` must be longer than the longest call to Slack with its lookup.
    """

    beat: float = 2.0
    gone: float = 20.0
    leftovers: float = 30.0
    patience: int = 10


class Process:
    """One process of the desk."""

    def __init__(self, database: Database, duties: Duties, pace: Pace) -> None:
        """Take the database that all processes share, the duties that they share, and the pace."""
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self.seen = 0.0
        self._database, self._duties, self._pace = database, duties, pace
        self._engine = DurableEngine(database, self.name)
        self._in_hand = InHand()
        self._left = Left(database, self._engine, self._in_hand.has)
        self._stopping = Event()
        self._thread = Thread(target=self._live, name="process", daemon=True)
        self._turns: dict[str, int] = {}
        self._looked = time.monotonic()

    def start(self, work: dict[Kind, Do]) -> None:
        """Begin to work."""
        self._beat()
        self._engine.start({kind: self._in_hand.noting(do) for kind, do in work.items()})
        follow(self._database, self._engine)
        self._left.look(age=0)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand, if it takes no longer than the pace allows, and leave in order."""
        self._stopping.set()
        self._thread.join()
        self._engine.stop(self._pace.patience if self._in_hand else 0)
        if not self._in_hand:
            with self._database.transaction() as session:
                executors.forget(session, [self.name])
        log.info("stopped; %d jobs are left to others", len(self._in_hand))

    def alive(self) -> bool:
        """Whether the last sign of life is fresh enough for others not to take over."""
        return time.monotonic() - self.seen < self._pace.gone

    def ask(self, job: Job) -> None:
        """Ask for a job on its own."""
        self._engine.ask_now(job)

    def _live(self) -> None:
        while not self._stopping.wait(self._pace.beat):
            for step in (self._beat, self._take_over, self._see_to_duties, self._look_for_leftovers):
                try:
                    step()
                except Exception as error:
                    log.error("%s could not be done: %s", step.__name__.strip("_"), type(error).__name__)

    def _beat(self) -> None:
        with self._database.transaction() as session:
            executors.beat(session, self.name)
        self.seen = time.monotonic()

    def _take_over(self) -> None:
        with self._database.transaction() as session:
            gone = executors.silent(session, self.name, timedelta(seconds=self._pace.gone))
        if gone:
            log.warning("taking over from %s", ", ".join(gone))
            self._engine.take_over(gone)
            with self._database.transaction() as session:
                executors.forget(session, gone)

    def _see_to_duties(self) -> None:
        for duty in self._duties.known.values():
            turn = duty.slot(time.time())
            if self._turns.get(duty.name) != turn:
                self._engine.ask_now(duty_turn(duty.name, turn))
                self._turns[duty.name] = turn

    def _look_for_leftovers(self) -> None:
        if time.monotonic() - self._looked >= self._pace.leftovers:
            self._left.look(self._pace.leftovers)
            self._looked = time.monotonic()


class InHand:
    """The jobs that this process is at, by kind and subject."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._lock, self._jobs = Lock(), dict[str, int]()

    def __len__(self) -> int:
        return sum(self._jobs.values())

    def has(self, subject: str) -> bool:
        """Whether this process is at a job with this subject."""
        return self._jobs.get(subject, 0) > 0

    def noting(self, do: Do) -> Do:
        """The same work, noted while it lasts."""

        def noted(subject: str) -> None:
            self._count(subject, 1)
            try:
                do(subject)
            finally:
                self._count(subject, -1)

        return noted

    def _count(self, subject: str, more: int) -> None:
        with self._lock:
            self._jobs[subject] = self._jobs.get(subject, 0) + more
            if not self._jobs[subject]:
                del self._jobs[subject]
