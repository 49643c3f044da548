"""The commands of the terminal that read tickets and remove texts, on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk_hours import DeskHours
from slackdouble import SlackDouble, slack_double
from sqlmodel import select

from bot.cli.main import main
from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import Ticket, now
from bot.tickets.course import Kind, Step

WORD = "zanzibar"


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with slack_double() as double:
        yield double


@pytest.fixture
def hours(
    database_url: str, quick_desk: Desk, slack: SlackDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DeskHours]:
    """A desk with an answered and closed inquiry and an open request; the commands work on its database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVACY_DESK_DATABASE_URL", database_url)
    database = Database(database_url)
    hours = DeskHours(database, quick_desk, slack)
    inquiry = hours.open(Kind.INQUIRY, WORD)
    hours.step(inquiry, Step.ANSWER, text=f"Yes, {WORD}.")
    hours.step(inquiry, Step.CLOSE)
    hours.open(Kind.DISCLOSURE, WORD)
    yield hours
    database.close()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_tickets_are_listed_shown_exported_and_verified(hours: DeskHours) -> None:
    assert [line.split()[0] for line in run("tickets", "list").splitlines() if line.startswith("#")] == ["#2", "#1"]
    assert f"Yes, {WORD}." in run("tickets", "show", "1")
    lines = [json.loads(line) for line in run("tickets", "export", "--format", "jsonl").splitlines()]
    assert [one["kind"] for one in lines] == ["inquiry", "disclosure"]
    assert WORD in run("tickets", "export", "--format", "csv")
    assert "complete and unaltered" in run("tickets", "verify")


def test_texts_whose_time_is_over_are_purged_and_the_history_still_verifies(hours: DeskHours) -> None:
    with hours.database.transaction() as session:
        ticket = session.exec(select(Ticket).where(Ticket.number == 1)).one()
        ticket.closed_at = now().replace(year=now().year - 2)
    assert run("purge", "--dry-run").startswith("would be purged: 1 tickets")
    assert run("purge").startswith("purged: 1 tickets")
    assert run("purge") == "purged: nothing\n"
    assert hours.ticket(1).question == ""
    assert WORD in hours.ticket(2).question
    assert "complete and unaltered" in run("tickets", "verify")
