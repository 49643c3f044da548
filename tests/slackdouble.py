"""A small Slack on this machine: it keeps what the desk posts and opens, and can refuse. Used over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from block_kit import broken_limits, broken_view

BOT, TEAM = "UBOT", "T1"
Json = dict[str, Any]


@dataclass
class Call:
    """One call that the desk made."""

    method: str
    body: Json


@dataclass
class Message:
    """One message as people see it now: where it stands, and whether it was changed."""

    channel: str
    ts: str
    thread_ts: str | None
    content: Json


@dataclass
class SlackDouble:
    """What was called, what people see, who is in the user groups, and what the next calls shall fail with.

    `silent` are methods that fail until further notice. `faults` are what Slack would have refused:
    tests end with none.
    """

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    groups: dict[str, list[str]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    called: Event = field(default_factory=Event)

    def wait_for_a_call(self) -> None:
        """Wait until the desk, in a process of its own, has written something."""
        assert self.called.wait(timeout=30), "the desk called nothing"

    def posted(self, method: str = "chat.postMessage") -> list[Json]:
        """The bodies of the calls of one method, in order."""
        return [call.body for call in self.calls if call.method == method]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """The desk's messages in a thread, in order, and the one that began it if it is the desk's."""
        return [one for one in self.messages if one.channel == channel and ts in (one.ts, one.thread_ts)]

    def answer(self, method: str, body: Json) -> Json:
        """What Slack gives back for a call; the call is kept."""
        if method == "auth.test":
            return {"ok": True, "user_id": BOT, "bot_id": "B1", "team_id": TEAM, "team": "t", "user": "desk"}
        if method in self.silent:
            return self._failed(method, body, "internal_error")
        if self.failures and not method.startswith(("assistant.", "views.", "usergroups.")):
            return self._failed(method, body, self.failures.pop(0))
        self.calls.append(Call(method, body))
        if method == "usergroups.users.list":
            members = self.groups.get(str(body.get("usergroup")))
            return {"ok": False, "error": "no_such_subteam"} if members is None else {"ok": True, "users": members}
        if method.startswith("views."):
            return self._show(method, body)
        return self._post(method, body)

    def _failed(self, method: str, body: Json, error: str) -> Json:
        self.calls.append(Call("failed " + method, body))
        return {"ok": False, "error": error}

    def _show(self, method: str, body: Json) -> Json:
        self.faults += broken_view(body["view"])
        view = {**body["view"], "id": f"V{len(self.calls)}"}
        if method == "views.publish":
            self.homes[body["user_id"]] = view
        else:
            self.views.append(view)
        return {"ok": True, "view": view}

    def _post(self, method: str, body: Json) -> Json:
        """Slack opens a direct channel for a message to a user id, and gives the channel's id back."""
        self.faults += broken_limits(body.get("blocks") or [])
        ts = body.get("ts") or f"200.{len(self.calls):06d}"
        channel = str(body.get("channel") or "")
        if method.startswith("chat.") and not channel:
            self.faults.append(f"{method} to no channel")
        channel = f"D{channel[1:]}" if channel.startswith("U") else channel
        if method == "chat.postMessage":
            self.messages.append(Message(channel, ts, body.get("thread_ts"), body))
        if method == "chat.update":
            for one in self.messages:
                if (one.channel, one.ts) == (channel, ts):
                    one.content = {**one.content, **body}
        return {"ok": True, "ts": ts, "message_ts": ts, "channel": channel or None}


@contextmanager
def slack_double() -> Iterator[SlackDouble]:
    """Run a double until the end of the block."""
    double = SlackDouble()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            json_sent = (self.headers.get("Content-Type") or "").startswith("application/json")
            self._answer(json.loads(raw) if json_sent and raw else _first_values(raw))

        def do_GET(self) -> None:
            self._answer(_first_values(urlsplit(self.path).query))

        def _answer(self, body: Json) -> None:
            method = urlsplit(self.path).path.removeprefix("/api/").strip("/")
            payload = json.dumps(double.answer(method, body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
            if any(call.method.startswith(("chat.", "answer_url")) for call in double.calls):
                double.called.set()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}/api/"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _first_values(query: str) -> Json:
    return {name: values[0] for name, values in parse_qs(query).items()}
