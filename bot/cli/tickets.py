"""`privacy-desk tickets`: for an auditor, each ticket with its whole history, and the proof that it is whole."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.cli.loading import Shared, load_pack_or_fail, load_settings_or_fail, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from bot.store.tables import Ticket
    from bot.tickets.clocks import Clocks

KINDS = ("inquiry", "disclosure", "correction", "suspension", "incident")


def line_of(ticket: Ticket, clocks: Clocks) -> str:
    """A ticket in one line."""
    due = clocks.day(ticket.due_at).isoformat()
    question = " ".join(ticket.question.split())
    return f"#{ticket.number}  {ticket.kind:<11} {ticket.state:<16} due {due}  {question[:60]}".rstrip()


@click.group()
def tickets() -> None:
    """Show, export and verify the tickets: each with its whole history."""


@contextmanager
def _store(shared: Shared) -> Iterator[tuple[Session, Clocks]]:
    """The store, to be read only, and the clocks."""
    from bot.tickets.clocks import Clocks  # noqa: PLC0415

    settings = load_settings_or_fail(shared)
    database = open_database(settings)
    try:
        with database.reading() as session:
            yield session, Clocks.of(settings)
    finally:
        database.close()


@tickets.command("list")
@click.option("--kind", type=click.Choice(KINDS), help="Only tickets of this kind.")
@click.option("--state", help="Only tickets in this state (open, in_progress, ... closed).")
@click.option("--assignee", help="Only tickets of this manager, by user id.")
@click.option("--overdue", is_flag=True, help="Only tickets that are late: not closed, not waiting for the requester.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(shared: Shared, /, *, as_json: bool, **wanted: Any) -> None:
    """List tickets, the newest first."""
    from bot.tickets.course import State  # noqa: PLC0415
    from bot.tickets.listing import Wanted, listed  # noqa: PLC0415

    if wanted["state"] and wanted["state"] not in set(State):
        raise click.ClickException(f"there is no state '{wanted['state']}'; there are {', '.join(State)}")
    with _store(shared) as (session, clocks):
        for ticket in listed(session, Wanted(**wanted)):
            click.echo(json.dumps(_short(ticket), ensure_ascii=False) if as_json else line_of(ticket, clocks))


def _short(ticket: Ticket) -> dict[str, Any]:
    left_out = {"id", "answer", "details", "conversation_id", "occasion"}
    return {**ticket.model_dump(mode="json", exclude=left_out), "verdict": ticket.answer.get("verdict")}


@tickets.command()
@click.argument("number", type=int)
@click.pass_obj
def show(shared: Shared, number: int) -> None:
    """Show the ticket NUMBER with its details, its whole history, and its records of provision."""
    from bot.tickets.as_text import ticket_text  # noqa: PLC0415
    from bot.tickets.records import whole_ticket  # noqa: PLC0415

    pack = load_pack_or_fail(shared.pack)
    with _store(shared) as (session, clocks):
        whole = whole_ticket(session, number)
        if whole is None:
            raise click.ClickException(f"there is no ticket #{number}")
        click.echo(ticket_text(whole, pack, clocks))


@tickets.command()
@click.option("--format", "kind", type=click.Choice(["csv", "jsonl"]), required=True, help="For people or programs.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file. Left out: standard output.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only tickets to which something happened since.")
@click.pass_obj
def export(shared: Shared, kind: str, output: Path | None, since: datetime | None) -> None:
    """Export every ticket with its whole history, and the records of provision.

    CSV has one line an event or a record, for a spreadsheet; JSON lines one object a ticket, with everything. Records
    that belong to no ticket come last.
    """
    from bot.tickets.export import json_line, json_line_of_provision, write_csv  # noqa: PLC0415
    from bot.tickets.records import provisions_without_a_ticket, whole_tickets  # noqa: PLC0415

    with _store(shared) as (session, clocks), _writing(output) as out:
        begin = since.replace(tzinfo=clocks.timezone) if since else None
        wholes, alone = whole_tickets(session, begin), provisions_without_a_ticket(session, begin)
        if kind == "csv":
            write_csv(out, wholes, alone, clocks)
            return
        out.writelines(f"{json_line(whole)}\n" for whole in wholes)
        out.writelines(f"{json_line_of_provision(provision)}\n" for provision in alone)


@contextmanager
def _writing(output: Path | None) -> Iterator[TextIO]:
    """Where to write. A CSV file for a spreadsheet begins with a byte order mark, by which Excel knows UTF-8."""
    if output is None:
        yield sys.stdout
        return
    encoding = "utf-8-sig" if output.suffix == ".csv" else "utf-8"
    try:
        with output.open("w", encoding=encoding, newline="") as file:
            yield file
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error


@tickets.command()
@click.option("--head", help="The head of an earlier check, kept elsewhere: it must still be in the chain.")
@click.pass_context
def verify(context: click.Context, head: str | None) -> None:
    """Prove the history complete and unaltered; name the first entry that is not, and exit with 1.

    Keep the head that this prints elsewhere: whoever may write the whole database could also write a new chain, and
    --head finds that.
    """
    from bot.tickets.history import position_of  # noqa: PLC0415
    from bot.tickets.history import verify as proved  # noqa: PLC0415

    with _store(context.obj) as (session, _):
        result = proved(session)
        place = position_of(session, head) if head else None
    if result.fault:
        where = f"entry {result.fault.position}: " if result.fault.position else ""
        click.echo(f"{where}{result.fault.what}", err=True)
        click.echo(f"{result.events} entries before it hold together", err=True)
        context.exit(1)
    click.echo(f"{result.events} entries, complete and unaltered\nhead {result.head}")
    if head and place is None:
        click.echo(f"the head {head} is not in the chain: the history is not the one that was checked then", err=True)
        context.exit(1)
    if head:
        click.echo(f"the head {head} is entry {place}")
