"""SQLite has one writer at a time, and makes others wait by sleeping. In one process they take turns here instead.

A turn is taken when a transaction begins, and given on when its connection goes back to its pool. Accepting what Slack
brings goes first, for Slack waits. Other processes still wait as SQLite has it.
"""

from threading import Condition, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, event

READING, LAZY, URGENT = "desk_reading", "desk_lazy", "desk_urgent"
"""Options of a connection: it only reads; what it writes may be lost in a power cut; it goes first."""


class Turns:
    """Whose turn it is to write to one file. A thread that has it may take it again."""

    def __init__(self) -> None:
        """It is nobody's turn yet."""
        self._changed = Condition()
        self._owner, self._depth, self._urgent = 0, 0, 0

    def take(self, *, urgent: bool) -> None:
        """Wait for the turn; those in a hurry come before all others."""
        me = get_ident()
        with self._changed:
            self._urgent += urgent
            self._changed.wait_for(lambda: self._owner == me or (not self._owner and (urgent or not self._urgent)))
            self._urgent -= urgent
            self._owner, self._depth = me, self._depth + 1

    def give_on(self) -> None:
        """Let the next one have it."""
        with self._changed:
            self._depth -= 1
            if not self._depth:
                self._owner = 0
                self._changed.notify_all()


_turns: dict[str, Turns] = {}


def take_turns(engine: Engine) -> None:
    """Let all transactions on this SQLite engine take turns with those of other engines on the same file."""
    turns = _turns.setdefault(str(engine.url.database), Turns())

    @event.listens_for(engine, "begin")
    def _take(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(READING):
            turns.take(urgent=bool(options.get(URGENT)))
            connection.info["turns"] = connection.info.get("turns", 0) + 1

    @event.listens_for(engine, "checkin")
    @event.listens_for(engine, "invalidate")  # what an interrupt leaves behind never comes back to the pool
    def _give_on(_connection: Any, record: Any, _fault: Any = None) -> None:
        for _ in range(record.info.pop("turns", 0)):
            turns.give_on()
