"""The shape of Slack's payloads, as far as anything here relies on it. Other shapes are refused before the listeners.

Bolt and the translation reach into a payload by name; a number where an object belongs would be a fault in the middle.
Fields are those of Slack's Events API, interaction and command payloads; all others may be anything.
"""

import json
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Name = str | None
Thing = dict[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _Message(_Part):
    user: Name = None
    text: Name = None
    ts: Name = None
    thread_ts: Name = None
    bot_id: Name = None
    client_msg_id: Name = None
    edited: Thing | None = None
    files: list[Any] | None = None
    metadata: Thing | None = None


class _Event(_Part):
    type: str
    subtype: Name = None
    user: str | Thing | None = None
    channel: str | Thing | None = None
    channel_id: Name = None
    channel_type: Name = None
    text: Name = None
    ts: Name = None
    thread_ts: Name = None
    bot_id: Name = None
    bot_profile: Thing | None = None
    team: Name = None
    tab: Name = None
    client_msg_id: Name = None
    edited: Thing | None = None
    files: list[Any] | None = None
    item: Thing = Field(default_factory=dict)
    message: _Message = Field(default_factory=_Message)
    previous_message: _Message = Field(default_factory=_Message)


class _Action(_Part):
    type: str = ""
    action_id: Name = None
    block_id: Name = None
    value: Name = None
    action_ts: Name = None
    selected_option: Thing | None = None
    selected_options: list[Thing] | None = None


class _State(_Part):
    values: dict[str, dict[str, Thing]] = Field(default_factory=dict)


class _View(_Part):
    id: Name = None
    type: str
    hash: Name = None
    callback_id: Name = None
    private_metadata: Name = None
    state: _State | None = None
    root_view_id: Name = None
    blocks: list[Thing] | None = None


class _Place(_Part):
    id: Name = None
    team_id: Name = None
    enterprise_id: Name = None


class _Container(_Part):
    type: Name = None
    message_ts: Name = None
    channel_id: Name = None
    thread_ts: Name = None
    is_ephemeral: bool | None = None


class _Grant(_Part):
    team_id: Name = None
    enterprise_id: Name = None
    user_id: Name = None
    is_bot: bool | None = None


class _Body(_Part):
    type: Name = None
    event: _Event = Field(default_factory=lambda: _Event(type=""))
    event_id: Name = None
    team_id: Name = None
    enterprise_id: Name = None
    token: Name = None
    api_app_id: Name = None
    challenge: Name = None
    authorizations: list[_Grant] | None = None
    authed_users: list[str] | None = None
    is_ext_shared_channel: bool | Name = None
    user: _Place = Field(default_factory=_Place)
    team: _Place | None = None
    channel: _Place | None = None
    enterprise: _Place | None = None
    actions: list[_Action] = Field(default_factory=list)
    container: _Container = Field(default_factory=_Container)
    message: _Message = Field(default_factory=_Message)
    view: _View = Field(default_factory=lambda: _View(type=""))
    callback_id: Name = None
    trigger_id: Name = None
    response_url: Name = None
    action_ts: Name = None
    message_ts: Name = None
    command: Name = None
    text: Name = None
    user_id: Name = None
    channel_id: Name = None
    ssl_check: Name = None


def well_formed(body: bytes) -> bool:
    """Whether a request's body has the shape of Slack's: JSON, a form (commands), or JSON in a form (interactions)."""
    try:
        _Body.model_validate(_read(body.decode()))
    except (ValidationError, ValueError, RecursionError):
        return False
    return True


def _read(text: str) -> Any:
    if text.startswith("{"):  # as Bolt tells them apart
        return json.loads(text)
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields
