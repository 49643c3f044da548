"""After a gap in the connection the desk reads what was said to it meanwhile, and takes each thing in once."""

from datetime import timedelta
from typing import Any

import pytest
from network import network
from slacksim import BOT, SlackSim, Trouble
from sqlmodel import col, select
from workspace import ALICE, DIRECT, GENERAL

from bot.catch_up import CatchUp, last_heard
from bot.incoming import Incoming
from bot.listeners import translate
from bot.sending.calls import sending_client
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.tables import ConversationRow, Inbound, now

SAID: dict[str, list[dict[str, Any]]] = {
    DIRECT: [{"user": ALICE, "text": "a direct message", "ts": "5.1"}],
    GENERAL: [
        {"user": ALICE, "text": f"<@{BOT}> a mention", "ts": "5.2"},
        {"user": ALICE, "text": "not for the desk", "ts": "5.3"},
        {"user": BOT, "bot_id": "B1", "text": "the desk itself", "ts": "5.4"},
    ],
}
IN_THREAD = {"user": ALICE, "text": "a follow-up", "ts": "5.5", "thread_ts": "4.1"}


class Meanwhile(SlackSim):
    """A Slack in which people wrote while the desk heard nothing."""

    said = SAID

    def _do(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "users.conversations":
            return {"ok": True, "channels": [{"id": channel} for channel in self.said]}
        if method == "conversations.history":
            return {"ok": True, "messages": self.said.get(body["channel"], [])}
        if method == "conversations.replies":
            return {"ok": True, "messages": [IN_THREAD] if body["channel"] == GENERAL else []}
        return super()._do(method, body)


def texts(database: Database) -> list[str]:
    with database.transaction() as session:
        return sorted(Incoming.model_validate(row.payload).text for row in session.exec(select(Inbound)))


def caught_up(database: Database, slack: SlackSim) -> int:
    settings = Settings(
        _env_file=None, slack_bot_token="xoxb-t", slack_app_token="xapp-t", slack_api_url="http://slack/api/"
    )
    with network(slack):
        return CatchUp(database, sending_client(settings), sleep=lambda _: None).since(now() - timedelta(hours=1))


@pytest.fixture
def talked(database: Database) -> Database:
    """The desk has talked with Alice in a thread before."""
    with database.transaction() as session:
        session.add(ConversationRow(id="c", team_id="T1", channel_id=GENERAL, thread_ts="4.1", user_id=ALICE))
    return database


def test_what_was_said_to_the_desk_is_taken_in_once(talked: Database) -> None:
    assert caught_up(talked, Meanwhile()) == 3
    assert texts(talked) == ["a direct message", "a follow-up", "a mention"]
    assert caught_up(talked, Meanwhile()) == 0


def test_what_was_delivered_before_is_known(talked: Database) -> None:
    event = {"type": "app_mention", "channel": GENERAL, **SAID[GENERAL][0]}
    incoming = translate({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}, BOT)
    assert incoming is not None
    Inbox(talked).accept(incoming)
    assert caught_up(talked, Meanwhile()) == 2


def edited(text: str, at: str = "6.1") -> Meanwhile:
    """A Slack in which the direct message says something else now."""
    slack = Meanwhile()
    slack.said = {DIRECT: [{**SAID[DIRECT][0], "text": text, "edited": {"user": ALICE, "ts": at}}]}
    return slack


def accepted(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.exec(select(Inbound).order_by(col(Inbound.id)))
        return [(row.kind, Incoming.model_validate(row.payload).text) for row in rows]


def test_a_question_that_was_edited_meanwhile_is_taken_for_its_edit_once(database: Database) -> None:
    asked = [("question", "a direct message"), ("edit", "another question")]
    caught_up(database, Meanwhile())
    assert caught_up(database, edited("another question")) == 1
    assert [one for one in accepted(database) if one in asked] == asked
    assert caught_up(database, edited("another question")) == 0
    assert caught_up(database, edited("a third question", at="6.2")) == 1


def test_a_question_that_was_written_and_edited_meanwhile_is_one_question(database: Database) -> None:
    assert caught_up(database, edited("what it says now")) == 1
    assert caught_up(database, edited("what it says now")) == 0
    assert accepted(database) == [("question", "what it says now")]


def test_an_edit_that_was_delivered_is_known(database: Database) -> None:
    caught_up(database, Meanwhile())
    now_says = edited("another question").said[DIRECT][0]
    event = {"type": "message", "subtype": "message_changed", "channel": DIRECT, "message": now_says,
             "previous_message": SAID[DIRECT][0]}  # fmt: skip
    incoming = translate({"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event": event}, BOT)
    assert incoming is not None
    Inbox(database).accept(incoming)
    assert caught_up(database, edited("another question")) == 0


def test_an_edit_of_what_was_never_for_the_desk_is_nothing(database: Database) -> None:
    slack = Meanwhile()
    slack.said = {GENERAL: [{**SAID[GENERAL][1], "edited": {"user": ALICE, "ts": "6.1"}}]}
    assert caught_up(database, slack) == 0


def test_without_the_scopes_to_list_channels_it_looks_where_it_has_talked(talked: Database) -> None:
    def trouble(method: str, _body: dict[str, Any]) -> Trouble:
        return Trouble(error="missing_scope") if method == "users.conversations" else Trouble()

    assert caught_up(talked, Meanwhile(trouble)) == 2


def test_a_limited_rate_is_waited_for(talked: Database) -> None:
    limited = iter(range(3))

    def trouble(method: str, _body: dict[str, Any]) -> Trouble:
        wait = method == "conversations.history" and next(limited, None) is not None
        return Trouble(429, "ratelimited", retry_after=1) if wait else Trouble()

    assert caught_up(talked, Meanwhile(trouble)) == 3


def test_it_begins_where_the_desk_last_took_something_in(database: Database) -> None:
    assert last_heard(database) is None
    Inbox(database).accept(Incoming(kind="question", team="T1", channel=DIRECT, user=ALICE, keys=("k",)))
    heard = last_heard(database)
    assert heard is not None
    assert now() - heard < timedelta(minutes=1)
