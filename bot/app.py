"""Where the parts meet: the Bolt app, its store, its desk and its worker."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.deliver import Outbox
from bot.desk import Desk
from bot.handle import Handler
from bot.listeners import translate
from bot.sending.calls import Calls, sending_client
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import accept
from bot.worker import Worker

COMMAND = "/privacy"


def build_app(settings: Settings, database: Database, desk: Desk) -> tuple[App, Worker]:
    """The Bolt app and the worker behind it. The worker is not yet started."""
    client = sending_client(settings)
    worker = Worker(database, Handler(database, desk, settings), Outbox(database, Calls(client), settings))
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    app = App(
        client=client,
        signing_secret=secret,
        request_verification_enabled=settings.mode == "http",
        token_verification_enabled=False,
    )
    register(app, database)
    return app, worker


def register(app: App, database: Database) -> None:
    """Accept everything that reaches the desk before it is acknowledged."""

    @app.middleware
    def accept_first(body: dict[str, Any], context: BoltContext, next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's name
        incoming = translate(body, context.bot_user_id)
        if incoming is not None:
            accept(database, incoming)
        next()

    def acknowledge(ack: Ack) -> None:
        ack()

    app.event("message")(acknowledge)
    app.event("app_mention")(acknowledge)
    app.event("app_home_opened")(acknowledge)
    app.command(COMMAND)(acknowledge)
    app.action(re.compile(".*"))(acknowledge)
