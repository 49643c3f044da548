"""Working days in Japan."""

from datetime import date, timedelta
from functools import cache

import holidays

YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))
"""Days on which offices are closed besides the public holidays (Act on Holidays of Administrative Organs, 1(1))."""


def is_business_day(day: date) -> bool:
    """Whether Japanese offices are open: no weekend, no public holiday, not the turn of the year."""
    return day.weekday() < 5 and (day.month, day.day) not in YEAR_END and day not in _public_holidays(day.year)


def add_business_days(day: date, count: int) -> date:
    """The day that is `count` business days after `day`; `day` itself for none."""
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def business_days_between(start: date, end: date) -> int:
    """How many business days come after `start`, up to and with `end`."""
    return sum(is_business_day(start + timedelta(days=after)) for after in range(1, (end - start).days + 1))


def next_business_day(day: date) -> date:
    """`day` if offices are open on it, else the next day on which they are."""
    return day if is_business_day(day) else add_business_days(day, 1)


def business_day_before(day: date) -> date:
    """The last business day before `day`."""
    day -= timedelta(days=1)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))
