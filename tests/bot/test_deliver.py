"""What becomes of a message when Slack refuses, limits, is silent, or loses its answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from network import network
from slacksim import FINE, SlackSim, Trouble
from sqlmodel import col, select

from bot.deliver import Outbox
from bot.sending.calls import Calls, sending_client
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import Inbound, Outbound, now

POST = "chat.postMessage"


class Post:
    """An outbox before a simulated Slack, with a clock of its own."""

    def __init__(self, database: Database) -> None:
        self.database, self.moment = database, now()
        self.troubles: list[Trouble] = []
        self.slack = SlackSim(self._trouble)
        settings = Settings(
            _env_file=None, slack_bot_token="xoxb-t", slack_app_token="xapp-t", slack_api_url="http://slack/api/",
            privacy_desk_manager_channel="CMANAGERS",
        )  # fmt: skip
        self.outbox = Outbox(database, Calls(sending_client(settings)), settings, clock=lambda: self.moment)

    def _trouble(self, method: str, body: dict[str, Any]) -> Trouble:
        sends = method in (POST, "respond", "chat.update") and body.get("channel") != "CMANAGERS"
        return self.troubles.pop(0) if sends and self.troubles else FINE

    def write(self, name: str, channel: str = "CA", method: str = POST, **body: Any) -> None:
        """Something is to be sent."""
        row = Outbound(
            name=name, method=method, body={"channel": channel, "text": name, **body}, created_at=self.moment
        )
        with self.database.transaction() as session:
            session.add(row)

    def send(self, channel: str = "CA") -> float | None:
        """Send what waits for a channel; gives the seconds to wait."""
        later = self.outbox.deliver(channel)
        return None if later is None else (later - self.moment).total_seconds()

    def passes(self, seconds: float) -> None:
        """Time passes."""
        self.moment += timedelta(seconds=seconds)

    def row(self, name: str) -> Outbound:
        """What is written of a message."""
        with self.database.transaction() as session:
            return session.exec(select(Outbound).where(Outbound.name == name)).one()

    def texts(self, channel: str = "CA") -> list[str]:
        """What stands in a channel."""
        return [message["text"] for message in self.slack.posted if message.get("channel") == channel]


@pytest.fixture
def post(database: Database) -> Iterator[Post]:
    made = Post(database)
    with network(made.slack):
        yield made


def test_retry_after_is_obeyed_and_the_order_kept(post: Post) -> None:
    post.troubles = [Trouble(429, "ratelimited", retry_after=30)]
    post.write("one")
    post.write("two")
    assert post.send() == 30
    post.passes(29)
    assert (post.send(), post.texts()) == (1, [])
    post.passes(1)
    assert (post.send(), post.texts()) == (None, ["one", "two"])


def test_a_stuck_channel_holds_up_no_other(post: Post) -> None:
    post.troubles = [Trouble(429, "ratelimited", retry_after=3600)]
    post.write("stuck")
    post.write("free", "CB")
    post.send()
    assert (post.send("CB"), post.texts("CB")) == (None, ["free"])


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(lost=True, done=True), Trouble(500, done=True), Trouble(error="internal_error", done=True),
        Trouble(error="fatal_error", done=True), Trouble(error="service_unavailable", done=True),
    ],
)  # fmt: skip
def test_a_message_that_arrived_all_the_same_is_found_and_not_sent_again(trouble: Trouble, post: Post) -> None:
    post.troubles = [trouble]
    post.write("one")
    wait = post.send()
    assert wait is not None
    assert wait >= 10, "a call that is still on its way would not be found"
    post.passes(wait)
    assert post.send() is None
    assert post.texts() == ["one"]
    assert post.row("one").ts == "200.000001"


@pytest.mark.parametrize("trouble", [Trouble(lost=True), Trouble(502), Trouble(error="internal_error")])
def test_a_message_that_did_not_arrive_is_sent_again(trouble: Trouble, post: Post) -> None:
    post.troubles = [trouble]
    post.write("one", thread_ts="1.1")
    post.passes(post.send() or 0)
    assert (post.send(), post.texts()) == (None, ["one"])
    assert [method for method, _ in post.slack.calls] == [POST, "conversations.replies", POST]


def test_one_that_was_begun_by_a_process_that_died_is_looked_up_first(post: Post) -> None:
    post.write("one")
    with post.database.transaction() as session:
        row = session.exec(select(Outbound)).one()
        row.begun_at = post.moment
        session.add(row)
    assert post.send() == 10
    post.passes(10)
    assert post.send() is None
    assert [method for method, _ in post.slack.calls] == ["conversations.history", POST]


@pytest.mark.parametrize("reason", ["channel_not_found", "is_archived", "not_in_channel", "invalid_blocks"])
def test_what_cannot_succeed_is_given_up_and_said_to_the_manager(reason: str, post: Post) -> None:
    post.troubles = [Trouble(error=reason), Trouble(error=reason)]
    post.write("one")
    post.write("two")
    assert post.send() is None
    post.send("CMANAGERS")
    (alert,) = post.texts("CMANAGERS")  # one an hour for a channel
    assert (reason in alert, "one" in alert) == (True, True)
    assert [post.row(name).given_up for name in ("one", "two")] == [reason, reason]


def test_a_revoked_token_is_waited_for(post: Post) -> None:
    post.troubles = [Trouble(error="token_revoked")]
    post.write("one")
    assert post.send() == 60
    post.passes(60)
    assert (post.send(), post.texts()) == (None, ["one"])


def test_after_a_day_it_is_given_up(post: Post) -> None:
    post.write("one")
    post.troubles = [Trouble(error="service_unavailable")] * 1000
    while (wait := post.send()) is not None:
        post.passes(wait)
    assert post.row("one").given_up == "service_unavailable for a day"
    assert post.texts() == []


def test_an_expired_answer_url_becomes_a_direct_message(post: Post) -> None:
    with post.database.transaction() as session:
        session.add(Inbound(id=1, kind="command", payload={"user": "UALICE"}, handled_at=datetime.now(UTC)))
        body = {"url": "http://slack/answer_url", "text": "private", "replace_original": False}
        session.add(Outbound(name="1.answer", inbound_id=1, method="respond", body=body))
    post.troubles = [Trouble(404, error="expired_url")]
    (place,) = post.outbox.destinations()
    post.send(place)
    assert (post.send("UALICE"), post.texts("UALICE")) == (None, ["private"])


def test_a_change_of_a_message_is_simply_made_again(post: Post) -> None:
    post.troubles = [Trouble(lost=True, done=True)]
    post.write("one", method="chat.update", ts="5.1")
    post.passes(post.send() or 0)
    assert post.send() is None
    assert [method for method, _ in post.slack.calls] == ["chat.update", "chat.update"]


@pytest.mark.parametrize("pages", [1, 3])
def test_it_is_found_on_any_page(pages: int, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.troubles = [Trouble(lost=True, done=True)]
    post.write("one")
    post.passes(post.send() or 0)
    really: Callable[..., Any] = post.slack._do

    def paged(method: str, body: dict[str, Any]) -> dict[str, Any]:
        page = int(body.get("cursor") or 1)
        if method != "conversations.history" or page == pages:
            return dict(really(method, body))
        return {"ok": True, "messages": [], "response_metadata": {"next_cursor": str(page + 1)}}

    monkeypatch.setattr(post.slack, "_do", paged)
    assert (post.send(), post.texts()) == (None, ["one"])


def test_waiting_places_come_in_the_order_of_waiting(post: Post) -> None:
    for number, channel in enumerate(("CB", "CA", "CB")):
        post.write(str(number), channel)
    assert post.outbox.destinations() == ["CB", "CA"]
    with post.database.transaction() as session:
        assert len(session.exec(select(Outbound).where(col(Outbound.sent_at).is_(None))).all()) == 3
