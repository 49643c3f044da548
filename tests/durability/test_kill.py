"""kill -9 between any two writes, commits or calls: afterwards everything is there, once."""

import os

import pytest
from desks import die_at, ended, in_a_process, make_worker, work_until_done
from slackserver import clear, posted
from sqlmodel import select

from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import AnswerRow, Ticket, TicketEvent

INCIDENT = "I lost my laptop with the customer list"
EVENT = {"type": "message", "user": "UALICE", "channel": "DALICE", "channel_type": "im", "text": INCIDENT, "ts": "1.1"}
MOMENTS, EVERY = 75, 5
BODY = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": EVENT}


def live_and_die(url: str, slack_url: str, desk: Desk, moment: int) -> int:
    """A desk that gets the question and is killed at a moment; then one that gets it again, as Slack delivers again."""

    def dies() -> None:
        database, worker = make_worker(url, slack_url, desk)
        die_at(moment)
        work_until_done(database, worker, BODY)

    def lives() -> None:
        database, worker = make_worker(url, slack_url, desk)
        work_until_done(database, worker, BODY)

    how = ended(in_a_process(dies))
    assert ended(in_a_process(lives)) == 0
    return how


def rows(url: str) -> list[int]:
    database = Database(url)
    with database.transaction() as session:
        counts = [len(session.exec(select(table)).all()) for table in (AnswerRow, Ticket, TicketEvent)]
    database.close()
    return counts


@pytest.mark.parametrize("first", range(EVERY))
def test_nothing_is_lost_or_doubled(first: int, database_url: str, slack_url: str, quick_desk: Desk) -> None:
    killed = 0
    for moment in range(1 + first, MOMENTS, EVERY):
        clear(slack_url)
        fresh = fresh_database(database_url, moment)
        how = live_and_die(fresh, slack_url, quick_desk, moment)
        killed += how == -9
        assert how in (0, -9)
        assert rows(fresh) == [1, 1, 1], f"killed at moment {moment}"
        ids = sorted(message["metadata"]["event_payload"]["id"] for message in posted(slack_url))
        assert ids == ["1.answer", "card.1.0"], f"killed at moment {moment}"
    assert killed >= 8, "the moments are over before the work is"


def fresh_database(url: str, moment: int) -> str:
    """Another database beside this one, for one life."""
    if url.startswith("sqlite"):
        return f"{url}.{moment}"
    import psycopg  # noqa: PLC0415

    name = f"{url.rsplit('/', 1)[1]}_{moment}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rsplit('/', 1)[0]}/{name}"
