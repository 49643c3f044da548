"""The history proves itself: whoever changes the store by hand is found, and what they changed is named."""

from typing import Any

import pytest
from desk_hours import MANAGER, DeskHours
from slackdouble import SlackDouble
from sqlalchemy.dialects import sqlite

from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import ConversationRow, Ticket, TicketEvent
from bot.tickets.course import Kind, Step
from bot.tickets.history import verify
from bot.tickets.proof import Verified

OTHER = {"INTEGER": "77", "VARCHAR": "'other'", "JSON": """'{"other": 1}'""", "DATETIME": "'2001-01-01 00:00:00'"}
"""What is put in by hand, for each type of column."""


@pytest.fixture
def hours(database: Database, desk: Desk, slack: SlackDouble) -> DeskHours:
    """Three tickets: an inquiry that was answered, a request with its details, an incident just opened."""
    hours = DeskHours(database, desk, slack)
    inquiry = hours.open(Kind.INQUIRY)
    hours.step(inquiry, Step.TAKE)
    request = hours.open(Kind.DISCLOSURE)
    hours.step(request, Step.GIVE_DETAILS, user="UALICE", what="everything", reach="alice@example.com")
    hours.step(inquiry, Step.ANSWER, text="Yes, for a year.")
    hours.open(Kind.INCIDENT)
    return hours


def verified(hours: DeskHours) -> Verified:
    with hours.database.reading() as session:
        return verify(session)


def found(hours: DeskHours, *statements: str) -> str:
    """Change the store by hand, past all checks; gives what is found: "position: what is wrong"."""
    with hours.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("BEGIN")
    fault = verified(hours).fault
    return f"{fault.position}: {fault.what}" if fault else "nothing"


def test_what_nobody_touched_is_proved_whole(hours: DeskHours) -> None:
    result = verified(hours)
    assert (result.events, result.fault) == (6, None)
    assert result.head == max(hours.rows(TicketEvent), key=lambda event: int(event.position)).digest


def columns_of(table: type[Any]) -> list[Any]:
    return [column for column in table.__table__.columns if column.name != "id"]


def changed(column: Any) -> str:
    return OTHER[str(column.type.compile(sqlite.dialect()))]


@pytest.mark.parametrize("column", columns_of(TicketEvent), ids=lambda column: column.name)
@pytest.mark.parametrize("position", [1, 3, 6])
def test_a_change_in_any_column_of_any_event_is_found_at_that_event(
    hours: DeskHours, column: Any, position: int
) -> None:
    result = found(hours, f"UPDATE ticket_event SET {column.name} = {changed(column)} WHERE position = {position}")
    assert result.startswith(f"{position}: ")


@pytest.mark.parametrize("column", columns_of(Ticket), ids=lambda column: column.name)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_change_in_any_column_of_any_ticket_is_found(hours: DeskHours, column: Any, number: int) -> None:
    result = found(hours, f"UPDATE ticket SET {column.name} = {changed(column)} WHERE number = {number}")
    assert f"#{number} " in result


@pytest.mark.parametrize("column", ["texts", "salt"])
def test_what_was_written_cannot_be_taken_away_as_if_it_had_been_purged(hours: DeskHours, column: str) -> None:
    assert found(hours, f"UPDATE ticket_event SET {column} = NULL WHERE position = 5").startswith("5: what was written")
    emptied = "UPDATE ticket_event SET texts = NULL, salt = NULL WHERE position = 5"
    assert found(hours, emptied) == "5: what was written in this entry was removed"
    purged = "UPDATE ticket SET purged_at = '2099-01-01 00:00:00' WHERE number = 1"
    assert found(hours, purged) == "5: ticket #1 is not as this last entry left it"


def test_a_question_is_what_the_first_entry_says(hours: DeskHours) -> None:
    result = found(hours, "UPDATE ticket SET question = 'May I?' WHERE number = 1")
    assert result == "1: the question of ticket #1 is not the one in this entry"


def test_a_change_that_a_later_step_would_cover_is_found_in_what_never_changes(hours: DeskHours) -> None:
    found(hours, "UPDATE ticket SET requester_id = 'UKEN' WHERE number = 1")
    hours.step(1, Step.CLOSE)
    assert found(hours) == "1: ticket #1 is not the one that was opened in this entry"


WITHOUT_THE_LAST = (
    "DELETE FROM ticket_event WHERE position = 6",
    "UPDATE counter SET value = 5 WHERE name = 'ticket_event'",
)


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (("DELETE FROM ticket_event WHERE position = 1",), "1: this entry is missing"),
        (("DELETE FROM ticket_event WHERE position = 4",), "4: this entry is missing"),
        (("DELETE FROM ticket_event WHERE position = 6",), "6: this entry and all after it are missing"),
        (WITHOUT_THE_LAST, "None: ticket #3 has no history"),
        ((*WITHOUT_THE_LAST, "DELETE FROM ticket WHERE number = 3"), "None: ticket #3 and all after it are missing"),
        (("DELETE FROM ticket WHERE number = 2",), "None: ticket #2 is missing"),
        (
            ("DELETE FROM ticket_event WHERE ticket_id = 1", "DELETE FROM ticket WHERE id = 1"),
            "1: this entry is missing",
        ),
        (
            (
                "UPDATE ticket_event SET position = 99 WHERE position = 2",
                "UPDATE ticket_event SET position = 2 WHERE position = 3",
                "UPDATE ticket_event SET position = 3 WHERE position = 99",
            ),
            "2: this entry was altered",
        ),
        (
            (
                "DELETE FROM ticket_event WHERE position = 5",
                "UPDATE ticket_event SET position = 5 WHERE position = 6",
                "UPDATE counter SET value = 5 WHERE name = 'ticket_event'",
            ),
            "5: this entry was altered",
        ),
        (
            ("UPDATE counter SET value = 2 WHERE name = 'ticket_event'",),
            "3: this entry and all after it are not counted",
        ),
        (("UPDATE ticket SET number = 9 WHERE number = 3",), "None: ticket #3 is missing"),
    ],
)  # fmt: skip
def test_what_was_removed_or_put_in_another_order_is_named(
    hours: DeskHours, statements: tuple[str, ...], named: str
) -> None:
    assert found(hours, *statements) == named


def test_it_is_read_in_batches(hours: DeskHours, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.tickets.proof.BATCH", 2)
    assert (verified(hours).events, verified(hours).fault) == (6, None)


def test_whoever_reads_holds_up_nobody_who_writes(hours: DeskHours) -> None:
    with hours.database.reading() as session:
        before = verify(session)
        hours.step(1, Step.CLOSE)
        assert verify(session) == before
    assert verified(hours).events == 7


@pytest.mark.parametrize("column", ["question", "answer", "approved_by", "withdrawn_by"])
def test_a_precedent_is_as_its_last_entry_left_it(hours: DeskHours, column: str) -> None:
    number = hours.open(Kind.INQUIRY, "of a precedent")
    hours.step(number, Step.ANSWER, text="Yes.", keep=["precedent"])
    kept = verified(hours)
    assert kept.fault is None
    hours.handle("withdraw_precedent", user=MANAGER, ticket=number)
    after = verified(hours)
    assert (after.events, after.fault) == (kept.events + 1, None)
    told = found(hours, f"UPDATE precedent SET {column} = 'another'")
    assert told == f"{after.events}: what was kept by this entry was altered"


def test_a_precedent_does_not_vanish_unseen(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY, "of a precedent")
    hours.step(number, Step.ANSWER, text="Yes.", keep=["precedent"])
    told = found(hours, "DELETE FROM precedent")
    assert told.endswith("what was kept by this entry is missing")


def test_a_record_of_provision_that_belongs_to_a_ticket_is_in_its_history(hours: DeskHours) -> None:
    hours.handle("question", text="can I share applicant data with an event co-host?")
    conversation = hours.rows(ConversationRow)[-1].id
    hours.handle("ask_manager", conversation=conversation)
    before = verified(hours).events
    fields = {"recipient": "A", "persons": "B", "items": "C", "consent": "D", "on": "2026-04-01", "form": "batch"}
    hours.handle("provision", conversation=conversation, fields=fields)
    after = verified(hours)
    assert (after.events, after.fault) == (before + 1, None)
    told = found(hours, "UPDATE provision SET keep_until = '2026-05-01'")
    assert told == f"{after.events}: what was kept by this entry was altered"
