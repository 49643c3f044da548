"""When tickets are due, by the clocks of `clocks.yaml`. Every day is one of the company's time zone.

Inquiries are answered in business days; requests of individuals in calendar days (APPI Article 39: after two weeks a
person may go to court); incidents are reported to the Personal Information Protection Commission in two steps, counted
from the day on which they became known (APPI Article 26).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.settings import Settings
from bot.tickets.business_days import add_business_days, business_day_before, business_days_between
from bot.tickets.clock_data import load_clocks

RecordForm = Literal["contract", "batch", "single"]
Stage = Literal["before", "due"]

DAY_ENDS, REMINDED_AT = time(23, 59), time(9)


@dataclass(frozen=True)
class IncidentClock:
    """The days of an incident's reports: the company's own aim and the latest for the first one, and the final one."""

    preliminary: date
    preliminary_latest: date
    final: date


@dataclass(frozen=True)
class Clocks:
    """The clocks in the company's time zone. Days that are given replace the company's choices in the data."""

    timezone: ZoneInfo
    inquiry_business_days: int | None = None
    request_days: int | None = None
    incident_days: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Clocks":
        """The clocks as the settings have them."""
        return cls(
            settings.timezone,
            settings.privacy_desk_inquiry_business_days,
            settings.privacy_desk_request_days,
            settings.privacy_desk_incident_days,
        )

    def day(self, moment: datetime) -> date:
        """The day of a moment in the company's time zone."""
        return moment.astimezone(self.timezone).date()

    def end_of(self, day: date) -> datetime:
        """The end of a day in the company's time zone, in UTC."""
        return self._moment(day, DAY_ENDS)

    def due(self, kind: str, start: datetime) -> datetime:
        """The end of the day, in UTC, by which a ticket of that kind is due.

        `start` is when an inquiry or a request was opened, or when an incident became known.
        """
        if kind == "inquiry":
            last = self._last_day("inquiry_answer", self.day(start), self.inquiry_business_days)
        elif kind == "incident":
            last = self.incident_clock(start, malicious=False).preliminary
        else:
            last = self._last_day("request_handling", self.day(start), self.request_days)
        return self._moment(last, DAY_ENDS)

    def incident_clock(self, known_at: datetime, malicious: bool) -> IncidentClock:
        """The days of the reports of an incident that became known then; `malicious` where that is suspected."""
        known = self.day(known_at)
        latest = self._last_day("incident_preliminary_latest", known)
        preliminary = self._last_day("incident_preliminary", known, self.incident_days)
        final = self._last_day("incident_final_malicious" if malicious else "incident_final", known)
        return IncidentClock(min(preliminary, latest), latest, final)

    def resumed(self, kind: str, due_at: datetime, waited_from: datetime, waited_until: datetime) -> datetime:
        """The due date, in UTC, after a pause in which the desk waited for the requester.

        It moves by the days of the pause: business days for an inquiry, calendar days for a request. The clock of an
        incident never stops.
        """
        start, end, due = self.day(waited_from), self.day(waited_until), due_at.astimezone(self.timezone)
        if kind == "incident" or end <= start:
            return due_at
        if kind == "inquiry":
            day = add_business_days(due.date(), business_days_between(start, end))
        else:
            day = due.date() + (end - start)
        return self._moment(day, due.time())

    def reminders(self, due_at: datetime) -> tuple[tuple[Stage, datetime], ...]:
        """When to remind, in UTC: in the morning of the business day before, and of the due day."""
        due = self.day(due_at)
        return ("before", self.morning_of(business_day_before(due))), ("due", self.morning_of(due))

    def morning_of(self, day: date) -> datetime:
        """The moment of a day, in UTC, at which people are reminded."""
        return self._moment(day, REMINDED_AT)

    def request_suit_day(self, opened_at: datetime) -> date:
        """The last of the two weeks in which no one may sue over a request. Nothing pauses it (APPI Article 39)."""
        return self._last_day("request_suit", self.day(opened_at))

    def reopen_until(self, closed_at: datetime) -> datetime:
        """The last moment, in UTC, at which the requester may reopen a ticket that was closed then."""
        return self._moment(self._last_day("reopening", self.day(closed_at)), time.max)

    def keep_record_until(self, form: RecordForm, on: date) -> date:
        """The last day on which a record of provision must be kept (APPI Article 29(2)).

        `on` is the day of the last provision for a contract or a batch, and of making the record for a single one.
        """
        return self._last_day(f"record_{form}", on)

    def _last_day(self, clock_id: str, start: date, days: int | None = None) -> date:
        return load_clocks().on(clock_id, start).last_day(start, days)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.timezone).astimezone(UTC)
