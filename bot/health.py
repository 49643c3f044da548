"""How the desk is: whether it lives, whether it takes questions, and what it counts. No personal data in any of it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import and_, func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.store.counters import ANSWERS, counted
from bot.store.database import Database
from bot.store.tables import Executor, Inbound, Outbound, now
from bot.tickets.service import tallies

Start = Callable[..., Any]
WAITS = and_(col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
STALE = timedelta(seconds=20)
"""As `bot.durable.process.Pace.gone`: whoever has shown no sign of life for so long counts as gone."""


class Health:
    """Answers /healthz, /readyz and /metrics."""

    def __init__(self, database: Database, working: Callable[[], bool] = lambda: True) -> None:
        """Take the store, and whether this process does its work."""
        self._database, self._working = database, working
        self._registry = CollectorRegistry()
        self._registry.register(Figures(database))

    def __call__(self, path: str, start_response: Start) -> Iterable[bytes] | None:
        """The answer for one of its paths; None for any other path."""
        if path == "/healthz":
            return _plain(start_response, "200 OK", b"ok\n")
        if path == "/readyz":
            fault = self.fault()
            return _plain(
                start_response, "503 Service Unavailable" if fault else "200 OK", f"{fault or 'ready'}\n".encode()
            )
        if path == "/metrics":
            return self._metrics(start_response)
        return None

    def fault(self) -> str | None:
        """Why the desk cannot take questions now; None where it can."""
        if not self._working():
            return "the process no longer does its work"
        try:
            with self._database.reading() as session:
                session.exec(select(Inbound.id).limit(1)).first()
        except SQLAlchemyError as error:
            return f"the database cannot be used: {type(error).__name__}"
        return None

    def _metrics(self, start_response: Start) -> Iterable[bytes]:
        try:
            page = generate_latest(self._registry)
        except SQLAlchemyError:
            return _plain(start_response, "503 Service Unavailable", b"the database cannot be used\n")
        return _plain(start_response, "200 OK", page)


class Figures(Collector):
    """What stands in the store: the same figures from every process. However much there is, asking is cheap."""

    def __init__(self, database: Database) -> None:
        """Take the store."""
        self._database = database

    def describe(self) -> Iterable[Any]:
        """Nothing beforehand: the store is asked only when the figures are."""
        return []

    def collect(self) -> Iterator[Any]:
        """Every figure, each with labels out of closed lists."""
        with self._database.reading() as session:
            yield from _work(session)
            yield _questions(session)
            yield _tickets(session)


def _questions(session: Session) -> CounterMetricFamily:
    questions = CounterMetricFamily("privacy_desk_questions", "Answers given, by verdict.", labels=["verdict"])
    for name, number in counted(session, ANSWERS).items():
        questions.add_metric([name], number)
    return questions


def _tickets(session: Session) -> GaugeMetricFamily:
    tickets = GaugeMetricFamily("privacy_desk_tickets", "Tickets, by kind and state.", labels=["kind", "state"])
    for labels, number in tallies(session).items():
        tickets.add_metric(labels, number)
    return tickets


def _work(session: Session) -> Iterator[Any]:
    unhandled = col(Inbound.handled_at).is_(None)
    yield _gauge("accepted_waiting", "Accepted and not yet handled.", _count(session, Inbound, unhandled))
    yield _gauge("messages_waiting", "Messages not yet in Slack.", _count(session, Outbound, WAITS))
    yield _gauge("messages_of_unknown_fate", "Messages begun and not known to be in Slack.",
                 _count(session, Outbound, and_(WAITS, col(Outbound.begun_at).is_not(None))))  # fmt: skip
    yield _gauge("messages_retried", "Waiting messages that were tried before.",
                 _count(session, Outbound, and_(WAITS, col(Outbound.attempts) > 1)))  # fmt: skip
    yield _gauge(
        "messages_given_up",
        "Messages that could not be delivered.",
        _count(session, Outbound, and_(col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_not(None))),
    )
    oldest = [session.exec(select(func.min(Inbound.received_at)).where(unhandled)).one(),
              session.exec(select(func.min(Outbound.created_at)).where(WAITS)).one()]  # fmt: skip
    ages = [(now() - moment).total_seconds() for moment in oldest if moment]
    yield _gauge("oldest_waiting_seconds", "Age of what waits longest.", max(ages, default=0.0))
    alive = col(Executor.seen_at) > now() - STALE
    yield _gauge("processes", "Processes that show signs of life.", _count(session, Executor, alive))


def _count(session: Session, table: Any, where: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(where)).one()


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"privacy_desk_{name}", text, value=value)


def _plain(start_response: Start, status: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
    return [body]
