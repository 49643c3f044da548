"""The status that the agent view shows while the desk reads (Slack's method `assistant.threads.setStatus`).

Slack takes it away when the answer is posted. Some workspaces have no agent view: then there is no status, and the
answer comes all the same.
"""

import logging
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.words import say
from intents.language import language_of

SECONDS = 2
log = logging.getLogger(__name__)


def show_reading(client: WebClient, event: dict[str, Any]) -> None:
    """Show that a direct message is being read. It never holds up the answer for long, whatever Slack does."""
    thread = event.get("thread_ts") or event.get("ts")
    if event.get("channel_type") != "im" or event.get("bot_id") or event.get("subtype") or not thread:
        return
    status = say(language_of(str(event.get("text") or "")), "say.reading")
    hurried = WebClient(token=client.token, base_url=client.base_url, timeout=SECONDS)
    try:
        hurried.assistant_threads_setStatus(channel_id=str(event["channel"]), thread_ts=str(thread), status=status)
    except SlackApiError as error:
        log.info("no status is shown: %s", error.response.get("error"))
    except OSError as error:
        log.info("no status is shown: %s", type(error).__name__)
