"""Where the parts meet: the Bolt app, its store, its desk and its worker."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot import duties
from bot.answers.actions import Action, TicketAction
from bot.deliver import Outbox
from bot.desk import Desk
from bot.handling import Handler
from bot.handling.work import Office
from bot.home.page import HOME, REPORT_BUTTON, Home
from bot.hurry import Hurry
from bot.listeners import translate
from bot.listeners.commands import reports
from bot.listeners.opening import Opening
from bot.listeners.reading import ReadingStatus
from bot.listeners.shortcuts import REPORT_INCIDENT
from bot.listeners.too_long import too_long
from bot.sending.calls import Calls, sending_client
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.tickets.access import Managers
from bot.tickets.clocks import Clocks
from bot.windows import Windows
from bot.worker import Worker

COMMAND = "/privacy"
Payload = dict[str, Any]


def build_app(settings: Settings, database: Database, desk: Desk) -> tuple[App, Worker]:
    """The Bolt app and the worker behind it. The worker is not yet started."""
    client = sending_client(settings)
    managers = Managers(client, settings.privacy_desk_managers)
    office = Office(desk, settings, Clocks.of(settings))
    hurry = Hurry()
    worker = Worker(database, Handler(database, office, managers), Outbox(database, Calls(client), settings), hurry)
    duties.register(worker.duties, office)
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    app = HurriedApp(
        hurry,
        client=client,
        signing_secret=secret,
        request_verification_enabled=settings.mode == "http",
        token_verification_enabled=False,
    )
    windows, home = Windows(database, office, managers), Home(database, office, managers)
    register(app, Inbox(database), Opening(windows, home), ReadingStatus(hurry))
    return app, worker


class HurriedApp(App):
    """The Bolt app; while it is at something that Slack sent, all other work gives way."""

    def __init__(self, hurry: Hurry, **settings: Any) -> None:
        """Take who is told that somebody waits, and Bolt's own settings."""
        super().__init__(**settings)
        self._hurry = hurry

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Everything that Slack sends passes here, over HTTP and over Socket Mode."""
        with self._hurry.somebody():
            return super().dispatch(req)


def register(app: App, inbox: Inbox, opening: Opening, status: ReadingStatus) -> None:
    """Accept what changes something before it is acknowledged; show what only shows something."""

    @app.middleware
    def accept_first(body: Payload, context: BoltContext, next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's name
        incoming = translate(body, context.bot_user_id)
        if incoming is not None:
            inbox.accept(incoming)
        next()

    def acknowledge(ack: Ack) -> None:
        ack()

    def submitted(ack: Ack, view: Payload) -> None:
        errors = too_long(view)
        if errors:
            ack(response_action="errors", errors=errors)
        else:
            ack()

    def command(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        if reports(body):
            opening.report_by_command(body, client)

    def feedback(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        opening.reason(body, client)

    app.event("message")(status.message)
    app.event("app_mention")(acknowledge)
    app.event("app_home_opened")(opening.home_opened)
    app.command(COMMAND)(command)
    app.shortcut(REPORT_INCIDENT)(opening.report)
    app.action(REPORT_BUTTON)(opening.report)
    app.action(re.compile(rf"^({TicketAction.FORM}\..*|{TicketAction.DETAILS}|{TicketAction.GIVE_DETAILS})$"))(
        opening.form
    )
    app.action(Action.RECORD)(opening.record)
    app.action(Action.FEEDBACK)(feedback)
    app.action(re.compile(rf"^{HOME}\."))(opening.home_turned)
    app.view("search")(opening.home_searched)
    app.action(re.compile(".*"))(acknowledge)
    app.shortcut(re.compile(".*"))(acknowledge)
    app.view(re.compile(".*"))(submitted)
