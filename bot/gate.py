"""The gate in front of the listeners: what Slack did not sign, just now and for the first time, is not even parsed.

Slack's guide "Verifying requests from Slack": the signature covers the time and the raw body; a request older than five
minutes may be a replay. Slack signs each attempt to deliver anew, so the same signature twice is nobody's retry.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Lock
from time import time
from typing import Any

from slack_sdk.signature import SignatureVerifier

from bot.shape import well_formed

LARGEST_BODY = 1024 * 1024
"""In bytes. The largest that Slack sends is a view, of at most 250 kB."""
REMEMBERED = 11 * 60
"""Seconds for which a signature is remembered: it is good for five minutes before and after its time."""
MOST_REMEMBERED = 100_000
Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class Gate:
    """A WSGI application in front of another."""

    def __init__(self, application: Application, secret: str) -> None:
        """Take the application and Slack's signing secret."""
        self._application, self._verifier = application, SignatureVerifier(secret)
        self._seen, self._lock = OrderedDict[str, float](), Lock()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Pass a request on whose signature is right, fresh and new; refuse any other."""
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return _refuse(start_response, "413 Content Too Large")
        body = environ["wsgi.input"].read(int(length))
        moment = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP") or "")
        signature = str(environ.get("HTTP_X_SLACK_SIGNATURE") or "")
        if not self._signed(body, moment, signature) or not self._first_time(signature):
            return _refuse(start_response, "401 Unauthorized")
        if not well_formed(body):
            return _refuse(start_response, "400 Bad Request")
        read_as = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
        passed = {**environ, "wsgi.input": BytesIO(body), "CONTENT_TYPE": read_as}  # as `well_formed` has read it
        return self._application(passed, start_response)

    def _signed(self, body: bytes, moment: str, signature: str) -> bool:
        if not (moment.isascii() and moment.isdecimal() and len(moment) < 12 and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(body, moment, signature)  # five minutes at most
        except UnicodeDecodeError:
            return False

    def _first_time(self, signature: str) -> bool:
        with self._lock:
            now = time()
            while self._seen and (len(self._seen) > MOST_REMEMBERED or self._oldest() < now - REMEMBERED):
                self._seen.popitem(last=False)
            if signature in self._seen:
                return False
            self._seen[signature] = now
            return True

    def _oldest(self) -> float:
        return next(iter(self._seen.values()))


def _refuse(start_response: Start, status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain")])
    return [b""]
