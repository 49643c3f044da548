"""Signed payloads of any shape: no traceback, nothing half written, and the desk still answers."""

import json
import logging
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signed import Endpoint, signed
from workspace import ALICE, DIRECT, GENERAL, Workspace

from bot.store.tables import Inbound, Outbound, Ticket, TicketEvent

NAMES = (
    "type", "event", "user", "channel", "text", "ts", "thread_ts", "team_id", "team", "actions", "action_id", "value",
    "container", "message", "previous_message", "view", "state", "values", "private_metadata", "callback_id", "command",
    "trigger_id", "response_url", "payload", "edited", "files", "subtype", "bot_id", "client_msg_id", "channel_type",
    "authorizations", "is_ext_shared_channel", "event_id", "id", "selected_option", "block_id", "token", "api_app_id",
)  # fmt: skip
WORDS = (
    "event_callback", "block_actions", "view_submission", "view_closed", "shortcut", "message_action", "message",
    "app_mention", "app_home_opened", "url_verification", "message_changed", "answer_fact", "ask_manager", "/privacy",
    ALICE, DIRECT, GENERAL, "T1", "UBOT", "im", "1.1", "null", '{"conversation": "x"}', "\x00", "\ud800", "' OR 1=1 --",
)  # fmt: skip
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)
bodies = st.dictionaries(st.sampled_from(NAMES), trees, min_size=1, max_size=8)
events = st.fixed_dictionaries(
    {"type": st.just("event_callback"), "team_id": st.just("T1"), "event_id": st.text(max_size=8)},
    optional={"event": st.dictionaries(st.sampled_from(NAMES), trees, max_size=8) | trees, "authorizations": trees},
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_numbers = count(1)


@pytest.fixture
def endpoint(served: Workspace) -> Endpoint:
    return Endpoint(served)


def still_well(served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    """No traceback so far; a question is answered; nothing is half written."""
    assert [record for record in caplog.records if record.exc_info] == []
    before = len(served.slack.posted())
    event = {"type": "message", "user": ALICE, "channel": DIRECT, "channel_type": "im", "text": "Where is the coffee?"}
    number = next(_numbers)
    body = {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ok{number}",
        "event": {**event, "ts": f"9.{number}"},
    }
    raw = json.dumps(body).encode()
    assert endpoint.post(raw, signed(raw)) == 200
    served.worker.work()
    assert len(served.slack.posted()) > before
    assert len(served.rows(Ticket)) == len([step for step in served.rows(TicketEvent) if step.kind == "opened"])


@many
@given(body=bodies | events)
def test_any_json_is_taken_calmly(
    body: dict[str, Any], served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    raw = json.dumps(body).encode()
    with caplog.at_level(logging.WARNING):
        assert endpoint.post(raw, signed(raw)) < 500
        served.worker.work()
        still_well(served, endpoint, caplog)


@many
@given(body=bodies)
def test_any_form_is_taken_calmly(
    body: dict[str, Any], served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    raw = urlencode({"payload": json.dumps(body)}).encode()
    with caplog.at_level(logging.WARNING):
        assert endpoint.post(raw, signed(raw), "application/x-www-form-urlencoded") < 500
        served.worker.work()
        still_well(served, endpoint, caplog)


@many
@given(raw=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_taken_calmly(
    raw: bytes, served: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    text = raw.decode("utf-8", "replace").encode()
    with caplog.at_level(logging.WARNING):
        for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
            assert endpoint.post(text, signed(text + b" " * next(_numbers)), content_type) < 500
            assert endpoint.post(text, signed(text), content_type) < 500
        still_well(served, endpoint, caplog)
    assert served.rows(Outbound) != []
    assert all(row.handled_at for row in served.rows(Inbound))
