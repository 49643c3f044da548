"""Catching up: what people said to the desk while it heard nothing.

Slack delivers again for some minutes at most, and over Socket Mode not at all what fell between two connections. So the
desk reads what was written since it last heard, and accepts it as if it had been delivered: what it knows already is
known by its keys. Reads with conversations.history and .replies; the channels come from users.conversations, or, where
the scopes for that are missing, from the conversations that the desk has had. A question that was edited meanwhile is
taken for its edit, where it is among what is read: written since then, or given along with its thread. Edits of others
are not seen: Slack lists messages by when they were written, not by when they were changed.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from threading import Thread
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import col, select

from bot.incoming import Incoming
from bot.listeners import translate
from bot.sending.outcome import outcome_of
from bot.store.database import Database
from bot.store.inbox import Inbox, latest_of_message
from bot.store.tables import ConversationRow, Executor, Inbound, now

Body = dict[str, Any]
OVERLAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(days=3)
TALKED_WITHIN = timedelta(days=7)
TRIES = 5
GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "thread_not_found", "missing_scope"})
log = logging.getLogger(__name__)


def last_heard(database: Database) -> datetime | None:
    """When the desk last took something in, or a process of it was last seen; None before a first start."""
    with database.reading() as session:
        seen = session.exec(select(Executor.seen_at).order_by(col(Executor.seen_at).desc()).limit(1)).first()
        taken = session.exec(select(Inbound.received_at).order_by(col(Inbound.id).desc()).limit(1)).first()
        return max((moment for moment in (seen, taken) if moment), default=None)


def _as_edit(body: Body) -> Body:
    """The event that Slack would have sent when the message of this one was edited."""
    event = body["event"]
    changed = {"type": "message", "subtype": "message_changed", "channel": event["channel"], "message": event}
    return {**body, "event": changed}


class CatchUp:
    """Reads what was missed."""

    def __init__(self, database: Database, client: WebClient, sleep: Callable[[float], None] = time.sleep) -> None:
        """Take the store, a client that does not try again by itself, and how to wait (s) as Slack says."""
        self._database, self._client, self._sleep = database, client, sleep
        self._inbox = Inbox(database)
        self._heard: datetime | None = None

    def heard(self, kind: str) -> None:
        """Something came over the connection; a "hello" after other things means that there was a gap before it."""
        before, self._heard = self._heard, now()
        if kind == "hello" and before:
            self.begin(before)

    def begin(self, moment: datetime | None) -> None:
        """Catch up beside everything else; None where there is nothing to catch up on."""
        if moment is not None:
            Thread(target=self._try, args=(moment,), name="catch-up", daemon=True).start()

    def _try(self, moment: datetime) -> None:
        try:
            self.since(moment)
        except Exception as error:
            log.error("could not catch up since %s: %s", moment.isoformat(timespec="seconds"), type(error).__name__)

    def since(self, moment: datetime) -> int:
        """Accept everything that was said to the desk since a moment; gives how much was new."""
        oldest = max(moment - OVERLAP, now() - LONGEST_GAP)
        me = self._call("auth.test")
        taken = sum(self._take(body, me) for body in self._missed(oldest, me))
        log.info("caught up since %s: %d were new", oldest.isoformat(timespec="seconds"), taken)
        return taken

    def _take(self, body: Body, me: Body) -> bool:
        bot_user = str(me.get("user_id"))
        incoming = translate(body, bot_user)
        if incoming is None:
            return False
        if self._inbox.accept(incoming) is not None:
            return True
        edit = translate(_as_edit(body), bot_user) if body["event"].get("edited") else None
        return edit is not None and self._says_otherwise(edit) and self._inbox.accept(edit) is not None

    def _says_otherwise(self, edit: Incoming) -> bool:
        """Whether the message says something else now than when it was last taken in."""
        with self._database.reading() as session:
            known = latest_of_message(session, edit.channel, str(edit.ts))
        return known is not None and known.text != edit.text

    def _missed(self, oldest: datetime, me: Body) -> Iterator[Body]:
        start = f"{oldest.astimezone(UTC).timestamp():.6f}"
        for channel in self._channels():
            shared = {"is_ext_shared_channel": bool(channel.get("is_ext_shared"))}
            for message in self._messages(channel["id"], start):
                event = {**message, "type": "message", "channel": channel["id"]}
                yield {"type": "event_callback", "team_id": me.get("team_id"), "event": event, **shared}

    def _messages(self, channel: str, start: str) -> Iterator[Body]:
        """What was written in a channel since then, oldest first, and in the threads that the desk has talked in."""
        written = list(self._pages("conversations.history", "messages", channel=channel, oldest=start, limit=200))
        threads = {str(one["ts"]) for one in written if one.get("reply_count")} | set(self._threads(channel))
        for thread in sorted(threads):
            written += self._pages(
                "conversations.replies", "messages", channel=channel, ts=thread, oldest=start, limit=200
            )
        return iter(sorted(written, key=lambda message: str(message.get("ts"))))

    def _channels(self) -> list[Body]:
        kinds = "public_channel,private_channel,im"
        try:
            return list(self._pages("users.conversations", "channels", types=kinds, exclude_archived="true", limit=200))
        except SlackApiError as error:
            log.warning(
                "channels cannot be listed (%s); catching up where the desk has talked", error.response["error"]
            )
        with self._database.reading() as session:
            return [{"id": channel} for channel in session.exec(select(ConversationRow.channel_id).distinct())]

    def _threads(self, channel: str) -> list[str]:
        with self._database.reading() as session:
            query = select(ConversationRow.thread_ts).where(ConversationRow.channel_id == channel)
            recent = query.where(col(ConversationRow.updated_at) > now() - TALKED_WITHIN)
            return [thread for thread in session.exec(recent.distinct()) if thread]

    def _pages(self, method: str, part: str, **arguments: Any) -> Iterator[Body]:
        cursor = ""
        while True:
            page = self._call(method, **arguments, **({"cursor": cursor} if cursor else {}))
            yield from page.get(part) or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _call(self, method: str, **arguments: Any) -> Body:
        """A call that reads; tried again as Slack says. Gives {} for a channel or thread that is gone."""
        for tried in range(TRIES):
            try:
                return dict(self._client.api_call(method, params=arguments).data)  # type: ignore[arg-type]
            except (SlackApiError, OSError, HTTPException, ValueError) as error:
                outcome = outcome_of(error)
                if method.startswith("conversations.") and outcome.reason in GONE:
                    return {}
                if outcome.reason == "missing_scope" or tried == TRIES - 1:
                    raise
                self._sleep(getattr(outcome, "seconds", None) or 2.0**tried)
        return {}
