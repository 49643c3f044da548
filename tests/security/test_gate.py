"""What Slack did not sign, just now and for the first time, changes nothing and is not even parsed."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from signed import SECRET, Endpoint, signed
from slack_bolt import BoltRequest
from workspace import ALICE, DIRECT, Workspace

from bot.desk import Desk
from bot.gate import LARGEST_BODY
from bot.store.database import Database
from bot.store.tables import Inbound, Outbound
from intents import load_understanding
from knowledge import Pack

EVENT = {"type": "message", "user": ALICE, "channel": DIRECT, "channel_type": "im", "text": "hello", "ts": "1.1"}
BODY = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": EVENT}).encode()


REPORT = {
    "team": {"id": "T1"}, "user": {"id": ALICE, "team_id": "T1"}, "trigger_id": "1.2.b", "channel": {"id": "CGENERAL"},
    "view": {"id": "V1", "type": "modal", "callback_id": "report_incident", "private_metadata": "en",
             "state": {"values": {"what": {"value": {"type": "plain_text_input", "value": "a lost laptop"}}}}},
}  # fmt: skip


def form(**fields: Any) -> bytes:
    """A body as commands and interactions have it."""
    return urlencode(
        {name: json.dumps(value) if isinstance(value, dict) else value for name, value in fields.items()}
    ).encode()


@pytest.fixture
def other(served: Workspace, pack: Pack) -> Iterator[Workspace]:
    """Another process of the same desk."""
    database = Database(served.database.url)
    desk = Desk(pack, load_understanding(pack, cues_alone=True))
    yield Workspace(served.slack, database, desk, privacy_desk_mode="http", slack_signing_secret=SECRET)
    database.close()


@pytest.fixture
def unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: Any, **__: Any) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(BoltRequest, "__init__", parsed)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (lambda: {}, 401),
        (lambda: signed(BODY, secret="another"), 401),
        (lambda: signed(BODY, age=301), 401),
        (lambda: signed(BODY, age=-301), 401),
        (lambda: {**signed(BODY), "HTTP_X_SLACK_SIGNATURE": "v0=00"}, 401),
        (lambda: {**signed(BODY), "HTTP_X_SLACK_SIGNATURE": "ｖ０"}, 401),
        (lambda: {**signed(BODY), "HTTP_X_SLACK_REQUEST_TIMESTAMP": "yesterday"}, 401),
        (lambda: {**signed(BODY), "HTTP_X_SLACK_REQUEST_TIMESTAMP": "9" * 400}, 401),
        (lambda: {**signed(BODY), "HTTP_X_SLACK_REQUEST_TIMESTAMP": "１７"}, 401),
        (lambda: {**signed(BODY), "CONTENT_LENGTH": str(LARGEST_BODY + 1)}, 413),
        (lambda: {**signed(BODY), "CONTENT_LENGTH": "-1"}, 413),
        (lambda: {**signed(BODY), "CONTENT_LENGTH": "many"}, 413),
    ],
)
def test_it_is_refused_before_it_is_parsed(
    headers: Callable[[], dict[str, str]], status: int, served: Workspace, unparsed: None
) -> None:
    assert Endpoint(served).post(BODY, headers()) == status
    assert served.rows(Inbound) == []


def test_a_body_that_is_no_text_is_refused(served: Workspace, unparsed: None) -> None:
    assert Endpoint(served).post(b"\xff\xfe{}", signed(BODY)) == 401


def test_a_replayed_request_is_refused(served: Workspace) -> None:
    endpoint, headers = Endpoint(served), signed(BODY)
    assert [endpoint.post(BODY, headers) for _ in range(3)] == [200, 401, 401]
    assert len(served.rows(Inbound)) == 1


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        form(command="/privacy", text="hello", team_id="T1", channel_id="CGENERAL", user_id=ALICE, trigger_id="1.2.a"),
        form(payload={**REPORT, "type": "view_submission"}),
        form(
            payload={**REPORT, "type": "message_action", "callback_id": "ask_about_message", "message": {"text": "?"}}
        ),
    ],
    ids=["event", "command", "modal", "shortcut"],
)
def test_what_is_replayed_to_another_process_is_handled_once(body: bytes, served: Workspace, other: Workspace) -> None:
    headers, types = signed(body), "application/x-www-form-urlencoded"
    assert Endpoint(served).post(body, headers, types) == 200
    assert Endpoint(other).post(body, headers, types) == 200  # its gate has not seen the signature
    assert len(served.rows(Inbound)) == 1
    served.worker.work()
    other.worker.work()
    before = len(served.rows(Outbound))
    assert Endpoint(other).post(body, headers, types) == 200
    other.worker.work()
    assert (len(served.rows(Inbound)), len(served.rows(Outbound))) == (1, before)


def test_a_wrong_signature_does_not_use_up_the_right_one(served: Workspace) -> None:
    endpoint, headers = Endpoint(served), signed(BODY)
    assert endpoint.post(BODY + b" ", headers) == 401
    assert endpoint.post(BODY, headers) == 200


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/install", "/metrics/..", "/slack/oauth_redirect"])
def test_there_is_nothing_else_to_reach(path: str, served: Workspace) -> None:
    assert Endpoint(served).get(path)[0] == 404
