"""Many threads, one transaction: each piece is kept or undone on its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot.incoming import Incoming
from bot.store.database import Database
from bot.store.inbox import accept
from bot.store.tables import Counter, Inbound

THREADS = 8


def test_all_that_threads_accept_at_once_is_stored_once(database: Database) -> None:
    begun = Barrier(THREADS)

    def accepts(number: int) -> int | None:
        begun.wait()
        return accept(database, Incoming(kind="question", team="T", channel="D", user="U", keys=(f"k{number % 4}",)))

    with ThreadPoolExecutor(THREADS) as pool:
        ids = list(pool.map(accepts, range(THREADS)))
    with database.transaction() as session:
        assert len(session.exec(select(Inbound)).all()) == 4
    assert len({one for one in ids if one is not None}) == 4
    assert ids.count(None) == 4


def test_one_that_fails_undoes_nothing_of_the_others(database: Database) -> None:
    begun = Barrier(THREADS)

    def writes(session: Session, number: int) -> int:
        session.add(Counter(name=f"c{number}", value=number))
        session.flush()
        if number % 2:
            raise ValueError(number)
        return number

    def runs(number: int) -> int | str:
        begun.wait()
        try:
            return int(database.together.run(lambda session: writes(session, number)))
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(runs, range(THREADS))) == [0, "1", 2, "3", 4, "5", 6, "7"]
    with database.transaction() as session:
        kept = {row.name for row in session.exec(select(Counter)) if row.name.startswith("c")}
    assert kept == {"c0", "c2", "c4", "c6"}


def test_what_is_not_committed_is_told_to_all(database: Database) -> None:
    def fails(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(database.engine, "commit", fails)
    with pytest.raises(OSError, match="full"):
        accept(database, Incoming(kind="question", team="T", channel="D", user="U", keys=("k",)))
    event.remove(database.engine, "commit", fails)
    with database.transaction() as session:
        assert session.exec(select(Inbound)).all() == []


@pytest.mark.parametrize("moment", ["begin", "before_cursor_execute", "after_cursor_execute", "commit", "rollback"])
def test_a_turn_is_given_on_whatever_happens(moment: str, database: Database) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    event.listen(database.engine, moment, interrupted)
    with pytest.raises((KeyboardInterrupt, ValueError)), database.transaction() as session:
        session.add(Counter(name="c", value=1))
        session.flush()
        raise ValueError if moment == "rollback" else KeyboardInterrupt
    event.remove(database.engine, moment, interrupted)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(accept, database, Incoming(kind="question", team="T", channel="D", user="U")).result(10)
