"""What people wrote is removed when its time is over; the record that something was handled stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from desk_hours import OPENS, DeskHours
from slackdouble import SlackDouble
from sqlmodel import SQLModel, col, select
from workspace import MANAGERS

from bot.cli.main import main
from bot.desk import Desk
from bot.handling.purging import purge_some
from bot.store.database import Database
from bot.store.tables import (
    AnswerRow,
    ConversationRow,
    Feedback,
    Inbound,
    Outbound,
    Precedent,
    Provision,
    Ticket,
    TicketEvent,
)
from bot.tickets import retention
from bot.tickets.course import Kind, State, Step
from bot.tickets.history import verify

MARK = "zanzibar"
"""A word that stands in everything that is written in these tests."""
NOW, DAY = datetime.now(UTC), timedelta(days=1)
KEPT = {
    Kind.INQUIRY: 365, Kind.DISCLOSURE: 1095, Kind.CORRECTION: 1095, Kind.SUSPENSION: 1095, Kind.INCIDENT: 1825,
}  # fmt: skip
TO_THE_END: dict[Kind, list[tuple[Step, dict[str, Any]]]] = {
    Kind.INQUIRY: [(Step.ANSWER, {"text": f"Yes, {MARK}."})],
    Kind.DISCLOSURE: [
        (Step.CHECK_IDENTITY, {"how": "known", "note": MARK}),
        (Step.INVESTIGATE, {}),
        (Step.DECIDE, {"decision": "granted", "explanation": MARK}),
        (Step.NOTIFY, {"text": f"Here it is, {MARK}.", "way": "thread"}),
    ],
    Kind.INCIDENT: [
        (Step.CONTAIN, {"what": f"wiped {MARK}"}),
        (Step.ASSESS, {"classes": [], "note": MARK}),
        (Step.NOT_REPORTABLE, {"why": MARK}),
    ],
}


@pytest.fixture
def hours(database: Database, desk: Desk, slack: SlackDouble) -> DeskHours:
    return DeskHours(database, desk, slack)


def handled(hours: DeskHours, kind: Kind) -> int:
    """A ticket from its opening to its closing, with the mark in all that anybody wrote."""
    number = hours.open(kind, MARK)
    if kind != Kind.INQUIRY:
        hours.step(number, Step.GIVE_DETAILS, user="UALICE", what=MARK, reach=f"{MARK}@example.com")
    hours.step(number, Step.ASK_REQUESTER, text=f"Which {MARK}?")
    ticket = hours.ticket(number)
    hours.handle("question", text=f"The {MARK} one", conversation=ticket.conversation_id, thread_ts=ticket.thread_ts)
    hours.step(number, Step.REPLY, text=f"Thank you for {MARK}.")
    for step, fields in TO_THE_END[kind]:
        hours.step(number, step, **fields)
    hours.step(number, Step.CLOSE)
    assert hours.ticket(number).state == State.CLOSED
    return number


def places(hours: DeskHours, mark: str = MARK) -> set[str]:
    """Every column of every table in which the mark stands."""
    found = set()
    with hours.database.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(table.select()).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if mark in str(value)}
    return found


def about(hours: DeskHours, table: type[SQLModel], *left_out: str) -> list[dict[str, Any]]:
    return [row.model_dump(exclude={"purged_at", *left_out}) for row in hours.rows(table)]


@pytest.mark.parametrize("kind", list(TO_THE_END))
def test_after_its_time_nothing_is_left_of_what_was_written_and_the_record_stays(hours: DeskHours, kind: Kind) -> None:
    number = handled(hours, kind)
    hours.deliver()
    closed_at = hours.ticket(number).closed_at
    assert closed_at is not None
    assert {"ticket.question", "ticket_event.texts", "outbound.body", "inbound.payload"} <= places(hours)
    tickets = about(hours, Ticket, "question", "answer", "details")
    events = about(hours, TicketEvent, "texts", "salt")
    verdict = hours.ticket(number).answer["verdict"]

    hours.duties(closed_at + timedelta(days=KEPT[kind]))
    assert "ticket.question" in places(hours)
    hours.duties(closed_at + timedelta(days=KEPT[kind], minutes=1))

    assert places(hours) == set()
    assert about(hours, Ticket, "question", "answer", "details") == tickets
    *before, purged = about(hours, TicketEvent, "texts", "salt")
    assert before == events
    assert (purged["kind"], purged["state"], purged["actor_id"]) == ("purged", "closed", "desk")
    assert hours.ticket(number).answer["verdict"] == verdict
    with hours.database.reading() as session:
        assert verify(session).fault is None


def test_a_ticket_that_is_open_keeps_everything_and_so_does_its_conversation(hours: DeskHours) -> None:
    number = hours.open(Kind.DISCLOSURE, MARK)
    hours.step(number, Step.GIVE_DETAILS, user="UALICE", what=MARK)
    tables = (Ticket, TicketEvent, ConversationRow, AnswerRow)
    before = [about(hours, table) for table in tables]
    hours.duties(NOW + 4000 * DAY)
    assert [about(hours, table) for table in tables] == before
    assert "outbound.body" in places(hours)


def test_what_arrived_is_removed_once_it_is_no_longer_needed_whatever_came_of_it(hours: DeskHours) -> None:
    hours.open(Kind.DISCLOSURE, MARK)
    hours.duties(NOW + 91 * DAY)
    assert "inbound.payload" not in places(hours)


def test_questions_without_a_ticket_go_after_their_own_time(hours: DeskHours) -> None:
    hours.handle("question", text=f"can I share {MARK} applicant data with an event co-host?")
    given = hours.rows(AnswerRow)[-1]
    fields = {"answer": given.id, "right": False, "reason": MARK}
    hours.handle("feedback", conversation=given.conversation_id, fields=fields)
    assert {"answer.form", "conversation.state", "inbound.payload", "outbound.body", "feedback.reason"} <= places(hours)
    hours.duties(NOW + 89 * DAY)
    assert "answer.form" in places(hours)
    hours.duties(NOW + 91 * DAY)
    assert places(hours) == set()
    (kept,) = hours.rows(AnswerRow)
    assert (kept.form["verdict"], kept.form["citations"]) == ("conditional", given.form["citations"])
    assert [len(hours.rows(table)) for table in (ConversationRow, Feedback, Inbound)] == [1, 1, 2]


def test_the_card_in_slack_is_replaced_once(hours: DeskHours) -> None:
    handled(hours, Kind.INQUIRY)
    hours.deliver()
    hours.slack.calls.clear()
    for later in (366, 367, 368):
        hours.duties(NOW + later * DAY)
    hours.deliver()
    (card,) = hours.slack.posted("chat.update")
    assert (card["channel"], card["ts"]) == (MANAGERS, hours.messages("card.1.0")[0].ts)
    assert "The texts were removed when their time was over." in str(card["blocks"])
    assert MARK not in str(card)


def test_a_precedent_stays_until_it_is_withdrawn(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY, MARK)
    hours.step(number, Step.ANSWER, text=f"Yes, {MARK}.", keep=["precedent"])
    hours.step(number, Step.CLOSE)
    hours.duties(NOW + 4000 * DAY)
    assert places(hours) == {"precedent.question", "precedent.answer"}
    with hours.database.transaction() as session:
        precedent = session.exec(select(Precedent)).one()
        precedent.withdrawn_at, precedent.withdrawn_by = NOW + 4000 * DAY, "UMANA"
    hours.duties(NOW + 4091 * DAY)
    assert places(hours) == set()


def test_a_record_of_provision_goes_on_the_day_after_the_last_on_which_it_must_be_kept(hours: DeskHours) -> None:
    hours.handle("question", text="can I share applicant data with an event co-host?")
    conversation = hours.rows(ConversationRow)[0].id
    kept = Provision(conversation_id=conversation, made_by="U1", keep_until=date(2031, 3, 31), record={"items": MARK})
    with hours.database.transaction() as session:
        session.add(kept)
    last = datetime(2031, 3, 31, 12, tzinfo=hours.settings.timezone)
    hours.duties(last)
    assert places(hours) == {"provision.record"}
    hours.duties(last + DAY)
    assert places(hours) == set()
    assert [row.keep_until for row in hours.rows(Provision)] == [date(2031, 3, 31)]


def test_of_two_tickets_in_one_conversation_the_later_one_keeps_it(hours: DeskHours) -> None:
    number = hours.open(Kind.INCIDENT, MARK)
    hours.handle("ask_manager", conversation=hours.ticket(number).conversation_id)
    assert len(hours.rows(Ticket)) == 1
    with hours.database.transaction() as session:
        first = session.exec(select(Ticket)).one()
        values = first.model_dump(exclude={"id"})
    inquiry = handled(hours, Kind.INQUIRY)
    with hours.database.transaction() as session:
        second = session.exec(select(Ticket).where(col(Ticket.number) == inquiry)).one()
        second.conversation_id = values["conversation_id"]
    hours.duties(NOW + 400 * DAY)
    kept = next(row for row in hours.rows(ConversationRow) if row.id == values["conversation_id"])
    assert MARK in str(kept.state)


def test_a_ticket_that_was_opened_again_is_purged_again(hours: DeskHours) -> None:
    number = handled(hours, Kind.INQUIRY)
    hours.duties(NOW + 366 * DAY)
    hours.step(number, Step.REOPEN, why=MARK)
    hours.step(number, Step.ANSWER, text=MARK)
    hours.step(number, Step.CLOSE)
    with hours.database.transaction() as session:
        session.exec(select(Ticket)).one().closed_at = NOW + 400 * DAY
    assert "ticket_event.texts" in places(hours)
    hours.duties(NOW + 766 * DAY)
    assert places(hours) == set()


def test_an_old_button_says_that_the_conversation_is_gone(hours: DeskHours) -> None:
    hours.handle("question", text="can I share applicant data with an event co-host?")
    conversation = hours.rows(ConversationRow)[0].id
    hours.duties(NOW + 91 * DAY)
    for kind in ("ask_manager", "answer_fact", "show_channel"):
        hours.handle(kind, conversation=conversation, fact="consent", value="given")
    assert hours.rows(Ticket) == []
    assert [one.body["text"] for one in hours.rows(Outbound)[-3:]] == [
        "I no longer have this conversation. Please ask again."
    ] * 3


def test_much_is_removed_a_little_at_a_time(hours: DeskHours, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("one", "two", "three"):
        hours.handle("question", text=f"can I share {MARK} {word} applicant data with an event co-host?")
    with hours.database.transaction() as session:
        monkeypatch.setattr(retention, "PARTS", tuple(replace(part, at_once=2) for part in retention.PARTS))
        assert len(purge_some(session, hours.office, NOW + 91 * DAY)["conversations"]) == 2
    hours.duties(NOW + 91 * DAY)
    assert places(hours) == set()


def test_the_command_says_what_it_would_remove_and_removes_it(
    hours: DeskHours, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVACY_DESK_DATABASE_URL", f"sqlite:///{tmp_path}/desk.db")
    monkeypatch.setattr("bot.store.tables.now", lambda: NOW + 366 * DAY)
    handled(hours, Kind.INQUIRY)
    with hours.database.transaction() as session:
        ticket = session.exec(select(Ticket)).one()
        ticket.closed_at = NOW
    before = places(hours)
    dry = CliRunner().invoke(main, ["purge", "--dry-run"])
    assert dry.output.startswith("would be purged: 1 tickets")
    assert places(hours) == before
    assert CliRunner().invoke(main, ["purge"]).output.startswith("purged: 1 tickets")
    assert places(hours) == set()
    assert CliRunner().invoke(main, ["purge"]).output == "purged: nothing\n"


def test_every_kind_has_a_time_of_its_own() -> None:
    assert set(KEPT) == set(OPENS) == set(Kind)
