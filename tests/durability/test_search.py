"""The index of words on both databases: made where tickets are already, and done without where it cannot be made."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import psycopg
import pytest
from alembic import command
from databases import PostgresServer
from desk_hours import DeskHours
from desks import desk_settings
from slackdouble import TEAM, SlackDouble, slack_double

from bot import doctor
from bot.desk import Desk
from bot.home import queries
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import now
from bot.tickets.course import Kind


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with slack_double() as double:
        yield double


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def before_there_was_an_index(url: str) -> Database:
    upgrade = command.upgrade
    with patch.object(command, "upgrade", lambda config, _: upgrade(config, "0100")):
        return Database(url)


def found(database: Database, words: str) -> list[int]:
    with database.reading() as session:
        tickets = queries.tickets(session, queries.Filter(team=TEAM, text=words), now(), 10, 0)
        return [ticket.number for ticket in tickets]


def test_tickets_that_were_there_before_the_index_are_found(
    database_url: str, quick_desk: Desk, slack: SlackDouble
) -> None:
    old = before_there_was_an_index(database_url)
    for word in ("zanzibar", "応募者の履歴書", "100%"):
        DeskHours(old, quick_desk, slack).open(Kind.INQUIRY, word)
    old.close()
    with opened(database_url) as database:
        DeskHours(database, quick_desk, slack).open(Kind.INQUIRY, "Zanzibar too")
        assert found(database, "zanzibar") == [4, 1]
        assert [found(database, words) for words in ("履歴書", "100%", "zan_ibar")] == [[2], [3], []]


def looked_over(url: str) -> str:
    settings = desk_settings("http://127.0.0.1:9/").model_dump() | {"privacy_desk_database_url": url}
    return "\n".join(f"{one.what} {one.advice}" for one in doctor._database(Settings(_env_file=None, **settings)))


def test_where_the_extension_may_not_be_made_search_works_and_the_doctor_says_what_to_do(
    postgres: PostgresServer, quick_desk: Desk, slack: SlackDouble
) -> None:
    url = postgres.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        connection.execute("GRANT CREATE ON SCHEMA public TO plain")
    plain = url.replace("desk@", "plain@", 1)
    with opened(plain) as database:
        DeskHours(database, quick_desk, slack).open(Kind.INQUIRY, "zanzibar")
        assert found(database, "zanzibar") == [1]
        told = looked_over(plain)
        assert "search: without an index" in told
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(told.split("Run in the database: ")[1].splitlines()[0])
        assert "search:" not in looked_over(plain)
        assert found(database, "zanzibar") == [1]
