"""The store: one file, its schema brought up to date at start, everything of one message in one transaction."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from slackdouble import SlackDouble
from sqlmodel import SQLModel
from workspace import DIRECT, Workspace

from bot.desk import Desk
from bot.store.database import Database, DatabaseError
from bot.store.search import INDEX_NAME
from bot.store.tables import AnswerRow, Inbound, Outbound, Ticket, TicketEvent

INCIDENT = "I lost my laptop with customer data"


def test_the_migrations_make_the_tables_that_the_models_describe(database: Database) -> None:
    def of_a_model(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not (name or "").startswith(INDEX_NAME)  # the index of words keeps tables of its own

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": of_a_model})
        differences = compare_metadata(context, SQLModel.metadata)
    assert differences == []


def test_it_writes_ahead_and_checks_references(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_opening_again_keeps_what_is_there(tmp_path: Path, slack: SlackDouble, desk: Desk) -> None:
    url = f"sqlite:///{tmp_path}/again.db"
    first = Database(url)
    Workspace(slack, first, desk).says(INCIDENT, channel=DIRECT)
    first.close()
    second = Database(url)
    assert [ticket.number for ticket in Workspace(slack, second, desk).rows(Ticket)] == [1]
    second.close()


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/desk.db", "not a url", "postgresql+none://u:hush@h/d"])
def test_a_database_that_cannot_be_opened_says_so_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError, match="PRIVACY_DESK_DATABASE_URL") as error:
        Database(url)
    assert "hush" not in str(error.value)


def test_an_answer_and_its_ticket_are_written_together_or_not_at_all(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the card cannot be drawn")

    monkeypatch.setattr("bot.handling.tickets.card_blocks", broken)
    workspace.says(INCIDENT, channel=DIRECT)
    assert [workspace.rows(table) for table in (AnswerRow, Ticket, TicketEvent)] == [[], [], []]
    (told,) = workspace.rows(Outbound)
    assert "reference" in told.body["text"]
    monkeypatch.undo()
    workspace.says(INCIDENT, channel=DIRECT)
    assert [ticket.number for ticket in workspace.rows(Ticket)] == [1]


def test_what_was_accepted_before_a_crash_is_answered_after_it(
    tmp_path: Path, slack: SlackDouble, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/crash.db"
    first = Workspace(slack, Database(url), desk)
    monkeypatch.setattr(first.worker, "work", lambda: True)
    first.says(INCIDENT, channel=DIRECT)
    first.database.close()
    assert (len(first.rows(Inbound)), slack.posted()) == (1, [])
    first.database.close()
    second = Workspace(slack, Database(url), desk)
    second.worker.work()
    assert len(slack.posted()) == 2
    second.database.close()
