"""Two at once, the same thing twice, and what fails on its way: one step each, and nobody waits in silence."""

from threading import Barrier, Thread

import pytest
from people import Person, shown
from workspace import GENERAL, MANAGERS, NORI, Workspace, words

from bot.store.database import Database
from bot.store.inbox import unhandled

QUESTION = "How long must we keep the CVs of rejected applicants?"


def at_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *acts: object) -> None:
    """Let people act while nothing is handled yet, then handle each act in a thread of its own, all at one moment."""
    with monkeypatch.context() as patched:
        patched.setattr(workspace.worker, "work", lambda: True)
        for act in acts:
            assert callable(act)
            act()
    with workspace.database.transaction() as session:
        waiting = unhandled(session)
    assert len(waiting) == len(acts)
    start = Barrier(len(waiting))

    def handle(inbound_id: int) -> None:
        start.wait(timeout=30)
        workspace.worker._handle(inbound_id)

    threads = [Thread(target=handle, args=(one,)) for one in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    workspace.worker.work()


@pytest.mark.parametrize("round_", range(3))
def test_of_two_managers_who_take_a_ticket_at_once_one_has_it_and_the_other_is_told(
    round_: int, workspace: Workspace, mika: Person, nori: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.mentions(QUESTION)
    card = workspace.card()
    at_once(workspace, monkeypatch, lambda: mika.presses("Take", card), lambda: nori.presses("Take", card))
    winner = workspace.ticket().assignee_id
    loser = mika if winner == NORI else nori
    assert workspace.history() == ["opened", "take"]
    assert f"#1 has been taken by <@{winner}> already" in loser.private()[-1]


def test_of_two_managers_who_answer_at_once_one_answer_goes_out(
    workspace: Workspace, mika: Person, nori: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = workspace.mentions(QUESTION)
    one, two = (shown(person.presses("Answer", workspace.card())) for person in (mika, nori))
    at_once(
        workspace,
        monkeypatch,
        lambda: mika.submits(one, text="Six months."),
        lambda: nori.submits(two, text="One year."),
    )
    assert workspace.history() == ["opened", "take", "answer"]
    assert len(workspace.said(ts)) == 2
    loser, lost = (mika, "Six months.") if workspace.ticket().assignee_id == NORI else (nori, "One year.")
    assert "this step is not possible now" in loser.private()[-1]
    assert f">{lost}" in loser.private()[-1], "what was written is given back, for the window is closed"


def test_the_requester_reopens_while_a_manager_does(
    workspace: Workspace, alice: Person, mika: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = workspace.mentions(QUESTION)
    mika.takes("answer", text="Six months.")
    mika.takes("close")
    closed = workspace.slack.thread(GENERAL, ts)[-1]
    form = shown(mika.presses("Reopen", workspace.card()))
    at_once(
        workspace,
        monkeypatch,
        lambda: alice.presses("No, reopen", closed),
        lambda: mika.submits(form, why="It came up again."),
    )
    assert workspace.history().count("reopen") == 1


def test_a_word_in_the_thread_that_is_delivered_twice_is_passed_on_once(workspace: Workspace) -> None:
    ts = workspace.mentions(QUESTION)
    event = {"type": "message", "user": "UALICE", "channel": GENERAL, "channel_type": "channel", "thread_ts": ts}
    for event_id in ("Ev-a", "Ev-a", "Ev-b"):
        workspace.event({**event, "text": "Until Friday, please.", "ts": "100.999"}, event_id=event_id)
    assert workspace.history() == ["opened", "write"]
    assert workspace.under_the_card().count("Until Friday") == 1


def test_a_press_that_is_delivered_twice_is_one_step(workspace: Workspace, mika: Person) -> None:
    workspace.mentions(QUESTION)
    mika.takes("answer", text="Six months.")
    form = shown(mika.presses("Reply to requester", workspace.card()))
    mika.submits(form, text="And a day.")
    mika.submits(form, text="And a day.")
    assert workspace.history() == ["opened", "take", "answer", "reply"]


@pytest.mark.parametrize("how", ["button", "form"])
def test_a_step_that_fails_is_told_to_the_person_and_changes_nothing(
    how: str, workspace: Workspace, mika: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.mentions(QUESTION)
    card, form = workspace.card(), shown(mika.presses("Answer", workspace.card()))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("bot.handling.tickets.update_card", broken)
    if how == "button":
        mika.presses("Take", card)
    else:
        mika.submits(form, text="Six months.")
    assert workspace.history() == ["opened"]
    told = [words(one.content) for one in workspace.slack.messages if one.channel in (mika.direct, MANAGERS)]
    assert "reference" in told[-1]
    assert "Six months." not in "".join(workspace.said(card.ts))


def test_what_was_accepted_before_a_crash_is_handled_after_it(
    workspace: Workspace, database: Database, mika: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.mentions(QUESTION)
    with monkeypatch.context() as patched:
        patched.setattr(workspace.worker, "work", lambda: True)
        mika.presses("Take", workspace.card())
    assert workspace.history() == ["opened"]
    workspace.worker.work()
    assert workspace.history() == ["opened", "take"]
