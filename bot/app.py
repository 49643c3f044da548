"""Where the parts meet: the Bolt app, its store, its desk and its worker."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.deliver import Outbox
from bot.desk import Desk
from bot.handle import Handler
from bot.listeners import translate
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import accept
from bot.worker import Worker

COMMAND = "/privacy"
WAITS_FOR_RATE_LIMIT = 3


def slack_client(settings: Settings) -> WebClient:
    """A client of Slack's Web API that waits as told when Slack limits the rate."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    client = WebClient(token=token, base_url=settings.slack_api_url)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=WAITS_FOR_RATE_LIMIT))
    return client


def build_app(settings: Settings, database: Database, desk: Desk) -> tuple[App, Worker]:
    """The Bolt app and the worker behind it. The worker is not yet started."""
    client = slack_client(settings)
    worker = Worker(database, Handler(database, desk, settings), Outbox(database, client))
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    app = App(
        client=client,
        signing_secret=secret,
        request_verification_enabled=settings.mode == "http",
        token_verification_enabled=False,
    )
    register(app, database, worker)
    return app, worker


def register(app: App, database: Database, worker: Worker) -> None:
    """Accept everything that reaches the desk before it is acknowledged, then wake the worker."""

    @app.middleware
    def accept_first(body: dict[str, Any], context: BoltContext, next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's name
        incoming = translate(body, context.bot_user_id)
        if incoming is not None:
            accept(database, incoming)
        next()

    def acknowledge(ack: Ack) -> None:
        ack()
        worker.wake()

    app.event("message")(acknowledge)
    app.event("app_mention")(acknowledge)
    app.event("app_home_opened")(acknowledge)
    app.command(COMMAND)(acknowledge)
    app.action(re.compile(".*"))(acknowledge)
