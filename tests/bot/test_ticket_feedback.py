"""What askers think of answers: right, not right with a reason, and the inquiry that can follow."""

import pytest
from people import Person, labels, shown
from workspace import ALICE, GENERAL, MANAGERS, Workspace, words

from bot.store.tables import Feedback, Ticket
from bot.words import say

QUESTION = {"en": "can I share applicant data with an event co-host?", "ja": "応募者の情報を共催企業に渡していいですか"}


def kept(workspace: Workspace) -> list[tuple[str, bool, str | None]]:
    return [(row.user_id, row.right, row.reason) for row in workspace.rows(Feedback)]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_right_is_kept_and_asks_nothing(language: str, workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(QUESTION[language])
    assert alice.presses(say(language, "button.right"), workspace.slack.thread(GENERAL, ts)[0]) is None
    assert kept(workspace) == [(ALICE, True, None)]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_not_right_asks_for_a_reason_that_the_managers_see(language: str, workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(QUESTION[language])
    view = alice.presses(say(language, "button.not_right"), workspace.slack.thread(GENERAL, ts)[0])
    alice.submits(view, reason="The co-host <b> signed; ask bob@example.com")
    assert kept(workspace) == [(ALICE, False, "The co-host <b> signed; ask [e-mail]")]
    (told,) = [one.content["text"] for one in workspace.slack.messages if one.channel == MANAGERS]
    assert "&lt;b&gt; signed; ask [e-mail]" in told
    assert QUESTION[language] in told
    assert say(language, "verdict.conditional") in told
    assert say(language, "say.feedback_thanks") in alice.private()[-1]
    assert workspace.rows(Ticket) == []


def test_not_right_can_open_an_inquiry(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    view = alice.presses("Not right", workspace.slack.thread(GENERAL, ts)[0])
    alice.submits(view, reason="We are one company.", ask=["inquiry"])
    assert workspace.ticket().kind == "inquiry"
    assert "#1" in workspace.said(ts)[-1]
    assert QUESTION["en"] in words(workspace.card().content)


def test_the_last_opinion_counts(workspace: Workspace, alice: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    (answer,) = workspace.slack.thread(GENERAL, ts)
    alice.submits(alice.presses("Not right", answer), reason="Hm.")
    alice.presses("This is right", answer)
    assert kept(workspace) == [(ALICE, True, None)]


def test_what_others_think_of_an_answer_is_not_asked(workspace: Workspace, ken: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    (answer,) = workspace.slack.thread(GENERAL, ts)
    ken.presses("This is right", answer)
    assert "the one who asked" in ken.private()[-1]
    view = shown(ken.presses("Not right", answer))
    assert "submit" not in view
    assert "the one who asked" in words(view)
    assert kept(workspace) == []


@pytest.mark.parametrize("label", ["Not what I meant", "Ask the privacy manager"])
def test_others_change_nothing_about_an_answer(label: str, workspace: Workspace, ken: Person) -> None:
    ts = workspace.mentions(QUESTION["en"])
    ken.presses(label, workspace.slack.thread(GENERAL, ts)[0])
    assert "the one who asked" in ken.private()[-1]
    assert workspace.rows(Ticket) == []
    workspace.says("yes, they signed a form", thread=ts)
    assert "*Yes, allowed*" in workspace.said(ts)[-1]


def test_feedback_about_a_private_answer_stays_private(workspace: Workspace, alice: Person) -> None:
    alice.commands(QUESTION["en"])
    (answer,) = workspace.slack.posted("answer_url")
    alice.submits(alice.presses_in_answer("Not right", answer), reason="No.", ask=["inquiry"])
    assert "#1" in alice.private()[-1]
    assert [one.channel for one in workspace.slack.messages if one.channel == GENERAL] == []


def test_a_private_answer_keeps_its_ticket_private(workspace: Workspace, alice: Person, mika: Person) -> None:
    alice.commands(QUESTION["en"])
    (answer,) = workspace.slack.posted("answer_url")
    alice.presses_in_answer("Ask the privacy manager", answer)
    mika.takes("take")
    assert {one.channel for one in workspace.slack.messages} == {MANAGERS, alice.direct}
    assert "Show to the channel" in labels(answer)
