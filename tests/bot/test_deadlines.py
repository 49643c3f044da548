"""Due dates: by the day in Japan, inquiries in business days, requests and incidents in calendar days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.tickets.deadlines import Deadlines

TOKYO = ZoneInfo("Asia/Tokyo")


def due(kind: str, opened: str) -> str:
    moment = datetime.fromisoformat(opened).replace(tzinfo=TOKYO)
    return Deadlines(TOKYO).due(kind, moment).astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2026-11-16 09:00", "2026-11-19 23:59"),  # a Monday
        ("2026-11-19 09:00", "2026-11-25 23:59"),  # over a weekend and Labour Thanksgiving Day, 23 November
        ("2026-09-18 18:00", "2026-09-28 23:59"),  # the days between two holidays are holidays too
        ("2026-12-25 09:00", "2027-01-05 23:59"),  # offices are closed from 29 December to 3 January
        ("2027-05-01 09:00", "2027-05-10 23:59"),  # Golden Week
    ],
)
def test_an_inquiry_has_three_business_days(opened: str, expected: str) -> None:
    assert due("inquiry", opened) == expected


@pytest.mark.parametrize("kind", ["disclosure", "correction", "suspension"])
def test_a_request_has_fourteen_days(kind: str) -> None:
    assert due(kind, "2026-12-25 09:00") == "2027-01-08 23:59"


def test_an_incident_has_three_days_whatever_days_they_are() -> None:
    assert due("incident", "2026-12-31 23:00") == "2027-01-03 23:59"


def test_the_day_is_that_of_the_company_not_of_the_machine() -> None:
    late_in_london = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)
    assert Deadlines(TOKYO).due("incident", late_in_london).astimezone(TOKYO).date() == date(2026, 11, 20)
