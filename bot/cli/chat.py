"""`privacy-desk chat`: a conversation in the terminal, with the tickets that it opens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bot.cli.loading import Shared, load_desk, load_settings_or_fail, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answers import Answer
    from bot.desk import Conversation, Desk
    from bot.settings import Settings
    from bot.store.database import Database

ENDS = {"", "quit", "exit", ":q"}
USER, TEAM, PLACE = "terminal", "terminal", "terminal"


@click.command()
@click.pass_obj
def chat(shared: Shared) -> None:
    """Ask in a conversation: get the answer, press a number to answer a question back, list the tickets.

    Lines that are piped in are answered too.
    """
    talk(shared, load_settings_or_fail(shared))


def talk(shared: Shared, settings: Settings) -> None:
    """Read questions from the terminal, or from a pipe, until they end."""
    desk = load_desk(shared)
    database = open_database(settings)
    session = Terminal(desk, settings, database)
    interactive = sys.stdin.isatty()
    if interactive:
        click.echo(session.welcome())
    for line in _typed() if interactive else sys.stdin:
        text = line.strip()
        if interactive and text.lower() in ENDS:
            break
        if text:
            click.echo(session.reply(text))
    database.close()


def _typed() -> Iterator[str]:
    while True:
        try:
            yield click.prompt(">", prompt_suffix=" ", default="", show_default=False)
        except click.Abort:
            return


class Terminal:
    """One person at a terminal: each line is a question, a further message, a number, or a command."""

    def __init__(self, desk: Desk, settings: Settings, database: Database) -> None:
        """Take the desk, the settings for due dates and the store for tickets."""
        self._desk, self._settings, self._database = desk, settings, database
        self._conversation: Conversation | None = None
        self._answer: Answer | None = None

    def welcome(self) -> str:
        """What is said first."""
        from bot.words import say  # noqa: PLC0415

        return say("en", "chat.welcome", company=self._desk.pack.policy.company)

    def reply(self, text: str) -> str:
        """The text to show for one line."""
        if text.lower() == "tickets":
            return self._tickets()
        chosen = self._chosen(text)
        if chosen is not None and self._conversation is not None:
            answer, self._conversation = self._desk.complete(self._conversation, *chosen)
        else:
            answer, self._conversation = self._desk.ask(text, earlier=self._conversation)
        self._answer = answer
        return self._shown(answer)

    def _chosen(self, text: str) -> tuple[str, str] | None:
        follow_up = self._answer.follow_up if self._answer else None
        if follow_up and text.isdecimal() and 1 <= int(text) <= len(follow_up.options):
            return follow_up.fact, follow_up.options[int(text) - 1].value
        return None

    def _shown(self, answer: Answer) -> str:
        from bot.answers.terminal import as_text  # noqa: PLC0415
        from bot.words import say  # noqa: PLC0415

        text = as_text(answer, self._desk.pack)
        if answer.ticket:
            text += f"\n{self._open_ticket(answer)}\n"
        if answer.follow_up:
            text += f"{say(answer.language, 'chat.choose')}\n"
        return text

    def _open_ticket(self, answer: Answer) -> str:
        from bot.handling.tickets import opened_note  # noqa: PLC0415
        from bot.store.tables import ConversationRow  # noqa: PLC0415
        from bot.tickets.clocks import Clocks  # noqa: PLC0415
        from bot.tickets.service import open_ticket  # noqa: PLC0415

        clocks = Clocks.of(self._settings)
        with self._database.transaction() as session:
            row = session.get(ConversationRow, PLACE)
            if row is None:
                row = ConversationRow(id=PLACE, team_id=TEAM, channel_id=PLACE, user_id=USER)
                session.add(row)
                session.flush()
            ticket, new = open_ticket(session, answer, row, clocks)
            return opened_note(ticket, answer.language, clocks, new=new)

    def _tickets(self) -> str:
        from sqlmodel import col, select  # noqa: PLC0415

        from bot.cli.tickets import line_of  # noqa: PLC0415
        from bot.store.tables import Ticket  # noqa: PLC0415
        from bot.tickets.clocks import Clocks  # noqa: PLC0415
        from bot.words import say  # noqa: PLC0415

        clocks = Clocks.of(self._settings)
        with self._database.transaction() as session:
            tickets = session.exec(select(Ticket).order_by(col(Ticket.number))).all()
        return "\n".join(line_of(ticket, clocks) for ticket in tickets) or say("en", "chat.no_tickets")
