"""Due dates. Inquiries in business days; requests and incidents in calendar days, as the law counts them.

Requests: two weeks after a request a person may go to court (APPI Article 39). Incidents: the preliminary report to
the Personal Information Protection Commission is due within 3 to 5 days (APPI Article 26 and its enforcement rules).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))
"""Days on which Japanese offices are closed besides the public holidays."""


@dataclass(frozen=True)
class Deadlines:
    """How many days each kind of ticket has, and in which time zone a day ends."""

    timezone: ZoneInfo
    inquiry_business_days: int = 3
    request_days: int = 14
    incident_days: int = 3

    def due(self, kind: str, opened_at: datetime) -> datetime:
        """The end of the day, in UTC, by which a ticket of that kind that was opened then is due."""
        opened = opened_at.astimezone(self.timezone).date()
        if kind == "inquiry":
            last = _business_days_after(opened, self.inquiry_business_days)
        else:
            last = opened + timedelta(days=self.incident_days if kind == "incident" else self.request_days)
        return datetime.combine(last, time(23, 59), self.timezone).astimezone(UTC)


def _business_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def is_business_day(day: date) -> bool:
    """Whether Japanese offices are open: no weekend, no public holiday, not the turn of the year."""
    return day.weekday() < 5 and (day.month, day.day) not in YEAR_END and day not in holidays.country_holidays("JP")
