"""Due dates remind by themselves: before, on the day, and when it is over; each once."""

from datetime import datetime, timedelta

import pytest
from desk_hours import MANAGER, DeskHours
from slackdouble import SlackDouble
from sqlmodel import Session, select
from workspace import DIRECT, MANAGERS, Workspace

from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import Ticket
from bot.tickets.clocks import Clocks
from bot.tickets.course import Kind, Step

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def hours(database: Database, desk: Desk, slack: SlackDouble) -> DeskHours:
    return DeskHours(database, desk, slack)


def moments(hours: DeskHours, number: int) -> tuple[datetime, datetime, datetime]:
    """When the reminders of a ticket come: before, on the due day, after it."""
    clocks: Clocks = hours.office.clocks
    due_at = hours.ticket(number).due_at
    (_, before), (_, due) = clocks.reminders(due_at)
    return before, due, clocks.morning_of(clocks.day(due_at) + DAY)


def reminders(hours: DeskHours) -> list[str]:
    """What was said to the managers, without the ticket's name."""
    return [
        one.body["text"].split("#1 ", 1)[1]
        for one in hours.messages("remind.")
        if one.body["channel"] == MANAGERS and "card_overdue" not in one.name
    ]


def test_each_reminder_comes_at_its_moment_and_once(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY)
    due = hours.office.clocks.day(hours.ticket(number).due_at)
    said = []
    for moment in moments(hours, number):
        for at in (moment - MINUTE, moment, moment, moment + MINUTE):
            hours.duties(at)
            said.append(len(reminders(hours)))
    assert said == [0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3]
    assert reminders(hours) == [
        f"is due on {due}. Nobody has taken it yet.",
        f"is due today, {due}. Nobody has taken it yet.",
        f"was due on {due}. Nobody has taken it yet.",
    ]


def test_of_several_that_passed_while_the_desk_was_down_only_the_latest_is_sent(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY)
    hours.duties(moments(hours, number)[2] + 40 * DAY)
    (text,) = reminders(hours)
    assert text.startswith("was due on")


def test_a_reminder_stands_under_the_card_and_in_the_channel_and_goes_to_the_assignee(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY)
    hours.step(number, Step.TAKE)
    hours.deliver()
    card = next(message for message in hours.slack.posted() if message["channel"] == MANAGERS)
    hours.slack.calls.clear()
    hours.duties(moments(hours, number)[1])
    hours.deliver()
    in_channel, direct = hours.slack.posted()
    assert (in_channel["channel"], in_channel["reply_broadcast"]) == (MANAGERS, True)
    assert in_channel["thread_ts"] == hours.messages("card.1.0")[0].ts
    assert card["text"] == "Inquiry #1"
    assert (direct["channel"], direct["text"]) == (MANAGER, in_channel["text"])
    assert f"<@{MANAGER}>" in direct["text"]
    assert "thread_ts" not in direct


def test_where_no_channel_is_set_each_manager_is_reminded_once(
    database: Database, desk: Desk, slack: SlackDouble
) -> None:
    hours = DeskHours(database, desk, slack, privacy_desk_manager_channel=None)
    number = hours.open(Kind.INQUIRY)
    hours.step(number, Step.TAKE)
    hours.duties(moments(hours, number)[1])
    assert [one.body["channel"] for one in hours.messages("remind.1.due")] == [MANAGER]


def test_with_nobody_to_tell_nothing_waits(database: Database, desk: Desk, slack: SlackDouble) -> None:
    hours = DeskHours(database, desk, slack, privacy_desk_manager_channel=None, privacy_desk_managers=())
    number = hours.open(Kind.INQUIRY)
    hours.duties(moments(hours, number)[2])
    assert hours.messages("remind.") == []


def test_a_ticket_that_is_closed_or_waits_for_its_requester_is_left_alone(hours: DeskHours) -> None:
    closed, waiting = hours.open(Kind.INQUIRY), hours.open(Kind.INQUIRY, "again")
    hours.step(closed, Step.ANSWER, text="You may.")
    hours.step(closed, Step.CLOSE)
    hours.step(waiting, Step.ASK_REQUESTER, text="Which client?")
    hours.duties(moments(hours, waiting)[2])
    assert hours.messages("remind.") == []


def test_a_due_date_that_was_changed_gets_new_reminders(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY)
    hours.duties(moments(hours, number)[1])
    later = hours.office.clocks.day(hours.ticket(number).due_at) + 7 * DAY
    hours.step(number, Step.CHANGE_DUE, due=later.isoformat(), reason="The client is abroad.")
    hours.duties(moments(hours, number)[1])
    assert [text.split(".")[0].split(", ")[-1] for text in reminders(hours)] == [
        (later - 7 * DAY).isoformat(),
        later.isoformat(),
    ]


def test_both_reports_of_an_incident_remind(hours: DeskHours) -> None:
    number = hours.open(Kind.INCIDENT)
    preliminary = moments(hours, number)[1]
    hours.duties(preliminary)
    hours.step(number, Step.CONTAIN, what="wiped")
    hours.step(number, Step.ASSESS, classes=["mass"])
    hours.step(number, Step.REPORT, stage="preliminary")
    final = moments(hours, number)[1]
    hours.duties(final)
    days = {one.name.split(".")[3] for one in hours.messages("remind.1.due.")}
    assert days == {hours.office.clocks.day(moment).isoformat() for moment in (preliminary, final)}


def test_a_reminder_whose_moment_passed_before_the_ticket_was_opened_is_not_sent(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY)
    today = hours.office.clocks.day(hours.ticket(number).opened_at)
    hours.step(number, Step.CHANGE_DUE, due=today.isoformat(), reason="It is urgent.")
    hours.duties(hours.ticket(number).opened_at + MINUTE)
    assert not [one for one in hours.messages("remind.") if ".before." in one.name]


def test_a_card_shows_once_that_it_is_overdue(hours: DeskHours) -> None:
    number = hours.open(Kind.INQUIRY)
    hours.deliver()
    due_at = hours.ticket(number).due_at
    for at in (due_at - MINUTE, due_at + MINUTE, due_at + 2 * MINUTE):
        hours.duties(at)
    hours.deliver()
    (shown,) = hours.slack.posted("chat.update")
    assert (shown["channel"], shown["ts"]) == (MANAGERS, hours.messages("card.1.0")[0].ts)
    assert f"{hours.office.clocks.day(due_at)} (overdue)" in str(shown["blocks"])


def test_reminders_are_in_the_language_of_the_ticket(hours: DeskHours) -> None:
    hours.handle("question", text="個人データが入ったパソコンをなくしました")
    hours.duties(moments(hours, 1)[1])
    assert "本日" in hours.messages("remind.1.due")[0].body["text"]


def test_many_at_once_are_written_in_several_transactions(hours: DeskHours, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handling.reminders.AT_ONCE", 2)
    for word in ("one", "two", "three", "four", "five"):
        hours.open(Kind.INCIDENT, word)
    hours.duties(moments(hours, 1)[1])
    assert len(hours.messages("remind.")) == 5


def test_the_desk_has_its_duties_and_does_them_by_itself(workspace: Workspace) -> None:
    workspace.says("I lost my laptop with customer data", channel=DIRECT)
    with workspace.database.transaction() as session:
        ticket = session.exec(select(Ticket)).one()
        ticket.due_at -= 30 * DAY
        ticket.opened_at -= 30 * DAY
    for name in workspace.worker.duties.known:
        workspace.worker._duty(name)
    workspace.worker.work()
    assert "was due on" in workspace.slack.posted()[-1]["text"]


def test_a_duty_with_much_to_do_does_it_in_several_transactions(workspace: Workspace) -> None:
    sessions = []

    def much(session: Session) -> bool:
        sessions.append(session)
        return len(sessions) < 3

    workspace.worker.duties.every(60, "much", much)
    workspace.worker._duty("much")
    assert len(set(map(id, sessions))) == 3
