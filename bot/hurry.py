"""Slack waits for each acknowledgement, and nobody waits as impatiently for anything else: all other work gives way.

Python runs one thread at a time. Without this a burst of events would be acknowledged as slowly as it is answered.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

QUIET = 0.03
"""In a burst so many seconds hold a next event; after them there is time for other work."""
LONGEST = 2.0
"""Seconds after which a piece of work goes on however many events come in, so that each is answered in the end."""


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

    def give_way(self, longest: float = LONGEST) -> None:
        """Wait until nobody waits for an acknowledgement, or for so many seconds."""
        end = time.monotonic() + longest
        if not self._passing.acquire(timeout=longest):  # one looks, all others wait behind it
            return
        try:
            while (wait := self._until_quiet()) > 0 and (left := end - time.monotonic()) > 0:
                time.sleep(min(wait, left))
        finally:
            self._passing.release()

    def _until_quiet(self) -> float:
        return QUIET if self._waiting else self._last + QUIET - time.monotonic()
