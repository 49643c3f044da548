"""What Slack did not sign, just now and for the first time, changes nothing and is not even parsed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from signed import Endpoint, signed
from slack_bolt import BoltRequest
from workspace import ALICE, DIRECT, Workspace

from bot.gate import LARGEST_BODY
from bot.store.tables import Inbound

EVENT = {"type": "message", "user": ALICE, "channel": DIRECT, "channel_type": "im", "text": "hello", "ts": "1.1"}
BODY = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": EVENT}).encode()


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


def test_a_wrong_signature_does_not_use_up_the_right_one(served: Workspace) -> None:
    endpoint, headers = Endpoint(served), signed(BODY)
    assert endpoint.post(BODY + b" ", headers) == 401
    assert endpoint.post(BODY, headers) == 200


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/install", "/metrics/..", "/slack/oauth_redirect"])
def test_there_is_nothing_else_to_reach(path: str, served: Workspace) -> None:
    assert Endpoint(served).get(path)[0] == 404
