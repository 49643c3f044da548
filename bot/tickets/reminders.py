"""When a ticket's due date calls for a reminder."""

from datetime import datetime, timedelta
from typing import Literal

from bot.tickets.clocks import Clocks

Reminder = Literal["before", "due", "overdue"]
LONGEST_BEFORE = timedelta(days=14)
"""No reminder comes earlier than this: the business day before a due date is never further away (Golden Week)."""


def current_reminder(clocks: Clocks, opened_at: datetime, due_at: datetime, at: datetime) -> Reminder | None:
    """The latest reminder whose moment has come, or None. Those before it are no longer of use.

    They come on the morning of the business day before, of the due day, and of the day after. One whose moment was
    over before the ticket was opened is left out: whoever sees the new card needs none.
    """
    stages: list[tuple[Reminder, datetime]] = list(clocks.reminders(due_at))
    stages.append(("overdue", clocks.morning_of(clocks.day(due_at) + timedelta(days=1))))
    come = [stage for stage, moment in stages if opened_at < moment <= at]
    return come[-1] if come else None
