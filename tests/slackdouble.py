"""A small Slack on this machine: it keeps what the desk posts, and can refuse. Used over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

BOT, TEAM = "UBOT", "T1"


@dataclass
class Call:
    """One call that the desk made."""

    method: str
    body: dict[str, Any]


@dataclass
class SlackDouble:
    """What was called, and what the next calls shall fail with."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    called: Event = field(default_factory=Event)

    def wait_for_a_call(self) -> None:
        """Wait until the desk, in a process of its own, has written something."""
        assert self.called.wait(timeout=30), "the desk called nothing"

    def posted(self, method: str = "chat.postMessage") -> list[dict[str, Any]]:
        """The bodies of the calls of one method, in order."""
        return [call.body for call in self.calls if call.method == method]


@contextmanager
def slack_double() -> Iterator[SlackDouble]:
    """Run a double until the end of the block."""
    double = SlackDouble()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            method = self.path.removeprefix("/api/").strip("/")
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            json_sent = (self.headers.get("Content-Type") or "").startswith("application/json")
            body = json.loads(raw) if json_sent and raw else {k: v[0] for k, v in parse_qs(raw).items()}
            self._answer(method, body)

        def _answer(self, method: str, body: dict[str, Any]) -> None:
            if method == "auth.test":
                result = {"ok": True, "user_id": BOT, "bot_id": "B1", "team_id": TEAM, "team": "t", "user": "desk"}
            elif double.failures and not method.startswith(("assistant.", "views.")):
                double.calls.append(Call("failed " + method, body))
                result = {"ok": False, "error": double.failures.pop(0)}
            else:
                double.calls.append(Call(method, body))
                ts = body.get("ts") or f"200.{len(double.calls):06d}"
                result = {"ok": True, "ts": ts, "message_ts": ts, "channel": body.get("channel")}
            payload = json.dumps(result).encode()
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
