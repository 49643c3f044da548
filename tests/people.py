"""People of a workspace: they write, press, fill in and look, each with the whole payload that Slack would send."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from slack_bolt import BoltResponse
from slackdouble import TEAM, Message
from workspace import GENERAL, Workspace, buttons, words

from bot.words import say

View = dict[str, Any]
Entered = str | int | list[str]
_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody in a workspace."""

    workspace: Workspace
    user: str
    team: str = TEAM

    @property
    def direct(self) -> str:
        """Their direct channel with the desk."""
        return f"D{self.user[1:]}"

    def writes(self, text: str, *, thread: str | None = None, channel: str | None = None) -> str:
        """Write to the desk, directly or in a channel; gives the message's ts."""
        return self.workspace.says(text, user=self.user, channel=channel or self.direct, thread=thread)

    def commands(self, text: str) -> View | None:
        """Use the slash command; gives the modal that it opens, if any."""
        return self._opened(lambda: self.workspace.commands(text, user=self.user, team=self.team))

    def asks_about(self, text: str) -> None:
        """Use the shortcut "Ask about privacy" on a message with this text."""
        message = {"type": "message", "user": "USOMEBODY", "ts": "90.1", "text": text}
        self._interacts(
            type="message_action", callback_id="ask_about_message", message=message, channel={"id": GENERAL},
            response_url=f"{self.workspace.slack.url}answer_url",
        )  # fmt: skip

    def starts_a_report(self) -> View:
        """Use the global shortcut "Report a data incident"; gives the modal."""
        return shown(self._opened(lambda: self._interacts(type="shortcut", callback_id="report_incident")))

    def presses(self, label: str, message: Message) -> View | None:
        """Press a button under a message; gives the modal that it opens, if any."""
        return self.presses_element(element(label, message.content), message)

    def presses_element(self, button: View, message: Message) -> View | None:
        """Press a button, also one that is not what the desk made."""
        there = {"message_ts": message.ts, "thread_ts": message.thread_ts}
        return self._opened(
            lambda: self._acts(
                button,
                container={"type": "message", "channel_id": message.channel, "is_ephemeral": False, **there},
                channel={"id": message.channel},
                message={"ts": message.ts, "thread_ts": message.thread_ts},
                response_url=f"{self.workspace.slack.url}answer_url",
            )
        )

    def presses_in_answer(self, label: str, answer: View) -> View | None:
        """Press a button under an answer that only they see."""
        container = {"type": "message", "channel_id": GENERAL, "is_ephemeral": True, "message_ts": "200.9"}
        return self._opened(
            lambda: self._acts(
                element(label, answer),
                container=container,
                channel={"id": GENERAL},
                response_url=f"{self.workspace.slack.url}answer_url",
            )
        )

    def takes(self, step: str, number: int = 1, /, **entered: Entered) -> None:
        """Take a ticket a step further by the button on its card, and fill in its form if it has one."""
        language = self.workspace.ticket(number).language
        view = self.presses(say(language, f"ticket.step.{step}"), self.workspace.card(number))
        if view is not None:
            self.submits(view, **entered)

    def opens_home(self) -> View:
        """Open the app's home page; gives what is shown there."""
        self.workspace.event(
            {"type": "app_home_opened", "user": self.user, "channel": self.direct, "tab": "home"}, team_id=self.team
        )
        return self.workspace.slack.homes[self.user]

    def presses_in_view(self, label: str, view: View, *, choose: str | None = None) -> View:
        """Press a button in a view, or choose an option; gives the modal that it opens, or their home page then."""
        action = element(label, view) if choose is None else chosen(label, choose, view)
        opened = self._opened(lambda: self._acts(action, container={"type": "view", "view_id": view["id"]}, view=view))
        return opened or self.workspace.slack.homes.get(self.user, {})

    def submits(self, view: View | None, **entered: Entered) -> dict[str, str]:
        """Fill in a modal, by the ids of its fields, and submit it. Options are chosen by their labels or values.

        Gives what Slack then says beside fields, where the modal stays open.
        """
        asked = shown(view)
        state = {block["block_id"]: {"value": _entered(block, entered.pop(block["block_id"], None))}
                 for block in asked["blocks"] if block["type"] == "input"}  # fmt: skip
        assert not entered, f"the form has no {entered}"
        return self.sends({**asked, "state": {"values": state}})

    def sends(self, view: View) -> dict[str, str]:
        """Submit a modal as it stands; gives what is said beside its fields."""
        body = self._interacts(type="view_submission", view=view).body
        return dict(json.loads(body)["errors"]) if body else {}

    def letters(self) -> list[Message]:
        """What the desk wrote to them in direct messages, in order."""
        return [one for one in self.workspace.slack.messages if one.channel == self.direct]

    def told(self) -> list[str]:
        """The words of these messages."""
        return [words(one.content) for one in self.letters()]

    def private(self) -> list[str]:
        """What only this person has been shown: notes in channels, answers to commands, direct messages."""
        found = []
        for call in self.workspace.slack.calls:
            to_them = call.body.get("user") == self.user or call.body.get("channel") in (self.user, self.direct)
            if (call.method in ("chat.postEphemeral", "chat.postMessage") and to_them) or call.method == "answer_url":
                found.append(words(call.body))
        return found

    def _acts(self, action: View, **more: Any) -> None:
        self._interacts(type="block_actions", actions=[{**action, "action_ts": f"{next(_numbers)}.7"}], **more)

    def _interacts(self, **body: Any) -> BoltResponse:
        who = {"team": {"id": self.team}, "user": {"id": self.user, "team_id": self.team}}
        response = self.workspace.interacts({**who, "trigger_id": f"trigger{next(_numbers)}", **body})
        assert response.status == 200
        return response

    def _opened(self, act: Any) -> View | None:
        views = self.workspace.slack.views
        before = len(views)
        act()
        return views[-1] if len(views) > before else None


def shown(view: View | None) -> View:
    """The modal that was opened; there must be one."""
    assert view is not None, "no modal was opened"
    return view


def element(label: str, content: View) -> View:
    """The button with this label, as the payload of a press names it."""
    for one in buttons(content):
        if one["type"] == "button" and one["text"]["text"] == label:
            return one
    for block in content["blocks"]:
        for one in block["elements"] if block["type"] == "context_actions" else ():
            for part in ("positive_button", "negative_button"):
                if one[part]["text"]["text"] == label:
                    return {"type": one["type"], "action_id": one["action_id"], **one[part]}
    raise AssertionError(f"no button {label!r} among {labels(content)}")


def labels(content: View) -> list[str]:
    """The labels of all buttons."""
    return [one["text"]["text"] for one in buttons(content) if one["type"] == "button"]


def chosen(action_id: str, label: str, view: View) -> View:
    """An option of a select, as the payload of a choice names it."""
    select = next(one for one in buttons(view) if one["action_id"] == action_id)
    option = next(one for one in select["options"] if one["text"]["text"] == label)
    return {"type": select["type"], "action_id": action_id, "selected_option": option}


def _entered(block: View, entered: Entered | None) -> View:
    """The state of one input, as Slack sends it. Slack lets nobody leave a required input empty."""
    made = block["element"]
    given = _given(made, entered) if entered is not None else _at_first(made)
    empty = all(value in (None, [], "") for value in given.values())
    assert block["optional"] or not empty, f"{block['block_id']} is required"
    return {"type": made["type"], **given}


def _given(made: View, entered: Entered) -> View:
    match made["type"]:
        case "plain_text_input":
            assert len(str(entered)) <= made["max_length"]
            return {"value": str(entered)}
        case "static_select" | "radio_buttons":
            return {"selected_option": _option(made, str(entered))}
        case "checkboxes":
            several = entered if isinstance(entered, list) else [str(entered)]
            return {"selected_options": [_option(made, one) for one in several]}
        case "users_select":
            return {"selected_user": entered}
        case "datepicker":
            return {"selected_date": entered}
        case _:
            return {"selected_date_time": entered}


def _option(made: View, wanted: str) -> View:
    found = [one for one in made["options"] if wanted in (one["value"], one["text"]["text"])]
    assert found, f"{wanted!r} is none of {[one['value'] for one in made['options']]}"
    return dict(found[0])


def _at_first(made: View) -> View:
    names = {
        "plain_text_input": ("value", "initial_value"),
        "static_select": ("selected_option", "initial_option"),
        "radio_buttons": ("selected_option", "initial_option"),
        "checkboxes": ("selected_options", "initial_options"),
        "users_select": ("selected_user", "initial_user"),
        "datepicker": ("selected_date", "initial_date"),
        "datetimepicker": ("selected_date_time", "initial_date_time"),
    }
    name, first = names[made["type"]]
    return {name: made.get(first, [] if name == "selected_options" else None)}
