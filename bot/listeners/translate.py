"""Which surface a payload comes from."""

from typing import Any

from bot.incoming import Incoming
from bot.listeners import actions, commands, messages
from bot.listeners.origin import is_outsider

Payload = dict[str, Any]


def translate(body: Payload, bot_user: str | None) -> Incoming | None:
    """What a payload asks of the desk; None where it asks nothing (the desk's own messages, joins, unfurls ...)."""
    incoming = _translate(body, bot_user)
    return incoming.model_copy(update={"outsider": True}) if incoming and is_outsider(body) else incoming


def _translate(body: Payload, bot_user: str | None) -> Incoming | None:
    if body.get("type") == "event_callback":
        return messages.translate(body, bot_user)
    if body.get("type") == "block_actions":
        return actions.translate(body)
    return commands.translate(body) if body.get("command") else None
