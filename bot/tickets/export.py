"""The export of tickets: as JSON lines with everything, as CSV for a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TextIO

from bot.store.tables import Provision, Ticket, TicketEvent
from bot.tickets.chain import LEFT, OPENED_AS
from bot.tickets.clocks import Clocks
from bot.tickets.records import Whole

RECORD = ("recipient", "persons", "items", "basis", "consent", "form", "provided_on")
COLUMNS = (
    "line", "ticket", "kind", "urgency", "state_now", "requester", "assignee_now", "policy_version", "verdict",
    "opened", "due_now", "closed", "purged",
    "entry", "at", "by", "step", "state", "due", "assignee", "detail", "text", "digest",
    *(f"record_{name}" for name in RECORD), "record_keep_until",
)  # fmt: skip
"""One line an event or a record of provision, with the ticket that it belongs to in front."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""Beginnings that make a spreadsheet calculate a cell (OWASP, CSV Injection; ASVS 1.2.10)."""
SHOWN_ELSEWHERE = frozenset({"due", "assignee", LEFT, OPENED_AS})
"""Parts of an event's detail that have columns of their own, or are of use to machines only."""


def json_line(whole: Whole) -> str:
    """A ticket with everything, as one line."""
    events = [event.model_dump(mode="json", exclude={"id", "ticket_id"}) for event in whole.events]
    provisions = [_provision(one) for one in whole.provisions]
    ticket = whole.ticket.model_dump(mode="json", exclude={"id"})
    return _line({"type": "ticket", **ticket, "events": events, "provisions": provisions})


def json_line_of_provision(provision: Provision) -> str:
    """A record of provision that belongs to no ticket, as one line."""
    return _line({"type": "provision", **_provision(provision)})


def write_csv(out: TextIO, wholes: Iterable[Whole], provisions: Iterable[Provision], clocks: Clocks) -> None:
    """Write all as CSV (RFC 4180). Moments are in the company's time zone."""
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    for whole in wholes:
        for row in _rows(whole, clocks):
            writer.writerow(_safe(row))
    for provision in provisions:
        writer.writerow(_safe(_record_row(provision, clocks)))


def _rows(whole: Whole, clocks: Clocks) -> Iterator[dict[str, Any]]:
    about = _ticket_columns(whole.ticket, clocks)
    yield from ({**about, **_event_row(event, clocks)} for event in whole.events)
    yield from ({**about, **_record_row(provision, clocks)} for provision in whole.provisions)


def _ticket_columns(ticket: Ticket, clocks: Clocks) -> dict[str, Any]:
    return {
        "ticket": ticket.number,
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "state_now": ticket.state,
        "requester": ticket.requester_id,
        "assignee_now": ticket.assignee_id,
        "policy_version": ticket.policy_version,
        "verdict": ticket.answer.get("verdict"),
        "opened": _time(ticket.opened_at, clocks),
        "due_now": clocks.day(ticket.due_at).isoformat(),
        "closed": _time(ticket.closed_at, clocks),
        "purged": _time(ticket.purged_at, clocks),
    }


def _event_row(event: TicketEvent, clocks: Clocks) -> dict[str, Any]:
    due = event.detail.get("due")
    return {
        "line": "event",
        "entry": event.position,
        "at": _time(event.at, clocks),
        "by": event.actor_id,
        "step": event.kind,
        "state": event.state,
        "due": clocks.day(datetime.fromisoformat(due)).isoformat() if due else None,
        "assignee": event.detail.get("assignee"),
        "detail": _parts({name: value for name, value in event.detail.items() if name not in SHOWN_ELSEWHERE}),
        "text": _parts(event.texts or {}),
        "digest": event.digest,
    }


def _record_row(provision: Provision, clocks: Clocks) -> dict[str, Any]:
    record = provision.record or {}
    return {
        "line": "provision",
        "at": _time(provision.made_at, clocks),
        "by": provision.made_by,
        "record_keep_until": provision.keep_until.isoformat(),
        **{f"record_{name}": record.get(name) for name in RECORD},
    }


def _parts(values: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value if isinstance(value, str) else _line(value)}" for name, value in values.items())


def _time(moment: datetime | None, clocks: Clocks) -> str | None:
    return moment.astimezone(clocks.timezone).isoformat(" ", "seconds") if moment else None


def _safe(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _no_formula(value) if isinstance(value, str) else value for name, value in row.items()}


def _no_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe in front says that it is text."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) or text.lstrip().startswith(STARTS_A_FORMULA) else text


def _provision(provision: Provision) -> dict[str, Any]:
    return provision.model_dump(mode="json", exclude={"id", "conversation_id"})


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
