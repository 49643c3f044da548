"""Listeners that only show something: a modal, a home page, prompts. They change nothing and store nothing."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.answers.actions import Carried, TicketAction, TicketCarried
from bot.home.page import Home, Wanted
from bot.listeners.actions import action_of, value_of, who
from bot.listeners.commands import REPORT
from bot.windows import Person, View, Windows

Payload = dict[str, Any]
Model = TypeVar("Model", Carried, TicketCarried, Wanted)
log = logging.getLogger(__name__)


class Opening:
    """What the desk shows at once, on a press, a shortcut or the opening of its home page."""

    def __init__(self, windows: Windows, home: Home) -> None:
        """Take what builds modals and home pages."""
        self._windows, self._home = windows, home

    def form(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """A ticket's button that opens a form."""
        ack()
        action = action_of(body)
        kind, _, step = str(action.get("action_id")).partition(".")
        carried = _read(TicketCarried, value_of(action))
        if carried is None:
            return
        number, person = carried.ticket, Person(*who(body))
        shown: dict[str, Callable[[], View]] = {
            TicketAction.FORM: lambda: self._windows.step(step, number, person),
            TicketAction.DETAILS: lambda: self._windows.details(number, person),
            TicketAction.GIVE_DETAILS: lambda: self._windows.give_details(number, person),
        }
        _open(client, body, shown[kind]())

    def record(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """The button that makes a record of provision."""
        ack()
        carried = _read(Carried, value_of(action_of(body)))
        if carried is not None:
            _open(client, body, self._windows.record(carried, Person(*who(body))))

    def reason(self, body: Payload, client: WebClient) -> None:
        """After "not right": ask why. "Right" asks nothing."""
        carried = _read(Carried, value_of(action_of(body)))
        if carried is not None and carried.right is False:
            _open(client, body, self._windows.feedback(carried, Person(*who(body))))

    def report(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """The global shortcut that reports an incident."""
        ack()
        _open(client, body, self._windows.report(Person(*who(body))))

    def report_by_command(self, body: Payload, client: WebClient) -> None:
        """`/privacy report`."""
        person = Person(str(body.get("user_id") or ""), str(body.get("team_id") or ""))
        language = REPORT.get(str(body.get("text") or "").strip().lower())
        _open(client, body, self._windows.report(person, language))

    def home_opened(self, event: Payload, body: Payload, client: WebClient) -> None:
        """Somebody opened the app's home: its page, or in the messages tab the prompts to begin with."""
        person = Person(str(event.get("user") or ""), str(body.get("team_id") or ""))
        if event.get("tab") == "messages":
            prompts = self._home.prompts(person)
            _quietly(lambda: client.assistant_threads_setSuggestedPrompts(channel_id=str(event["channel"]), **prompts))
        else:
            self._publish(client, person, Wanted())

    def home_turned(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """A press on the home page: another filter, another page, the search form, the precedents."""
        ack()
        person, wanted = Person(*who(body)), _wanted(body)
        _, _, what = str(action_of(body).get("action_id")).partition(".")
        if what in ("search", "precedents"):
            _open(client, body, self._home.window(what, wanted, person))
        else:
            self._publish(client, person, wanted)

    def home_searched(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """The search form was filled in."""
        ack()
        self._publish(client, Person(*who(body)), self._home.searched(body))

    def _publish(self, client: WebClient, person: Person, wanted: Wanted) -> None:
        page = self._home.page(person, wanted)
        _quietly(lambda: client.views_publish(user_id=person.user, view=page))


def _wanted(body: Payload) -> Wanted:
    """What a press on the home page asks for; the plain page where it carries nothing that can be read."""
    action = action_of(body)
    chosen = (action.get("selected_option") or {}).get("value")
    if chosen is None:
        return _read(Wanted, value_of(action)) or Wanted()
    shown = _read(Wanted, str((body.get("view") or {}).get("private_metadata") or "")) or Wanted()
    return shown.changed(_read(Wanted, str(chosen)) or Wanted())


def _read(model: type[Model], text: str) -> Model | None:
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None


def _open(client: WebClient, body: Payload, view: View) -> None:
    trigger = str(body.get("trigger_id") or "")
    from_a_modal = (body.get("view") or {}).get("type") == "modal"
    show = client.views_push if from_a_modal else client.views_open
    _quietly(lambda: show(trigger_id=trigger, view=view))


def _quietly(call: Callable[[], object]) -> None:
    """Show something; where Slack does not take it, say so in the log: nothing is lost, the person can press again."""
    try:
        call()
    except SlackApiError as error:
        log.warning("Slack did not show it: %s", error.response.get("error"))
    except OSError as error:
        log.warning("Slack could not be reached: %s", type(error).__name__)
