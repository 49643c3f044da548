"""kill -9 between any two writes, commits or calls: afterwards everything is there, once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from desks import QUICK, die_at, ended, in_a_process, make_worker, work_until_done
from slackserver import clear, posted, slack_process
from sqlmodel import select

from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import AnswerRow, Inbound, Ticket, TicketEvent

INCIDENT = "I lost my laptop with the customer list"
EVENT = {"type": "message", "user": "UALICE", "channel": "DALICE", "channel_type": "im", "text": INCIDENT, "ts": "1.1"}
MOMENTS, AT_ONCE = 75, 3
"""A life mostly waits, for a turn or for a sign of life to grow old: three at once take little longer than one."""
BODY = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": EVENT}


def live_and_die(url: str, slack_url: str, desk: Desk, moment: int) -> int:
    """A desk that gets the question and is killed at a moment; then one that gets it again, as Slack delivers again."""

    def dies() -> None:
        database, worker = make_worker(url, slack_url, desk)
        die_at(moment)
        work_until_done(database, worker, BODY)

    def lives_on() -> None:
        database, worker = make_worker(url, slack_url, desk)
        work_until_done(database, worker, BODY)

    how = ended(in_a_process(dies))
    assert ended(in_a_process(lives_on)) == 0
    return how


def names(url: str) -> list[str]:
    """The names of the messages that must be in Slack; there is one answer, one ticket, and one step of it.

    Their numbers are not always 1: PostgreSQL gives none out again after what was undone.
    """
    database = Database(url)
    with database.reading() as session:
        (inbound,), (ticket,) = session.exec(select(Inbound)).all(), session.exec(select(Ticket)).all()
        counts = [len(session.exec(select(table)).all()) for table in (AnswerRow, TicketEvent)]
    database.close()
    assert (ticket.number, counts) == (1, [1, 1])
    return sorted([f"{inbound.id}.answer", f"card.{ticket.id}.0"])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, slack_url: str, quick_desk: Desk
) -> str:
    """A database on which a desk has been before, with nothing in it: to set one up takes longer than a life."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('empty')}/desk.db"
    else:
        url = request.getfixturevalue("postgres").new_database()

    def begins() -> None:
        database, worker = make_worker(url, slack_url, quick_desk)
        worker.start(QUICK)
        worker.stop()
        database.close()

    assert ended(in_a_process(begins)) == 0
    return url


@contextmanager
def copied(url: str, moment: int) -> Iterator[str]:
    """A copy of a database, for one life."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        shutil.copy(path, f"{path}.{moment}")
        yield f"{url}.{moment}"
        return
    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_{moment} TEMPLATE {name}")
        yield f"{url}_{moment}"
        connection.execute(f"DROP DATABASE {name}_{moment} WITH (FORCE)")  # many would be slow to start again


def check(url: str, slack_url: str, desk: Desk, moment: int) -> bool:
    """Live, die at a moment, and live again; gives whether it died."""
    clear(slack_url)
    how = live_and_die(url, slack_url, desk, moment)
    assert how in (0, -9)
    ids = sorted(message["metadata"]["event_payload"]["id"] for message in posted(slack_url))
    assert ids == names(url), f"killed at moment {moment}"
    return how == -9


def lives(empty: str, desk: Desk, moments: range) -> None:
    """Lives that end at these moments, each on a copy of its own, with a Slack of their own."""
    with slack_process() as slack:
        died = []
        for moment in moments:
            with copied(empty, moment) as url:
                died.append(check(url, slack, desk, moment))
    assert all(died[:8]), "the moments are over before the work is"


def test_nothing_is_lost_or_doubled(empty: str, quick_desk: Desk) -> None:
    shares = [range(1 + first, MOMENTS, AT_ONCE) for first in range(AT_ONCE)]
    children = [in_a_process(lambda share=share: lives(empty, quick_desk, share)) for share in shares]  # type: ignore[misc]
    assert [ended(child) for child in children] == [0] * AT_ONCE


@pytest.mark.parametrize("moment", [1, 10, 30, 60])
def test_nothing_is_lost_or_doubled_on_the_first_day(
    moment: int, database_url: str, slack_url: str, quick_desk: Desk
) -> None:
    assert check(database_url, slack_url, quick_desk, moment)
