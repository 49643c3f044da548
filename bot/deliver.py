"""Delivering what is in the outbox: each message once, in order, with an opaque id that names it."""

import logging
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from sqlmodel import col, select

from bot.replies import RESPOND
from bot.store.database import Database
from bot.store.tables import Outbound, now

EVENT_TYPE = "privacy_desk_message"
HOPELESS = frozenset(
    {
        "channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel", "message_not_found",
        "cant_update_message", "invalid_blocks", "msg_too_long", "restricted_action", "used_url", "expired_url",
    }
)  # fmt: skip
"""Errors that no later attempt can mend (Slack's reference of chat.postMessage, chat.update and chat.postEphemeral)."""
log = logging.getLogger(__name__)


class Deliver(Protocol):
    """Sends what waits in the outbox."""

    def __call__(self) -> int:
        """Send; gives the number of messages that still wait."""


class Outbox:
    """Sends waiting messages over a Slack client."""

    def __init__(self, database: Database, client: WebClient) -> None:
        """Take the store and a client with the bot's token."""
        self._database, self._client = database, client

    def __call__(self) -> int:
        """Send every waiting message, the oldest first; gives how many still wait after a failure."""
        waiting = self._waiting()
        for sent, outbound in enumerate(waiting):
            if not self._send(outbound):
                return len(waiting) - sent
        return 0

    def _waiting(self) -> list[Outbound]:
        with self._database.transaction() as session:
            query = select(Outbound).where(col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
            return list(session.exec(query.order_by(col(Outbound.id))))

    def _send(self, outbound: Outbound) -> bool:
        """Send one message; False where it should be tried again later."""
        named = outbound.thread_of or outbound.in_place_of
        earlier = self._named(named) if named else None
        if named and (earlier is None or earlier.given_up):
            self._settle(outbound, None, "the message that it refers to was never sent")
            return True
        if named and (earlier is None or earlier.ts is None):
            return False
        try:
            channel, ts = self._call(outbound, earlier)
        except SlackApiError as error:
            reason = str(error.response.get("error", "unknown"))
            log.warning("message %s was refused: %s", outbound.name, reason)
            if reason not in HOPELESS:
                return False
            self._settle(outbound, None, reason)
            return True
        except OSError as error:
            log.warning("message %s could not be sent: %s", outbound.name, type(error).__name__)
            return False
        self._settle(outbound, ts, None, channel)
        return True

    def _named(self, name: str) -> Outbound | None:
        with self._database.transaction() as session:
            return session.exec(select(Outbound).where(Outbound.name == name)).first()

    def _call(self, outbound: Outbound, earlier: Outbound | None) -> tuple[str | None, str | None]:
        """Make the call; gives the channel and the ts that Slack gave the message, where it gives them."""
        body = dict(outbound.body)
        if earlier is not None:
            body |= {"channel": earlier.channel, "thread_ts" if outbound.thread_of else "ts": earlier.ts}
        if outbound.method == RESPOND:
            response = WebhookClient(body.pop("url")).send_dict(body)
            if response.status_code >= 500:
                raise OSError(f"answer URL gave {response.status_code}")
            if response.status_code >= 400:
                raise SlackApiError("refused", {"error": "expired_url"})  # type: ignore[no-untyped-call]
            return None, None
        if outbound.method == "chat.postMessage":
            body["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"id": outbound.name}}
        given = self._client.api_call(outbound.method, json=body)
        return given.get("channel") or body.get("channel"), given.get("ts")

    def _settle(self, outbound: Outbound, ts: str | None, given_up: str | None, channel: str | None = None) -> None:
        with self._database.transaction() as session:
            row = session.get_one(Outbound, outbound.id)
            row.ts, row.given_up, row.channel = ts, given_up, channel
            row.sent_at = None if given_up else now()
            session.add(row)
