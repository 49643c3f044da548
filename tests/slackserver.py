"""The simulated Slack over HTTP, in a process of its own: it outlives the desks that are killed."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

from slacksim import LostReplyError, SlackSim


@contextmanager
def slack_process() -> Iterator[str]:
    """Run it until the end of the block; gives the base of its Web API."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(SlackSim()))
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        server.serve_forever()
    server.server_close()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def posted(url: str) -> list[dict[str, Any]]:
    """Everything that was posted there."""
    with urlopen(Request(f"{url}_posted", b"{}"), timeout=10) as response:
        return list(json.load(response))


def posted_count(url: str) -> int:
    """How many messages were posted there."""
    with urlopen(Request(f"{url}_count", b"{}"), timeout=10) as response:
        return int(json.load(response))


def clear(url: str) -> None:
    """Forget everything that was posted."""
    urlopen(Request(f"{url}_clear", b"{}"), timeout=10).close()


def _handler(slack: SlackSim) -> type[BaseHTTPRequestHandler]:
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            method = self.path.rsplit("/", 1)[-1]
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            sent_json = (self.headers.get("Content-Type") or "").startswith("application/json")
            body = json.loads(raw or "{}") if sent_json else dict(parse_qsl(raw))
            with lock:
                try:
                    status, headers, payload = self._answer(method, body)
                except LostReplyError:
                    self.close_connection = True
                    return
            data = payload.encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(data)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(data)

        def _answer(self, method: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
            if method == "_posted":
                return 200, {}, json.dumps(slack.posted)
            if method == "_count":
                return 200, {}, str(len(slack.posted))
            if method == "_clear":
                slack.posted.clear()
                return 200, {}, "{}"
            return slack.call("respond" if method == "answer_url" else method, body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def wait(what: Any, why: str, seconds: float = 40.0) -> Any:
    """The first true answer of `what`, asked again until it comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {why}")
