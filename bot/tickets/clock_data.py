"""The legal and the company's own clocks as data: `clocks.yaml`, each entry with its validity and its source."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.tickets.business_days import add_business_days, next_business_day
from knowledge.base import Frozen, Identifier
from knowledge.errors import PackError
from knowledge.pack import load_model
from knowledge.strict_yaml import Document

CLOCKS = Path(__file__).parent / "clocks.yaml"
Counting = Literal["business_days", "day_after", "day_itself", "day_itself_moved", "anniversary"]


class Clock(Frozen):
    """How long something may take or must be kept, in the days from `valid_from` to `valid_to` (both included)."""

    id: Identifier
    days: int | None = Field(None, ge=1)
    years: int | None = Field(None, ge=1)
    counting: Counting
    set_by: Literal["law", "company"]
    valid_from: date
    valid_to: date | None = None
    source: str = Field(min_length=1)
    note: str = ""

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.days is None) == (self.years is None):
            raise ValueError("give 'days' or 'years', and only one of them")
        if (self.counting == "anniversary") != (self.years is not None):
            raise ValueError("'anniversary' counts years, every other way of counting days")
        return self

    @property
    def ends(self) -> date:
        """The last day on which this entry is valid; the last day there is, where none is known."""
        return self.valid_to or date.max

    def last_day(self, start: date, days: int | None = None) -> date:
        """The last day for what begins on `start`. `days` replaces a company's own choice, never a law's."""
        count = days if days is not None and self.set_by == "company" else self.days
        if count is None:
            return _anniversary(start, self.years or 0)
        if self.counting == "business_days":
            return add_business_days(start, count)
        if self.counting == "day_after":
            return start + timedelta(days=count)
        last = start + timedelta(days=count - 1)
        return next_business_day(last) if self.counting == "day_itself_moved" else last


class ClockFile(Frozen):
    """The file `clocks.yaml`."""

    clocks: tuple[Clock, ...]


class ClockTable:
    """All clocks of one file."""

    def __init__(self, clocks: tuple[Clock, ...]) -> None:
        """Hold what `load_clocks` has read and checked."""
        self._clocks: Mapping[str, tuple[Clock, ...]] = {
            clock.id: tuple(other for other in clocks if other.id == clock.id) for clock in clocks
        }

    def on(self, clock_id: str, day: date) -> Clock:
        """The entry of that id that is valid on `day`. Raises LookupError where there is none."""
        for clock in self._clocks.get(clock_id, ()):
            if clock.valid_from <= day <= clock.ends:
                return clock
        raise LookupError(f"no clock '{clock_id}' is valid on {day}; clocks.yaml says from when each is")


@cache
def load_clocks(path: Path = CLOCKS) -> ClockTable:
    """Read the clocks strictly. Raises PackError with file, line and what to do."""
    document = Document(path)
    clocks = load_model(document, ClockFile).clocks
    for (_, one), (index, two) in combinations(enumerate(clocks), 2):
        if one.id == two.id and max(one.valid_from, two.valid_from) <= min(one.ends, two.ends):
            message = f"two entries of '{two.id}' are valid on the same day"
            raise PackError(message, path, document.line(("clocks", index)), "end the earlier one with 'valid_to'")
    return ClockTable(clocks)


def _anniversary(day: date, years: int) -> date:
    """The same date some years later; 28 February where that year has no 29th (Civil Code, Article 143(2))."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
