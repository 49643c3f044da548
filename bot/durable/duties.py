"""Periodic duties: functions that run every so many seconds, by one process at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session

Work = Callable[[Session], bool | None]


@dataclass(frozen=True)
class Duty:
    """One function and how often it runs. It gets a session whose changes are kept together or not at all.

    Where it gives True it is called again at once with the next session: much work is done a little at a time.
    """

    name: str
    seconds: int
    work: Work

    def slot(self, moment: float) -> int:
        """The number of the turn that a moment (seconds since 1970) falls into."""
        return int(moment // self.seconds)


@dataclass
class Duties:
    """All duties of the desk, by name."""

    known: dict[str, Duty] = field(default_factory=dict)

    def every(self, seconds: int, name: str, work: Work) -> None:
        """Run `work` every so many seconds. `name` is the same in all processes, and is no other duty's."""
        if name in self.known:
            raise ValueError(f"there are two duties named {name}")
        self.known[name] = Duty(name, seconds, work)
