"""Buttons under answers."""

from typing import Any, cast, get_args

from pydantic import ValidationError

from bot.answers.actions import Action, Carried
from bot.answers.blocks import DONT_KNOW
from bot.incoming import Incoming, Kind


def translate(body: dict[str, Any]) -> Incoming | None:
    """A pressed button of the desk; None for a button that is not ours or carries something else."""
    action = (body.get("actions") or [{}])[0]
    kind = str(action.get("action_id") or "").split(".")[0]
    if kind not in set(Action) & set(get_args(Kind)):
        return None
    try:
        carried = Carried.model_validate_json(str(action.get("value") or ""))
    except ValidationError:
        return None
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    ephemeral = bool(container.get("is_ephemeral"))
    user = str((body.get("user") or {}).get("id") or "")
    return Incoming(
        kind=cast(Kind, kind),
        team=str((body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or ""),
        channel=channel,
        user=user,
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        direct=channel.startswith("D"),
        answer_url=(body.get("response_url") or None) if ephemeral else None,
        message_ts=container.get("message_ts") or message.get("ts"),
        conversation=carried.conversation,
        fact=carried.fact,
        value=None if carried.value == DONT_KNOW else carried.value,
        keys=(f"action:{user}:{action.get('action_ts')}:{carried.text()}",) if action.get("action_ts") else (),
    )
