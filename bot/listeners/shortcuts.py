"""Shortcuts: a question about any message. The one that reports an incident only opens a modal."""

from typing import Any

from bot.incoming import Incoming
from bot.listeners.actions import who
from bot.listeners.markup import words_of

ASK_ABOUT_MESSAGE, REPORT_INCIDENT = "ask_about_message", "report_incident"


def translate(body: dict[str, Any], bot_user: str | None) -> Incoming | None:
    """Ask about privacy, on a message: answered to the one who asked alone."""
    if body.get("callback_id") != ASK_ABOUT_MESSAGE:
        return None
    user, team = who(body)
    channel = str((body.get("channel") or {}).get("id") or "")
    trigger = str(body.get("trigger_id") or "")
    return Incoming(
        kind="command",
        team=team,
        channel=channel,
        user=user,
        text=words_of(str((body.get("message") or {}).get("text") or ""), bot_user),
        direct=False,
        answer_url=body.get("response_url") or None,
        keys=(f"shortcut:{trigger}",) if trigger else (),
    )
