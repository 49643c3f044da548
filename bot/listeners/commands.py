"""The slash command."""

from typing import Any

from bot.incoming import Incoming
from bot.listeners.markup import words_of


def translate(body: dict[str, Any]) -> Incoming:
    """`/privacy QUESTION`, answered to the asker alone."""
    trigger = str(body.get("trigger_id") or "")
    return Incoming(
        kind="command",
        team=str(body.get("team_id") or ""),
        channel=str(body.get("channel_id") or ""),
        user=str(body.get("user_id") or ""),
        text=words_of(str(body.get("text") or "")),
        direct=str(body.get("channel_id") or "").startswith("D"),
        shared=str(body.get("is_ext_shared_channel", "")).lower() in ("true", "1"),
        answer_url=body.get("response_url") or None,
        keys=(f"command:{trigger}",) if trigger else (),
    )
