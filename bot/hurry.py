"""Slack waits for each acknowledgement, and nobody waits as impatiently for anything else: all other work gives way.

Python runs one thread at a time. Without this a burst of events would be acknowledged as slowly as it is answered.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

QUIET = 0.03
"""In a burst so many seconds hold a next event; after them there is time for other work."""
LONGEST, LONGEST_BEHIND = 0.25, 10.0
"""Seconds that a piece of work waits for a quiet moment, and for others that wait. Then it goes on all the same:
however many events come in, each is answered in the end."""


class Hurry:
    """Who is waiting for an acknowledgement now."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._lock, self._passing = Lock(), Lock()
        self._waiting, self._last = 0, 0.0

    @property
    def crowded(self) -> bool:
        """Whether several wait at once."""
        return self._waiting > 1

    @contextmanager
    def somebody(self) -> Iterator[None]:
        """Somebody waits until the end of the block."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                self._last = time.monotonic()

    @contextmanager
    def giving_way(self, longest: float = LONGEST) -> Iterator[None]:
        """Wait until nobody waits for an acknowledgement, and then work beside others.

        Where no quiet moment comes within so many seconds, work all the same, but one at a time.
        """
        alone = self._passing.acquire(timeout=LONGEST_BEHIND)
        try:
            if alone and self._comes_quiet(longest):
                self._passing.release()
                alone = False
            yield
        finally:
            if alone:
                self._passing.release()

    def _comes_quiet(self, longest: float) -> bool:
        end = time.monotonic() + longest
        while (wait := self._until_quiet()) > 0:
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(wait, left))
        return True

    def _until_quiet(self) -> float:
        return QUIET if self._waiting else self._last + QUIET - time.monotonic()
