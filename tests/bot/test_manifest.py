"""The app manifest fits Slack's own schema and asks for nothing that the desk does not use."""

import json
from pathlib import Path

import jsonschema
import yaml

from bot.app import COMMAND
from bot.scopes import SCOPES

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "app_manifest.yml").read_text(encoding="utf-8"))
NEEDED = {
    "app_mentions:read": "app_mention",
    "channels:history": "message.channels",
    "groups:history": "message.groups",
    "usergroups:read": None,
    "im:history": "message.im",
    "commands": None,
    "chat:write": None,
    "assistant:write": None,
    "channels:read": None,
    "groups:read": None,
    "im:read": None,
    "im:write": None,
    "metadata.message:read": None,
}


def test_it_fits_slacks_schema() -> None:
    schema = json.loads((ROOT / "tests" / "slack" / "manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    jsonschema.validate(MANIFEST, schema)


def test_each_scope_is_needed_and_none_is_missing() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == set(NEEDED) == set(SCOPES)
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert {event for event in NEEDED.values() if event} <= events


def test_the_command_is_the_one_that_is_listened_to() -> None:
    assert [command["command"] for command in MANIFEST["features"]["slash_commands"]] == [COMMAND]
