"""Messages, mentions and edits: payloads of the Events API."""

from typing import Any

from bot.incoming import Incoming
from bot.listeners.markup import words_of

Payload = dict[str, Any]
SPOKEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that people write; all others are joins, topics and the like (Slack's `message` event)."""


def translate(body: Payload, bot_user: str | None) -> Incoming | None:
    """A message or an edit that is meant for the desk, or may be; None for everything else."""
    event: Payload = body.get("event") or {}
    if event.get("type") not in ("message", "app_mention"):
        return None
    if event.get("subtype") == "message_changed":
        return _edit(body, event, bot_user)
    if event.get("subtype") not in SPOKEN or event.get("bot_id") or not event.get("user") or event["user"] == bot_user:
        return None
    return _incoming("question", body, event, event, bot_user)


def _edit(body: Payload, event: Payload, bot_user: str | None) -> Incoming | None:
    message: Payload = event.get("message") or {}
    before: Payload = event.get("previous_message") or {}
    if message.get("bot_id") or not message.get("user") or message.get("text") == before.get("text"):
        return None
    return _incoming("edit", body, event, message, bot_user)


def _incoming(kind: Any, body: Payload, event: Payload, message: Payload, bot_user: str | None) -> Incoming | None:
    text, channel = str(message.get("text") or ""), str(event.get("channel") or "")
    mentioned = event["type"] == "app_mention" or bool(bot_user and f"<@{bot_user}" in text)
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    thread_ts = message.get("thread_ts")
    if not channel or not (mentioned or direct or thread_ts or kind == "edit"):
        return None
    return Incoming(
        kind=kind,
        team=str(body.get("team_id") or event.get("team") or ""),
        channel=channel,
        user=str(message["user"]),
        text=words_of(text, bot_user),
        ts=str(message.get("ts") or event.get("ts") or ""),
        thread_ts=None if thread_ts is None else str(thread_ts),
        direct=direct,
        addressed=mentioned or direct,
        shared=bool(body.get("is_ext_shared_channel")) and (mentioned or not direct),
        has_files=bool(message.get("files")),
        keys=_keys(kind, body, channel, message),
    )


def _keys(kind: str, body: Payload, channel: str, message: Payload) -> tuple[str, ...]:
    """The names by which Slack may bring the same message again: as another event, a mention, a copy."""
    ts = message.get("ts") or ""
    edited = (message.get("edited") or {}).get("ts") or message.get("text") if kind == "edit" else ""
    keys = [f"event:{body['event_id']}"] if body.get("event_id") else []
    keys.append(f"{kind}:{channel}:{ts}:{edited}" if edited else f"{kind}:{channel}:{ts}")  # of whichever workspace
    if message.get("client_msg_id") and kind == "question":
        keys.append(f"client:{message['client_msg_id']}")
    return tuple(keys)
