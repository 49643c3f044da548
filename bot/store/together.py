"""What many threads write in the same moment goes into one transaction: the disk is waited for once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy.exc import DataError, IntegrityError

OF_ONE = (IntegrityError, DataError)
"""Faults that one piece may have by itself. All others are those of the database, and so of the whole."""
Piece = TypeVar("Piece")
Result = TypeVar("Result")


@dataclass
class _One(Generic[Piece, Result]):
    piece: Piece
    result: list[Result] = field(default_factory=list)
    error: BaseException | None = None


class Together(Generic[Piece, Result]):
    """Joins what threads bring. A piece that cannot be written undoes nothing of the others."""

    def __init__(self, write: Callable[[Sequence[Piece]], Sequence[Result]]) -> None:
        """Take what writes some pieces in one transaction, and gives a result for each."""
        self._write = write
        self._gathering, self._leading = Lock(), Lock()
        self._waiting: list[_One[Piece, Result]] = []

    def run(self, piece: Piece) -> Result:
        """Write a piece with those of other threads; gives its result once it is committed.

        Raises what writing raised, and then nothing of this piece is kept.
        """
        one = _One[Piece, Result](piece)
        with self._gathering:
            self._waiting.append(one)
        with self._leading:  # whoever comes first works for all that wait by then
            if not one.result and one.error is None:
                self._lead()
        if one.error is not None:
            raise one.error
        return one.result[0]

    def _lead(self) -> None:
        with self._gathering:
            batch, self._waiting = self._waiting, []
        try:
            self._write_all(batch)
        except OF_ONE:
            for one in batch:
                try:
                    self._write_all([one])
                except BaseException as error:
                    one.error = error
        except BaseException as error:
            for one in batch:
                one.error = error

    def _write_all(self, batch: Sequence[_One[Piece, Result]]) -> None:
        for one, result in zip(batch, self._write([one.piece for one in batch]), strict=True):
            one.result.append(result)
