"""Requests of individuals from the first word to the last: disclosure, correction, suspension."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from people import Person, labels, shown
from workspace import GENERAL, KEN, Workspace, words

from bot.store.tables import Ticket
from bot.tickets.course import REQUESTS
from bot.words import say
from knowledge import Pack

QUESTIONS = {
    ("disclosure", "en"): "I want to see all the data that the company holds about me",
    ("disclosure", "ja"): "会社が持っている私の個人情報をすべて開示してください",
    ("correction", "en"): "Please correct my address in the HR system, it is wrong",
    ("correction", "ja"): "人事システムの私の住所が間違っているので訂正してください",
    ("suspension", "en"): "Please delete all my data, I no longer use the service",
    ("suspension", "ja"): "私の個人情報の利用を停止して削除してください",
}
DETAILS = {
    "disclosure": {},
    "correction": {"right": "2-3-4 Ginza"},
    "suspension": {"ground": "no_longer_needed"},
}
DECISION = {"disclosure": "refused:harm", "correction": "granted", "suspension": "partly:no_longer_needed"}
NAMED = {"disclosure": "7(1)(i)", "correction": "8(2)", "suspension": "9(1)(iv)"}
COURSE = ("open", "identity_checked", "investigating", "decided", "notified", "closed")
TOLD = {
    "en": (
        "The details are with #1",
        "identity check",
        "being investigated",
        "is decided",
        "The notice on",
        "settle it",
    ),
    "ja": (
        "詳細を #1 に記録",
        "本人確認が終わり",
        "調査を始めました",
        "決定しました",
        "についての通知",
        "解決しましたか",
    ),
}


@dataclass
class Asked:
    """A request that was made by a mention, and the thread in which it was made."""

    workspace: Workspace
    ts: str

    def told(self) -> list[str]:
        return self.workspace.said(self.ts)


def asked(workspace: Workspace, kind: str, language: str) -> Asked:
    ts = workspace.mentions(QUESTIONS[kind, language])
    assert workspace.ticket().kind == kind
    return Asked(workspace, ts)


def gives_details(alice: Person, request: Asked, kind: str, language: str) -> None:
    (answer,) = request.workspace.slack.thread(GENERAL, request.ts)
    view = alice.presses(say(language, "ticket.give_details"), answer)
    alice.submits(view, whose="own", what="My address", reach="alice@example.com", identity="known", **DETAILS[kind])


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", ["disclosure", "correction", "suspension"])
def test_a_request_is_handled_from_the_first_word_to_the_last(
    kind: str, language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    request = asked(workspace, kind, language)
    states, cards = [], []

    def look() -> None:
        states.append(workspace.ticket().state)
        cards.append(words(workspace.card().content))

    look()
    gives_details(alice, request, kind, language)
    mika.takes("check_identity", how="known", note="She sits opposite.")
    look()
    mika.takes("investigate")
    look()
    mika.takes("decide", decision=DECISION[kind], explanation="As the register says.")
    look()
    mika.takes("notify")
    look()
    mika.takes("close")
    look()
    alice.presses(say(language, "ticket.settled_button"), alice.letters()[-1])

    assert tuple(states) == COURSE
    for card, state in zip(cards, COURSE, strict=True):
        assert f'\\n{say(language, f"ticket.states.{state}")}"' in card
    for told, fragment in zip(alice.told(), (*TOLD[language], say(language, "letter.thanks")), strict=True):
        assert fragment in told
    (notice,) = [one for one in alice.private() if NAMED[kind] in one]
    assert "As the register says." in notice
    assert "As the register says." not in "".join(request.told())
    assert "She sits opposite." not in "".join((notice, *request.told()))
    assert workspace.history() == [
        "opened", "give_details", "check_identity", "investigate", "decide", "notify", "close", "settle",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_others_in_the_channel_read_nothing_of_a_request_but_where_it_goes_on(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    request = asked(workspace, "disclosure", language)
    assert say(language, "ticket.by_direct") in request.told()[0]
    view = shown(mika.presses(say(language, "ticket.step.ask_requester"), workspace.card()))
    kind = say(language, "ticket.kind.disclosure")
    assert say(language, "form.goes_directly", channel=f"<#{GENERAL}>") in words(view)
    mika.submits(view, text="Which years of your illness?")
    mika.takes("reply", text="Thank you for the medical records.")
    mika.takes("change_due", due="2099-01-05", reason="Your doctor is away.")
    _, *others = request.told()
    word = say(language, "letter.goes_on_directly", kind=kind, number="#1")
    assert [one[1:-1].lower() for one in others] == [word.lower()]
    for fragment, told in zip(("illness", "medical", "doctor"), alice.told(), strict=True):
        assert fragment in told
    first, *later = alice.letters()
    assert {one.thread_ts for one in later} == {first.ts}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_the_requester_replies_in_the_direct_thread_reaches_the_ticket(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    request = asked(workspace, "disclosure", language)
    mika.takes("ask_requester", text="Which years?")
    before = request.told()
    alice.writes("All of them.", thread=alice.letters()[0].ts)
    assert "All of them." in workspace.under_the_card()
    assert workspace.ticket().waiting_since is None
    assert workspace.history() == ["opened", "ask_requester", "write"]
    assert say(language, "letter.passed_on", number="#1") in alice.told()[-1]
    assert alice.letters()[-1].thread_ts == alice.letters()[0].ts
    assert request.told() == before
    alice.writes("And the month.", thread=request.ts, channel=GENERAL)
    assert "And the month." in workspace.under_the_card()


@pytest.mark.parametrize("kind", sorted(REQUESTS))
def test_a_decision_offers_the_grounds_of_the_policy_and_no_others(
    kind: str, workspace: Workspace, alice: Person, mika: Person, pack: Pack
) -> None:
    asked(workspace, kind, "en")
    mika.takes("check_identity", how="known")
    mika.takes("investigate")
    view = shown(mika.presses("Decide", workspace.card()))
    offered = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    rules = pack.requests[kind]
    expected = [
        f"{outcome.id}:{ground.id}" for outcome in rules.outcomes for ground in rules.grounds_of(outcome.id)
    ] + [outcome.id for outcome in rules.outcomes if not rules.grounds_of(outcome.id)]
    assert sorted(offered) == sorted(expected)
    view["state"] = {"values": {"decision": {"value": {"selected_option": {"value": "refused:because"}}}}}
    mika.sends(view)
    assert workspace.ticket().state == "investigating"
    assert "Choose one of the offered answers" in mika.private()[-1]


def test_the_notice_is_a_draft_that_the_manager_edits(workspace: Workspace, alice: Person, mika: Person) -> None:
    request = asked(workspace, "disclosure", "en")
    mika.takes("check_identity", how="known")
    mika.takes("investigate")
    mika.takes("decide", decision="granted")
    view = shown(mika.presses("Notify the requester", workspace.card()))
    draft = view["blocks"][1]["element"]["initial_value"]
    assert "fee" in draft
    mika.submits(view, text=f"{draft}\n<See you & bye>")
    assert "&lt;See you &amp; bye&gt;" in alice.private()[-1]
    assert "See you" not in "".join(request.told())
    assert workspace.ticket().state == "notified"


def test_a_notice_given_in_another_way_is_not_sent_from_here(workspace: Workspace, alice: Person, mika: Person) -> None:
    request = asked(workspace, "correction", "en")
    mika.takes("check_identity", how="licence")
    mika.takes("investigate")
    mika.takes("decide", decision="refused:no_merit")
    mika.takes("notify", text="A letter on paper, 8(2).", way="other")
    assert "A letter on paper" not in "".join(request.told())
    assert "A letter on paper" not in "".join(alice.told())
    assert "in another way" in alice.told()[-1]


@pytest.mark.parametrize("kind", sorted(REQUESTS))
def test_a_request_is_due_in_two_weeks_and_the_day_of_a_suit_stands_on_the_card(
    kind: str, workspace: Workspace, alice: Person
) -> None:
    asked(workspace, kind, "en")
    day = tokyo_day(workspace.ticket().opened_at) + timedelta(days=14)
    assert tokyo_day(workspace.ticket().due_at) == day
    assert f"Two weeks end on {day}" in words(workspace.card().content)


def test_the_wait_for_the_requester_moves_the_due_date_and_not_the_day_of_a_suit(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    request = asked(workspace, "disclosure", "en")
    mika.takes("ask_requester", text="Which years?")
    workspace.days_pass(5)
    before = workspace.ticket()
    alice.writes("All of them.", thread=request.ts, channel=GENERAL)
    assert workspace.ticket().due_at == before.due_at + timedelta(days=5)
    suit = tokyo_day(before.opened_at) + timedelta(days=14)
    assert f"Two weeks end on {suit}" in words(workspace.card().content)


def test_the_details_end_the_wait_too(workspace: Workspace, alice: Person, mika: Person) -> None:
    request = asked(workspace, "suspension", "en")
    mika.takes("ask_requester", text="On which ground?")
    view = alice.presses("Give the details", workspace.slack.thread(GENERAL, request.ts)[0])
    alice.submits(view, whose="own", what="Everything", ground="unknown")
    assert workspace.ticket().waiting_since is None


@pytest.mark.parametrize("language", ["en", "ja"])
def test_contact_data_is_masked_on_the_card_and_shown_to_a_manager_who_asks(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    request = asked(workspace, "suspension", language)
    gives_details(alice, request, "suspension", language)
    card = words(workspace.card().content)
    assert "[e-mail]" in card
    assert "alice@example.com" not in card
    assert "9(1)(iv)" in card
    seen = shown(mika.presses(say(language, "ticket.details_button"), workspace.card()))
    assert "alice@example.com" in words(seen)
    everything = "".join(words(one.content) for one in workspace.slack.messages)
    assert "alice@example.com" not in everything


def test_the_details_form_names_the_ground_that_was_read(workspace: Workspace, alice: Person) -> None:
    request = asked(workspace, "suspension", "en")
    view = shown(alice.presses("Give the details", workspace.slack.thread(GENERAL, request.ts)[0]))
    (ground,) = [block["element"] for block in view["blocks"] if block["block_id"] == "ground"]
    assert ground["initial_option"]["value"] == "no_longer_needed"
    assert len(ground["options"]) == 10


def test_details_can_be_corrected_until_the_ticket_is_closed(workspace: Workspace, alice: Person, mika: Person) -> None:
    request = asked(workspace, "disclosure", "en")
    gives_details(alice, request, "disclosure", "en")
    answer = workspace.slack.thread(GENERAL, request.ts)[0]
    view = shown(alice.presses("Give the details", answer))
    assert view["blocks"][2]["element"]["initial_value"] == "My address"
    alice.submits(view, what="My salary")
    assert "My salary" in words(workspace.card().content)
    mika.submits(mika.presses("Merge", workspace.card()), number=str(another(workspace)))
    assert "is closed" in words(shown(alice.presses("Give the details", answer)))
    alice.submits(view, what="My address again")
    assert (workspace.ticket(1).details or {})["what"] == "My salary"


def another(workspace: Workspace) -> int:
    workspace.mentions(QUESTIONS["disclosure", "en"], user=KEN)
    return len(workspace.rows(Ticket))


def test_a_decided_request_is_no_longer_decided(workspace: Workspace, alice: Person, mika: Person) -> None:
    asked(workspace, "correction", "en")
    mika.takes("check_identity", how="known")
    mika.takes("investigate")
    mika.takes("decide", decision="granted")
    assert "Decide" not in labels(workspace.card().content)
    assert "Decided: 8(2) correct as requested" in words(workspace.card().content)


def tokyo_day(moment: datetime) -> date:
    return (moment + timedelta(hours=9)).date()
