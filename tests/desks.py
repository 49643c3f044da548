"""Desks as processes of their own, forked, that can die at any chosen moment."""

import os
import signal
import time
import traceback
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from handlers import handler_of
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot.deliver import Outbox
from bot.desk import Desk
from bot.durable.process import Pace
from bot.listeners import translate
from bot.sending.calls import Calls, sending_client
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.tables import Inbound, Outbound
from bot.worker import Worker

QUICK = Pace(beat=0.1, gone=1.0, leftovers=2.0, patience=5)
Body = dict[str, Any]


def desk_settings(slack_url: str) -> Settings:
    """Settings with a channel for managers."""
    return Settings(
        _env_file=None, slack_bot_token="xoxb-t", slack_app_token="xapp-t", slack_api_url=slack_url,
        privacy_desk_manager_channel="CMANAGERS",
    )  # fmt: skip


def make_worker(url: str, slack_url: str, desk: Desk) -> tuple[Database, Worker]:
    """A worker on a database, and the database."""
    settings, database = desk_settings(slack_url), Database(url)
    outbox = Outbox(database, Calls(sending_client(settings)), settings, settled=timedelta(seconds=0.2))
    return database, Worker(database, handler_of(database, desk, settings), outbox)


def in_a_process(work: Callable[[], None]) -> int:
    """Run it in a forked process; gives the process's id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def ended(child: int) -> int:
    """How a process ended: 0 well, -9 killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def deliver_event(database: Database, body: Body) -> None:
    """Slack delivers an event: stored, then acknowledged."""
    incoming = translate(body, "UBOT")
    assert incoming is not None
    Inbox(database).accept(incoming)


def deliver_until_taken(database: Database, body: Body) -> None:
    """Slack delivers an event until it is acknowledged: a database that is away or locked is no acknowledgement."""
    while True:
        try:
            deliver_event(database, body)
            return
        except OperationalError:
            time.sleep(0.1)


def done(database: Database) -> bool:
    """Whether everything that was accepted is handled, and everything that follows has been sent or given up."""
    with database.transaction() as session:
        unhandled = session.exec(select(Inbound.id).where(col(Inbound.handled_at).is_(None))).first()
        waits = (col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
        return unhandled is None and session.exec(select(Outbound.id).where(*waits)).first() is None


def work_until_done(database: Database, worker: Worker, body: Body, seconds: float = 30.0) -> None:
    """Let the worker work; deliver an event to it; wait until nothing is left."""
    worker.start(QUICK)
    deliver_event(database, body)
    end = time.monotonic() + seconds
    while not done(database):
        assert time.monotonic() < end, "not done in time"
        time.sleep(0.03)
    worker.stop()
    database.close()


def die_at(moment: int) -> Callable[[], bool]:
    """Kill this process at the moment'th write, commit or call, before or after it. Gives what counts a moment."""
    passed = count(1)

    def step(*_: Any) -> bool:
        if next(passed) == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    def on_statement(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            step()

    event.listen(Engine, "before_cursor_execute", on_statement)
    event.listen(Engine, "after_cursor_execute", on_statement)
    event.listen(Engine, "commit", step)
    _around_calls(step)
    return step


def _around_calls(step: Callable[[], bool]) -> None:
    from slack_sdk.web import base_client  # noqa: PLC0415

    really = urllib.request.urlopen

    def called(*arguments: Any, **more: Any) -> Any:
        step()
        response = really(*arguments, **more)
        step()
        return response

    base_client.urlopen = called  # type: ignore[attr-defined]
