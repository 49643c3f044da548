"""`privacy-desk tickets`: for an auditor, each ticket with its whole history."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.tables import Ticket
    from bot.tickets.clocks import Clocks


def line_of(ticket: Ticket, clocks: Clocks) -> str:
    """A ticket in one line."""
    due = clocks.day(ticket.due_at).isoformat()
    return f"#{ticket.number}  {ticket.kind:<11} {ticket.state:<16} due {due}  {ticket.question[:60]}"
