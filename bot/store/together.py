"""What many threads write in the same moment goes into one transaction: the disk is waited for once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session

Work = Callable[[Session], Any]
Begin = Callable[[], Any]


@dataclass
class _One:
    work: Work
    done: bool = False
    result: Any = None
    error: BaseException | None = field(default=None)


class Together:
    """Joins the work of threads. Each piece is kept or undone on its own, but none before the whole is committed."""

    def __init__(self, begin: Begin, *, alone: bool = False) -> None:
        """Take what begins a transaction: a context manager that gives a session.

        `alone`: each piece in a transaction of its own, for a database that joins their commits itself.
        """
        self._begin, self._alone = begin, alone
        self._gathering, self._leading = Lock(), Lock()
        self._waiting: list[_One] = []

    def run(self, work: Work) -> Any:
        """Do this work in a transaction with that of other threads; gives its result once it is committed.

        Raises what the work raised, and then nothing of it is kept; or what the commit raised, and then nothing of
        any.
        """
        if self._alone:
            with self._begin() as session:
                return work(session)
        one = _One(work)
        with self._gathering:
            self._waiting.append(one)
        with self._leading:  # whoever comes first works for all that wait by then
            if not one.done:
                self._lead()
        if one.error is not None:
            raise one.error
        return one.result

    def _lead(self) -> None:
        with self._gathering:
            batch, self._waiting = self._waiting, []
        try:
            with self._begin() as session:
                if len(batch) == 1:  # the transaction itself undoes it
                    batch[0].result = batch[0].work(session)
                else:
                    for one in batch:
                        _try(session, one)
        except BaseException as error:
            for one in batch:
                one.error = one.error or error
        for one in batch:
            one.done = True


def _try(session: AnySession, one: _One) -> None:
    try:
        with session.begin_nested():
            one.result = one.work(session)  # type: ignore[arg-type]
    except Exception as error:
        one.error = error
        if not session.is_active:
            raise
