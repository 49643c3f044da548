"""The bot token's scopes, as in app_manifest.yml, and what fails without each."""

SCOPES = {
    "app_mentions:read": "mentions are not heard",
    "assistant:write": "the agent view cannot be switched on",
    "channels:history": "follow-ups in threads of public channels are not heard",
    "channels:read": "after a gap in the connection, new mentions in public channels are not caught up",
    "chat:write": "nothing can be answered",
    "commands": "/privacy does not work",
    "groups:history": "follow-ups in threads of private channels are not heard",
    "groups:read": "after a gap in the connection, new mentions in private channels are not caught up",
    "im:history": "direct messages are not heard",
    "im:read": "after a gap in the connection, new direct messages are not caught up",
    "im:write": "a card to a manager whose fate is unknown cannot be looked up, and may be sent twice",
    "usergroups:read": "nobody is known as a manager where PRIVACY_DESK_MANAGERS names a user group",
    "metadata.message:read": "a message whose fate is unknown cannot be looked up, and may be sent twice",
}
