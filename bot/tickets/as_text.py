"""A ticket with its whole history as plain text, for the terminal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.store.tables import Provision, TicketEvent
from bot.tickets.chain import LEFT, OPENED_AS
from bot.tickets.clocks import Clocks
from bot.tickets.details import labelled_details
from bot.tickets.records import Whole
from knowledge import Pack


def ticket_text(whole: Whole, pack: Pack, clocks: Clocks) -> str:
    """All that is known of a ticket. Details are shown as they were given."""
    return "\n".join(
        [*_head(whole, clocks), *_details(whole, pack, clocks), *_history(whole, clocks), *_records(whole, clocks)]
    )


def _head(whole: Whole, clocks: Clocks) -> Iterator[str]:
    ticket = whole.ticket
    yield f"#{ticket.number}  {ticket.kind}  {ticket.state}" + ("  urgent" if ticket.urgency == "urgent" else "")
    shown = {
        "requester": ticket.requester_id,
        "assignee": ticket.assignee_id,
        "opened": _time(ticket.opened_at, clocks),
        "due": clocks.day(ticket.due_at).isoformat(),
        "waiting since": _time(ticket.waiting_since, clocks),
        "known since": _time(ticket.known_at, clocks),
        "classes": ", ".join(ticket.classes or ()),
        "outcome": " ".join(filter(None, (ticket.outcome, ticket.ground))),
        "joined with": f"#{ticket.merged_into}" if ticket.merged_into else None,
        "closed": _time(ticket.closed_at, clocks),
        "purged": _time(ticket.purged_at, clocks),
        "policy": ticket.policy_version,
        "verdict": ticket.answer.get("verdict"),
        "question": ticket.question,
    }
    yield from (f"  {name:<14}{_indented(value)}" for name, value in shown.items() if value)


def _details(whole: Whole, pack: Pack, clocks: Clocks) -> Iterator[str]:
    if whole.ticket.details:
        yield "\nDetails"
        yield from (
            f"  {label}\n    {_indented(text, 4)}" for label, text in labelled_details(whole.ticket, pack, clocks)
        )


def _history(whole: Whole, clocks: Clocks) -> Iterator[str]:
    yield "\nHistory"
    for event in whole.events:
        yield f"  {event.position}  {_time(event.at, clocks)}  {event.actor_id}  {event.kind} -> {event.state}"
        yield from (f"      {name}: {_indented(value, 8)}" for name, value in _parts(event).items())


def _parts(event: TicketEvent) -> dict[str, Any]:
    detail = {name: value for name, value in event.detail.items() if value and name not in (LEFT, OPENED_AS)}
    written = event.texts or ({} if event.salt else {"text": "(removed)"})
    return {**detail, **written, "digest": event.digest}


def _records(whole: Whole, clocks: Clocks) -> Iterator[str]:
    for provision in whole.provisions:
        yield f"\nRecord of provision, made {_time(provision.made_at, clocks)} by {provision.made_by}"
        yield from (f"  {name:<14}{_indented(value)}" for name, value in _record(provision).items())


def _record(provision: Provision) -> dict[str, Any]:
    return {"keep until": provision.keep_until.isoformat(), **(provision.record or {"record": "(removed)"})}


def _indented(value: Any, by: int = 16) -> str:
    """A value of one or more lines, those after the first moved to the right."""
    return str(value).replace("\n", "\n" + " " * by)


def _time(moment: datetime | None, clocks: Clocks) -> str | None:
    return moment.astimezone(clocks.timezone).isoformat(" ", "minutes") if moment else None
