"""What the fuzz tests share: values of any kind, and how to tell that the desk is still well."""

import json
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from signed import Endpoint, signed
from workspace import ALICE, DIRECT, GENERAL, Workspace

from bot.store.tables import Ticket, TicketEvent

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
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_numbers = count(1)


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
