"""Requests as Slack signs them, put to the WSGI application without a server."""

import time
from io import BytesIO
from typing import Any

from slack_sdk.signature import SignatureVerifier
from workspace import Workspace

from bot.health import Health
from bot.server import wsgi

SECRET = "sign-secret"


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """The two headers that Slack sends with a body."""
    moment = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=moment, body=body.decode()) or ""
    return {"HTTP_X_SLACK_REQUEST_TIMESTAMP": moment, "HTTP_X_SLACK_SIGNATURE": signature}


class Endpoint:
    """The desk's HTTP side."""

    def __init__(self, workspace: Workspace) -> None:
        self._application = wsgi(workspace.app, SECRET, Health(workspace.database))

    def post(self, body: bytes, headers: dict[str, str], content_type: str = "application/json") -> int:
        """Put a request; gives the status."""
        return self.request("POST", "/slack/events", body, {"CONTENT_TYPE": content_type, **headers})[0]

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page; gives the status and the page."""
        return self.request("GET", path, b"", {})

    def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """One request; gives the status and the body of the answer."""
        seen: list[int] = []

        def start(status: str, _headers: Any, _fault: Any = None) -> None:
            seen.append(int(status.split(maxsplit=1)[0]))

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), **headers,
        }  # fmt: skip
        page = b"".join(self._application(environ, start))
        return seen[0], page.decode()
