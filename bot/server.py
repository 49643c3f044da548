"""Serving Slack: over Socket Mode or over HTTP, until the process is told to stop."""

import logging
import signal
from collections.abc import Callable, Iterable
from threading import Event
from types import FrameType
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from waitress.server import create_server

from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)
SECONDS_TO_TRY_AGAIN = 10
Start = Callable[..., Any]


def serve_socket(app: App, settings: Settings) -> None:
    """Connect over Socket Mode and stay until SIGTERM or SIGINT."""
    assert settings.slack_app_token is not None  # noqa: S101 - the settings have been checked
    token = settings.slack_app_token.get_secret_value()
    client = WebClient(token=token, base_url=settings.slack_api_url)
    handler = SocketModeHandler(app, token, web_client=client)
    stopping = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping.is_set() and not _connect(handler):
        log.warning("Slack cannot be reached; trying again in %d seconds", SECONDS_TO_TRY_AGAIN)
        stopping.wait(SECONDS_TO_TRY_AGAIN)
    stopping.wait()
    handler.close()  # type: ignore[no-untyped-call]


def _connect(handler: SocketModeHandler) -> bool:
    """Connect; False where Slack cannot be reached now. Raises SettingsError where Slack refuses the app token."""
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise SettingsError(f"SLACK_APP_TOKEN: Slack refuses it ({error.response['error']})") from None
    except OSError:
        return False
    log.info("connected over Socket Mode")
    return True


def serve_http(app: App, settings: Settings) -> None:
    """Listen for Slack's requests until SIGTERM or SIGINT."""
    server = create_server(
        wsgi(app), host=settings.privacy_desk_host, port=settings.privacy_desk_port, ident="privacy-desk"
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    log.info("listening on http://%s:%s/slack/events", settings.privacy_desk_host, server.effective_port)
    try:
        server.run()
    finally:
        server.close()


def wsgi(app: App) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """The WSGI application: Slack's requests on /slack/events, and /healthz."""
    slack = SlackRequestHandler(app, path="/slack/events")

    def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/healthz":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok\n"]
        if not environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "0").isdecimal():
            start_response("401 Unauthorized", [("Content-Type", "text/plain")])
            return [b"the time of the request is no number\n"]  # Bolt takes it for a fault of its own
        return slack(environ, start_response)

    return application
