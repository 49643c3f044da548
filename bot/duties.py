"""What the desk does by itself from time to time: the one place where it is registered.

A duty is a plain function of (session, office, moment). It does a little in the one transaction that it is given, and
gives True where more waits. What it has done shows in the store, so that it may run again at any time.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.durable.duties import Duties
from bot.handling.purging import purge_duty
from bot.handling.reminders import remind
from bot.handling.work import Office
from bot.store.tables import now

Do = Callable[[Session, Office, datetime], bool]
MINUTE, DAY = 60, 24 * 60 * 60
DUTIES: dict[str, tuple[int, Do]] = {"remind": (MINUTE, remind), "purge": (DAY, purge_duty)}
"""Each duty by its name: every how many seconds, and what is done."""


def register(duties: Duties, office: Office) -> None:
    """From now on do all of these, each in its turn."""
    for name, (seconds, do) in DUTIES.items():
        duties.every(seconds, name, _now(do, office))


def _now(do: Do, office: Office) -> Callable[[Session], bool]:
    return lambda session: do(session, office, now())
