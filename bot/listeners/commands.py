"""The slash command."""

from typing import Any

from bot.incoming import Incoming
from bot.listeners.markup import words_of

REPORT = {"report": None, "報告": "ja"}
"""Words after the command that open the form for an incident, and the language that they tell."""


def reports(body: dict[str, Any]) -> bool:
    """Whether the command only opens the form that reports an incident."""
    return str(body.get("text") or "").strip().lower() in REPORT


def translate(body: dict[str, Any]) -> Incoming | None:
    """`/privacy QUESTION`, answered to the asker alone; None where it only opens a form."""
    if reports(body):
        return None
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
