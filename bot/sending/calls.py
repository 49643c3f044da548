"""The calls themselves. A call is made once: trying again is decided by what is written down, never by a library."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sending.outcome import Again, Outcome, Refused, Sent, outcome_of, retry_after
from bot.settings import Settings

EVENT_TYPE = "privacy_desk_message"
SECONDS_FOR_A_CALL = 8
LOOK_BACK = 300
"""Seconds before a message was begun from which it is looked for: clocks differ."""
PAGES = 10
Body = dict[str, Any]


def sending_client(settings: Settings) -> WebClient:
    """A client that never tries again by itself: the library's own retry would post a message twice."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    return WebClient(token=token, base_url=settings.slack_api_url, timeout=SECONDS_FOR_A_CALL, retry_handlers=[])


class Calls:
    """Slack's Web API, for what is sent."""

    def __init__(self, client: WebClient) -> None:
        """Take a client that does not try again by itself."""
        self._client = client

    def send(self, method: str, body: Body, name: str) -> Outcome:
        """Make one call; `name` goes along with a new message as opaque metadata."""
        try:
            if method == "respond":
                return _respond(dict(body))
            if method == "chat.postMessage":
                body = {**body, "metadata": {"event_type": EVENT_TYPE, "event_payload": {"id": name}}}
            given = self._client.api_call(method, json=body)
            return Sent(given.get("ts"), given.get("channel") or body.get("channel"))
        except Exception as error:
            return outcome_of(error)

    def find(self, body: Body, name: str, begun: float) -> Outcome | None:
        """The message of that name where it was to be posted, at the moment `begun` or later; None if it is not there.

        Reads the thread or the channel with all metadata (conversations.replies and .history).
        """
        try:
            channel = self._channel(str(body["channel"]))
            ts = self._look(channel, body.get("thread_ts"), name, begun - LOOK_BACK)
        except Exception as error:
            return outcome_of(error)
        return Sent(ts, channel) if ts else None

    def _channel(self, channel: str) -> str:
        """A person's id stands for the direct message with them; only its channel can be read."""
        if not channel.startswith(("U", "W")):
            return channel
        return str(self._client.conversations_open(users=channel)["channel"]["id"])

    def _look(self, channel: str, thread: str | None, name: str, oldest: float) -> str | None:
        where: Body = {"channel": channel, "oldest": f"{oldest:.6f}", "include_all_metadata": True, "limit": 200}
        cursor = ""
        for _ in range(PAGES):
            if thread:
                page = self._client.conversations_replies(**where, ts=thread, cursor=cursor)
            else:
                page = self._client.conversations_history(**where, cursor=cursor)
            for message in page.get("messages") or []:
                if _id_of(message) == name:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return None


def _id_of(message: Body) -> str | None:
    metadata = message.get("metadata") or {}
    found = (metadata.get("event_payload") or {}).get("id")
    return str(found) if metadata.get("event_type") == EVENT_TYPE and found else None


def _respond(body: Body) -> Outcome:
    """To an answer URL. Slack takes five answers there, for half an hour."""
    client = WebhookClient(body.pop("url"), timeout=SECONDS_FOR_A_CALL, retry_handlers=[])
    response = client.send_dict(body)
    if response.status_code == 429:
        return Again("ratelimited", retry_after(response.headers))
    if response.status_code >= 500:
        return Again(f"status_{response.status_code}", unknown=True)
    return Refused("expired_url") if response.status_code >= 400 else Sent(None)
