"""An inquiry from the first word to the last, through Slack's payloads alone."""

from datetime import timedelta

import pytest
from people import Person, labels, shown
from workspace import GENERAL, KEN, MIKA, NORI, Workspace, words

from bot.store.tables import Ticket, now
from bot.tickets.business_days import add_business_days, is_business_day
from bot.words import say

QUESTION = {
    "en": "How long must we keep the CVs of rejected applicants?",
    "ja": "不採用になった応募者の履歴書はいつまで保管しますか？",
}
STEPS = {
    "en": ("Take", "Answer", "Close", "No, reopen", "Yes, settled"),
    "ja": ("担当する", "回答する", "完了する", "いいえ、再開する", "はい、解決しました"),
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_inquiry_is_taken_answered_closed_reopened_and_settled(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    take, answer, close, reopen, settled = STEPS[language]
    ts = workspace.mentions(QUESTION[language])
    assert "#1" in workspace.said(ts)[0]

    mika.presses(take, workspace.card())
    assert f"<@{MIKA}>" in workspace.said(ts)[-1]
    mika.submits(mika.presses(answer, workspace.card()), text="Six months & <not> a day more.")
    assert ">Six months &amp; &lt;not&gt; a day more." in workspace.said(ts)[-1]
    mika.presses(close, workspace.card())
    (closed,) = [one for one in workspace.slack.thread(GENERAL, ts) if reopen in labels(one.content)]
    assert settled in labels(closed.content)
    assert workspace.ticket().state == "closed"

    alice.presses(reopen, closed)
    assert workspace.ticket().state == "in_progress"
    assert f"<@{alice.user}>" in workspace.under_the_card()
    mika.submits(mika.presses(answer, workspace.card()), text="Six months from the day of rejection.")
    mika.presses(close, workspace.card())
    alice.presses(settled, workspace.slack.thread(GENERAL, ts)[-1])

    assert len(workspace.said(ts)) == 8
    assert workspace.history() == [
        "opened", "take", "answer", "close", "reopen", "answer", "close", "settle",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_card_shows_how_the_inquiry_stands(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    take, answer, close, *_ = STEPS[language]
    workspace.mentions(QUESTION[language])
    seen = [words(workspace.card().content)]
    for act in (take, answer, close):
        view = mika.presses(act, workspace.card())
        if view:
            mika.submits(view, text="Six months.")
        seen.append(words(workspace.card().content))
    states = {"en": ("open", "in progress", "answered", "closed"), "ja": ("未着手", "対応中", "回答済み", "完了")}
    for text, state in zip(seen, states[language], strict=True):
        assert f'\\n{state}"' in text
        assert QUESTION[language] in text
    assert len([one for one in workspace.slack.messages if one.channel == "CMANAGERS"]) == 1


def test_an_inquiry_is_due_in_three_business_days(workspace: Workspace, alice: Person) -> None:
    workspace.mentions(QUESTION["en"])
    ticket = workspace.ticket()
    tokyo = timedelta(hours=9)
    due, opened = (ticket.due_at + tokyo).date(), (ticket.opened_at + tokyo).date()
    assert due == add_business_days(opened, 3)
    assert due.isoformat() in words(workspace.card().content)


def test_answering_at_once_takes_the_inquiry_too(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Answer", workspace.card()), text="Six months.")
    assert workspace.history() == ["opened", "take", "answer"]
    assert (workspace.ticket().state, workspace.ticket().assignee_id) == ("answered", MIKA)


@pytest.mark.parametrize(
    ("language", "ask", "paused"), [("en", "Ask the requester", "stands still"), ("ja", "依頼者に質問", "回答待ち")]
)
def test_the_clock_stands_still_until_the_requester_replies_in_the_thread(
    language: str, ask: str, paused: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    ts = workspace.mentions(QUESTION[language])
    mika.submits(mika.presses(ask, workspace.card()), text="Which applicants?")
    assert "Which applicants?" in workspace.said(ts)[-1]
    assert paused in words(workspace.card().content)

    workspace.days_pass(14)
    before = workspace.ticket().due_at
    alice.writes("Those of last spring; call me on 090-1234-5678 &lt;!channel&gt;", thread=ts, channel=GENERAL)
    tokyo = timedelta(hours=9)
    moved = add_business_days((before + tokyo).date(), 10 - holidays_since(workspace.ticket(), 14))
    assert (workspace.ticket().due_at + tokyo).date() == moved
    assert paused not in words(workspace.card().content)
    under = workspace.under_the_card()
    assert ">Those of last spring; call me on [phone] &lt;!channel&gt;" in under
    assert "#1" in workspace.said(ts)[-1]
    assert workspace.history() == ["opened", "ask_requester", "write"]


def holidays_since(ticket: Ticket, days: int) -> int:
    """How many weekdays of the last days were no business days, counted day by day."""
    today = (now() + timedelta(hours=9)).date()
    passed = [today - timedelta(days=back) for back in range(days)]
    return sum(day.weekday() < 5 and not is_business_day(day) for day in passed)


def test_a_reply_to_the_requester_goes_to_their_thread_and_changes_nothing_else(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    ts = workspace.mentions(QUESTION["en"])
    due = workspace.ticket().due_at
    mika.submits(mika.presses("Reply to requester", workspace.card()), text="I am looking it up.")
    assert "I am looking it up." in workspace.said(ts)[-1]
    assert (workspace.ticket().state, workspace.ticket().due_at) == ("open", due)


def test_what_managers_write_under_the_card_stays_there(workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    before = len(workspace.slack.messages)
    mika.writes("She asks this every year, ask legal.", thread=workspace.card().ts, channel="CMANAGERS")
    assert len(workspace.slack.messages) == before
    assert len(workspace.said(ts)) == 1
    assert workspace.history() == ["opened"]


def test_the_due_date_is_changed_with_a_reason(workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Change due date", workspace.card()), due="2099-03-31", reason="<!channel> audit & all")
    assert "2099-03-31" in words(workspace.card().content)
    assert "2099-03-31. Reason:" in workspace.said(ts)[-1]
    assert ">&lt;!channel&gt; audit &amp; all" in workspace.said(ts)[-1]
    mika.submits(mika.presses("Change due date", workspace.card()), due="2020-03-31", reason="back in time")
    assert "from today on" in mika.private()[-1]
    assert workspace.history() == ["opened", "change_due"]


def test_a_ticket_is_assigned_to_another_manager(workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Assign", workspace.card()), user=NORI)
    assert workspace.ticket().assignee_id == NORI
    assert f"<@{NORI}>" in words(workspace.card().content)
    assert f"<@{NORI}>" in workspace.said(ts)[-1]
    assert "Take" not in labels(workspace.card().content)


def test_a_ticket_is_assigned_to_managers_only(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Assign", workspace.card()), user=KEN)
    assert workspace.ticket().assignee_id is None
    assert f"<@{KEN}>" in mika.private()[-1]


def test_a_duplicate_is_merged_into_the_ticket_that_stays(
    workspace: Workspace, alice: Person, ken: Person, mika: Person
) -> None:
    workspace.mentions(QUESTION["en"])
    ts = workspace.mentions(f"{QUESTION['en']} &lt;!channel&gt;", user=KEN)
    mika.submits(mika.presses("Merge", workspace.card(2)), number="#1")
    assert (workspace.ticket(2).state, workspace.ticket(2).merged_into) == ("closed", 1)
    assert "#1" in workspace.said(ts)[-1]
    assert "#1" in words(workspace.card(2).content)
    assert "#2" in workspace.under_the_card(1)
    assert "<!channel>" not in workspace.under_the_card(1)


@pytest.mark.parametrize("number", ["1", "99", "abc", "<!channel>"])
def test_a_ticket_is_merged_into_another_open_one_only(
    number: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Merge", workspace.card()), number=number)
    assert workspace.history() == ["opened"]
    assert "no other open ticket" in mika.private()[-1]
    assert "<!channel>" not in mika.private()[-1]


def test_a_requester_reopens_within_fourteen_days_and_not_after(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    ts = workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Answer", workspace.card()), text="Six months.")
    mika.presses("Close", workspace.card())
    closed = workspace.slack.thread(GENERAL, ts)[-1]
    workspace.days_pass(14)
    alice.presses("No, reopen", closed)
    assert workspace.ticket().state == "in_progress"

    mika.submits(mika.presses("Answer", workspace.card()), text="Six months.")
    mika.presses("Close", workspace.card())
    workspace.days_pass(15)
    alice.presses("No, reopen", workspace.slack.thread(GENERAL, ts)[-1])
    assert workspace.ticket().state == "closed"
    assert "more than 14 days ago" in alice.private()[-1]
    mika.submits(mika.presses("Reopen", workspace.card()), why="It came up again.")
    assert workspace.ticket().state == "in_progress"


@pytest.mark.parametrize("entered", [" ", "　\n"])
def test_an_answer_without_words_is_not_sent(entered: str, workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    mika.submits(mika.presses("Answer", workspace.card()), text=entered)
    assert workspace.history() == ["opened"]
    assert len(workspace.said(ts)) == 1
    assert "fill in" in mika.private()[-1]


def test_nothing_of_a_long_answer_is_lost_on_its_way(workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    lines = [f"<{number}> & so on" for number in range(200)]
    mika.submits(mika.presses("Answer", workspace.card()), text="\n".join(lines)[:3000])
    received = "".join(workspace.said(ts)[-1])
    assert "&lt;150&gt; &amp; so on" in received


def test_a_question_in_the_thread_of_an_open_ticket_is_passed_on_and_answered(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    ts = workspace.mentions(QUESTION["en"])
    alice.writes("And can I share applicant data with an event co-host?", thread=ts, channel=GENERAL)
    assert "share applicant data" in workspace.under_the_card()
    assert "*Only on a condition*" in workspace.said(ts)[-1]
    alice.writes("I need this until Friday, by the way.", thread=ts, channel=GENERAL)
    assert "passed this on" in workspace.said(ts)[-1]
    assert workspace.history() == ["opened", "write", "write"]


def test_an_incident_told_in_the_thread_of_an_inquiry_gets_its_own_ticket(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    alice.writes("I lost my laptop with the customer list", thread=ts, channel=GENERAL)
    assert [(ticket.kind, ticket.urgency) for ticket in workspace.rows(Ticket)] == [
        ("inquiry", "normal"), ("incident", "urgent"),
    ]  # fmt: skip
    assert workspace.history(1) == ["opened", "write"]


def test_after_not_what_i_meant_the_next_words_are_answered(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions("I lost my laptop with the customer list")
    alice.presses("Not what I meant", workspace.slack.thread(GENERAL, ts)[0])
    alice.writes(QUESTION["en"], thread=ts, channel=GENERAL)
    assert [ticket.kind for ticket in workspace.rows(Ticket)] == ["incident", "inquiry"]
    assert "*A person must decide*" in workspace.said(ts)[-1]


def test_a_reply_reaches_the_ticket_that_waits_for_it(workspace: Workspace, alice: Person, mika: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    alice.writes("I lost my laptop with the customer list", thread=ts, channel=GENERAL)
    mika.submits(mika.presses("Ask the requester", workspace.card(1)), text="Which applicants?")
    alice.writes("Those of last spring.", thread=ts, channel=GENERAL)
    assert "Those of last spring." in workspace.under_the_card(1)
    assert workspace.history(2) == ["opened"]


def test_each_of_two_tickets_by_the_command_is_reached_in_its_own_thread(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    alice.commands("I lost my laptop with the customer list")
    answer = workspace.slack.posted("answer_url")[0]
    alice.submits(alice.presses_in_answer("Not right", answer), reason="Not mine.", ask=["inquiry"])
    roots = []
    for number in (1, 2):
        mika.submits(mika.presses("Reply to requester", workspace.card(number)), text="Hello.")
        roots.append(workspace.slack.messages[-1].ts)
    alice.writes("About the first.", thread=roots[0])
    alice.writes("About the second.", thread=roots[1])
    assert "About the first." in workspace.under_the_card(1)
    assert "About the second." in workspace.under_the_card(2)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_ticket_opened_by_the_command_has_a_direct_thread_of_its_own(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    alice.commands(QUESTION[language])
    ask = {"en": "Ask the requester", "ja": "依頼者に質問"}[language]
    mika.submits(mika.presses(ask, workspace.card()), text="Which applicants?")
    root = workspace.slack.messages[-1]
    assert (root.channel, root.thread_ts) == (alice.direct, None)
    alice.writes("Those of last spring.", thread=root.ts)
    assert "Those of last spring." in workspace.under_the_card()
    assert workspace.ticket().waiting_since is None
    take = STEPS[language][0]
    mika.presses(take, workspace.card())
    assert len(workspace.slack.thread(alice.direct, root.ts)) == 3


@pytest.mark.parametrize("language", ["en", "ja"])
def test_that_it_is_settled_is_said_once_for_each_closing(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    _, answer, close, reopen, settled = STEPS[language]
    ts = workspace.mentions(QUESTION[language])
    mika.submits(mika.presses(answer, workspace.card()), text="Six months.")
    mika.presses(close, workspace.card())
    closed = workspace.slack.thread(GENERAL, ts)[-1]
    alice.presses(settled, closed)
    said, under, history = workspace.said(ts), workspace.under_the_card(), workspace.history()
    alice.presses(settled, closed)
    assert say(language, "refusal.settled", number="#1") in alice.private()[-1]
    assert (workspace.said(ts), workspace.under_the_card(), workspace.history()) == (said, under, history)

    alice.presses(reopen, closed)
    mika.submits(mika.presses(answer, workspace.card()), text="Six months from the rejection.")
    mika.presses(close, workspace.card())
    alice.presses(settled, workspace.slack.thread(GENERAL, ts)[-1])
    assert workspace.history()[-3:] == ["answer", "close", "settle"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_is_too_long_for_slack_is_said_in_the_form_which_stays_open(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    ts = workspace.mentions(QUESTION[language])
    before = workspace.said(ts)
    view = shown(mika.presses(say(language, "ticket.step.answer"), workspace.card()))
    errors = mika.submits(view, text="&" * 3000)
    assert errors == {"text": say(language, "refusal.too_long")}
    assert (workspace.said(ts), workspace.history()) == (before, ["opened"])
    assert mika.submits(view, text="&" * 2300) == {}
    assert workspace.said(ts)[-1].count("&amp;") == 2300


def test_a_notice_that_is_not_sent_from_here_may_be_of_any_length(
    workspace: Workspace, alice: Person, mika: Person
) -> None:
    workspace.mentions("I want to see the data that the company holds about me")
    mika.takes("check_identity", how="known")
    mika.takes("investigate")
    mika.takes("decide", decision="granted")
    view = shown(mika.presses("Notify the requester", workspace.card()))
    assert list(mika.submits(view, text="&" * 3000)) == ["text"]
    assert mika.submits(view, text="&" * 3000, way="other") == {}
    assert workspace.ticket().state == "notified"
