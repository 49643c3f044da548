"""A workspace for tests: people who write to the desk, and the whole desk behind a Bolt app."""

import json
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest, BoltResponse
from slackdouble import BOT, TEAM, Message, SlackDouble
from sqlmodel import SQLModel, select

from bot.app import build_app
from bot.desk import Desk
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import Ticket, TicketEvent

ALICE, KEN = "UALICE", "UKEN"
MIKA, NORI, GROUP = "UMIKA", "UNORI", "SMANAGERS"
"""The managers are the members of a user group."""
GENERAL, MANAGERS, DIRECT = "CGENERAL", "CMANAGERS", "DALICE"
_numbers = count(1)


class Workspace:
    """One workspace: its app is driven with whole payloads, its Slack is a double."""

    def __init__(self, slack: SlackDouble, database: Database, desk: Desk, **settings: Any) -> None:
        values = {
            "slack_bot_token": "xoxb-test",
            "slack_app_token": "xapp-test",
            "slack_api_url": slack.url,
            "privacy_desk_manager_channel": MANAGERS,
            "privacy_desk_managers": GROUP,
            **settings,
        }
        slack.groups.setdefault(GROUP, [MIKA, NORI])
        self.slack, self.database = slack, database
        self.app: App
        self.app, self.worker = build_app(Settings(_env_file=None, **values), database, desk)
        self.app.listener_runner.process_before_response = True  # what listeners show is there when they return

    def event(self, event: dict[str, Any], **envelope: Any) -> BoltResponse:
        """Deliver an event; the worker is not woken by a thread but run at once."""
        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{next(_numbers)}",
            "event": event,
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            **envelope,
        }
        return self._dispatch(json.dumps(body), "application/json")

    def says(
        self, text: str, *, user: str = ALICE, channel: str = GENERAL, thread: str | None = None, **more: Any
    ) -> str:
        """Somebody writes a message; gives its ts."""
        ts = f"100.{next(_numbers):06d}"
        event = {"type": "message", "user": user, "channel": channel, "text": text, "ts": ts}
        event["channel_type"] = "im" if channel.startswith("D") else "channel"
        if thread:
            event["thread_ts"] = thread
        envelope = more.pop("envelope", {})
        self.event({**event, **more}, **envelope)
        return ts

    def mentions(self, text: str, **more: Any) -> str:
        """Somebody mentions the desk: Slack sends the mention and the message."""
        ts = self.says(f"<@{BOT}> {text}", **more)
        event = {"type": "app_mention", "user": more.get("user", ALICE), "channel": more.get("channel", GENERAL)}
        self.event({**event, "text": f"<@{BOT}> {text}", "ts": ts}, **more.get("envelope", {}))
        return ts

    def edits(self, ts: str, before: str, text: str, *, channel: str = GENERAL) -> None:
        """Somebody edits their message."""
        message = {"type": "message", "user": ALICE, "ts": ts, "text": text, "edited": {"user": ALICE, "ts": "300.1"}}
        self.event(
            {"type": "message", "subtype": "message_changed", "channel": channel, "message": message,
             "previous_message": {**message, "text": before}}
        )  # fmt: skip

    def commands(self, text: str, *, user: str = ALICE, team: str = TEAM) -> BoltResponse:
        """Somebody uses the slash command."""
        fields = {
            "command": "/privacy", "text": text, "team_id": team, "channel_id": GENERAL, "user_id": user,
            "trigger_id": f"t{next(_numbers)}", "response_url": f"{self.slack.url}answer_url",
        }  # fmt: skip
        return self._dispatch(urlencode(fields), "application/x-www-form-urlencoded")

    def presses(
        self, label: str, message: dict[str, Any], *, user: str = ALICE, ephemeral: bool = False
    ) -> BoltResponse:
        """Somebody presses the button with this label under a message that the desk sent."""
        button = next(one for one in buttons(message) if one["text"]["text"] == label)
        body = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user},
            "channel": {"id": GENERAL},
            "container": {"type": "message", "message_ts": message.get("ts", "200.000001"), "is_ephemeral": ephemeral},
            "message": {"ts": message.get("ts", "200.000001"), "thread_ts": message.get("thread_ts")},
            "response_url": f"{self.slack.url}answer_url",
            "actions": [{**button, "action_ts": f"{next(_numbers)}.1"}],
        }
        return self.interacts(body)

    def interacts(self, body: dict[str, Any]) -> BoltResponse:
        """Deliver an interaction: a pressed button, a modal that was filled in, a shortcut."""
        return self._dispatch(urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded")

    def days_pass(self, days: int) -> None:
        """The calendar goes on: everything about tickets is some days older."""
        with self.database.transaction() as session:
            for ticket in session.exec(select(Ticket)):
                for name in ("opened_at", "due_at", "waiting_since", "known_at", "closed_at"):
                    moment = getattr(ticket, name)
                    setattr(ticket, name, moment and moment - timedelta(days=days))
                session.add(ticket)

    def ticket(self, number: int = 1) -> Ticket:
        """A ticket as it is stored now."""
        found: Ticket = next(one for one in self.rows(Ticket) if one.number == number)
        return found

    def history(self, number: int = 1) -> list[str]:
        """The steps of a ticket, in order."""
        return [row.kind for row in self.rows(TicketEvent) if row.ticket_id == self.ticket(number).id]

    def card(self, number: int = 1) -> Message:
        """A ticket's card as the managers see it now."""
        return next(
            one for one in self.slack.messages
            if one.channel == MANAGERS and not one.thread_ts and one.content["text"].endswith(f"#{number}")
        )  # fmt: skip

    def under_the_card(self, number: int = 1) -> str:
        """What stands in the thread under a ticket's card."""
        return "\n".join(words(one.content) for one in self.slack.thread(MANAGERS, self.card(number).ts)[1:])

    def said(self, ts: str, channel: str = GENERAL) -> list[str]:
        """What the desk said in a thread, in order."""
        return [words(one.content) for one in self.slack.thread(channel, ts)]

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """Every row of a table."""
        with self.database.transaction() as session:
            return list(session.exec(select(table)).all())

    def _dispatch(self, body: str, content_type: str) -> BoltResponse:
        response = self.app.dispatch(BoltRequest(body=body, headers={"content-type": [content_type]}))
        self.worker.work()
        return response


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Every button of a message or a view."""
    return [one for block in message.get("blocks", []) if block["type"] == "actions" for one in block["elements"]]


def words(message: dict[str, Any]) -> str:
    """Everything that a message shows."""
    return json.dumps(message.get("blocks") or message.get("text"), ensure_ascii=False)
