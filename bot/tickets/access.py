"""Who is a manager: a list of user ids, or the members of one Slack user group, looked up each time.

A former manager loses access at once, because nothing is remembered (Slack's method `usergroups.users.list`).
"""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.tickets.course import OF_A_MANAGER, OF_THE_REQUESTER, Step

GROUP = "S"


class CannotTellError(Exception):
    """Slack did not say who is in the managers' user group."""


class Managers:
    """The managers of the settings."""

    def __init__(self, client: WebClient, listed: tuple[str, ...]) -> None:
        """Take a client with the bot's token, and user ids (U..., W...) or one user group id (S...)."""
        self._client, self._listed = client, listed

    def include(self, user_id: str) -> bool:
        """Whether this person is a manager now. Raises CannotTellError where Slack does not say."""
        return bool(user_id) and user_id in self.ids()

    def ids(self) -> frozenset[str]:
        """The user ids of all managers now. Raises CannotTellError where Slack does not say."""
        people = {one for one in self._listed if not one.startswith(GROUP)}
        for group in (one for one in self._listed if one.startswith(GROUP)):
            try:
                people.update(self._client.usergroups_users_list(usergroup=group)["users"])
            except (SlackApiError, OSError) as error:
                raise CannotTellError(f"the members of the user group {group} cannot be read") from error
        return frozenset(people)


def may(step: Step, *, manager: bool, own: bool) -> bool:
    """Whether somebody may take this step, being a manager or not, and the requester of the ticket or not."""
    return (manager and step in OF_A_MANAGER) or (own and step in OF_THE_REQUESTER)
