"""The auditor's commands: list, show, export, verify; and the precedents."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from desk_hours import MANAGER, DeskHours
from slackdouble import SlackDouble
from sqlmodel import col, select, update

from bot.cli.main import main
from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import AnswerRow, Provision, Ticket
from bot.tickets.course import Kind, Step

CONTACT = "alice@example.com"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the database of the test, and no `.env` is near."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVACY_DESK_DATABASE_URL", f"sqlite:///{tmp_path}/desk.db")


@pytest.fixture
def hours(database: Database, desk: Desk, slack: SlackDouble) -> DeskHours:
    """#1: an inquiry that was answered and kept as a precedent; #2: a request with details; #3: a late incident."""
    hours = DeskHours(database, desk, slack)
    inquiry = hours.open(Kind.INQUIRY, "=1+1")
    hours.step(inquiry, Step.ANSWER, text="=HYPERLINK(0)", keep=["precedent"])
    hours.step(inquiry, Step.CLOSE)
    request = hours.open(Kind.DISCLOSURE)
    hours.step(request, Step.GIVE_DETAILS, user="UALICE", what="everything & more", reach=CONTACT)
    late = hours.open(Kind.INCIDENT)
    hours.step(late, Step.TAKE)
    with hours.database.transaction() as session:
        session.exec(update(Ticket).where(col(Ticket.number) == 3).values(due_at=datetime(2026, 1, 1, tzinfo=UTC)))
    return hours


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--reader", "cues", *arguments])


def lines(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def provide(hours: DeskHours, question: str) -> None:
    """Somebody asks, and keeps a record of provision under the answer."""
    hours.handle("question", text=question)
    with hours.database.transaction() as session:
        given = session.exec(select(AnswerRow).order_by(col(AnswerRow.id).desc())).first()
    assert given is not None
    texts = {name: f"{name} of it" for name in ("recipient", "persons", "items", "consent")}
    hours.handle(
        "provision", conversation=given.conversation_id, fields={**texts, "basis": "consent", "form": "single"}
    )


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ([], [3, 2, 1]),
        (["--kind", "disclosure"], [2]),
        (["--state", "closed"], [1]),
        (["--assignee", MANAGER], [3, 1]),
        (["--overdue"], [3]),
        (["--kind", "inquiry", "--overdue"], []),
    ],
)
def test_list_shows_the_newest_first_and_filters(hours: DeskHours, filters: list[str], numbers: list[int]) -> None:
    assert [line["number"] for line in lines("tickets", "list", "--json", *filters)] == numbers
    assert [line.split()[0] for line in run("tickets", "list", *filters).output.splitlines()] == [
        f"#{number}" for number in numbers
    ]


def test_list_names_the_states_where_one_is_unknown() -> None:
    result = run("tickets", "list", "--state", "done")
    assert result.exit_code == 1
    assert "there is no state 'done'; there are open, in_progress" in result.output


def test_list_keeps_details_back(hours: DeskHours) -> None:
    assert CONTACT not in run("tickets", "list", "--json").output


def test_show_has_details_as_they_were_given_and_the_whole_history(hours: DeskHours) -> None:
    output = run("tickets", "show", "2").output
    assert output.startswith("#2  disclosure  open")
    assert "everything & more" in output
    assert CONTACT in output
    assert [step for step in ("opened -> open", "give_details -> open") if step not in output] == []
    assert "=HYPERLINK(0)" in run("tickets", "show", "1").output


def test_show_says_where_there_is_no_such_ticket() -> None:
    result = run("tickets", "show", "9")
    assert (result.exit_code, result.output) == (1, "Error: there is no ticket #9\n")


def test_json_lines_hold_each_ticket_with_everything(hours: DeskHours) -> None:
    provide(hours, OPENS_NOTHING)
    *exported, record = lines("tickets", "export", "--format", "jsonl")
    assert [ticket["number"] for ticket in exported] == [1, 2, 3]
    assert [event["kind"] for event in exported[0]["events"]] == ["opened", "take", "answer", "precedent_kept", "close"]
    assert exported[0]["events"][2]["texts"] == {"answer": "=HYPERLINK(0)"}
    assert exported[1]["details"]["reach"] == CONTACT
    assert (record["type"], record["record"]["items"]) == ("provision", "items of it")


OPENS_NOTHING = "can I share applicant data with an event co-host?"


def test_csv_has_a_line_for_each_event_and_each_record(hours: DeskHours) -> None:
    provide(hours, OPENS_NOTHING)
    found = cells(run("tickets", "export", "--format", "csv").output)
    assert [(row["ticket"], row["step"]) for row in found] == [
        ("1", "opened"), ("1", "take"), ("1", "answer"), ("1", "precedent_kept"), ("1", "close"),
        ("2", "opened"), ("2", "give_details"), ("3", "opened"), ("3", "take"), ("", ""),
    ]  # fmt: skip
    assert (found[-1]["line"], found[-1]["record_recipient"]) == ("provision", "recipient of it")
    assert found[0]["text"].startswith("question: May I keep")
    assert found[3]["state_now"] == "closed"


def test_a_record_goes_with_the_ticket_of_its_conversation(hours: DeskHours) -> None:
    provide(hours, OPENS_NOTHING)
    hours.handle("ask_manager", conversation=hours.rows(Provision)[0].conversation_id)
    exported = lines("tickets", "export", "--format", "jsonl")
    assert [len(ticket["provisions"]) for ticket in exported] == [0, 0, 0, 1]
    assert "Record of provision" in run("tickets", "show", "4").output


def test_no_cell_of_the_csv_is_a_formula(hours: DeskHours) -> None:
    provide(hours, OPENS_NOTHING)
    with hours.database.transaction() as session:
        (record,) = session.exec(select(Provision)).all()
        evil = ("=1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1")
        record.record = dict(zip(("recipient", "persons", "items", "basis", "consent", "form", "x"), evil, strict=True))
    row = cells(run("tickets", "export", "--format", "csv").output)[-1]
    shown = [row[f"record_{name}"] for name in ("recipient", "persons", "items", "basis", "consent", "form")]
    assert shown == [f"'{text}" for text in evil[:6]]


def test_export_writes_a_file_that_a_spreadsheet_reads_in_any_language(hours: DeskHours, tmp_path: Path) -> None:
    hours.handle("question", text="個人データが入ったパソコンをなくしました")
    assert run("tickets", "export", "--format", "csv", "--output", "all.csv").output == ""
    written = (tmp_path / "all.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert "パソコンをなくしました" in written.decode("utf-8-sig")
    assert run("tickets", "export", "--format", "jsonl", "--output", "no/such/file").exit_code == 1


def test_export_since_a_day_has_what_happened_from_then_on_with_its_whole_history(hours: DeskHours) -> None:
    today = hours.office.clocks.day(hours.ticket(1).opened_at)
    assert len(lines("tickets", "export", "--format", "jsonl", "--since", today.isoformat())) == 3
    tomorrow = today + timedelta(days=1)
    assert lines("tickets", "export", "--format", "jsonl", "--since", tomorrow.isoformat()) == []


def test_export_reads_in_batches(hours: DeskHours, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.tickets.records.BATCH", 1)
    assert len(lines("tickets", "export", "--format", "jsonl")) == 3


def whole(database: Database, desk: Desk, slack: SlackDouble) -> DeskHours:
    hours = DeskHours(database, desk, slack)
    hours.open(Kind.INQUIRY)
    return hours


def test_verify_prints_count_and_head_and_finds_an_earlier_head(
    database: Database, desk: Desk, slack: SlackDouble
) -> None:
    hours = whole(database, desk, slack)
    first = run("tickets", "verify")
    assert first.exit_code == 0
    assert first.output.startswith("1 entries, complete and unaltered\nhead ")
    head = first.output.split()[-1]
    hours.step(1, Step.TAKE)
    assert f"the head {head} is entry 1" in run("tickets", "verify", "--head", head).output
    other = run("tickets", "verify", "--head", "0" * 64)
    assert other.exit_code == 1
    assert "is not in the chain" in other.output


def test_verify_names_the_first_entry_that_is_not_as_it_was_and_exits_with_1(hours: DeskHours) -> None:
    result = run("tickets", "verify")
    assert result.exit_code == 1
    assert "ticket #3 is not as this last entry left it" in result.output


def test_precedents_are_listed_and_withdrawn(hours: DeskHours) -> None:
    (kept,) = lines("precedents", "list", "--json")
    assert (kept["ticket"], kept["answer"], kept["policy_version"]) == (1, "=HYPERLINK(0)", "2026-02-09")
    assert "#1  kept by UMANA" in run("precedents", "list").output
    assert run("precedents", "withdraw", "1").output == "the precedent of #1 is no longer shown\n"
    assert run("precedents", "list").output == ""
    assert "withdrawn by terminal" in run("precedents", "list", "--withdrawn").output
    assert run("precedents", "withdraw", "1").exit_code == 1
