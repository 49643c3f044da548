"""A handler for tests that have no app around it."""

from slack_sdk import WebClient

from bot.desk import Desk
from bot.handling import Handler
from bot.handling.work import Office
from bot.settings import Settings
from bot.store.database import Database
from bot.tickets.access import Managers
from bot.tickets.clocks import Clocks


def handler_of(database: Database, desk: Desk, settings: Settings) -> Handler:
    """A handler whose managers are those that the settings list by their user ids."""
    return Handler(
        database, Office(desk, settings, Clocks.of(settings)), Managers(WebClient(), settings.privacy_desk_managers)
    )
