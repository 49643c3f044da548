"""A Slack that keeps what is posted, with its metadata, and misbehaves as told. No network, no time of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BOT, TEAM = "UBOT", "T1"
Body = dict[str, Any]
Reply = tuple[int, dict[str, str], str]


class LostReplyError(ConnectionResetError):
    """The call arrived, its answer did not."""


@dataclass(frozen=True)
class Trouble:
    """What one call meets: an error in the answer, a status, or nothing at all; and whether Slack did it anyway."""

    status: int = 200
    error: str | None = None
    retry_after: int | None = None
    lost: bool = False
    done: bool = False


FINE = Trouble()


@dataclass
class SlackSim:
    """One workspace. `trouble` says of each call (method, body) what it meets."""

    trouble: Callable[[str, Body], Trouble] = lambda _method, _body: FINE
    posted: list[Body] = field(default_factory=list)
    calls: list[tuple[str, Body]] = field(default_factory=list)

    def call(self, method: str, body: Body) -> Reply:
        """One call to the Web API or an answer URL. Raises LostReplyError where no answer comes."""
        self.calls.append((method, body))
        trouble = self.trouble(method, body)
        if trouble == FINE:
            return 200, {}, json.dumps(self._do(method, body))
        if trouble.done:
            self._do(method, body)
        if trouble.lost:
            raise LostReplyError
        headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after is not None else {}
        error = {"ok": False, "error": trouble.error} if trouble.error else None
        return trouble.status, headers, json.dumps(error) if error else "<html>sorry</html>"

    def answers(self) -> list[str]:
        """The ids, out of their metadata, of all messages that were posted, in order."""
        return [message["metadata"]["event_payload"]["id"] for message in self.posted if message.get("metadata")]

    def _do(self, method: str, body: Body) -> Body:
        if method in ("chat.postMessage", "respond", "chat.postEphemeral"):
            ts = f"200.{len(self.posted) + 1:06d}"
            self.posted.append({**body, "ts": ts, "method": method})
            return {"ok": True, "ts": ts, "channel": body.get("channel")}
        if method in ("conversations.replies", "conversations.history"):
            there = [message for message in self.posted if _is_in(message, body, method)]
            return {"ok": True, "messages": [_as_read(message, body) for message in there]}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": body["users"]}}
        if method == "auth.test":
            return {"ok": True, "user_id": BOT, "bot_id": "B1", "team_id": TEAM, "team": "t", "user": "desk"}
        return {"ok": True, "ts": body.get("ts")}


def _is_in(message: Body, body: Body, method: str) -> bool:
    if message["method"] != "chat.postMessage" or message.get("channel") != body["channel"]:
        return False
    thread = message.get("thread_ts")
    return thread == body["ts"] if method == "conversations.replies" else thread is None


def _as_read(message: Body, body: Body) -> Body:
    """Slack leaves out the payload of the metadata unless it is asked for all of it."""
    whole = str(body.get("include_all_metadata", "")).lower() in ("true", "1")
    return message if whole else {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}
