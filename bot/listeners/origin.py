"""Whether the one who acts belongs to another company's workspace: a member of the other side of a shared channel.

`authorizations` names the workspace that the app is installed in; `team` and `user_team` of a message, and the user's
`team_id` of an interaction, that of the person (Slack's Events API and its guide to Slack Connect).
"""

from typing import Any

Payload = dict[str, Any]


def is_outsider(body: Payload) -> bool:
    """True where both workspaces are named and differ. Ids of organisations (E...) are no workspaces."""
    home, theirs = _home(body), _theirs(body)
    return bool(home and theirs) and home != theirs


def _home(body: Payload) -> str | None:
    granted = body.get("authorizations") or [{}]
    return _workspace(granted[0].get("team_id") or (body.get("team") or {}).get("id"))


def _theirs(body: Payload) -> str | None:
    event = body.get("event") or {}
    user = body.get("user") or {}
    return _workspace(event.get("user_team") or event.get("team") or user.get("team_id"))


def _workspace(team: Any) -> str | None:
    return team if isinstance(team, str) and team.startswith("T") else None
