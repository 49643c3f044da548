"""What came of a call to Slack, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

HOPELESS = frozenset(
    {
        "as_user_not_supported", "cannot_reply_to_message", "cant_update_message", "channel_not_found",
        "edit_window_closed", "expired_url", "invalid_arguments", "invalid_blocks", "invalid_blocks_format",
        "invalid_metadata_format", "invalid_metadata_schema", "is_archived", "is_inactive", "message_not_found",
        "messages_tab_disabled", "metadata_too_large", "msg_blocks_too_long", "msg_too_long", "no_text",
        "not_in_channel", "restricted_action", "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel", "restricted_action_thread_locked",
        "restricted_action_thread_only_channel", "thread_not_found", "update_failed", "used_url", "user_disabled",
        "user_not_found", "user_not_in_channel", "view_too_large",
    }
)  # fmt: skip
"""Errors that no later attempt can mend (Slack's reference of chat.postMessage, .update, .postEphemeral, views.*)."""
NEEDS_A_PERSON = frozenset(
    {
        "account_inactive", "invalid_auth", "missing_scope", "no_permission", "not_allowed_token_type", "not_authed",
        "org_login_required", "team_access_not_granted", "token_expired", "token_revoked", "access_denied",
    }
)  # fmt: skip
"""Errors of the token: nothing goes out until the app is installed again, and then everything does."""
NOTHING_DONE = frozenset(
    {"rate_limited", "ratelimited", "message_limit_exceeded", "team_added_to_org", "accesslimited"}
) | NEEDS_A_PERSON  # fmt: skip
"""Errors after which it is certain that nothing was posted. Of `internal_error`, `fatal_error` and
`service_unavailable` Slack says that some aspect of the operation may have succeeded."""
SECONDS_FOR_A_PERSON = 60.0


@dataclass(frozen=True)
class Sent:
    """It is in Slack; `ts` is its id there, in `channel`, where Slack gives them."""

    ts: str | None
    channel: str | None = None


@dataclass(frozen=True)
class Again:
    """It is to be tried again, no sooner than after `seconds` (None: the sender decides).

    `unknown` is True where it may be in Slack all the same.
    """

    reason: str
    seconds: float | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Refused:
    """No later attempt can succeed."""

    reason: str


Outcome = Sent | Again | Refused


def outcome_of(error: Exception) -> Again | Refused:
    """What an error of a call means. Errors that are none of Slack's or of the network are raised again."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and isinstance(error.reason, ConnectionRefusedError | OSError):
        return Again(type(error.reason).__name__, unknown=not isinstance(error.reason, ConnectionRefusedError))
    if isinstance(error, OSError | HTTPException | ValueError):
        return Again(type(error).__name__, unknown=True)
    raise error


def _answered(error: SlackApiError) -> Again | Refused:
    status, said = getattr(error.response, "status_code", 200), error.response.get("error")
    reason = str(said) if said and str(said).replace("_", "").isalnum() else f"status_{status}"
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        return Again("ratelimited", retry_after(getattr(error.response, "headers", None) or {}))
    if reason in HOPELESS:
        return Refused(reason)
    if reason in NEEDS_A_PERSON:
        return Again(reason, SECONDS_FOR_A_PERSON)
    return Again(reason, unknown=reason not in NOTHING_DONE)


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds that Slack's Retry-After says; 1 where it says nothing that can be read."""
    value = {name.lower(): value for name, value in headers.items()}.get("retry-after", "1")
    value = value[0] if isinstance(value, list) else value
    return float(value) if str(value).isdecimal() else 1.0
