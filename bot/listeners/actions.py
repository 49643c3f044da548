"""Buttons: under answers, on cards, on the home page."""

from typing import Any, cast, get_args

from pydantic import ValidationError

from bot.answers.actions import Action, Carried, TicketAction, TicketCarried
from bot.answers.blocks import DONT_KNOW
from bot.incoming import Incoming, Kind

Payload = dict[str, Any]


def translate(body: Payload) -> Incoming | None:
    """A pressed button that changes something; None for others: not ours, broken, or one that only opens a modal."""
    action = action_of(body)
    kind, _, step = str(action.get("action_id") or "").partition(".")
    try:
        if kind in (TicketAction.STEP, TicketAction.WITHDRAW):
            carried = TicketCarried.model_validate_json(value_of(action))
            made = "ticket_step" if kind == TicketAction.STEP else TicketAction.WITHDRAW.value
            return _incoming(body, cast(Kind, made), ticket=carried.ticket, step=step or None)
        if kind not in set(Action) & set(get_args(Kind)):
            return None
        return _under_an_answer(body, cast(Kind, kind), Carried.model_validate_json(value_of(action)))
    except ValidationError:
        return None


def _under_an_answer(body: Payload, kind: Kind, carried: Carried) -> Incoming | None:
    fields = {}
    if kind == "feedback":
        if carried.answer is None or carried.right is None:
            return None
        fields = {"answer": carried.answer, "right": carried.right}
    value = None if carried.value == DONT_KNOW else carried.value
    return _incoming(body, kind, conversation=carried.conversation, fact=carried.fact, value=value, fields=fields)


def _incoming(body: Payload, kind: Kind, **more: Any) -> Incoming:
    action = action_of(body)
    container, message = _part(body, "container"), _part(body, "message")
    channel = str(_part(body, "channel").get("id") or container.get("channel_id") or "")
    user, team = who(body)
    pressed = f"action:{user}:{action.get('action_ts')}:{action.get('action_id')}:{value_of(action)}"
    return Incoming(
        kind=kind,
        team=team,
        channel=channel,
        user=user,
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        direct=channel.startswith("D"),
        answer_url=(body.get("response_url") or None) if container.get("is_ephemeral") else None,
        message_ts=container.get("message_ts") or message.get("ts"),
        keys=(pressed,) if action.get("action_ts") else (),
        **more,
    )


def action_of(body: Payload) -> Payload:
    """The action of a payload (Slack sends one at a time)."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    return first if isinstance(first, dict) else {}


def value_of(action: Payload) -> str:
    """What a pressed button brings back. Feedback buttons bring it as their value too."""
    return str(action.get("value") or "")


def who(body: Payload) -> tuple[str, str]:
    """The user id and the workspace of whoever acted."""
    user = _part(body, "user")
    return str(user.get("id") or ""), str(_part(body, "team").get("id") or user.get("team_id") or "")


def _part(body: Payload, name: str) -> Payload:
    part = body.get(name)
    return part if isinstance(part, dict) else {}
