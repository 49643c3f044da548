"""Records of provision: offered where the law asks for one, filled in from the facts, kept with their last day."""

from datetime import date, datetime, timedelta

import pytest
from people import Person, labels, shown
from workspace import GENERAL, KEN, Workspace, words

from bot.store.tables import Provision, now
from bot.words import say

CONSENT = {"en": "can I share applicant data with an event co-host?", "ja": "応募者の情報を共催企業に渡していいですか"}
GIVEN = {
    "recipient": "Hall Ltd., 1-1 Ginza, Hana Sato",
    "persons": "The 12 speakers of the spring event",
    "items": "Names",
    "consent": "In writing, on 1 April 2026",
    "form": "batch",
    "on": "2026-04-10",
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_record_is_filled_in_from_the_facts_and_kept_to_its_last_day(
    language: str, workspace: Workspace, alice: Person
) -> None:
    ts = workspace.mentions(CONSENT[language])
    view = shown(alice.presses(say(language, "button.record"), workspace.slack.thread(GENERAL, ts)[0]))
    first = {block["block_id"]: block["element"].get("initial_value") for block in view["blocks"]}
    assert all(first[name] for name in ("recipient", "persons"))
    alice.submits(view, **GIVEN)
    (kept,) = workspace.rows(Provision)
    assert kept.keep_until == date(2029, 4, 10)
    assert (kept.made_by, kept.record["recipient"], kept.record["consent"]) == (
        alice.user, GIVEN["recipient"], GIVEN["consent"],
    )  # fmt: skip
    assert kept.record["basis"]
    assert say(language, "say.record_kept", until="2029-04-10") in workspace.said(ts)[-1]


@pytest.mark.parametrize(("form", "last"), [("contract", date(2027, 4, 10)), ("batch", date(2029, 4, 10))])
def test_how_long_a_record_is_kept_depends_on_its_form(
    form: str, last: date, workspace: Workspace, alice: Person
) -> None:
    ts = workspace.mentions(CONSENT["en"])
    view = alice.presses("Record of provision", workspace.slack.thread(GENERAL, ts)[0])
    alice.submits(view, **{**GIVEN, "form": form})
    assert [row.keep_until for row in workspace.rows(Provision)] == [last]


def test_a_single_record_is_kept_for_three_years_from_its_making(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(CONSENT["en"])
    view = alice.presses("Record of provision", workspace.slack.thread(GENERAL, ts)[0])
    alice.submits(view, **{**GIVEN, "form": "single"})
    today = tokyo_day(now())
    assert [row.keep_until for row in workspace.rows(Provision)] == [three_years_after(today)]


@pytest.mark.parametrize(
    "text",
    [
        "Can I give customer data to the police? They have a court order.",
        "Can I hand client addresses to the printing company that works for us on contract?",
        "May I use clients' addresses for a newsletter about a new product?",
        "What does the policy say about security measures?",
        "I lost my laptop with the customer list",
        "The applicants refused to consent. Can I share their data with the event co-host?",
    ],
)
def test_no_record_is_offered_where_the_law_asks_for_none(text: str, workspace: Workspace) -> None:
    ts = workspace.mentions(text)
    assert "Record of provision" not in labels(workspace.slack.thread(GENERAL, ts)[0].content)


def test_a_record_is_about_the_answer_under_which_it_was_made(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(CONSENT["en"])
    (first,) = workspace.slack.thread(GENERAL, ts)
    workspace.says("May I use clients' addresses for a newsletter about a new product?", thread=ts)
    view = shown(alice.presses("Record of provision", first))
    assert "applicant" in words(view)
    alice.submits(view, **GIVEN)
    (kept,) = workspace.rows(Provision)
    assert kept.record["basis"]


def test_a_record_is_made_by_the_asker_or_a_manager(
    workspace: Workspace, alice: Person, ken: Person, mika: Person
) -> None:
    ts = workspace.mentions(CONSENT["en"])
    (answer,) = workspace.slack.thread(GENERAL, ts)
    assert "submit" not in shown(ken.presses("Record of provision", answer))
    view = shown(mika.presses("Record of provision", answer))
    ken.submits(view, **GIVEN)
    assert workspace.rows(Provision) == []
    assert "Only the one who asked" in ken.private()[-1]
    mika.submits(mika.presses("Record of provision", answer), **GIVEN)
    assert [row.made_by for row in workspace.rows(Provision)] == [mika.user]


def test_a_record_with_an_empty_field_is_not_kept(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(CONSENT["en"])
    view = alice.presses("Record of provision", workspace.slack.thread(GENERAL, ts)[0])
    alice.submits(view, **{**GIVEN, "consent": " "})
    assert workspace.rows(Provision) == []
    assert "incomplete" in alice.private()[-1]


def test_nobody_asks_for_a_record_in_a_conversation_that_is_not_theirs(workspace: Workspace, ken: Person) -> None:
    workspace.mentions(CONSENT["en"], user=KEN)
    view = shown(ken.presses("Record of provision", workspace.slack.messages[0]))
    ken.sends({**view, "private_metadata": view["private_metadata"].replace('conversation":"', 'conversation":"x')})
    assert workspace.rows(Provision) == []


def tokyo_day(moment: datetime) -> date:
    return (moment + timedelta(hours=9)).date()


def three_years_after(day: date) -> date:
    return day.replace(year=day.year + 3, day=28 if (day.month, day.day) == (2, 29) else day.day)
