"""A desk whose duties are done at the moments that a test names, without waiting."""

from datetime import datetime
from itertools import count
from typing import Any

from handlers import handler_of
from slackdouble import TEAM, SlackDouble
from sqlmodel import SQLModel, col, select
from workspace import ALICE, MANAGERS

from bot.deliver import Outbox
from bot.desk import Desk
from bot.duties import DUTIES
from bot.handling.work import Office
from bot.incoming import Incoming
from bot.sending.calls import Calls, sending_client
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.tables import ConversationRow, Outbound, Ticket
from bot.tickets.clocks import Clocks
from bot.tickets.course import Kind, Step

MANAGER = "UMANA"
OPENS = {
    Kind.INQUIRY: "May I keep the notes of a talk with a client, {}?",
    Kind.DISCLOSURE: "I want to see the data that the company holds about me, {}",
    Kind.CORRECTION: "My address in your records is wrong, please correct it, {}",
    Kind.SUSPENSION: "Please stop using my data, {}",
    Kind.INCIDENT: "I lost my laptop with customer data, {}",
}
"""A question that opens each kind of ticket; "{}" takes a word of the test's own."""
_numbers = count(1)


class DeskHours:
    """Everything happens through the desk's own handlers, now; the duties at the moments that are given."""

    def __init__(self, database: Database, desk: Desk, slack: SlackDouble, **settings: Any) -> None:
        values = {"privacy_desk_manager_channel": MANAGERS, "privacy_desk_managers": (MANAGER,), **settings}
        values |= {"slack_api_url": slack.url}
        self.database, self.slack = database, slack
        self.settings = Settings(_env_file=None, **values)
        self.office = Office(desk, self.settings, Clocks.of(self.settings))
        self._handler = handler_of(database, desk, self.settings)
        self._outbox = Outbox(database, Calls(sending_client(self.settings)), self.settings)

    def handle(self, kind: str, *, user: str = ALICE, **values: Any) -> int:
        """Something arrives and is handled; gives its id."""
        place = {"team": TEAM, "channel": f"D{user}", "user": user, "direct": True, "ts": f"1.{next(_numbers)}"}
        inbound = Inbox(self.database).accept(Incoming.model_validate({"kind": kind, **place, **values}))
        assert inbound is not None
        self._handler.handle(inbound)
        return inbound

    def open(self, kind: Kind, word: str = "", **values: Any) -> int:
        """Somebody opens a ticket; gives its number."""
        self.handle("question", text=OPENS[kind].format(word), **values)
        if kind == Kind.INQUIRY:
            latest = select(ConversationRow.id).order_by(col(ConversationRow.updated_at).desc())
            with self.database.transaction() as session:
                conversation = session.exec(latest).first()
            self.handle("ask_manager", conversation=conversation, **values)
        opened = max(self.rows(Ticket), key=lambda ticket: int(ticket.number))
        assert opened.kind == kind
        return int(opened.number)

    def step(self, number: int, step: Step, *, user: str = MANAGER, **fields: Any) -> None:
        """Somebody takes a ticket a step further."""
        self.handle("ticket_step", ticket=number, step=step, fields=fields, user=user)

    def ticket(self, number: int) -> Ticket:
        """A ticket as it stands."""
        with self.database.transaction() as session:
            return session.exec(select(Ticket).where(Ticket.number == number)).one()

    def duties(self, at: datetime) -> None:
        """Whoever looks after the duties comes by at that moment, and stays until all is done."""
        for _, do in DUTIES.values():
            more = True
            while more:
                with self.database.transaction() as session:
                    more = do(session, self.office, at)

    def deliver(self) -> None:
        """Everything that waits goes to Slack."""
        for destination in self._outbox.destinations():
            assert self._outbox.deliver(destination, at_once=True) is None

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """Every row of a table."""
        with self.database.transaction() as session:
            return list(session.exec(select(table)).all())

    def messages(self, beginning: str) -> list[Outbound]:
        """The messages in the outbox whose names begin so, in order."""
        return sorted((one for one in self.rows(Outbound) if one.name.startswith(beginning)), key=lambda one: one.id)
