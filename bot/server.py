"""Serving Slack: over Socket Mode or over HTTP, until the process is told to stop."""

import logging
import signal
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from waitress.server import create_server

from bot.catch_up import CatchUp
from bot.gate import LARGEST_BODY, Application, Gate, Start
from bot.health import Health
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)
SECONDS_TO_TRY_AGAIN = 10
EVENTS = "/slack/events"
THREADS = 8
LARGEST_HEADERS = 16 * 1024
SECONDS_FOR_A_REQUEST = 10


def serve_socket(app: App, settings: Settings, health: Health, catch_up: CatchUp) -> None:
    """Connect over Socket Mode and stay until SIGTERM or SIGINT; catch up after each gap in the connection."""
    assert settings.slack_app_token is not None  # noqa: S101 - the settings have been checked
    token = settings.slack_app_token.get_secret_value()
    client = WebClient(token=token, base_url=settings.slack_api_url)
    handler = SocketModeHandler(app, token, web_client=client)
    handler.client.message_listeners.append(lambda _client, message, _raw: catch_up.heard(str(message.get("type"))))
    stopping = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with _health_beside(settings, health):
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


def serve_http(app: App, settings: Settings, health: Health, _catch_up: CatchUp) -> None:
    """Listen for Slack's requests until SIGTERM or SIGINT."""
    assert settings.slack_signing_secret is not None  # noqa: S101 - the settings have been checked
    server = _server(wsgi(app, settings.slack_signing_secret.get_secret_value(), health), settings)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    log.info("listening on http://%s:%s/slack/events", settings.privacy_desk_host, server.effective_port)
    try:
        server.run()
    finally:
        server.close()


@contextmanager
def _health_beside(settings: Settings, health: Health) -> Iterator[None]:
    """In Socket Mode: health and metrics over HTTP, beside the connection, where the port is free."""
    try:
        server = _server(wsgi(None, "", health), settings)
    except OSError as error:
        log.warning("no health and metrics on port %d: %s", settings.privacy_desk_port, type(error).__name__)
        yield
        return
    log.info("health and metrics on http://%s:%s", settings.privacy_desk_host, server.effective_port)
    thread = Thread(target=server.run, name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.close()
        thread.join(SECONDS_FOR_A_REQUEST)


def _server(application: Application, settings: Settings) -> Any:
    listening = socket.create_server((settings.privacy_desk_host, settings.privacy_desk_port))
    return create_server(
        application,
        sockets=[listening],
        ident=None,
        threads=THREADS,
        max_request_body_size=LARGEST_BODY,
        max_request_header_size=LARGEST_HEADERS,
        channel_timeout=SECONDS_FOR_A_REQUEST,
    )


def wsgi(app: App | None, secret: str, health: Health) -> Application:
    """The WSGI application: Slack's requests on /slack/events behind the gate, and health for whoever asks."""
    slack = Gate(SlackRequestHandler(app, path=EVENTS), secret) if app else None

    def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO") or ""
        if slack and path == EVENTS and environ.get("REQUEST_METHOD") == "POST":
            return slack(environ, start_response)
        answer = health(path, start_response)
        if answer is None:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
        return answer or [b""]

    return application
