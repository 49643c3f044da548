"""Incidents from the first word to the last, with their legal clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from people import Entered, Person, labels, shown
from workspace import ALICE, GENERAL, Workspace, words

from bot.tickets.business_days import next_business_day
from bot.words import say

TOLD = {"en": "I lost my laptop with the customer list", "ja": "顧客名簿の入ったパソコンを紛失しました"}
UNKNOWN: dict[str, Entered] = {"people": "unknown", "data": ["unknown"], "cause": "unknown", "ongoing": "unknown"}
ATTACK: dict[str, Entered] = {"people": "mass", "data": ["contact", "financial"], "cause": "attack", "ongoing": "yes"}


def day(moment: datetime) -> date:
    """The day in Tokyo."""
    return (moment + timedelta(hours=9)).date()


def due(workspace: Workspace) -> date:
    return day(workspace.ticket().due_at)


def last_day(known: date, days: int) -> date:
    """The last of so many days, of which the first is the day of knowing; a closed office moves it."""
    return next_business_day(known + timedelta(days=days - 1))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_incident_is_handled_from_the_first_word_to_the_last(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    ts = workspace.mentions(TOLD[language])
    (answer,) = workspace.slack.thread(GENERAL, ts)
    alice.submits(alice.presses(say(language, "ticket.give_details"), answer), what="A laptop", **UNKNOWN)
    mika.takes("contain", what="Wiped from afar.")
    mika.takes("assess", classes=["financial"], note="Card numbers.")
    mika.takes("report", stage="preliminary")
    mika.takes("report", stage="final")
    mika.takes("close")
    alice.presses(say(language, "ticket.settled_button"), alice.letters()[-1])

    assert workspace.history() == [
        "opened", "give_details", "contain", "assess", "report", "report", "close", "settle",
    ]  # fmt: skip
    told = alice.told()
    stages = [say(language, f"ticket.stage.{stage}") for stage in ("preliminary", "final")]
    assert [stage in text for stage, text in zip(stages, told[2:4], strict=True)] == [True, True]
    everything = "".join((*told, *workspace.said(ts)))
    assert "Wiped from afar." not in everything
    assert "Card numbers." not in everything
    card = words(workspace.card().content)
    assert say(language, "ticket.class.financial") in card
    assert stages[1] in card


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_need_not_be_reported_is_closed_with_the_reason_in_the_history(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    workspace.mentions(TOLD[language])
    mika.takes("contain", what="Found again.")
    mika.takes("assess")
    mika.takes("not_reportable", why="Encrypted, and back within the hour.")
    mika.takes("close")
    assert workspace.history() == ["opened", "contain", "assess", "not_reportable", "close"]
    told = say(language, "letter.not_reportable", kind=say(language, "ticket.kind.incident"), number="#1")
    assert told[1:] in "".join(alice.told())
    assert "Encrypted" not in "".join(alice.told())


@pytest.mark.parametrize(("language", "command"), [("en", "report"), ("ja", "報告")])
def test_an_incident_is_reported_by_the_command(
    language: str, command: str, workspace: Workspace, alice: Person
) -> None:
    alice.submits(alice.commands(command), what=f"{TOLD[language]} alice@example.com", **ATTACK)
    ticket = workspace.ticket()
    assert (ticket.kind, ticket.urgency, ticket.requester_id, ticket.language) == (
        "incident",
        "urgent",
        ALICE,
        language,
    )
    assert "alice@example.com" not in ticket.question
    assert (ticket.details or {})["what"].endswith("alice@example.com")
    assert "alice@example.com" not in words(workspace.card().content)
    answer = workspace.slack.messages[0]
    assert (answer.channel, answer.thread_ts) == (alice.direct, None)
    assert say(language, "verdict.incident") in words(answer.content)
    assert "#1" in words(answer.content)
    assert workspace.history() == ["opened", "give_details"]


def test_an_incident_is_reported_by_the_shortcut_and_followed_in_a_direct_thread(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    alice.submits(alice.starts_a_report(), what="Somebody called and asked for a list", **UNKNOWN)
    root = workspace.slack.messages[0]
    mika.takes("contain", what="Told everybody.")
    assert "is contained" in workspace.said(root.ts, alice.direct)[-1]
    mika.takes("ask_requester", text="Which list?")
    assert workspace.ticket().waiting_since is None
    alice.writes("The one of last year.", thread=root.ts)
    assert "The one of last year." in workspace.under_the_card()


def test_everything_about_an_incident_can_be_unknown_yet(workspace: Workspace, alice: Person) -> None:
    view = shown(alice.starts_a_report())
    asked = [block for block in view["blocks"] if "options" in block["element"]]
    assert len(asked) == 4
    for block in asked:
        assert "I don't know yet" in [option["text"]["text"] for option in block["element"]["options"]]
    alice.submits(view, what="?", **UNKNOWN)
    assert (workspace.ticket().details or {}).keys() == {"what", *UNKNOWN}


def test_whatever_is_reported_as_an_incident_is_one(workspace: Workspace, alice: Person) -> None:
    alice.submits(alice.starts_a_report(), what="Where is the coffee machine?", **UNKNOWN)
    assert workspace.ticket().kind == "incident"
    assert "Delete, resend or forward nothing" in words(workspace.slack.messages[0].content)


def test_a_report_that_is_sent_twice_is_one_ticket(workspace: Workspace, alice: Person) -> None:
    view = shown(alice.starts_a_report())
    alice.submits(view, what="A list was sent out", **UNKNOWN)
    alice.submits(view, what="A list was sent out", **UNKNOWN)
    assert workspace.ticket().number == 1
    assert workspace.history() == ["opened", "give_details"]


def test_known_since_moves_the_preliminary_report(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(TOLD["en"])
    opened = day(workspace.ticket().opened_at)
    assert due(workspace) == opened + timedelta(days=2)
    assert "until a manager says otherwise" in words(workspace.card().content)
    known = workspace.ticket().opened_at - timedelta(days=2)
    mika.takes("set_known_at", at=int(known.timestamp()))
    assert due(workspace) == opened
    card = words(workspace.card().content)
    assert (
        f"Known since {day(known)}. Preliminary report by {opened}, at the latest {opened + timedelta(days=2)}" in card
    )
    assert f"final report by {last_day(day(known), 30)}" in card
    assert "until a manager says otherwise" not in card


def test_known_since_offers_when_the_reporter_noticed_it(workspace: Workspace, alice: Person, mika: Person) -> None:
    noticed = int(datetime(2026, 5, 1, 3, 0, tzinfo=UTC).timestamp())
    alice.submits(alice.starts_a_report(), what="A list", noticed=noticed, **UNKNOWN)
    view = shown(mika.presses("Known since", workspace.card()))
    assert view["blocks"][1]["element"]["initial_date_time"] == noticed


@pytest.mark.parametrize(("moment", "sentence"), [
    (4_102_444_800, "Choose a moment that has passed."), (1_000_000_000, "are not known here"),
])  # fmt: skip
def test_known_since_is_a_moment_that_the_clocks_know(
    moment: int, sentence: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    workspace.mentions(TOLD["en"])
    before = workspace.ticket().due_at
    mika.takes("set_known_at", at=moment)
    assert sentence in mika.private()[-1]
    assert (workspace.ticket().due_at, workspace.history()) == (before, ["opened"])


@pytest.mark.parametrize(("classes", "days"), [(["sensitive"], 30), (["mass", "malicious"], 60)])
def test_after_the_preliminary_report_the_final_one_is_due(
    classes: list[str], days: int, workspace: Workspace, alice: Person, mika: Person
) -> None:
    workspace.mentions(TOLD["en"])
    mika.takes("contain", what="Wiped.")
    mika.takes("assess", classes=classes)
    mika.takes("report", stage="preliminary")
    assert due(workspace) == last_day(day(workspace.ticket().opened_at), days)
    assert "No final report is recorded yet" in str(workspace.card().content["blocks"])


def test_the_final_date_follows_the_class_and_known_since(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(TOLD["en"])
    mika.takes("contain", what="Wiped.")
    mika.takes("assess", classes=["sensitive"])
    mika.takes("report", stage="preliminary")
    opened = day(workspace.ticket().opened_at)
    mika.takes("assess", classes=["malicious"])
    assert due(workspace) == last_day(opened, 60)
    mika.takes("set_known_at", at=int((workspace.ticket().opened_at - timedelta(days=3)).timestamp()))
    assert due(workspace) == last_day(opened - timedelta(days=3), 60)
    mika.takes("assess", classes=["sensitive"])
    assert due(workspace) == last_day(opened - timedelta(days=3), 30)
    mika.takes("report", stage="final")
    mika.takes("set_known_at", at=int(workspace.ticket().opened_at.timestamp()))
    assert due(workspace) == last_day(opened, 30)


def test_the_assessment_begins_with_what_the_details_speak_for(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    alice.submits(alice.starts_a_report(), what="An attack", **ATTACK)
    mika.takes("contain", what="Closed the port.")
    view = shown(mika.presses("Assess", workspace.card()))
    assert [option["value"] for option in view["blocks"][1]["element"]["initial_options"]] == [
        "financial", "malicious", "mass",
    ]  # fmt: skip


def test_the_clock_of_an_incident_never_stands_still(workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(TOLD["en"])
    before = workspace.ticket().due_at
    mika.takes("ask_requester", text="Which list?")
    alice.writes("That of clients.", thread=ts, channel=GENERAL)
    assert workspace.ticket().due_at == before
    assert "Which list?" in alice.told()[-1]


def test_a_reopened_incident_is_assessed_again(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(TOLD["en"])
    mika.takes("contain", what="Wiped.")
    mika.takes("assess")
    mika.takes("not_reportable", why="Encrypted.")
    mika.takes("close")
    alice.presses("No, reopen", alice.letters()[-1])
    assert workspace.ticket().state == "contained"
    assert "Assess" in labels(workspace.card().content)


def test_the_card_says_when_it_was_noticed_in_the_companys_time(workspace: Workspace, alice: Person) -> None:
    noticed = int(datetime(2026, 5, 1, 20, 30, tzinfo=UTC).timestamp())
    alice.submits(alice.starts_a_report(), what="A list", noticed=noticed, **UNKNOWN)
    assert "2026-05-02 05:30" in words(workspace.card().content)
