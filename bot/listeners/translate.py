"""Which surface a payload comes from."""

from typing import Any

from bot.incoming import Incoming
from bot.listeners import actions, commands, messages, shortcuts, submissions
from bot.listeners.origin import is_outsider
from bot.tickets.masking import masked

Payload = dict[str, Any]


def translate(body: Payload, bot_user: str | None) -> Incoming | None:
    """What a payload asks of the desk; None where it asks nothing (the desk's own messages, joins, unfurls ...).

    What looks like personal data in ordinary text is masked here, before anything is stored.
    """
    incoming = _translate(body, bot_user)
    if incoming is None:
        return None
    return incoming.model_copy(update={"text": masked(incoming.text), "outsider": is_outsider(body)})


def _translate(body: Payload, bot_user: str | None) -> Incoming | None:
    match body.get("type"):
        case "event_callback":
            return messages.translate(body, bot_user)
        case "block_actions":
            return actions.translate(body)
        case "view_submission":
            return submissions.translate(body)
        case "message_action":
            return shortcuts.translate(body, bot_user)
    return commands.translate(body) if body.get("command") else None
