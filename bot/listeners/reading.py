"""The status that the agent view shows while the desk reads (Slack's method `assistant.threads.setStatus`).

Slack takes it away when the answer is posted. Some workspaces have no agent view: then there is no status, and the
answer comes all the same.
"""

import logging
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.hurry import Hurry
from bot.words import say
from intents.language import language_of

SECONDS = 2
log = logging.getLogger(__name__)


class ReadingStatus:
    """Shows that a direct message is being read."""

    def __init__(self, hurry: Hurry) -> None:
        """Take who tells whether others wait: then there is no time for what only looks nice."""
        self._hurry = hurry

    def message(self, ack: Ack, event: dict[str, Any], client: WebClient) -> None:
        """A listener for messages. It never holds up the answer for long, whatever Slack does."""
        ack()
        thread = event.get("thread_ts") or event.get("ts")
        if self._hurry.crowded or not thread or not _said_directly(event):
            return
        status = say(language_of(str(event.get("text") or "")), "say.reading")
        hurried = WebClient(token=client.token, base_url=client.base_url, timeout=SECONDS)
        try:
            hurried.assistant_threads_setStatus(channel_id=str(event["channel"]), thread_ts=str(thread), status=status)
        except SlackApiError as error:
            log.info("no status is shown: %s", error.response.get("error"))
        except OSError as error:
            log.info("no status is shown: %s", type(error).__name__)


def _said_directly(event: dict[str, Any]) -> bool:
    return event.get("channel_type") == "im" and not event.get("bot_id") and not event.get("subtype")
