"""HTTP mode: Slack's signature is checked, and the whole process serves and stops."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier
from slackdouble import TEAM, SlackDouble
from workspace import DIRECT, Workspace

from bot.health import Health
from bot.server import wsgi
from bot.store.tables import Inbound

SECRET = "sign-secret"
EVENT = {"type": "message", "user": "UALICE", "channel": DIRECT, "channel_type": "im", "text": "hello", "ts": "1.1"}
BODY = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": EVENT})


def signed(body: str, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    moment = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=moment, body=body)
    headers = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": signature or ""}
    return {**headers, "Content-Type": "application/json"}


@pytest.fixture
def served(workspace_with: Callable[..., Workspace]) -> Workspace:
    return workspace_with(privacy_desk_mode="http", slack_signing_secret=SECRET)


def call(workspace: Workspace, headers: dict[str, str], body: str = BODY, path: str = "/slack/events") -> str:
    seen: list[str] = []

    def start(status: str, _headers: Any, _fault: Any = None) -> None:
        seen.append(status)

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body.encode())),
        "wsgi.input": BytesIO(body.encode()),
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }
    b"".join(wsgi(workspace.app, SECRET, Health(workspace.database))(environ, start))
    return seen[0]


def test_a_signed_event_is_taken(served: Workspace) -> None:
    assert call(served, signed(BODY)).startswith("200")
    assert len(served.rows(Inbound)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY, secret="another secret"),
        signed(BODY, age=6 * 60),
        {**signed(BODY), "X-Slack-Signature": "v0=00"},
        {**signed(BODY), "X-Slack-Request-Timestamp": "yesterday"},
    ],
    ids=["unsigned", "another secret", "old", "wrong signature", "no time"],
)
def test_what_slack_did_not_sign_is_refused_and_not_stored(headers: dict[str, str], served: Workspace) -> None:
    assert call(served, headers).startswith("401")
    assert served.rows(Inbound) == []


def test_a_changed_body_is_refused(served: Workspace) -> None:
    assert call(served, signed(BODY), BODY.replace("hello", "goodbye")).startswith("401")


def test_health_needs_no_signature(served: Workspace) -> None:
    assert call(served, {}, path="/healthz").startswith("200")


def test_a_process_serves_answers_and_stops(tmp_path: Path, slack: SlackDouble) -> None:
    environment = {
        **os.environ,
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.url,
        "PRIVACY_DESK_HOST": "127.0.0.1",
        "PRIVACY_DESK_PORT": "0",
        "PRIVACY_DESK_READER": "cues",
        "PRIVACY_DESK_DATABASE_URL": f"sqlite:///{tmp_path}/desk.db",
    }
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            listening = next(line for line in process.stderr if "listening on" in line)
            url = json.loads(listening)["message"].split("listening on ")[1].replace("0.0.0.0", "127.0.0.1")
            with urlopen(Request(url, BODY.encode(), signed(BODY)), timeout=10) as response:
                assert response.status == 200
            with pytest.raises(HTTPError, match="401"):
                urlopen(Request(url, BODY.encode(), {"Content-Type": "application/json"}), timeout=10)
            slack.wait_for_a_call()
            assert len(slack.posted()) == 1
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert "xoxb" not in process.stderr.read()
