"""The whole desk against a Slack that misbehaves, all by one seed: the same seed is the same run.

People write, Slack delivers (again, in any order, under other names), calls fail in every way, and the process dies
between any two writes or calls. Time is the simulation's own. The engine's part, to choose what is done next, is played
by the seed: any order that the engine could choose must do.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from desks import desk_settings
from handlers import handler_of
from network import network
from slacksim import BOT, FINE, TEAM, SlackSim, Trouble
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import col, select

from bot.deliver import Outbox
from bot.desk import Desk
from bot.listeners import translate
from bot.sending.calls import Calls, sending_client
from bot.store.database import Database
from bot.store.inbox import Inbox, unhandled
from bot.store.tables import Outbound, now
from bot.worker import Worker

Body = dict[str, Any]
QUESTIONS = (
    "can I share applicant data with an event co-host?", "may I use clients' addresses for a newsletter?",
    "応募者の情報を共催企業に渡していいですか", "Where is the coffee machine?", "yes, they signed a form",
)  # fmt: skip
TICKETS = (
    "I lost my laptop with the customer list", "I want to see all the data that the company holds about me",
    "Please delete all my data, I no longer use the service",
)  # fmt: skip
CHANNELS = ("CA", "CB", "CC", "CD", "CE")
TROUBLES = (
    Trouble(429, "ratelimited", retry_after=3), Trouble(500), Trouble(503, done=True), Trouble(error="internal_error"),
    Trouble(error="internal_error", done=True), Trouble(lost=True), Trouble(lost=True, done=True),
    Trouble(error="fatal_error", done=True), Trouble(error="service_unavailable"),
)  # fmt: skip


class Killed(BaseException):
    """The process is gone, here and now."""


@dataclass
class Simulation:
    """One run. `events` is how many things people do."""

    seed: int
    events: int
    url: str
    desk: Desk
    deaths: int = 0
    delivered: int = 0
    told: list[Body] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.slack = SlackSim(self._trouble)
        self.database = Database(self.url)
        self.database.engine.dispose()
        self._connections: list[Any] = []
        event.listen(self.database.engine, "connect", lambda connection, _: self._connections.append(connection))
        self.archived = set(self.chance.sample(CHANNELS, 1))
        self.healed = False
        self._moment = now()
        self._revoked_until = self._moment
        self._mortal = False
        self._threads: list[tuple[str, str]] = []
        self._arrived: set[str] = set()
        self._numbers = 0

    def run(self) -> None:
        """Everything happens, Slack heals, and the desk finishes."""
        gc.freeze()  # what is there already is never garbage of a death
        with network(self.slack), self._death():
            self.worker = self._begin()
            while self.delivered < self.events:
                self._survive(self._step)
            self.healed = True
            for body in self.told:
                self._survive(lambda body=body: self._deliver(body))  # type: ignore[misc]
            self._finish()
        self.database.close()

    def clock(self) -> datetime:
        """The simulation's time."""
        return self._moment

    def _begin(self) -> Worker:
        settings = desk_settings("http://slack/api/")
        self.outbox = Outbox(self.database, Calls(sending_client(settings)), settings, clock=self.clock)
        return Worker(self.database, handler_of(self.database, self.desk, settings), self.outbox)

    def _survive(self, step: Callable[[], None]) -> None:
        """Do one thing; where the process dies of it, another one begins with nothing but the store."""
        self._mortal, deaths = True, self.deaths
        try:
            step()
        except Killed:
            self.deaths += 1
        self._mortal = False
        if self.deaths > deaths:
            self._let_go()
            self.worker = self._begin()

    def _let_go(self) -> None:
        """Close all connections, as the system does for a killed process. Cursors that still live would keep locks."""
        gc.collect()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self.database.engine.dispose()

    def _step(self) -> None:
        self._moment += timedelta(seconds=self.chance.random())
        what = self.chance.random()
        if what < 0.45:
            self._somebody_does_something()
        elif what < 0.55 and self.told:
            self._deliver(self._again(self.chance.choice(self.told)))
        elif what < 0.75:
            self._handle_something()
        else:
            self._deliver_something()

    def _somebody_does_something(self) -> None:
        self.delivered += 1
        for body in self._something():
            self.told.append(body)
            self._deliver(body)

    def _something(self) -> list[Body]:
        ts, what = f"100.{self.delivered:06d}", self.chance.random()
        text = self.chance.choice(TICKETS if what < 0.3 else QUESTIONS)
        if what > 0.9:
            return [self._command(text)]
        if what > 0.75 and self._threads:
            channel, thread = self.chance.choice(self._threads)
            return [self._event({"channel": channel, "ts": ts, "thread_ts": thread, "text": text})]
        if what > 0.4:
            direct = f"D{self.chance.randrange(6)}"
            return [self._event({"channel": direct, "channel_type": "im", "ts": ts, "text": f"{text} {ts}"})]
        channel = self.chance.choice(CHANNELS)
        self._threads.append((channel, ts))
        said = {"channel": channel, "ts": ts, "text": f"<@{BOT}> {text} {ts}"}
        pair = [self._event(said), self._event({**said, "type": "app_mention"})]
        return pair if self.chance.random() < 0.5 else pair[::-1]

    def _event(self, said: Body) -> Body:
        more = {"client_msg_id": f"c-{said['ts']}"} if said.get("type") != "app_mention" else {}
        message = {"type": "message", "user": "UALICE", **more, **said}
        return {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{self._number()}", "event": message}

    def _command(self, text: str) -> Body:
        number = self._number()
        return {
            "command": "/privacy", "text": text, "team_id": TEAM, "channel_id": "CA", "user_id": "UKEN",
            "trigger_id": f"t{number}", "response_url": f"http://slack/answer_url_{number}",
        }  # fmt: skip

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _again(self, body: Body) -> Body:
        """The same thing as Slack may bring it again: as it was, as another event, or through another workspace."""
        if "event" not in body:
            return body
        other = {**body, "event_id": f"Ev{self._number()}"}
        if not body["event"].get("client_msg_id") or body["event_id"] not in self._arrived:
            return self.chance.choice((body, other))  # a copy with another ts is known by nothing but the original
        shifted = {**other, "event": {**body["event"], "ts": f"{body['event']['ts']}9"}}
        return self.chance.choice((body, other, {**other, "team_id": "T2"}, shifted))

    def _deliver(self, body: Body) -> None:
        incoming = translate(body, BOT)
        if incoming is not None:
            Inbox(self.database).accept(incoming)
            self._arrived.add(str(body.get("event_id")))

    def _handle_something(self) -> None:
        with self.database.transaction() as session:
            waiting = unhandled(session)
        if waiting:
            self.worker.handle(str(self.chance.choice(waiting)))

    def _deliver_something(self) -> None:
        places = self.outbox.destinations()
        if places:
            self.outbox.deliver(self.chance.choice(places))

    def _finish(self) -> None:
        for _ in range(2000):
            with self.database.transaction() as session:
                waiting = unhandled(session)
            for inbound_id in waiting:
                self.worker.handle(str(inbound_id))
            later = [at for at in map(self.outbox.deliver, self.outbox.destinations()) if at is not None]
            if not later and not self.outbox.destinations():
                return
            self._moment = max(self._moment, min(later, default=self._moment)) + timedelta(milliseconds=1)
        raise AssertionError(f"seed {self.seed}: messages still wait")

    def _trouble(self, method: str, body: Body) -> Trouble:
        self._may_die()
        if method == "chat.postMessage" and body.get("channel") in self.archived:
            return Trouble(error=self.chance.choice(("is_archived", "channel_not_found")))
        if self.healed:
            return FINE
        if self._moment < self._revoked_until:
            return Trouble(error="token_revoked")
        if self.chance.random() < 0.01:
            self._revoked_until = self._moment + timedelta(minutes=2)
        return self.chance.choice(TROUBLES) if self.chance.random() < 0.25 else FINE

    def _may_die(self) -> None:
        if self._mortal and not self.healed and self.chance.random() < 0.004:
            raise Killed

    @contextmanager
    def _death(self) -> Iterator[None]:
        def step(*_: Any) -> None:
            self._may_die()

        moments = ("before_cursor_execute", "after_cursor_execute", "commit")
        for moment in moments:
            event.listen(Engine, moment, step)
        try:
            yield
        finally:
            for moment in moments:
                event.remove(Engine, moment, step)


def waiting_rows(database: Database) -> list[Outbound]:
    """What was neither sent nor given up."""
    with database.transaction() as session:
        waits = (col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
        return list(session.exec(select(Outbound).where(*waits)))


def quick_folder(otherwise: str) -> str:
    """A folder in memory, where there is one: a simulated death needs no disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else otherwise
