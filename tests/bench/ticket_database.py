"""A database with very many tickets, written in bulk, with a history that verifies."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bot.store.database import Database
from bot.store.tables import ConversationRow, Counter, Outbound, Ticket, TicketEvent
from bot.tickets.chain import BEGINNING, FIXED, LEFT, OPENED_AS, commitment, digest, moment, ticket_print

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
"""The moment of the measurement: tickets were opened before it, some are due after it."""
OPEN_IN, BATCH, REQUESTERS, MANAGERS = 100, 5000, 500, 8
"""One ticket in so many is not closed; so many people have asked, so many handle."""
COURSE = {
    "inquiry": ("in_progress", "answered"), "disclosure": ("identity_checked", "investigating"),
    "correction": ("identity_checked", "investigating"), "suspension": ("identity_checked", "decided"),
    "incident": ("contained", "assessed"),
}  # fmt: skip
KINDS = ("inquiry",) * 14 + ("disclosure", "correction", "suspension", "incident", "incident", "incident")
WORDS = (
    "May we keep the photographs of last year's event on the shared drive",
    "応募者の連絡先を共催企業に渡してもよいですか",
    "A client asks us to delete everything that we hold about them",
    "Can the newsletter go to people who only signed up for the lunch",
    "顧客名簿を誤って別の会社に送ってしまいました",
)


@dataclass
class Row:
    """A row with its columns as attributes, for the functions that hash."""

    values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.values[name]


class Writer:
    """Writes tickets with their conversations, cards and events, chained."""

    def __init__(self, engine: Engine, count: int, form: dict[str, Any]) -> None:
        """Take the engine, how many tickets to write, and the stable form of an answer."""
        self._engine, self._count, self._form = engine, count, form
        self._position, self._previous = 0, BEGINNING
        self._tallies: dict[str, int] = {}

    def write(self) -> None:
        """Write all of them."""
        for first in range(1, self._count + 1, BATCH):
            tickets = [self._ticket(number) for number in range(first, min(first + BATCH, self._count + 1))]
            self._insert(ConversationRow, [self._conversation(ticket) for ticket in tickets])
            self._insert(Ticket, tickets)
            self._insert(TicketEvent, [event for ticket in tickets for event in self._events(ticket)])
            self._insert(Outbound, [self._card(ticket) for ticket in tickets])
        counters = {"ticket": self._count, "ticket_event": self._position, **self._tallies}
        with self._engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM counter")
        self._insert(Counter, [{"name": name, "value": value} for name, value in counters.items()])

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        with self._engine.begin() as connection:
            connection.execute(table.__table__.insert(), rows)

    def _ticket(self, number: int) -> dict[str, Any]:
        kind = KINDS[number % len(KINDS)]
        open_ = number % OPEN_IN == 0 or number > self._count - 20
        state = COURSE[kind][number // OPEN_IN % 2] if open_ else "closed"
        opened = START - timedelta(minutes=(self._count - number) * 1_000_000 / self._count)
        recent = START + timedelta(hours=number // OPEN_IN % 400 - 40)
        name = f"tickets.{kind}.{state}"
        self._tallies[name] = self._tallies.get(name, 0) + 1
        question = f"{WORDS[number % len(WORDS)]} ({number})?"
        return {
            **dict.fromkeys(Ticket.__table__.columns.keys()),  # type: ignore[attr-defined]
            "id": number, "number": number, "kind": kind, "urgency": "normal", "state": state,
            "conversation_id": f"c{number}", "occasion": f"o{number}", "requester_id": f"U{number * 7919 % REQUESTERS}",
            "team_id": "T1", "channel_id": "C1", "thread_ts": f"{number}.1", "language": "en", "question": question,
            "answer": {**self._form, "question": question}, "policy_version": "2026-02-09",
            "assignee_id": f"UM{number // OPEN_IN % MANAGERS}", "opened_at": opened,
            "due_at": recent if open_ else opened + timedelta(days=3),
            "closed_at": None if open_ else opened + timedelta(days=2),
        }  # fmt: skip

    def _conversation(self, ticket: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": ticket["conversation_id"], "team_id": "T1", "channel_id": "C1", "thread_ts": ticket["thread_ts"],
            "user_id": ticket["requester_id"], "question_ts": ticket["thread_ts"], "language": "en",
            "state": {"question": ticket["question"]}, "updated_at": ticket["opened_at"],
        }  # fmt: skip

    def _card(self, ticket: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": f"card.{ticket['id']}.0", "ticket_id": ticket["id"], "method": "chat.postMessage",
            "body": {"channel": "CMANAGERS", "text": ticket["question"]}, "destination": "CMANAGERS", "attempts": 1,
            "created_at": ticket["opened_at"], "sent_at": ticket["opened_at"], "channel": "CMANAGERS",
            "ts": f"{ticket['number']}.2",
        }  # fmt: skip

    def _events(self, ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
        opened = {**ticket, "state": "open", "assignee_id": None, "closed_at": None}
        yield self._event(Row(opened), "opened", {"question": ticket["question"]}, ticket["opened_at"])
        yield self._event(Row(ticket), "answer", {"answer": "Yes."}, ticket["opened_at"] + timedelta(hours=1))
        if ticket["closed_at"]:
            yield self._event(Row(ticket), "close", None, ticket["closed_at"])

    def _event(self, ticket: Row, kind: str, texts: dict[str, Any] | None, at: datetime) -> dict[str, Any]:
        self._position += 1
        salt = f"{self._position:032x}"
        prints = {LEFT: ticket_print(salt, ticket)}
        if kind == "opened":
            prints[OPENED_AS] = ticket_print(salt, ticket, FIXED)
        values = {
            "position": self._position, "ticket_id": ticket.id, "at": at, "actor_id": "U1", "kind": kind,
            "state": ticket.state, "texts": texts, "salt": salt, "commitment": commitment(salt, texts),
            "detail": {"due": moment(ticket.due_at), "assignee": ticket.assignee_id, **prints},
            "previous": self._previous,
        }  # fmt: skip
        self._previous = values["digest"] = digest(Row(values))
        return values


def database_with(count: int, folder: Path, form: dict[str, Any]) -> Database:
    """A SQLite database with so many tickets; one that is there already is taken as it is."""
    path = folder / f"tickets-{count}.db"
    there = path.exists()
    database = Database(f"sqlite:///{path}")
    if not there:
        print(f"writing {count:,} tickets ...", file=sys.stderr, flush=True)
        Writer(database.engine, count, json.loads(json.dumps(form))).write()
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    return database
